"""Until when a firm may ask for a review of a rejection, if it still may (rule A-10)."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.errors import require
from accounts.formats import day_text
from fund.calendar import add_bank_days
from fund.policy import policy_on
from projects.lifecycle import State
from projects.models import Application, StateChange

ASKED = Q(after=State.REVIEW_REQUESTED)


def last_day(decided_on: date) -> date:
    """The term that stood on the day of the decision, in bank days after it."""
    return add_bank_days(decided_on, policy_on(decided_on).review_days)


def was_asked(application: Application) -> bool:
    """A review is asked for once, whatever came of it."""
    known: bool | None = getattr(application, "reviewed", None)
    return application.changes.filter(ASKED).exists() if known is None else known


def with_reviews(rows: QuerySet[Application]) -> QuerySet[Application]:
    """A list that knows of each row whether a review was asked for."""
    asked = StateChange.objects.filter(ASKED, application=OuterRef("pk"))
    return rows.annotate(reviewed=Exists(asked))


def open_until(application: Application, on: date) -> date | None:
    """The last day on which the firm may ask; None where it may not or may no more."""
    if application.state != State.REJECTED or application.decided_on is None:
        return None
    last = last_day(application.decided_on)
    return None if on > last or was_asked(application) else last


def check_may_ask(application: Application, on: date) -> None:
    """Raise RuleBroken A-10 for a second request, or one that comes too late."""
    require(not was_asked(application), "A-10", _("A review can be asked for once, and it was."))
    if application.decided_on is not None:
        last = last_day(application.decided_on)
        require(on <= last, "A-10", _("A review can be asked for until %(day)s.") % {"day": day_text(last)})
