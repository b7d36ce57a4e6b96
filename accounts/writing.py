"""Rows written by one plain statement, for the few places that write on every payment: half the work of the ORM."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

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
    model = type(rows[0])
    start, end, fields = _statement(model, once)
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields
    ]
    line = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        cursor.execute(f"{start}{', '.join([line] * len(rows))}{end}", values)
        keys = cursor.fetchall()
    written = _those(rows, once, {value for value, _key in keys}) if once else rows
    for row, (_value, key) in zip(written, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
    return written


def update(row: Model, *names: str) -> None:
    """Write these columns of a row that is locked. Neither `save` nor signals are called."""
    meta, quote = row._meta, connection.ops.quote_name
    fields = [meta.get_field(name) for name in names]
    key = quote(str(meta.pk.column)) if meta.pk else ""
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {key} = %s", [*values, row.pk])  # noqa: S608 - as below


def _those(rows: Sequence[M], once: str, written: set[Any]) -> list[M]:
    return [row for row in rows if getattr(row, once) in written]


@cache
def _statement(model: type[Model], once: str) -> tuple[str, str, "tuple[Field[Any, Any], ...]"]:
    """What stands before and after the values, and the fields in their order."""
    meta, quote = model._meta, connection.ops.quote_name
    fields = tuple(field for field in meta.concrete_fields if not field.primary_key)
    names = ", ".join(quote(str(field.column)) for field in fields)
    key = quote(str(meta.pk.column)) if meta.pk else ""
    conflict = f" ON CONFLICT ({quote(once)}) DO NOTHING" if once else ""
    start = f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES "  # noqa: S608 - the names are the model's
    return start, f"{conflict} RETURNING {quote(once) if once else 'NULL'}, {key}", fields
