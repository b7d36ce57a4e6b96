"""Rows read by plain statements, for the few places that ask on every payment."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


def columns_of(model: type[Model], prefix: str = "") -> str:
    """The columns of a table, as `from_row` takes them; the prefix says whose."""
    quote = connection.ops.quote_name
    return ", ".join(f"{prefix}{quote(str(field.column))}" for field in model._meta.concrete_fields)


def from_row(model: type[M], row: Sequence[Any]) -> M:
    """The object that a row of these columns is."""
    values = list(row)
    for at, field in _converted(model):
        values[at] = field.from_db_value(values[at], None, connection)
    return model.from_db(DEFAULT_DB_ALIAS, _names(model), values)


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def _converted(model: type[Model]) -> tuple[tuple[int, Any], ...]:
    """The places of columns whose fields read them in a way of their own."""
    fields = enumerate(model._meta.concrete_fields)
    return tuple((at, field) for at, field in fields if hasattr(field, "from_db_value"))
