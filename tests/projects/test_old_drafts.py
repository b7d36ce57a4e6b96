"""Rule X-6: a draft that was never sent and that nobody touched for twelve months is deleted, on the trail."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.emails import render
from accounts.models import AuditEvent, Notice, StoredFile, User
from fiprev.celery import app
from fund.calendar import add_months
from fund.policy import change_policy
from projects import documents, tasks
from projects.models import Application
from projects.old_drafts import _months_after, delete_old_drafts, goes_on, warn_of_old_drafts
from tests.stories.loans import scan
from tests.stories.projects import draft, registered_firm, save, submitted
from tests.world import DAY, person

pytestmark = pytest.mark.django_db
A_YEAR_LATER = date(DAY.year + 1, DAY.month, DAY.day)


def left_alone():
    """A draft with papers, all of it of the cast's day."""
    return draft(registered_firm())


def deleted(on=A_YEAR_LATER):
    return delete_old_drafts(on=on, by=User.objects.system())


def test_rule_X6_after_twelve_months_a_draft_goes_with_its_papers_and_stays_on_the_trail():
    application = left_alone()
    assert deleted(A_YEAR_LATER - timedelta(1)) == 0, "a day too early"
    assert deleted() == 1
    application.refresh_from_db()
    assert (application.state, application.title, application.amount) == ("withdrawn", "", None)
    assert not StoredFile.objects.filter(about=application.about).exists()
    event = AuditEvent.objects.get(verb="application.draft_deleted")
    assert event.person == User.objects.system().email
    assert event.note == "X-6: untouched for 12 months"


def test_rule_X6_running_twice_deletes_once():
    left_alone()
    assert (deleted(), deleted()) == (1, 0)
    assert AuditEvent.objects.filter(verb="application.draft_deleted").count() == 1


def test_rule_X6_a_field_saved_since_keeps_the_draft():
    application = left_alone()
    save(application, "project", {"summary": "Two vats more"}, person("lupe"), on=DAY + timedelta(40))
    assert deleted() == 0
    assert deleted(A_YEAR_LATER + timedelta(39)) == 0
    assert Application.objects.get(pk=application.pk).is_draft


def test_rule_X6_a_paper_added_since_keeps_the_draft():
    application = left_alone()
    documents.add_document(
        application=application, kind="other", upload=scan("cotizacion.pdf"), by=person("lupe"), on=DAY + timedelta(1)
    )  # fmt: skip
    assert deleted() == 0
    assert deleted(A_YEAR_LATER + timedelta(1)) == 1


def test_rule_G5_what_was_sent_is_never_deleted():
    application = submitted()
    assert deleted() == 0
    assert Application.objects.get(pk=application.pk).title


def test_rule_X6_beat_comes_by_and_the_worker_deletes(monkeypatch):
    left_alone()
    monkeypatch.setattr("projects.tasks.today", lambda: A_YEAR_LATER)
    planned = [entry["task"] for entry in app.conf.beat_schedule.values()]
    assert tasks.delete_old_drafts.name in planned
    assert tasks.delete_old_drafts() == 1


def warned(on):
    return warn_of_old_drafts(on=on, by=User.objects.system())


def warnings():
    return Notice.objects.filter(kind="draft-old").order_by("pk")


def test_rule_X6_its_people_are_told_thirty_days_before():
    application = left_alone()
    assert warned(A_YEAR_LATER - timedelta(31)) == 0, "a day too early"
    assert warned(A_YEAR_LATER - timedelta(30)) == 1
    notice = warnings().get()
    assert (notice.recipient, notice.due) == (person("lupe"), A_YEAR_LATER)
    application.refresh_from_db()
    assert application.is_draft, "told, not deleted"


def test_rule_N1_each_draft_is_told_of_once():
    left_alone()
    for days in (30, 29, 7, 1):
        warned(A_YEAR_LATER - timedelta(days))
    assert warnings().count() == 1


