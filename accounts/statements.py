"""The statements of `accounts.writing`: rows go to the database as JSON by column; what is left out is null."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Field, JSONField, Model
from psycopg import Binary
from psycopg.types.json import Jsonb

Told = dict[str, Any]
AS_IT_IS = (
    models.BooleanField, models.CharField, models.DateField, models.DecimalField, models.EmailField,
    models.ForeignKey, models.IntegerField, models.OneToOneField, models.PositiveIntegerField,
    models.PositiveSmallIntegerField, models.SmallIntegerField, models.TextField, models.UUIDField,
)  # fmt: skip
"""Fields whose values PostgreSQL reads as they are written in JSON; the others are asked to prepare theirs."""
SHORT = {"timestamp with time zone": "timestamptz"}


class Named(NamedTuple):
    """A row that waits to be written, by what names it: the value of a foreign key of `told_values`."""

    name: str


class Shape(NamedTuple):
    """A part of a statement, whatever its rows hold."""

    model: type[Model]
    names: tuple[str, ...]
    named: tuple[str, ...]
    """The foreign keys of which some refer to a row that has no key yet."""
    is_new: bool
    once: str
    only_with: str
    tells: bool
    """Whether the keys of its rows are asked for."""


class _Columns(NamedTuple):
    """The columns of some fields, and which of them want more than the value as it stands."""

    names: tuple[str, ...]
    attributes: tuple[str, ...]
    set_themselves: tuple[tuple[str, "Field[Any, Any]"], ...]
    prepared: tuple[tuple[str, "Field[Any, Any]"], ...]
    refer: tuple[tuple[str, str], ...]
    """Foreign keys: column and name of the field."""


def told(row: Model, names: tuple[str, ...], *, is_new: bool, named: set[str]) -> Told:
    """The row as JSON has it, by column; `named` is told which columns refer to a row that has no key yet."""
    columns, held = _columns(type(row), names), row.__dict__
    made: Told = {column: held[name] for column, name in zip(columns.names, columns.attributes, strict=True)}
    for column, field in columns.set_themselves:
        made[column] = field.pre_save(row, is_new)
    _prepare(made, columns)
    for column, name in columns.refer:
        if made[column] is None and (parent := _parent(row, name)) is not None:
            made[f"{column} named"] = getattr(parent, parent.named_by)  # type: ignore[attr-defined]
            named.add(name)
    if not is_new:
        made[str(row._meta.pk.column)] = row.pk
    return made


def told_values(model: type[Model], names: tuple[str, ...], values: Sequence[Any], named: set[str]) -> Told:
    """The same of values in the order of `names`, without an object; a foreign key's is the key or the name."""
    columns = _columns(model, names)
    made: Told = dict(zip(columns.names, values, strict=True))
    _prepare(made, columns)
    for column, name in columns.refer:
        if isinstance(parent := made[column], Named):
            made[column], made[f"{column} named"] = None, parent.name
            named.add(name)
    return made


def _prepare(made: Told, columns: _Columns) -> None:
    """Let fields write what PostgreSQL would not read as it stands; JSON within JSON stays what it is."""
    for column, field in columns.prepared:
        if made[column] is not None:
            found = field.get_db_prep_save(made[column], connections[DEFAULT_DB_ALIAS])
            made[column] = json.loads(found.dumps(found.obj)) if isinstance(found, Jsonb) else found  # type: ignore[misc]


def key_or_name(row: Model) -> Any:
    """What a foreign key to this row is told as: its key, or its name while it waits."""
    return Named(getattr(row, row.named_by)) if row.pk is None else row.pk  # type: ignore[attr-defined]


