"""The page of a matter before the committee, on its day: declarations, money, votes, closing (C-3 to C-5, K-3)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.clock import today
from accounts.formats import day_text
from committee import decisions, declarations
from committee.models import Ballot, Resolution
from committee.waiting import reasons
from projects.models import Application
from tests.committee.conftest import one_before_the_committee
from tests.kept import kept
from tests.projects.reading import text_of
from tests.stories import committee as story
from tests.world import english, person

pytestmark = pytest.mark.django_db

told, now = kept(one_before_the_committee)


def test_rule_C5_the_paper_opens_after_the_declarations(visit, now):
    page = visit("nora", "item", now.session.code, 1)
    assert "Before the paper opens" in page.text
    assert "Chrome" not in page.text.split("<h1>")[1].split("</h1>")[1]
    answer = {"conflict": "no", "interests": "", "reason": "", "reason_class": ""}
    visit("nora", "item-declare", now.session.code, 1, data=answer)
    page = visit("nora", "item", now.session.code, 1)
    assert "Direct recycling of chrome liquor" in page.text
    assert declarations.has_declared_year(person("nora"), today().year)


def test_rule_C5_a_recused_person_gets_403_with_the_sentence(visit, now):
    answer = {"conflict": "yes", "interests": "", "reason": "My sister owns it.", "reason_class": "family"}
    visit("vera", "item-declare", now.session.code, 1, data=answer)
    page = visit("vera", "item", now.session.code, 1)
    assert page.status_code == 403
    assert "Comité" in page.text or "You stepped back" in page.text
    assert "Direct recycling" not in page.text
    assert visit("vera", "item-live", now.session.code, 1).status_code == 403
    assert visit("vera", "vote", now.session.code, 1, data={"vote": "for"}).status_code == 403


def test_rule_C5_a_conflict_names_its_class_beside_the_field(visit, now):
    answer = {"conflict": "yes", "interests": "", "reason": "kept as typed", "reason_class": ""}
    page = visit("nora", "item-declare", now.session.code, 1, data=answer)
    assert "Say of which class the interest is." in page.text
    assert "kept as typed" in page.text


def test_rule_C3_a_vote_without_quorum_is_refused_on_the_page(visit, now):
    for name in ("nora", "pablo", "quinn"):
        seat = story.seat("CT", story.SEAT_OF[name])
        visit(
            "sofia", "attend", now.session.code,
            data={"seat": seat.pk, "person": person(name).pk, "present": "no"},
        )  # fmt: skip
    page = visit("sofia", "open-vote", now.session.code, 1, data={}, follow=True).text
    assert page.count("No quorum: 3 of the 6 seats") == 1
    now.refresh_from_db()
    assert now.state == "listed"


def test_rule_K3_the_money_and_its_parts_stand_before_a_vote(visit, now):
    for name in ("sofia", "carlos"):
        page = visit(name, "item", now.session.code, 1).text
        assert "Money available" in page
        assert "Cash at banks" in page
        assert "Approved and not paid out" in page


def test_a_refused_close_keeps_what_was_typed(visit, now):
    story.voted(now, story.unanimous("CT"), on=today())
    rows = {
        "c-TOTAL_FORMS": "1", "c-INITIAL_FORMS": "0", "c-0-text": "Insure the drums.", "c-0-kind": "precedent",
        "c-0-owner": "firm", "c-0-due_on": "", "c-0-proof": "",
    }  # fmt: skip
    page = visit("sofia", "close-item", now.session.code, 1, data={"amount": "400000", **rows})
    assert "A condition has a due date (rule C-10)." in page.text
    assert "Insure the drums." in page.text
    rows |= {"c-0-due_on": str(today() + timedelta(days=30)), "c-0-proof": "Policy"}
    for amount, sentence in (("400001", "at most"), ("-5", "zero"), ("many", "many"), ("0", "zero")):
        page = visit("sofia", "close-item", now.session.code, 1, data={"amount": amount, **rows})
        assert page.status_code == 200, amount
        assert sentence in page.text, amount
    assert (
        visit("sofia", "close-item", now.session.code, 1, data={"amount": "350,000.50", **rows}).status_code
        == 302
    )
    resolution = Resolution.objects.get(body__code="CT")
    assert str(resolution.amount.amount) == "350000.50"
    page = visit("rosa", "resolution", resolution.number)
    assert "Insure the drums." in page.text
    visit("rosa", "meet-condition", resolution.number, 1, data={"proof": "Policy 7 seen."})
    assert resolution.conditions.get().state == "met"


def test_rule_C4_the_page_says_what_a_tie_means_before_and_after_it_is_closed(visit, now):
    decisions.open_vote(item=now, by=person("sofia"), on=today())
    assert "Nothing can be closed yet" in visit("sofia", "item", now.session.code, 1).text
    seats = [story.seat("CT", story.SEAT_OF[name]).pk for name in story.members("CT")]
    halves = {pk: "for" if n % 2 else "against" for n, pk in enumerate(seats)}
    decisions.record_roll_call(item=now, votes=halves, by=person("sofia"), on=today())
    page = visit("sofia", "item", now.session.code, 1).text
    assert "Closed like this" in page and "Nothing can be closed yet" not in page
    decisions.record_roll_call(item=now, votes=dict.fromkeys(seats, "for"), by=person("sofia"), on=today())
    assert "Closed like this" not in visit("sofia", "item", now.session.code, 1).text


def test_a_doubled_vote_is_one_ballot(visit, now):
    decisions.open_vote(item=now, by=person("sofia"), on=today())
    for _again in range(2):
        visit("carlos", "vote", now.session.code, 1, data={"vote": "for"})
    assert Ballot.objects.filter(item=now).count() == 1


def test_an_htmx_vote_answers_with_the_roll(visit, now):
    decisions.open_vote(item=now, by=person("sofia"), on=today())
    page = visit("carlos", "vote", now.session.code, 1, data={"vote": "for"}, headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert "<html" not in page.text
    assert "quorum-now" in page.text


def test_session_and_item_with_money_ask_at_most_twelve_questions(visit, now, django_assert_max_num_queries):
    decisions.open_vote(item=now, by=person("sofia"), on=today())
    for name in ("sofia", "carlos", "nora"):
        for url, args in (("session", [now.session.code]), ("item", [now.session.code, 1])):
            visit(name, url, *args)
            with django_assert_max_num_queries(12):
                page = visit(None, url, *args)
            assert "Money available" in page.text


def test_rule_R3_the_board_says_the_day_of_the_session(now):
    found = Application.objects.get(ref=now.reference)
    assert reasons([found], today()) == {
        found.pk: f"Session {now.session.code} on {day_text(now.session.held_on)}"
    }


def test_rule_C5_the_yearly_declaration_is_made_once_with_the_first_case(visit, now):
    answer = {"conflict": "no", "interests": "A part of Aguas del Bajío", "reason": "", "reason_class": ""}
    visit("nora", "item-declare", now.session.code, 1, data=answer)
    visit("nora", "item-declare", now.session.code, 1, data=answer)
    (year,) = person("nora").declarations.filter(matter="")
    assert year.statement == "A part of Aguas del Bajío"


def test_rule_C5_an_interest_that_came_to_light_later_closes_the_case(visit, now):
    page = text_of(visit("nora", "step-back", now.session.code, 1))
    assert "close for good. The minutes name the class only." in page
    page = text_of(visit("nora", "step-back", now.session.code, 1, data={"reason": "My brother's firm."}))
    assert "This field is required." in page and "My brother's firm." in page
    visit("nora", "step-back", now.session.code, 1, data={"reason_class": "family", "reason": ""})
    assert declarations.is_recused(person("nora"), now.matter)
    assert visit("nora", "item", now.session.code, 1).status_code == 403


def test_rule_C5_the_secretary_records_the_interest_that_a_member_says_aloud(visit, now):
    english("sofia")
    vera = {"person": person("vera").pk}
    url = reverse("committee:step-back", args=[now.session.code, 1])
    assert "Vera Luna" in text_of(visit("sofia", f"{url}?person={vera['person']}"))
    visit("sofia", url, data=vera | {"reason_class": "business", "reason": "Said in the session."})
    assert declarations.is_recused(person("vera"), now.matter)
    for nobody in ("vera", "\N{SUPERSCRIPT TWO}", "0"):
        answer = visit("sofia", url, data={"person": nobody, "reason_class": "business"})
        assert answer.status_code == 404
    assert visit("nora", url, data=vera | {"reason_class": "business"}).status_code == 403


def test_rule_C8_a_decided_item_takes_no_step_back_and_says_so(visit, now):
    decisions.open_vote(item=now, by=person("sofia"), on=today())
    seats = [story.seat("CT", story.SEAT_OF[name]).pk for name in story.members("CT")]
    decisions.record_roll_call(item=now, votes=dict.fromkeys(seats, "for"), by=person("sofia"), on=today())
    decisions.close_item(item=now, by=person("sofia"), on=today())
    page = visit("nora", "step-back", now.session.code, 1, data={"reason_class": "family", "reason": "Late."})
    assert "its record does not change any more. (rule C-5)" in text_of(page)
    page = visit("carlos", "vote", now.session.code, 1, data={"vote": "against"}, follow=True)
    assert "does not change any more. (rule C-8)" in text_of(page)


def test_rule_C4_who_is_not_there_does_not_vote_and_reads_why(visit, now):
    english("quinn")
    decisions.open_vote(item=now, by=person("sofia"), on=today())
    seat = story.seat("CT", story.SEAT_OF["quinn"])
    gone = {"seat": seat.pk, "person": person("quinn").pk, "present": "no"}
    visit("sofia", "attend", now.session.code, data=gone)
    page = visit("quinn", "vote", now.session.code, 1, data={"vote": "for"}, follow=True)
    assert "Only members who are present vote, each for the own seat." in text_of(page)
    roll = {"seat": seat.pk, "vote": "for"}
    page = visit("sofia", "roll-call", now.session.code, 1, data=roll, follow=True)
    assert "Nobody who may vote for this seat is present" in text_of(page)
    for nothing in ("x", "\N{SUPERSCRIPT TWO}"):
        assert visit("sofia", "roll-call", now.session.code, 1, data={"seat": nothing}).status_code == 404
    assert not Ballot.objects.filter(item=now).exists()


def test_rule_C3_an_item_is_put_off_with_a_reason(visit, now):
    english("sofia")
    page = text_of(visit("sofia", "put-off", now.session.code, 1))
    assert "Put item 1 off" in page and now.reference in page
    page = text_of(visit("sofia", "put-off", now.session.code, 1, data={"reason": " "}))
    assert "This field is required." in page
    answer = visit("sofia", "put-off", now.session.code, 1, data={"reason": "Time ran out."})
    assert answer.url == now.session.get_absolute_url()
    now.refresh_from_db()
    assert (now.state, now.note) == ("postponed", "Time ran out.")
    page = text_of(visit("sofia", "put-off", now.session.code, 1, data={"reason": "Once more."}))
    assert "its record does not change any more. (rule C-3)" in page