def test_rule_X6_the_mail_is_no_touch_of_the_draft():
    left_alone()
    warned(A_YEAR_LATER - timedelta(30))
    assert deleted() == 1


def test_rule_X6_on_the_day_itself_there_is_nothing_left_to_say():
    left_alone()
    assert warned(A_YEAR_LATER) == 0
    assert not warnings().exists()


def test_rule_X6_a_draft_touched_after_the_mail_stays_and_is_told_of_again():
    application = left_alone()
    warned(A_YEAR_LATER - timedelta(30))
    touched = A_YEAR_LATER - timedelta(10)
    save(application, "project", {"summary": "Two vats more"}, person("lupe"), on=touched)
    assert deleted() == 0
    again = date(touched.year + 1, touched.month, touched.day)
    assert warned(again - timedelta(31)) == 0
    assert warned(again - timedelta(30)) == 1
    assert [notice.due for notice in warnings()] == [A_YEAR_LATER, again]


def test_rule_G5_nobody_is_told_that_what_was_sent_goes():
    submitted()
    assert warned(A_YEAR_LATER - timedelta(1)) == 0


def test_rule_G1_how_long_before_is_the_policys():
    left_alone()
    change_policy(
        changes={"draft_warning_days": 60, "draft_keep_months": 6},
        in_force_from=DAY, note="Shorter", by=person("ada"), on=DAY,
    )  # fmt: skip
    half_a_year = _months_after(DAY, 6)
    assert warned(half_a_year - timedelta(61)) == 0
    assert warned(half_a_year - timedelta(60)) == 1


@pytest.mark.parametrize(
    ("language", "day"), [("es", "2 de marzo de 2027"), ("en", "2 March 2027"), ("fr", "2 mars 2027")]
)
@pytest.mark.parametrize("title", ["Recuperar cromo", ""])
def test_rule_G2_the_mail_names_draft_firm_and_day_in_the_persons_language(language, day, title):
    application = left_alone()
    Application.objects.filter(pk=application.pk).update(title=title)
    User.objects.filter(pk=person("lupe").pk).update(language=language)
    warned(date(2027, 3, 2) - timedelta(30))
    mail = render(warnings().get())
    plain = mail.text.replace("\N{NO-BREAK SPACE}", " ")
    assert day in plain
    assert title in mail.subject
    assert "Curtidos La Paloma" in plain
    assert f"/applications/{application.uid}/" in mail.text
    assert str(application.uid) in mail.html


def test_rule_X6_the_list_of_applications_says_a_drafts_day(as_):
    left_alone()
    assert f'<time datetime="{A_YEAR_LATER}">' in as_("lupe").get("/my/").content.decode()


def test_rule_X6_what_was_sent_has_no_such_day(as_):
    application = submitted()
    assert goes_on([application], DAY) == {}
    assert f'datetime="{A_YEAR_LATER}"' not in as_("lupe").get("/my/").content.decode()


def test_rule_X6_beat_comes_by_and_the_worker_tells(monkeypatch):
    left_alone()
    monkeypatch.setattr("projects.tasks.today", lambda: A_YEAR_LATER - timedelta(3))
    planned = [entry["task"] for entry in app.conf.beat_schedule.values()]
    assert tasks.warn_of_old_drafts.name in planned
    assert tasks.warn_of_old_drafts() == 1


@given(st.dates(date(1996, 1, 1), date(2090, 1, 1)), st.integers(1, 36))
def test_the_day_said_is_the_first_on_which_the_rule_deletes(touched, months):
    day = _months_after(touched, months)
    assert add_months(day, -months) >= touched
    assert add_months(day - timedelta(1), -months) < touched


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
        (date(2026, 12, 31), 18, date(2025, 6, 30)),
    ],
)
def test_months_are_counted_back_by_the_calendar(day, months, before):
    assert add_months(day, -months) == before
