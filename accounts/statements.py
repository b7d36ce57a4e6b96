"""The statements of `accounts.writing`: rows go to the database as JSON by column; what is left out is null."""

from collections.abc import Sequence
from datetime import date, datetime, time
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


class _Column(NamedTuple):
    """A field, and which of its own ways with a value are needed."""

    column: str
    attname: str
    field: "Field[Any, Any]"
    sets_itself: bool
    is_as_it_is: bool


def told(row: Model, names: tuple[str, ...], *, is_new: bool, named: set[str]) -> Told:
    """The row as JSON has it, by column; `named` is told which columns refer to a row that has no key yet."""
    made: Told = {} if is_new else {"its key": row.pk}
    for column, attname, field, sets_itself, as_it_is in _columns(type(row), names):
        value = field.pre_save(row, is_new) if sets_itself else getattr(row, attname)
        if value is not None:
            made[column] = value if as_it_is else field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])
        elif field.is_relation and (parent := _parent(row, field.name)) is not None:
            made[f"{column} named"] = getattr(parent, parent.named_by)  # type: ignore[attr-defined]
            named.add(field.name)
    return made


def told_values(model: type[Model], names: tuple[str, ...], values: Sequence[Any], named: set[str]) -> Told:
    """The same of values in the order of `names`, without an object; a foreign key's is the key or the name."""
    made: Told = {}
    for (column, _, field, _, as_it_is), value in zip(_columns(model, names), values, strict=True):
        if isinstance(value, Named):
            made[f"{column} named"] = value.name
            named.add(field.name)
        elif value is not None:
            made[column] = value if as_it_is else field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])
    return made


def key_or_name(row: Model) -> Any:
    """What a foreign key to this row is told as: its key, or its name while it waits."""
    return Named(getattr(row, row.named_by)) if row.pk is None else row.pk  # type: ignore[attr-defined]


def plain(value: Any) -> str:
    """A value that JSON does not know, as PostgreSQL reads it."""
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, Jsonb):
        assert value.dumps is not None  # a JSONField names its own
        return str(value.dumps(value.obj))
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
def _columns(model: type[Model], names: tuple[str, ...]) -> tuple[_Column, ...]:
    return tuple(
        _Column(str(field.column), field.attname, field, _sets_itself(field), _is_as_it_is(field))
        for field in _fields(model, names)
    )


def _sets_itself(field: "Field[Any, Any]") -> bool:
    """Whether a value is found at the moment of writing, as that moment is."""
    if isinstance(field, models.DateField):
        return field.auto_now or field.auto_now_add
    return type(field).pre_save is not Field.pre_save


def _is_as_it_is(field: "Field[Any, Any]") -> bool:
    aware = isinstance(field, models.DateTimeField) and _sets_itself(field)
    return aware or type(field) in AS_IT_IS


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
        asked = f'(SELECT json_agg(json_build_array("its key", "its name")) FROM {name})'  # noqa: S608 - the name is the model's
        keys.append(asked if shape.tells else "NULL")
    return f"WITH {', '.join(parts)} SELECT {', '.join(keys)}"


def _insertion(shape: Shape) -> str:
    """New rows; each tells its key, and what it is known by where other rows may refer to it."""
    model, names, named, once, only_with = shape.model, shape.names, shape.named, shape.once, shape.only_with
    quote, meta = connection.ops.quote_name, model._meta
    values, types, joins = _told(model, names, named)
    source = f"ROWS FROM (json_to_recordset(%s::json) AS ({types})) WITH ORDINALITY AS told{joins}"
    if only_with in named:
        source += f" WHERE {values[quote(str(meta.get_field(only_with).column))]} IS NOT NULL"  # type: ignore[union-attr]
    key = quote(str(meta.pk.column))
    conflict = f" ON CONFLICT ({quote(once)}) DO NOTHING" if once else ""
    also = f", {key}, {quote(named_by)}" if (named_by := getattr(model, "named_by", "")) else ""
    return (
        f"INSERT INTO {quote(meta.db_table)} ({', '.join(values)}) SELECT {', '.join(values.values())}"  # noqa: S608 - the names are the model's
        f" FROM {source} ORDER BY told.ordinality{conflict}"
        f' RETURNING {key} AS "its key", {quote(once) if once else "NULL"} AS "its name"{also}'
    )


def _change(shape: Shape) -> str:
    """One row: told as one, it is looked up by its key, where for a set of unknown size the table would be read."""
    quote, meta = connection.ops.quote_name, shape.model._meta
    values, types, joins = _told(shape.model, shape.names, shape.named)
    table, key = quote(meta.db_table), quote(str(meta.pk.column))
    return (
        f"UPDATE {table} SET ({', '.join(values)}) = ROW({', '.join(values.values())})"  # noqa: S608 - as above
        f' FROM json_to_record(%s::json -> 0) AS told({types}){joins} WHERE {table}.{key} = told."its key"'
    )


def _told(
    model: type[Model], names: tuple[str, ...], named: tuple[str, ...]
) -> tuple[dict[str, str], str, str]:
    """What each column is set to, the columns of what is told, and its joins with the rows that it refers to."""
    quote = connection.ops.quote_name
    values, types, joins = {}, [f'"its key" {_type(model._meta.pk)}'], []
    for field in _fields(model, names):
        column = quote(str(field.column))
        types.append(f"{column} {_type(field)}")
        values[column] = f"told.{column}" + ("::jsonb" if isinstance(field, JSONField) else "")
        if field.name in named:
            parent: Any = field.related_model
            name, other = quote(f"{field.column} named"), quote(f"of {field.name}")
            key, by = quote(parent._meta.pk.column), quote(parent.named_by)
            types.append(f"{name} text")
            joins.append(f" LEFT JOIN {quote(parent._meta.db_table)} {other} ON {other}.{by} = told.{name}")
            values[column] = f"coalesce(told.{column}, {other}.{key})"
    return values, ", ".join(types), "".join(joins)


def _type(field: Any) -> str:
    """The type that a value is read as."""
    if isinstance(field, JSONField):
        return "text"  # as the field itself wrote it
    found = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return str(found)
