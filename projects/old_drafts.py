"""Drafts that nobody came back to are deleted by a rule that is logged (Rule X-6, the exception to G-5)."""

from __future__ import annotations

import calendar
from datetime import date

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import AuditEvent, User
from fund.policy import policy_on
from projects.drafts import throw_away
from projects.lifecycle import State
from projects.models import Application


def untouched_since(day: date) -> QuerySet[Application]:
    """Drafts never sent, begun by that day, of which the trail tells nothing since: every save and paper is on it."""
    reference = Concat(Value("projects.application:"), Cast(OuterRef("pk"), CharField()))
    told = AuditEvent.objects.filter(object=reference, on__gt=day)
    return Application.objects.filter(~Exists(told), state=State.DRAFT, ref=None, started_on__lte=day)


def delete_old_drafts(*, on: date, by: User) -> int:
    """Delete the drafts that lay untouched for the policy's months; returns how many. Safe to run twice.

    Each is a transaction of its own; one that somebody is writing in is left for the next run.
    """
    months = policy_on(on).draft_keep_months
    day = _months_before(on, months)
    return sum(
        _delete(pk, day, months, by=by, on=on)
        for pk in list(untouched_since(day).order_by("pk").values_list("pk", flat=True))
    )


@transaction.atomic
def _delete(pk: int, day: date, months: int, *, by: User, on: date) -> bool:
    locked = Application.objects.select_for_update(of=("self",), skip_locked=True).select_related("firm")
    draft = locked.filter(pk=pk).first()
    if draft is None or not untouched_since(day).filter(pk=pk).exists():
        return False
    throw_away(draft, by=by, on=on, why=f"X-6: untouched for {months} months")
    return True


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
