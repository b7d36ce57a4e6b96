"""The secretary's pages of a session: agenda, opening, presence, and the minutes that go back (C-2, C-9)."""

from datetime import timedelta

import pytest

from accounts.clock import today
from committee import decisions, minutes, sessions
from committee.models import Body, Session
from tests.committee.conftest import FREE
from tests.kept import kept
from tests.projects.reading import text_of
from tests.stories import committee as story
from tests.world import english, person

pytestmark = pytest.mark.django_db


def one_recommended():
    """An application that the commission recommended today."""
    application = story.evaluated(story.complete_application(on=today() - timedelta(days=20)), on=today())
    story.recommended(application, on=today())
    return application


told, application = kept(one_recommended)


@pytest.fixture(autouse=True)
def secretary(db):
    return english("sofia")


def planned(days=20, body="CT"):
    return sessions.plan(
        body=Body.objects.get(code=body),
        held_on=today() + timedelta(days=days),
        place="León",
        by=person("sofia"),
        on=today(),
    )


def now_open():
    """A session of the Technical Committee that is held today, with one free matter."""
    story.seated("CT")
    return story.opened(story.called("CT", FREE, held_on=today()))


def closed_today():
    session = now_open()
    story.voted(session.items.get(), {"carlos": "for", "claire": "for", "nora": "for"})
    decisions.close_item(item=session.items.get(), by=person("sofia"), on=today())
    return sessions.close_session(session=session, by=person("sofia"), on=today())


def with_minutes():
    return minutes.draft(session=closed_today(), by=person("sofia"), on=today())


@pytest.mark.parametrize(("name", "status"), [("nora", 200), ("aldo", 200), ("lupe", 403), ("carmen", 403)])
def test_rule_X2_who_opens_the_calendar_of_sessions(visit, name, status):
    assert visit(name, "sessions").status_code == status


def test_rule_C2_a_session_in_the_past_is_refused_beside_its_day_and_keeps_what_was_typed(visit):
    body = Body.objects.get(code="CT")
    plan = {"body": body.pk, "held_on": today() - timedelta(days=1), "begins_at": "09:30"}
    page = visit("sofia", "plan", data={**plan, "place": "Casa de la Ciudad"})
    assert "A session is planned for today or a later day." in page.text
    assert "Casa de la Ciudad" in page.text and "09:30" in page.text
    assert not Session.objects.filter(body=body).exists()


def test_rule_C2_an_application_that_waits_is_put_on_the_agenda(visit, application):
    session = planned()
    page = visit("sofia", "add-application", session.code)
    assert f"{application.ref} · {application.firm} · {application.title}" in text_of(page)
    page = visit("sofia", "add-application", session.code, data={"application": application.pk}, follow=True)
    assert f"{application.ref} is on the agenda." in text_of(page)
    assert session.items.get().reference == application.ref
    page = visit("sofia", "add-application", session.code)
    assert application.ref not in text_of(page), "it stands on an agenda now"


def test_rule_C6_the_commission_is_not_offered_what_it_has_recommended(visit, application):
    assert application.ref not in text_of(visit("sofia", "add-application", planned(body="CE").code))


def test_rule_C2_a_paper_that_comes_too_late_is_refused_by_its_rule(visit, application):
    session = story.called("CT", FREE, held_on=today() + timedelta(days=4))
    answer = visit("sofia", "add-application", session.code, data={"application": application.pk})
    assert "this item goes to the next one. (rule C-2)" in text_of(answer)
    assert session.items.count() == 1


def test_rule_C2_a_matter_listed_twice_is_refused_beside_its_reference_and_keeps_what_was_typed(visit):
    session = planned()
    matter = {"kind": "free", "reference": "NOTE-1", "title": "Calendar", "summary": "Four sessions a year."}
    assert visit("sofia", "add-item", session.code, data=matter).status_code == 302
    page = visit("sofia", "add-item", session.code, data=matter)
    assert "NOTE-1 is on an agenda already" in text_of(page)
    assert "Four sessions a year." in text_of(page)
    assert session.items.count() == 1


@pytest.mark.parametrize(("language", "day"), [("en", "15 Mar 2031"), ("fr", "15 mars 2031")])
def test_rule_C2_a_session_does_not_open_before_its_day_and_says_which(visit, language, day):
    sofia = person("sofia")
    sofia.language = language
    sofia.save()
    session = story.called("CT", FREE, held_on=today().replace(year=2031, month=3, day=15))
    page = visit("sofia", "open", session.code, data={}, follow=True)
    assert f"called for {day} and does not open before. (rule C-2)" in text_of(page)


