"""What of a returned file the firm may change: the fields that were flagged, nothing else (rule A-7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.errors import require
from projects.fields import BY_KEY, FIELDS, Field
from projects.lifecycle import State
from projects.models import Application, FieldReturn
from projects.snapshots import Difference, differences


def open_returns(application: Application) -> Mapping[str, FieldReturn]:
    """The flags that wait for the firm, by field key."""
    if application.state != State.RETURNED:
        return {}
    return {flag.field: flag for flag in application.field_returns.filter(answered_on=None)}


def open_fields(application: Application) -> frozenset[str]:
    """The keys that the firm may change now: all of a draft, the flagged ones of a returned file."""
    if application.state == State.DRAFT:
        return frozenset(field.key for field in FIELDS if field.editable)
    return frozenset(open_returns(application))


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
    """A returned field with what the firm said and what it changed; ``change`` is None where it left it as it was."""

    field: Field
    flag: FieldReturn
    change: Difference | None


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
    changes = {
        number: {item.field.key: item for item in differences(frozen.get(number, {}), frozen[number + 1])}
        for number in {flag.round for flag in flags}
        if number + 1 in frozen
    }
    return [Answered(BY_KEY[flag.field], flag, changes.get(flag.round, {}).get(flag.field)) for flag in flags]
