"""Scores of an application (rule E-2), without Django.

Every evaluator gives every criterion 0 to 5 points; total = sum of weight x mean / 5, from 0 to 100.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

LOWEST, HIGHEST = 0, 5
WEIGHTS_SUM = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion after reading: what each evaluator gave, their mean, and the points it earns."""

    criterion: str
    weight: int
    values: tuple[int, ...]
    spread: int
    flagged: bool
    mean: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Result:
    """All criteria and the total. `complete`: every evaluator has scored every criterion."""

    lines: tuple[Line, ...]
    total: Decimal
    complete: bool

    @property
    def flagged(self) -> tuple[Line, ...]:
        """Criteria that ask for a third reading or a joint note (rule E-2)."""
        return tuple(line for line in self.lines if line.flagged)


def check_weights(weights: Mapping[str, int]) -> None:
    """A rubric's weights are whole, positive and sum to 100, or it is no rubric."""
    if not weights or any(weight <= 0 for weight in weights.values()):
        raise ValueError("every criterion needs a positive weight")
    if sum(weights.values()) != WEIGHTS_SUM:
        raise ValueError(f"the weights sum to {sum(weights.values())}, not to {WEIGHTS_SUM}")


def is_score(value: int) -> bool:
    """Rule E-2: whole points from 0 to 5."""
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST


def result(
    weights: Mapping[str, int],
    readings: Sequence[Mapping[str, int]],
    *,
    spread_limit: int = 2,
) -> Result:
    """Rule E-2: weighted lines, total and spread warnings of any number of readings.

    An unscored criterion earns nothing yet: the result says `complete=False` and the total is what has
    been earned so far. Fractions carry the arithmetic, each figure is rounded once, half up.
    """
    lines, total, complete = [], Fraction(0), bool(readings)
    for criterion, weight in weights.items():
        values = tuple(reading[criterion] for reading in readings if criterion in reading)
        complete = complete and len(values) == len(readings)
        mean = Fraction(sum(values), len(values)) if values else Fraction(0)
        points = weight * mean / HIGHEST
        total += points
        spread = max(values) - min(values) if values else 0
        lines.append(
            Line(
                criterion,
                weight,
                values,
                spread,
                len(values) > 1 and spread >= spread_limit,
                _round(mean),
                _round(points),
            )
        )
    return Result(tuple(lines), _round(total), complete)


def _round(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
