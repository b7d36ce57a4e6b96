"""Why an application waits where it is, in words for the staff (rule R-3). Apps downstream add what they know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.lifecycle import State
from projects.models import Application, FieldReturn
from projects.service_times import STAGE_OF, TITLES, Stage

#: (applications, day) -> the reason of each that it knows, by primary key.
Source = Callable[[Sequence[Application], date], Mapping[int, str]]
_sources: list[str] = []


def register_reasons(dotted: str) -> None:
    """Add a source of reasons; a later source speaks for a state that an earlier one does not know."""
    if dotted not in _sources:
        _sources.append(dotted)


def reasons(applications: Sequence[Application], on: date) -> dict[int, str]:
    """One sentence for each application that waits for something one can name."""
    found = _of_this_app(applications)
    for dotted in _sources:
        source: Source = import_string(dotted)
        found |= source(applications, on)
    return found


def _of_this_app(applications: Sequence[Application]) -> dict[int, str]:
    found = {
        row.pk: _("Nobody has taken it yet")
        for row in applications
        if row.state == State.SUBMITTED and row.officer_id is None
    }
    returned = [row.pk for row in applications if row.state == State.RETURNED]
    if returned:
        flags = FieldReturn.objects.filter(application__in=returned)
        counts = flags.values("application").annotate(n=Count("pk", filter=Q(answered_on=None)))
        for row in counts:
            n = row["n"]
            words = ngettext("The firm has %(n)d field to answer", "The firm has %(n)d fields to answer", n)
            found[row["application"]] = words % {"n": n}
    return found


@dataclass(slots=True)
class Queue:
    """Applications that wait for the same thing; the oldest of them by name."""

    reason: str
    stage: Stage
    oldest: Application
    days: int
    count: int = 0

    @property
    def title(self) -> str | Promise:
        return TITLES[self.stage]


def queues(on: date) -> list[Queue]:
    """Why everything that is under way waits, the longest wait first."""
    open_ones = Application.objects.filed().in_state(*STAGE_OF).select_related("firm")
    shown = list(open_ones.order_by("state_since", "pk"))
    why = reasons(shown, on)
    found: dict[tuple[Stage, str], Queue] = {}
    for one in shown:
        stage, reason = STAGE_OF[State(one.state)], why.get(one.pk, _("It waits for its turn"))
        days = (on - one.state_since).days
        found.setdefault((stage, reason), Queue(reason, stage, one, days)).count += 1
    return list(found.values())
