"""Rows that nothing refers to, as those of the trail, written by the hundred where many verbs share a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.db.models import Model

from accounts.writing import insert

AT_ONCE = 500

Gathered = dict[type[Model], dict[str, list[Model]]]
_gathered: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


def write(row: Model, *, once: str = "") -> bool:
    """Write a row now, or with others of its table where they are gathered; false if it was there already.

    `once` as in `accounts.writing.insert`. Of a gathered row it is not known yet whether it was there.
    """
    waiting = (_gathered.get() or {}).get(type(row))
    if waiting is None:
        return bool(insert([row], once=once))
    rows = waiting.setdefault(once, [])
    rows.append(row)
    if len(rows) >= AT_ONCE:
        _send(waiting)
    return True


@contextmanager
def gathered(*models: type[Model]) -> Iterator[None]:
    """Let the rows of these tables wait, in their order, until the block ends or there are many of them.

    Rows still waiting when the block raises are not written, as nothing else of that transaction is.
    """
    outer = _gathered.get() or {}
    mine: Gathered = {model: {} for model in models if model not in outer}
    token = _gathered.set(outer | mine)
    try:
        yield
        for waiting in mine.values():
            _send(waiting)
    finally:
        _gathered.reset(token)


def _send(waiting: dict[str, list[Model]]) -> None:
    assert connection.in_atomic_block, "rows that wait must stand or fall with what they tell of"
    for once, rows in waiting.items():
        insert(tuple(rows), once=once)
    waiting.clear()
