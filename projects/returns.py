"""What of a returned file the firm may change: the fields that were flagged, nothing else (rule A-7)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.errors import require
from projects.fields import BY_KEY, FIELDS
from projects.lifecycle import State
from projects.models import Application, FieldReturn


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
