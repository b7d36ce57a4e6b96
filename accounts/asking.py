"""Rows read by plain statements: several with one wait, for the few places that ask on every payment."""

from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)
Found = list[tuple[Any, ...]]


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
