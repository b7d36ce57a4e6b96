"""Figures that are read often and change only when something happened.

Every verb leaves a row in the trail (style 16), so the trail's last key says whether anything has happened: what
was computed under the same key is still right, and nothing has to be invalidated by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.core.cache import cache

from accounts.models import AuditEvent

T = TypeVar("T")

KEPT_SECONDS = 3_600
#: Raised when the shape of what is kept changes, so that an older program's figures are not read.
SHAPE = 1


def kept(name: str, on: date, build: Callable[[], T]) -> T:
    """What `build` gives for that day, computed once until something happens anywhere in the fund."""
    last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
    key = f"reports:{SHAPE}:{name}:{on}:{last}"
    found: T | None = cache.get(key)
    if found is None:
        found = build()
        cache.set(key, found, KEPT_SECONDS)
    return found
