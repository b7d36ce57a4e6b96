"""What of a returned file the firm may change: the fields that were flagged, nothing else (rule A-7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.errors import require
from projects.fields import BY_KEY, FIELDS, Field
from projects.lifecycle import State
from projects.models import Application, DocumentKind, FieldReturn
from projects.snapshots import Difference, differences

_SOURCES = ("budget.own_funds", "budget.other_funds", "budget.other_source")
#: A change of the first asks for a change of the others: sources for the budget, papers for the purpose...
GOES_WITH: Mapping[str, tuple[str, ...]] = {
    "project.purpose": ("project.audit_plan", *(f"documents.{kind}" for kind in DocumentKind)),
    "benefits.production": ("benefits.benefit_note",),
    "benefits.rows": ("benefits.benefit_note",),
    "benefits.cost_before": ("benefits.benefit_note",),
    "benefits.cost_after": ("benefits.benefit_note",),
    "budget.lines": ("budget.amount", *_SOURCES),
    "budget.product": (
        "budget.amount", "budget.term_months", "budget.grace_months", *_SOURCES,
        *(f"documents.{kind}" for kind in DocumentKind),
    ),
    "budget.amount": _SOURCES,
    "budget.own_funds": _SOURCES,
    "budget.other_funds": _SOURCES,
}  # fmt: skip


def open_returns(application: Application) -> Mapping[str, FieldReturn]:
    """The flags that wait for the firm, by field key."""
    if application.state != State.RETURNED:
        return {}
    return {flag.field: flag for flag in application.field_returns.filter(answered_on=None)}


def open_fields(application: Application) -> frozenset[str]:
    """The keys that the firm may change now: all of a draft, of a returned file the flagged ones and what goes
    with them."""
    if application.state == State.DRAFT:
        return frozenset(field.key for field in FIELDS if field.editable)
    flagged = frozenset(open_returns(application))
    return flagged | _along_with(application, flagged)


def _along_with(application: Application, flagged: frozenset[str]) -> frozenset[str]:
    """What a change of the flagged fields may ask for; of papers only the kinds of which there is none."""
    found = {key for one in flagged for key in GOES_WITH.get(one, ())} - flagged
    if any(key.startswith("documents.") for key in found):
        found -= {f"documents.{paper.kind}" for paper in application.papers}
    return frozenset(found)


def check_open_field(application: Application, key: str) -> None:
    """Raise RuleBroken unless the firm may change this field now."""
    require(
        key in open_fields(application),
        "A-7",
        _("“%(field)s” was not returned to you, so it stays as you submitted it.")
        % {"field": BY_KEY[key].label},
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """A returned field with what the firm said and what it changed; ``change`` is None where it left it as it was.

    What it changed along with the returned ones has no ``flag``.
    """

    field: Field
    flag: FieldReturn | None
    change: Difference | None
    on: date | None


def answered(application: Application) -> list[Answered]:
    """Every flag that the firm has answered, the last round first.

    Round n was answered by version n + 1: each return is followed by one resubmission.
    """
    flags = [
        flag
        for flag in application.field_returns.exclude(answered_on=None).order_by("-round", "pk")
        if flag.field in BY_KEY
    ]
    if not flags:
        return []
    frozen = {version.number: version.snapshot for version in application.versions.all()}
    rounds = {flag.round: flag.answered_on for flag in flags}
    changes = {
        number: {item.field.key: item for item in differences(frozen.get(number, {}), frozen[number + 1])}
        for number in rounds
        if number + 1 in frozen
    }
    found = []
    for number, on in rounds.items():
        left = dict(changes.get(number, {}))
        for flag in (flag for flag in flags if flag.round == number):
            found.append(Answered(BY_KEY[flag.field], flag, left.pop(flag.field, None), on))
        found += [Answered(item.field, None, item, on) for item in left.values()]
    return found
