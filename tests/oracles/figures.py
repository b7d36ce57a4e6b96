"""Figures in the form in which a case expects them, and the comparison."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from typing import Any

from loans.arithmetic.rounding import as_decimal

IGNORED = frozenset({"tolerance", "partial"})
"""Keys of `expected` that are no figures."""


def shaped(expected: Any, result: Any) -> Any:
    """The part of `result` that `expected` asks for, each figure with as many decimals as `expected` shows."""
    if isinstance(expected, Mapping):
        found = result if isinstance(result, Mapping) else {}
        return {
            key: value if key in IGNORED else shaped(value, found.get(key)) for key, value in expected.items()
        }
    if isinstance(expected, list):
        return [shaped(part, match) for part, match in matched(expected, result or [])]
    return as_shown(expected, result)


def matched(expected: Sequence[Any], result: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Rows go together by their number, everything else by its place. Fewer rows show as missing ones."""
    if expected and all(isinstance(part, Mapping) and "n" in part for part in expected):
        by_n = {str(row["n"]): row for row in result}
        return [(part, by_n.get(str(part["n"]))) for part in expected]
    padded = [*result, *[None] * (len(expected) - len(result))]
    return list(zip(expected, padded, strict=False))


def as_shown(expected: Any, value: Any) -> Any:
    """One figure in the form of the expected one: text with as many decimals, or a number; dates as ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        value = as_decimal(value)
    if isinstance(value, int) and not isinstance(value, bool) and isinstance(expected, str | float):
        value = Decimal(value)
    if isinstance(value, float) and isinstance(expected, str):
        return f"{value:.{len(expected.partition('.')[2])}f}"
    if not isinstance(value, Decimal):
        return value
    if isinstance(expected, int | float):
        return as_number(expected, value)
    return f"{with_places(value, places_of(expected)):f}"


def as_number(expected: float, value: Decimal) -> int | float:
    """A figure that is expected as a number of JSON."""
    rounded = with_places(value, places_of(str(expected)) if isinstance(expected, float) else 0)
    return float(rounded) if isinstance(expected, float) else int(rounded)


def places_of(expected: Any) -> int | None:
    """Decimals that an expected figure shows; None if it is no figure."""
    try:
        exponent = Decimal(expected).as_tuple().exponent
    except (InvalidOperation, TypeError, ValueError):
        return None
    return -exponent if isinstance(exponent, int) else None


def with_places(value: Decimal, places: int | None) -> Decimal:
    """The figure with so many decimals, as it is without; never minus zero."""
    shown = value if places is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    return shown if shown else abs(shown)


def same(expected: Any, actual: Any, tolerance: Decimal | None = None) -> bool:
    """Whether every expected figure came out; within the case's tolerance where it has one."""
    if isinstance(expected, Mapping):
        return isinstance(actual, Mapping) and all(
            same(value, actual.get(key), tolerance) for key, value in expected.items() if key not in IGNORED
        )
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(expected) == len(actual)
            and all(same(a, b, tolerance) for a, b in zip(expected, actual, strict=True))
        )
    return bool(expected == actual) or is_near(expected, actual, tolerance)


def is_near(expected: Any, actual: Any, tolerance: Decimal | None) -> bool:
    """Whether two figures differ by no more than the tolerance; dates and names are no figures."""
    if tolerance is None or expected is None or actual is None:
        return False
    try:
        return abs(Decimal(str(expected)) - Decimal(str(actual))) <= tolerance
    except InvalidOperation:
        return False
