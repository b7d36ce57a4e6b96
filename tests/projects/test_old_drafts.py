"""Rule X-6: a draft that was never sent and that nobody touched for twelve months is deleted, on the trail."""

from datetime import date, timedelta

import pytest

from accounts.models import AuditEvent, StoredFile, User
from fiprev.celery import app
from projects import documents, tasks
from projects.models import Application
from projects.old_drafts import _months_before, delete_old_drafts
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
    assert _months_before(day, months) == before
