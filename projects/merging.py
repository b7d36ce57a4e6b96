"""Rule A-5: two people in one file, field by field. Pure.

A page remembers a mark of each value that it showed. What comes back is held against that mark and against
what stands in the file now: who changed nothing overwrites nothing, and of two who changed the same field
the second sees the value of the first and chooses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

MARK_LENGTH = 10


class Verdict(Enum):
    """What becomes of one field of a page that was sent."""

    SAME = "nothing to write"
    WRITE = "write what the page says"
    KEEP = "the page did not touch it: what stands stays"
    CLASH = "both changed it: the second one chooses"


def plain(value: Any) -> Any:
    """A value as JSON in which equal contents are equal: 1.50 and 1.5, nothing and an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if hasattr(value, "amount"):
        return plain(value.amount)
    if isinstance(value, int | Decimal):
        return format(Decimal(value).normalize() + 0, "f")
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    return f"#{value.pk}" if hasattr(value, "pk") else str(value)


def mark(value: Any) -> str:
    """A short mark of a value, by which a page remembers what it showed."""
    text = json.dumps(plain(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]


def verdict(*, shown: str | None, mine: Any, theirs: Any, accepted: str = "") -> Verdict:
    """What to do with ``mine`` where ``theirs`` stands and the page had shown a value marked ``shown``.

    ``shown`` None: a page without memory, it writes. ``accepted`` marks another's value that the person saw
    and decided to replace.
    """
    my_mark, their_mark = mark(mine), mark(theirs)
    if my_mark == their_mark:
        return Verdict.SAME
    if shown is None or their_mark in (shown, accepted):
        return Verdict.WRITE
    return Verdict.KEEP if my_mark == shown else Verdict.CLASH


def packed(marks: Mapping[str, str]) -> str:
    """Marks as one text for a hidden field."""
    return ",".join(f"{name}:{marks[name]}" for name in sorted(marks))


def unpacked(text: str) -> dict[str, str]:
    """The marks of a hidden field; what is no mark is left out."""
    pairs = (entry.partition(":") for entry in text.split(",") if ":" in entry)
    return {name: found for name, _colon, found in pairs}
