"""Rows written by plain statements, for the few places that write on every payment: half the work of the ORM.

Rows go to the database as JSON, so that a statement is the same for one row and for a hundred and is planned once.
Statements can go together: then a payment's dozen of rows costs one statement, not a dozen.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model

from accounts import statements
from accounts.statements import Shape, Told

M = TypeVar("M", bound=Model)
_as_json = json.JSONEncoder(default=statements.plain, separators=(",", ":")).encode
Lost = Callable[[Any], None]


def insert(rows: Sequence[M], *, once: str = "", lost: Callable[[M], None] | None = None) -> Sequence[M]:
    """Write new rows of one table and set their keys; give back those that were written.

    `once` names a unique column: a row whose value is there already is left out and keeps no key, so that no race is
    lost and no savepoint is needed; in `together` that is known at the end only, and `lost` is called with it then.
    A row may refer to one that waits to be written if that one's model says in `named_by` what names it. Neither
    `save` nor signals are called.
    """
    if not rows:
        return rows
    if (waiting := _waiting.get()) is not None:
        waiting.insert(rows, once, lost or _expected)
        return rows
    with together() as alone:
        alone.insert(rows, once, _expected)
    return [row for row in rows if row.pk is not None] if once else rows


def insert_values(
    model: type[Model], names: tuple[str, ...], rows: Sequence[Sequence[Any]], *, only_with: str = ""
) -> None:
    """Write new rows that nobody holds as objects, each the values of these fields; what is not named is null.

    A foreign key's value is the key, or the name of a row that waits (`accounts.statements.key_or_name`). `only_with`
    names a foreign key: a row is left out with the one that it refers to.
    """
    if (waiting := _waiting.get()) is not None:
        waiting.insert_values(model, names, rows, only_with)
        return
    with together() as alone:
        alone.insert_values(model, names, rows, only_with)


def update(row: Model, *names: str) -> None:
    """Write these columns of a row that is locked. Neither `save` nor signals are called."""
    with together() as waiting:
        waiting.update(row, names)


def compare_and_set(row: Model, name: str, before: Any, **values: Any) -> bool:
    """Write these values of a row if a column still holds what it held before; false if it does not.

    It goes at once, in `together` too. Neither `save` nor signals are called, and the object stays as it is.
    """
    quote, here = connection.ops.quote_name, connections[DEFAULT_DB_ALIAS]
    fields: dict[str, Field[Any, Any]] = {field.name: field for field in row._meta.concrete_fields}
    plain = {key: value.pk if isinstance(value, Model) else value for key, value in values.items()}
    columns = ", ".join(f"{quote(str(fields[key].column))} = %s" for key in plain)
    where = f"{quote(str(row._meta.pk.column))} = %s AND {quote(str(fields[name].column))} = %s"
    told = [fields[key].get_db_prep_save(value, here) for key, value in plain.items()]
    with connection.cursor() as cursor:
        sql = f"UPDATE {quote(row._meta.db_table)} SET {columns} WHERE {where} RETURNING 1"  # noqa: S608 - the names are the model's
        cursor.execute(sql, [*told, row.pk, before])
        return cursor.fetchone() is not None


class _Part:
    """Rows of one table that a part of the statement writes, and what is done with their keys."""

    def __init__(
        self, model: type[Model], names: tuple[str, ...], *, is_new: bool, once: str = "", only_with: str = ""
    ) -> None:
        self.model, self.names, self.is_new = model, names, is_new
        self.once, self.only_with = once, only_with
        self.rows: list[tuple[Model, Lost]] = []
        self.told: list[Told] = []
        self.named: set[str] = set()

    def add(self, row: Model, lost: Lost) -> None:
        self.rows.append((row, lost))
        self.told.append(statements.told(row, self.names, is_new=self.is_new, named=self.named))

    def add_values(self, values: Sequence[Any]) -> None:
        self.told.append(statements.told_values(self.model, self.names, values, self.named))

    @property
    def shape(self) -> Shape:
        named, tells = tuple(sorted(self.named)), self.is_new and bool(self.rows)
        return Shape(self.model, self.names, named, self.is_new, self.once, self.only_with, tells)

    def done(self, found: Sequence[Sequence[Any]]) -> None:
        """Give the rows their keys."""
        keys = {name: key for key, name in found}
        for at, (row, lost) in enumerate(self.rows):
            if self.is_new:
                key = keys.get(str(getattr(row, self.once))) if self.once else found[at][0]
                if key is None:
                    lost(row)
                    continue
                row.pk = key
                row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
            for name in self.named:
                statements.refer(row, name)


class _Waiting:
    """What is to be written by one statement."""

    def __init__(self) -> None:
        self.parts: dict[str, _Part] = {}

    def insert(self, rows: Sequence[Model], once: str, lost: Lost) -> None:
        model = type(rows[0])
        part = self.part(model, statements.new_names(model), once, "")
        for row in rows:
            part.add(row, lost)

    def insert_values(
        self, model: type[Model], names: tuple[str, ...], rows: Sequence[Sequence[Any]], only_with: str
    ) -> None:
        if rows:
            part = self.part(model, names, "", only_with)
            for values in rows:
                part.add_values(values)

    def part(self, model: type[Model], names: tuple[str, ...], once: str, only_with: str) -> _Part:
        """The part that writes new rows of this table."""
        part = self.parts.get(model._meta.db_table)
        if part is None:
            part = _Part(model, names, is_new=True, once=once, only_with=only_with)
            self.parts[model._meta.db_table] = part
        same = (part.names, part.once, part.only_with) == (names, once, only_with)
        assert same, f"{model} is written in two ways"
        return part

    def update(self, row: Model, names: tuple[str, ...]) -> None:
        name = f"{row._meta.db_table} {row.pk}"
        assert row.pk is not None and name not in self.parts, f"{name} is written twice by one statement"
        self.parts[name] = _Part(type(row), names, is_new=False)
        self.parts[name].add(row, _expected)

    def send(self) -> None:
        if not self.parts:
            return
        sql = statements.of_parts(tuple(part.shape for part in self.parts.values()))
        told = [_as_json(part.told) for part in self.parts.values()]
        with connection.cursor() as cursor:
            cursor.execute(sql, told)
            found = cursor.fetchone()
        for part, got in zip(self.parts.values(), found, strict=True):
            part.done(got or ())


_waiting: ContextVar["_Waiting | None"] = ContextVar("waiting", default=None)


@contextmanager
def together() -> Iterator[_Waiting]:
    """Send what is written inside as one statement at the end; until then new rows have no key.

    Whatever the ORM writes goes at once, and so before it. Nothing is sent if the block raises; what is refused at
    the end leaves a transaction that has to be taken back.
    """
    if (outer := _waiting.get()) is not None:
        yield outer
        return
    mine = _Waiting()
    token = _waiting.set(mine)
    try:
        yield mine
    finally:
        _waiting.reset(token)
    mine.send()


def _expected(row: Model) -> None:
    """A row that was there already, and may be."""
