"""Rows that nothing refers to, as those of the trail, written by the hundred where many verbs share a transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts.writing import insert, insert_values

AT_ONCE = 500

Way = str | tuple[str, ...]
"""How rows of a table wait: objects by the column that is written once, values by their names."""
Gathered = dict[type[Model], dict[Way, list[Any]]]
_gathered: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


def write(row: Model, *, once: str = "") -> bool:
    """Write a row now, or with others of its table where they are gathered; false if it was there already.

    `once` as in `accounts.writing.insert`. Of a gathered row it is not known yet whether it was there.
    """
    return _waits(type(row), once, row) or bool(insert([row], once=once))


def write_values(model: type[Model], names: tuple[str, ...], values: Sequence[Any]) -> None:
    """The same of a row that nobody holds as an object (`accounts.writing.insert_values`)."""
    if not _waits(model, names, values):
        insert_values(model, names, [values])


def _waits(model: type[Model], way: Way, row: Any) -> bool:
    """Whether rows of this table are gathered; then this one is among them."""
    waiting = (_gathered.get() or {}).get(model)
    if waiting is None:
        return False
    rows = waiting.setdefault(way, [])
    rows.append(row)
    if len(rows) >= AT_ONCE:
        _send(model, waiting)
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
        for model, waiting in mine.items():
            _send(model, waiting)
    finally:
        _gathered.reset(token)


def _send(model: type[Model], waiting: dict[Way, list[Any]]) -> None:
    assert connection.in_atomic_block, "rows that wait must stand or fall with what they tell of"
    for way, rows in waiting.items():
        if isinstance(way, str):
            insert(tuple(rows), once=way)
        else:
            insert_values(model, way, rows)
    waiting.clear()
