"""Whether an application stands in its state longer than the rule or the experience says (rules A-8, R-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.badges import Badge
from fund.calendar import add_bank_days
from fund.policy import policy_on
from projects.lifecycle import APPROVALS, State
from projects.models import Application
from projects.service_times import STAGE_OF, Times, stays


@dataclass(frozen=True, slots=True)
class Standing:
    """``days`` in the present state; ``standard`` in words; ``badge`` where it is late or slower than most."""

    days: int
    standard: str
    badge: Badge | None
    late: bool = False


def standing_of(application: Application, on: date) -> Standing:
    """Held against the rule's own term where there is one, else against what nine of ten took."""
    days = (on - application.state_since).days
    state = State(application.state)
    due = _term(application, state, on)
    if due is not None:
        words, last = due
        late = on > last
        return Standing(days, words, Badge("bad", "clock", _("Late")) if late else None, late)
    times = stays(on).get(STAGE_OF[state], Times()) if state in STAGE_OF else Times()
    if times.median is None or times.nine_of_ten is None:
        return Standing(days, "", None)
    words = ngettext("Usually %(n)d day", "Usually %(n)d days", times.median) % {"n": times.median}
    slow = days > times.nine_of_ten
    return Standing(days, words, Badge("warn", "hourglass", _("Slower than most")) if slow else None)


def _term(application: Application, state: State, on: date) -> tuple[str, date] | None:
    policy = policy_on(on)
    if state == State.SUBMITTED:
        n = policy.completeness_days
        words = ngettext("Within %(n)d bank day", "Within %(n)d bank days", n) % {"n": n}
        return words, add_bank_days(application.state_since, n)
    if state in APPROVALS and application.decided_on:
        n = policy.lapse_days
        words = ngettext("Within %(n)d day", "Within %(n)d days", n) % {"n": n}
        return words, application.decided_on + timedelta(days=n)
    return None
