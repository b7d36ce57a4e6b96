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
    """Rows go together by their number, everything else by its place. More or fewer rows show as missing ones."""
    if expected and all(isinstance(part, Mapping) and "n" in part for part in expected):
        by_n = {row["n"]: row for row in result}
        return [(part, by_n.get(part["n"])) for part in expected]
    padded = [*result, *[None] * (len(expected) - len(result))]
    return list(zip(expected, padded, strict=False))


def as_shown(expected: Any, value: Any) -> Any:
    """One figure as text with the decimals of the expected one; dates as ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        value = as_decimal(value)
    if isinstance(value, float) and isinstance(expected, str):
        return f"{value:.{len(expected.partition('.')[2])}f}"
    if not isinstance(value, Decimal):
        return value
    shown = Decimal(1)
    if isinstance(expected, str):
        try:
            shown = Decimal(expected)
        except InvalidOperation:
            return str(value)
    exponent = shown.as_tuple().exponent
    return str(
        value.quantize(Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0), ROUND_HALF_EVEN)
    )


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
    if tolerance is not None and isinstance(expected, str) and isinstance(actual, str):
        return abs(Decimal(expected) - Decimal(actual)) <= tolerance
    return bool(expected == actual)
