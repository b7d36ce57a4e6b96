"""Rows written by plain statements, for the few places that write on every payment: half the work of the ORM.

Statements can go together: then a payment's dozen of rows costs one wait for the database, not a dozen.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)
Found = list[tuple[Any, ...]]
Then = Callable[[Found], None]


def insert(rows: Sequence[M], *, once: str = "", lost: Callable[[M], None] | None = None) -> Sequence[M]:
    """Write new rows of one table and set their keys; give back those that were written.

    `once` names a unique column: a row whose value is there already is left out and keeps no key, so that no race is
    lost and no savepoint is needed; in `together` that is known at the end only, and `lost` is called with it then.
    A row may refer to one that waits to be written if that one's model says in `named_by` what names it.
    Neither `save` nor signals are called.
    """
    if not rows:
        return rows
    start, end, fields = _insertion(type(rows[0]), once)
    lines: list[str] = []
    values: list[Any] = []
    for row in rows:
        lines.append(_told(row, [(field, field.pre_save(row, True)) for field in fields], values))
    waits = _waiting.get() is not None
    then = partial(_name, rows, once, lost if waits and lost else _expected)
    if send(f"{start}({'), ('.join(lines)}){end}", values, then) and once:
        return [row for row in rows if row.pk is not None]
    return rows


def update(row: Model, *names: str) -> None:
    """Write these columns of a row that is locked. Neither `save` nor signals are called."""
    fields = [field for field in row._meta.concrete_fields if field.name in names]
    assert len(fields) == len(names), names
    sql, values = _change(row, [(field, getattr(row, field.attname)) for field in fields])
    send(f"{sql} RETURNING 1", values, lambda found: _refer(row, fields))


def compare_and_set(row: Model, name: str, before: Any, **values: Any) -> bool:
    """Write these values of a row if a column still holds what it held before; false if it does not.

    It goes at once, in `together` too. Neither `save` nor signals are called, and the object stays as it is.
    """
    fields: dict[str, Field[Any, Any]] = {field.name: field for field in row._meta.concrete_fields}
    plain = {key: value.pk if isinstance(value, Model) else value for key, value in values.items()}
    sql, told = _change(row, [(fields[key], value) for key, value in plain.items()])
    column = connection.ops.quote_name(str(fields[name].column))
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} AND {column} = %s RETURNING 1", [*told, before])
        return cursor.fetchone() is not None


def send(sql: str, values: Any, then: Then) -> bool:
    """Execute a statement and call `then` with what it returns: now (true), or with its `together` (false)."""
    if (waiting := _waiting.get()) is not None:
        waiting.append(_Write(sql, values, then))
        return False
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        then(cursor.fetchall())
    return True


class _Write(NamedTuple):
    sql: str
    values: Any
    then: Then


_waiting: ContextVar["list[_Write] | None"] = ContextVar("waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Send what is written inside as one pipeline at the end; until then new rows have no key.

    Whatever the ORM writes goes at once, and so before it. Nothing is sent if the block raises; what is refused at
    the end leaves a transaction that has to be taken back.
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
    for write, found in zip(writes, ask(*((write.sql, write.values) for write in writes)), strict=True):
        write.then(found)


def ask(*statements: tuple[str, Any]) -> list[Found]:
    """What each of these statements returns, executed in their order, with one wait for all of them."""
    connection.ensure_connection()
    with connection.connection.pipeline():
        sent = [_sent(sql, values) for sql, values in statements]
        return [cursor.fetchall() for cursor in sent]


def columns_of(model: type[Model]) -> str:
    """The columns of a table, as `from_row` takes them."""
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in model._meta.concrete_fields)


def from_row(model: type[M], row: tuple[Any, ...]) -> M:
    """The object that a row of these columns is."""
    fields = model._meta.concrete_fields
    values = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(fields, row, strict=True)
    ]
    return model.from_db(connection.alias, [field.attname for field in fields], values)


def _sent(sql: str, values: Any) -> Any:
    """Under way: the answer is waited for when it is fetched."""
    cursor = connection.cursor()
    cursor.execute(sql, values)
    return cursor


def _change(row: Model, given: "Sequence[tuple[Field[Any, Any], Any]]") -> tuple[str, list[Any]]:
    """The statement that sets these columns of the row, and its parameters."""
    meta, quote = row._meta, connection.ops.quote_name
    values: list[Any] = []
    told = _told(row, given, values)
    columns = ", ".join(quote(str(field.column)) for field, _value in given)
    where = f"{quote(str(meta.pk.column))} = %s"
    sql = f"UPDATE {quote(meta.db_table)} SET ({columns}) = ROW({told}) WHERE {where}"  # noqa: S608 - the names are the model's
    return sql, [*values, row.pk]


def _told(row: Model, given: "Sequence[tuple[Field[Any, Any], Any]]", values: list[Any]) -> str:
    """How a statement names the values of a row's columns; the parameters are added to `values`."""
    marks, here = [], connections[DEFAULT_DB_ALIAS]
    for field, value in given:
        if value is None and field.is_relation and (parent := _parent(row, field)) is not None:
            mark, value = _by_name(parent)
        else:
            mark, value = "%s", field.get_db_prep_save(value, here)
        marks.append(mark)
        values.append(value)
    return ", ".join(marks)


def _by_name(parent: Model) -> tuple[str, Any]:
    """The key of a row that has none yet, and the name it is found by."""
    meta, quote, name = parent._meta, connection.ops.quote_name, parent.named_by  # type: ignore[attr-defined]
    where = f"{quote(name)} = %s"
    key = f"(SELECT {quote(str(meta.pk.column))} FROM {quote(meta.db_table)} WHERE {where})"  # noqa: S608 - as above
    return key, getattr(parent, name)


def _parent(row: Model, field: "Field[Any, Any]") -> Model | None:
    """The row that a foreign key without a value refers to."""
    found: Model | None = row._state.fields_cache.get(field.name)
    return found


def _refer(row: Model, fields: "Sequence[Field[Any, Any]]") -> None:
    """Take over the keys of rows that were written before this one."""
    for field in fields:
        if not field.is_relation or getattr(row, field.attname) is not None:
            continue
        if (parent := _parent(row, field)) is not None:
            setattr(row, field.attname, parent.pk)


def _name(rows: Sequence[M], once: str, lost: Callable[[M], None], found: Found) -> None:
    """Give the rows their keys."""
    keys: dict[Any, Any] = dict(found) if once else {}
    for at, row in enumerate(rows):
        key = keys.get(getattr(row, once)) if once else found[at][1]
        if key is None:
            lost(row)
            continue
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
        _refer(row, _insertion(type(row), once)[2])


def _expected(row: Model) -> None:
    """A row that was there already, and may be."""


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