def plain(value: Any) -> str:
    """A value that JSON does not know, as PostgreSQL reads it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, Binary):
        return f"\\x{value.obj.hex()}"
    return str(value)


def _parent(row: Model, name: str) -> Model | None:
    """The row that a foreign key without a value refers to."""
    found: Model | None = row._state.fields_cache.get(name)
    return found


def refer(row: Model, name: str) -> None:
    """Take over the key of a row that was written with this one."""
    if getattr(row, f"{name}_id") is None and (parent := _parent(row, name)) is not None:
        setattr(row, f"{name}_id", parent.pk)


@cache
def new_names(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.name for field in model._meta.concrete_fields if not field.primary_key)


@cache
def _columns(model: type[Model], names: tuple[str, ...]) -> _Columns:
    fields = [(str(field.column), field) for field in _fields(model, names)]
    return _Columns(
        names=tuple(column for column, _ in fields),
        attributes=tuple(field.attname for _, field in fields),
        set_themselves=tuple(pair for pair in fields if _sets_itself(pair[1])),
        prepared=tuple(pair for pair in fields if not _is_as_it_is(pair[1])),
        refer=tuple((column, field.name) for column, field in fields if field.is_relation),
    )


def _sets_itself(field: "Field[Any, Any]") -> bool:
    """Whether a value is found at the moment of writing, as that moment is."""
    if isinstance(field, models.DateField):
        return field.auto_now or field.auto_now_add
    return type(field).pre_save is not Field.pre_save


def _is_as_it_is(field: "Field[Any, Any]") -> bool:
    if isinstance(field, JSONField):
        return field.encoder is None
    return type(field) in AS_IT_IS or (isinstance(field, models.DateTimeField) and _sets_itself(field))


@cache
def _fields(model: type[Model], names: tuple[str, ...]) -> "tuple[Field[Any, Any], ...]":
    known = {field.name: field for field in model._meta.concrete_fields}
    return tuple(known[name] for name in names)


@cache
def of_parts(shapes: tuple[Shape, ...]) -> str:
    """One statement of all parts, with the rows of each as a parameter; it returns the keys of those that tell them."""
    quote = connection.ops.quote_name
    parts, keys = [], []
    for at, shape in enumerate(shapes):
        # New rows have their table's name: what refers to one that is written now looks for it there.
        name = quote(shape.model._meta.db_table if shape.is_new else f"changed {at}")
        parts.append(f"{name} AS ({_insertion(shape) if shape.is_new else _change(shape)})")
        told = f"{_key(shape.model)}, {quote(shape.once) if shape.once else 'NULL'}"
        asked = f"(SELECT json_agg(json_build_array({told})) FROM {name})"  # noqa: S608 - the names are the model's
        keys.append(asked if shape.tells else "NULL")
    return f"WITH {', '.join(parts)} SELECT {', '.join(keys)}"


def _insertion(shape: Shape) -> str:
    """New rows; each tells its key where that is asked for, and its name where other rows may refer to it."""
    quote = connection.ops.quote_name
    values, source = _rows(shape)
    conflict = f" ON CONFLICT ({quote(shape.once)}) DO NOTHING" if shape.once else ""
    return (
        f"INSERT INTO {quote(shape.model._meta.db_table)} ({', '.join(values)})"  # noqa: S608 - the names are the model's
        f" SELECT {', '.join(values.values())} FROM {source}{conflict}{_returning(shape)}"
    )


def _rows(shape: Shape) -> tuple[dict[str, str], str]:
    """What each column is set to, and by which rows: in order where a join may mix them or keys are told by place."""
    model, quote = shape.model, connection.ops.quote_name
    if shape.named:
        values, types, joins = _told(model, shape.names, shape.named)
        where = ""
        if shape.only_with in shape.named:
            column = quote(str(model._meta.get_field(shape.only_with).column))  # type: ignore[union-attr]
            where = f" WHERE {values[column]} IS NOT NULL"
        rows = f"ROWS FROM (json_to_recordset(%s::json) AS ({types})) WITH ORDINALITY AS t"
        return values, f"{rows}{joins}{where} ORDER BY t.ordinality"
    columns = [quote(str(field.column)) for field in _fields(model, shape.names)]
    rows = f"json_populate_recordset(NULL::{quote(model._meta.db_table)}, %s::json)"
    if shape.tells and not shape.once:
        rows = f"ROWS FROM ({rows}) WITH ORDINALITY AS t ORDER BY t.ordinality"
    return dict(zip(columns, columns, strict=True)), rows


def _returning(shape: Shape) -> str:
    named_by: str = getattr(shape.model, "named_by", "")
    if not (shape.tells or named_by):
        return ""
    quote = connection.ops.quote_name
    names = dict.fromkeys(quote(name) for name in (shape.once, named_by) if name)
    return f" RETURNING {', '.join((_key(shape.model), *names))}"


def _change(shape: Shape) -> str:
    """One row: told as one, it is looked up by its key, where for a set of unknown size the table would be read."""
    table, key = connection.ops.quote_name(shape.model._meta.db_table), _key(shape.model)
    values, types, joins = _told(shape.model, shape.names, shape.named)
    told = f"{key} {_type(shape.model._meta.pk)}, {types}"
    return (
        f"UPDATE {table} SET ({', '.join(values)}) = ROW({', '.join(values.values())})"  # noqa: S608 - as above
        f" FROM json_to_record(%s::json -> 0) AS t({told}){joins} WHERE {table}.{key} = t.{key}"
    )


def _told(
    model: type[Model], names: tuple[str, ...], named: tuple[str, ...]
) -> tuple[dict[str, str], str, str]:
    """What each column is set to, the columns of what is told, and its joins with the rows that it refers to."""
    quote = connection.ops.quote_name
    values, types, joins = {}, [], []
    for field in _fields(model, names):
        column = quote(str(field.column))
        types.append(f"{column} {_type(field)}")
        values[column] = f"t.{column}"
        if field.name in named:
            parent: Any = field.related_model
            name, other = quote(f"{field.column} named"), quote(f"of {field.name}")
            key, by = _key(parent), quote(parent.named_by)
            types.append(f"{name} text")
            joins.append(f" LEFT JOIN {quote(parent._meta.db_table)} {other} ON {other}.{by} = t.{name}")
            values[column] = f"coalesce(t.{column}, {other}.{key})"
    return values, ", ".join(types), "".join(joins)


def _key(model: type[Model]) -> str:
    return connection.ops.quote_name(str(model._meta.pk.column))


def _type(field: Any) -> str:
    """The type that a value is read as; its column still refuses what is too long."""
    found = str(field.db_type(connection)).partition("(")[0]
    return SHORT.get(found, found)