def test_rule_C2_a_call_that_is_too_late_says_the_day_of_the_session(visit):
    session = planned(days=1)
    sessions.add_item(session=session, by=person("sofia"), on=today(), **FREE)
    Session.objects.filter(pk=session.pk).update(held_on=today().replace(year=2020, month=3, day=15))
    page = visit("sofia", "call", session.code, data={})
    assert "at least 7 days before; this one is on 15 Mar 2020. (rule C-2)" in text_of(page)


def test_rule_C2_presence_is_noted_by_the_page_with_and_without_javascript(visit):
    session = now_open()
    seat = story.seat("CT", story.SEAT_OF["quinn"])
    here = {"seat": seat.pk, "person": person("quinn").pk, "present": "yes", "remote": "on"}
    answer = visit("sofia", "attend", session.code, data=here)
    assert answer.url.endswith(f"{session.code}/#presence")
    assert session.attendances.get(person=person("quinn")).remote
    part = visit(
        "sofia", "attend", session.code, data=here | {"present": "no"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in part.text and 'hx-swap-oob="true"' in part.text
    assert not session.attendances.get(person=person("quinn")).present


def test_rule_C1_presence_in_a_seat_of_somebody_else_is_refused_on_the_page(visit):
    session = now_open()
    wrong = {
        "seat": story.seat("CT", story.SEAT_OF["quinn"]).pk, "person": person("vera").pk, "present": "yes",
    }  # fmt: skip
    sentence = "Vera Luna holds no appointment to this seat on the day of the session. (rule C-1)"
    assert sentence in text_of(visit("sofia", "attend", session.code, data=wrong, follow=True))
    part = visit("sofia", "attend", session.code, data=wrong, headers={"HX-Request": "true"})
    assert sentence in text_of(part)
    page = visit("sofia", "attend", session.code, data={"seat": "", "person": ""}, follow=True)
    assert "This field is required." in text_of(page)


# Minutes -----------------------------------------------------------------------------------------


def test_rule_C9_a_remark_stands_under_the_draft(visit):
    session = with_minutes()
    english("nora")
    page = visit("nora", "comment", session.code, data={"text": "I voted for want of time."}, follow=True)
    assert "I voted for want of time. Nora Paz" in text_of(page)
    page = visit("nora", "comment", session.code, data={"text": " "})
    assert "This field is required." in text_of(page)
    assert visit("hector", "comment", session.code, data={"text": "x"}).status_code == 404


def test_rule_C9_a_remark_on_sealed_minutes_is_refused_with_its_rule_and_not_lost(visit):
    session = story.minuted(closed_today(), on=today())
    page = visit("nora", "comment", session.code, data={"text": "The hour is wrong."})
    assert "Minutes are commented while they are a draft. (rule C-9)" in text_of(page)
    assert "The hour is wrong." in text_of(page)
    assert not session.comments.exists()


def test_rule_C9_a_remark_on_a_draft_that_went_back_meanwhile_is_refused_and_not_lost(visit):
    session = with_minutes()
    minutes.send_back(session=session, reason="The place is wrong.", by=person("sofia"), on=today())
    page = text_of(visit("nora", "comment", session.code, data={"text": "The hour is wrong."}))
    assert "while they are a draft. (rule C-9)" in page and "The hour is wrong." in page


def test_rule_C9_who_signs_sends_the_draft_back_with_a_reason(visit):
    session = with_minutes()
    english("claire")
    assert "Send the minutes back" in text_of(visit("claire", "send-back", session.code))
    assert "This field is required." in text_of(
        visit("claire", "send-back", session.code, data={"reason": ""})
    )
    assert visit("nora", "send-back", session.code, data={"reason": "x"}).status_code == 403
    answer = visit("claire", "send-back", session.code, data={"reason": "The place is wrong."})
    assert answer.url == session.get_absolute_url()
    session.refresh_from_db()
    assert (session.state, session.comments.get().text) == ("closed", "The place is wrong.")


def test_rule_C9_minutes_that_are_sealed_do_not_go_back(visit):
    session = story.minuted(closed_today(), on=today())
    page = visit("sofia", "send-back", session.code, data={"reason": "The place is wrong."})
    assert "(rule C-9)" in text_of(page) and "The place is wrong." in text_of(page)
    session.refresh_from_db()
    assert session.state == "sealed"
