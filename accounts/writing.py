"""Rows written by plain statements, for the few places that write on every payment: half the work of the ORM."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)


def insert(rows: Sequence[M], *, once: str = "") -> Sequence[M]:
    """Write new rows of one table and set their keys; give back those that were written.

    `once` names a unique column: a row whose value is there already is left out and keeps no key, so that no race is
    lost and no savepoint is needed. Neither `save` nor signals are called.
    """
    if not rows:
        return rows
    start, end, fields = _insertion(type(rows[0]), once)
    line = f"({', '.join(['%s'] * len(fields))})"
    sql = f"{start}{', '.join([line] * len(rows))}{end}"
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields
    ]
    if once:
        keys: dict[Any, Any] = dict(_execute(sql, values))
        rows = [row for row in rows if getattr(row, once) in keys]
        _name(rows, [(None, keys[getattr(row, once)]) for row in rows])
    elif (waiting := _waiting.get()) is not None:
        waiting.append(_Write(sql, values, partial(_name, rows)))
    else:
        _name(rows, _execute(sql, values))
    return rows


def update(row: Model, *names: str) -> None:
    """Write these columns of a row that is locked. Neither `save` nor signals are called."""
    meta, quote = row._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if field.name in names]
    assert len(fields) == len(names), names
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    where = f"{quote(str(meta.pk.column))} = %s RETURNING 1"
    sql = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {where}"  # noqa: S608 - the names are the model's
    if (waiting := _waiting.get()) is not None:
        waiting.append(_Write(sql, [*values, row.pk], lambda found: None))
    else:
        _execute(sql, [*values, row.pk])


class _Write(NamedTuple):
    sql: str
    values: list[Any]
    then: Callable[[list[tuple[Any, ...]]], None]


_waiting: ContextVar["list[_Write] | None"] = ContextVar("waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Send what is written inside as one pipeline at the end; until then new rows have no key.

    Rows with `once`, and whatever the ORM writes, go at once. Nothing is sent if the block raises.
    """
    if _waiting.get() is not None:
        yield
        return
    writes: list[_Write] = []
    token = _waiting.set(writes)
    try:
        yield
    finally:
        _waiting.reset(token)
    if not writes:
        return
    connection.ensure_connection()
    with connection.connection.pipeline():
        sent = [_sent(write) for write in writes]
        for write, cursor in zip(writes, sent, strict=True):
            write.then(cursor.fetchall())


def _sent(write: _Write) -> Any:
    """Under way: the answer is waited for when it is fetched."""
    cursor = connection.cursor()
    cursor.execute(write.sql, write.values)
    return cursor


def _execute(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _name(rows: Sequence[Model], keys: Sequence[tuple[Any, ...]]) -> None:
    for row, (_value, key) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


@cache
def _insertion(model: type[Model], once: str) -> tuple[str, str, "tuple[Field[Any, Any], ...]"]:
    """What stands before and after the values, and the fields in their order."""
    meta, quote = model._meta, connection.ops.quote_name
    fields = tuple(field for field in meta.concrete_fields if not field.primary_key)
    names = ", ".join(quote(str(field.column)) for field in fields)
    key = quote(str(meta.pk.column)) if meta.pk else ""
    conflict = f" ON CONFLICT ({quote(once)}) DO NOTHING" if once else ""
    start = f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES "  # noqa: S608 - the names are the model's
    return start, f"{conflict} RETURNING {quote(once) if once else 'NULL'}, {key}", fields
