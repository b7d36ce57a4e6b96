"""Drafts that nobody came back to are deleted by a rule that is logged (Rule X-6, the exception to G-5).

Their people are told by mail some weeks before, and the list of their applications says its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts import notices
from accounts.formats import day_text
from accounts.models import AuditEvent, User
from fund.calendar import add_months
from fund.policy import policy_on
from projects.drafts import throw_away
from projects.gates import people_to_tell
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
    day = add_months(on, -months)
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


def goes_on(drafts: Iterable[Application], on: date) -> dict[int, date]:
    """By draft the day on which it is deleted if nobody touches it until then; what was ever sent has none."""
    mine = {draft.about: draft for draft in drafts if draft.is_draft and not draft.ref}
    if not mine:
        return {}
    told = AuditEvent.objects.filter(object__in=mine).values_list("object").annotate(last=Max("on"))
    touched = {about: last for about, last in told if last}
    months = policy_on(on).draft_keep_months
    return {
        draft.pk: _months_after(max(draft.started_on, touched.get(about, draft.started_on)), months)
        for about, draft in mine.items()
    }


def warn_of_old_drafts(*, on: date, by: User) -> int:
    """Tell the people of each draft that is deleted within the policy's days; saying it again adds nothing (N-1).

    A draft that somebody touches is told of again when its new day comes near. Returns how many messages the day
    asks for.
    """
    policy = policy_on(on)
    near = on + timedelta(days=policy.draft_warning_days)
    drafts = untouched_since(add_months(near, -policy.draft_keep_months)).select_related("firm", "started_by")
    goes = goes_on(drafts, on)
    return sum(_warn(draft, goes[draft.pk]) for draft in drafts if on < goes[draft.pk] <= near)


@transaction.atomic
def _warn(draft: Application, goes: date) -> int:
    people = people_to_tell(draft)
    for person in people:
        notices.tell(
            "draft-old", to=person, about=draft.about, due=goes, firm=str(draft.firm), title=draft.title,
            uid=str(draft.uid), day=day_text(goes, long=True, language=person.language),
        )  # fmt: skip
    return len(people)


def _months_after(day: date, months: int) -> date:
    """The first day whose day so many months before is that day or a later one."""
    found = add_months(day, months)
    return found if add_months(found, -months) >= day else found + timedelta(days=1)
