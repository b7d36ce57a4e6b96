"""Terms as JSON and back: every value that cannot be read is named with its field."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache, partial
from typing import Any, Union, get_args, get_origin, get_type_hints

from loans.arithmetic.problems import Problem, TermsError, refuse, refuse_any

Reader = Callable[[str, Any], Any]
"""Reads the value of a field of that name."""
MAX_DIGITS = 40
"""Longer numbers are refused before they are computed with."""


def as_json(value: Any) -> Any:
    """Decimals and dates as text, tuples as lists, the rest as it is."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [as_json(part) for part in value]
    return value


def read_fields(cls: type, data: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments for a dataclass from JSON values. Raises `TermsError` with every problem."""
    values, problems = read_all(cls, data)
    refuse_any(problems)
    return values


def read_all(cls: type, data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """What can be read of JSON values, and what is wrong with the rest."""
    known = _known(cls)
    problems = [Problem(str(key), shown(data[key]), "unknown_key") for key in data if key not in known]
    values = {}
    for name, (reader, is_needed) in known.items():
        if name in data:
            try:
                values[name] = reader(name, data[name])
            except TermsError as error:
                problems += error.problems
        elif is_needed:
            problems.append(Problem(name, "", "missing"))
    return values, problems


def shown(value: Any) -> str:
    """A value as it may be repeated to whoever typed it."""
    return str(value)[:MAX_DIGITS]


@cache
def _known(cls: type) -> dict[str, tuple[Reader, bool]]:
    """How each field is read, and whether it must be there."""
    hints = get_type_hints(cls)
    return {f.name: (_reader(hints[f.name]), f.default is MISSING) for f in fields(cls) if f.init}


def read(name: str, value: Any, kind: Any) -> Any:
    """One JSON value as `kind`: Decimal, int, bool, str, date, an enum, a tuple of those, or None where allowed."""
    return _reader(kind)(name, value)


@cache
def _reader(kind: Any) -> Reader:
    if get_origin(kind) in (types.UnionType, Union):
        given = _reader(next(option for option in get_args(kind) if option is not type(None)))
        return lambda name, value: None if value is None or value == "" else given(name, value)
    if get_origin(kind) is tuple:
        return partial(_read_tuple, kinds=get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return partial(read_choice, kind=kind)
    readers: dict[Any, Reader] = {Decimal: read_decimal, int: read_int, date: read_date, bool: read_bool}
    return readers.get(kind, lambda name, value: str(value))


def _read_tuple(name: str, value: Any, kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise refuse(name, shown(value), "not_a_list")
    if kinds[-1] is Ellipsis:
        return tuple(read(name, part, kinds[0]) for part in value)
    if len(value) != len(kinds):
        raise refuse(name, shown(value), "not_a_list")
    return tuple(read(name, part, kind) for part, kind in zip(value, kinds, strict=True))


def read_decimal(name: str, value: Any) -> Decimal:
    """A finite number written with a decimal point. Floats are read by their shortest text."""
    text = str(value).strip()
    if isinstance(value, bool) or len(text) > MAX_DIGITS:
        raise refuse(name, text[:MAX_DIGITS], "not_a_number")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise refuse(name, value, "not_a_number") from None
    if not number.is_finite() or "_" in text or abs(number.adjusted()) > MAX_DIGITS:
        raise refuse(name, value, "not_a_number")
    return number


def read_int(name: str, value: Any) -> int:
    """A whole number; 12 and "12" and 12.0 are read, 12.5 is not."""
    number = read_decimal(name, value)
    if number != int(number):
        raise refuse(name, value, "not_whole")
    return int(number)


def read_date(name: str, value: Any) -> date:
    """A date in the form 2026-03-15."""
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise refuse(name, shown(value), "not_a_date") from None


def read_bool(name: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise refuse(name, shown(value), "not_yes_or_no")
    return value


def read_choice(name: str, value: Any, kind: type[Enum]) -> Enum:
    """A member of an enum by its value."""
    try:
        return kind(value)
    except ValueError:
        raise refuse(
            name, value, "not_a_choice", choices=", ".join(str(member.value) for member in kind)
        ) from None
