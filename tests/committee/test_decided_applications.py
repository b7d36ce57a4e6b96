"""Rules C-4, C-6, C-10 and D-4: what the committee's vote does to an application."""

from datetime import timedelta

import pytest
from djmoney.money import Money

from committee import conditions, decisions, sessions
from committee.models import Resolution
from fund import capital
from projects.models import Application
from tests.committee import votes
from tests.kept import kept
from tests.stories import committee as story
from tests.world import DAY, bad_input, person, refused

pytestmark = pytest.mark.django_db

told, on_agenda = kept(story.on_agenda)


def test_rule_C4_a_tie_is_deferred_once_then_needs_two_thirds(on_agenda):
    held_on, reference = on_agenda.session.held_on, on_agenda.reference
    tie = {"carlos": "for", "claire": "for", "nora": "against", "pablo": "against"}
    story.voted(on_agenda, tie)
    first = votes.close(on_agenda, on=held_on)
    application = application_of(reference)
    assert (first.outcome, application.state) == ("deferred", "deferred")
    assert capital.reserved(reference) == []
    sessions.close_session(session=on_agenda.session, by=person("sofia"), on=held_on)

    again = held_on + story.NOTICE
    item = story.opened(story.called("CT", application, held_on=again)).items.get()
    assert item.deferred_before
    story.voted(item, {**tie, "quinn": "for"})
    second = votes.close(item, on=again, grounds=story.GROUNDS)
    assert (second.outcome, second.tally["majority"]) == ("rejected", "two_thirds")
    assert application_of(reference).state == "rejected"


def application_of(reference):
    return Application.objects.get(ref=reference)


def test_rule_C4_the_co_chairs_opposed_defer(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, {**story.unanimous("CT"), "claire": "against"})
    resolution = votes.close(on_agenda, on=held_on)
    assert (resolution.outcome, resolution.tally["chairs_opposed"]) == ("deferred", True)


def test_rule_D4_an_approval_reserves_capital_and_writes_the_letter(on_agenda):
    held_on, reference = on_agenda.session.held_on, on_agenda.reference
    story.voted(on_agenda, story.unanimous("CT"))
    resolution = votes.close(on_agenda, on=held_on)
    assert capital.reserved(reference) == [Money("400000.00", "MXN")]
    letter = person("lupe").notices.get(kind="decision-letter")
    assert letter.state == "waiting"
    assert letter.facts["resolution"] == resolution.number
    assert person("lupe").notices.filter(kind__contains="decision").count() == 1, "one letter, not two"


def test_rule_C6_a_rejection_reserves_nothing(on_agenda):
    story.voted(on_agenda, story.unanimous("CT", "against"))
    resolution = votes.close(on_agenda, on=on_agenda.session.held_on, grounds=story.GROUNDS)
    assert resolution.amount is None
    assert capital.reserved(on_agenda.reference) == []
    assert decisions.resolution_for(on_agenda.reference) is None


def test_rule_A10_a_rejection_says_why_since_a_review_asks_for_new_facts(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, story.unanimous("CT", "against"))
    for nothing in ("", "   "):
        with bad_input("grounds", "the firm reads it in its letter"):
            votes.close(on_agenda, on=held_on, grounds=nothing)
    on_agenda.refresh_from_db()
    assert on_agenda.state == "voting"
    resolution = votes.close(on_agenda, on=held_on, grounds=f" {story.GROUNDS} ")
    assert resolution.grounds == story.GROUNDS
    letter = person("lupe").notices.get(kind="decision-letter")
    assert letter.facts["grounds"] == story.GROUNDS


def test_an_approval_needs_no_reasons_and_may_have_some(on_agenda):
    story.voted(on_agenda, story.unanimous("CT"))
    assert (
        votes.close(on_agenda, on=on_agenda.session.held_on, grounds="Buen ejemplo").grounds == "Buen ejemplo"
    )


def test_rule_D1_less_than_asked_may_be_approved_more_may_not(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, story.unanimous("CT"))
    for wrong in (Money("400000.01", "MXN"), Money("0", "MXN"), Money("-5", "MXN"), Money("400000", "USD")):
        with bad_input("amount"):
            votes.close(on_agenda, on=held_on, amount=wrong)
    resolution = votes.close(on_agenda, on=held_on, amount=Money("350000.00", "MXN"))
    assert resolution.amount == Money("350000.00", "MXN")
    assert capital.reserved(on_agenda.reference) == [Money("350000.00", "MXN")]


def test_a_doubled_close_gives_one_resolution(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, story.unanimous("CT"))
    first, second = votes.close(on_agenda, on=held_on), votes.close(on_agenda, on=held_on)
    assert first == second
    assert Resolution.objects.filter(item=on_agenda).count() == 1
    assert len(capital.reserved(on_agenda.reference)) == 1


def test_rule_A8_the_decision_on_an_application_is_not_withdrawn(on_agenda):
    story.voted(on_agenda, story.unanimous("CT"))
    resolution = votes.close(on_agenda, on=on_agenda.session.held_on)
    with refused("A-8"):
        decisions.withdraw_resolution(resolution=resolution, reason="x", by=person("sofia"), on=DAY)


def test_rule_C10_an_approval_with_conditions_says_so(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, story.unanimous("CT"))
    draft = conditions.NewCondition(
        text="Insure the drums.", due_on=held_on + timedelta(days=30), proof="Policy of insurance"
    )
    resolution = votes.close(on_agenda, on=held_on, conditions=[draft])
    application = application_of(on_agenda.reference)
    assert application.state == "approved_with_conditions"
    assert [row.ref for row in conditions.open_precedents(application.ref)] == [f"{resolution.number}-C1"]
    assert (
        person("lupe").notices.get(kind="decision-letter").facts["conditions"][0]["text"]
        == "Insure the drums."
    )
