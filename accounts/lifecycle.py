"""Moves are data; one function makes them: compare, set, audit."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import RuleBroken, Stale
from accounts.models import User
from accounts.writing import compare_and_set

Move = tuple[str, str]


def move(
    obj: Any,
    to: str,
    *,
    moves: Collection[Move],
    by: User,
    on: date,
    note: str = "",
    rule: str = "G-5",
    **stamps: Any,
) -> None:
    """Set `obj.state` (and `stamps`) if the table of moves has (state, to); audited as "<model>.<to>".

    Raises RuleBroken with `rule` for a move that the table lacks, Stale if somebody moved it first.
    """
    before = obj.state
    if (before, to) not in moves:
        message = _("%(what)s is %(before)s and cannot become %(after)s.") % {
            "what": obj,
            "before": _state_word(obj, before),
            "after": _state_word(obj, to),
        }
        raise RuleBroken(rule, message)
    if not compare_and_set(obj, "state", before, state=to, **stamps):
        raise Stale(obj)
    obj.state = to
    for name, value in stamps.items():
        setattr(obj, name, value)
    audit.record(
        f"{obj._meta.model_name}.{to}",
        obj,
        by=by,
        on=on,
        before={"state": before},
        after={"state": to, **stamps},
        note=note,
    )


def _state_word(obj: Any, state: str) -> str:
    choices = dict(obj._meta.get_field("state").flatchoices)
    return str(choices.get(state, state)).lower()
