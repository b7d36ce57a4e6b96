"""The bars of a schedule as coordinates, pure: what each instalment is made of (Rule R-5).

The drawing is as wide and as high as a hundred; the page stretches it and writes the words around it, so that they
stay readable on a phone. Floats only place marks on paper (Rule M-1); every figure stands in the schedule below.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from loans.arithmetic.schedule import Row

HIGH = 100.0
STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 5
GAP = 0.18
"""The part of a bar's room that stays empty."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a bar: its kind and where it stands, as text that no language changes."""

    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the drawing and the amount that it stands for."""

    y: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that a page draws; `kinds` are those that occur, from the ground up."""

    blocks: tuple[Block, ...]
    ticks: tuple[Tick, ...]
    kinds: tuple[str, ...]
    numbers: tuple[int, ...]


def instalments(rows: Sequence[Row]) -> Drawing:
    """One bar for each instalment: principal, interest, then VAT and fees."""
    if not rows:
        return Drawing((), (), (), ())
    most = max(row.total for row in rows)
    step = step_for(most)
    top = step * max(math.ceil(most / step), 1)
    blocks = tuple(_blocks(rows, float(top)))
    found = {block.kind for block in blocks}
    return Drawing(
        blocks=blocks,
        ticks=tuple(_ticks(step, top)),
        kinds=tuple(kind for kind, _ in parts(rows[0]) if kind in found),
        numbers=tuple(dict.fromkeys((rows[0].n, rows[len(rows) // 2].n, rows[-1].n))),
    )


def parts(row: Row) -> tuple[tuple[str, Decimal], ...]:
    """What an instalment is made of, from the ground up."""
    return (("principal", row.principal), ("interest", row.interest), ("rest", row.vat + row.fees))


def step_for(most: Decimal) -> Decimal:
    """A round distance between two lines, so that at most five stand below the highest bar."""
    if most <= 0:
        return Decimal(1)
    size = Decimal(1).scaleb(most.adjusted() - 1)
    return next(
        size * Decimal(str(step)) * ten
        for ten in (1, 10)
        for step in STEPS
        if most <= size * Decimal(str(step)) * ten * MOST_TICKS
    )


def _blocks(rows: Sequence[Row], top: float) -> Iterator[Block]:
    room = HIGH / len(rows)
    for place, row in enumerate(rows):
        ground = HIGH
        for kind, amount in parts(row):
            height = float(amount) / top * HIGH
            if height <= 0:
                continue
            ground -= height
            yield Block(
                kind,
                _text(place * room + room * GAP / 2),
                _text(ground),
                _text(room * (1 - GAP)),
                _text(height),
            )


def _ticks(step: Decimal, top: Decimal) -> Iterator[Tick]:
    amount = top
    while amount >= 0:
        yield Tick(_text(HIGH - float(amount / top) * HIGH), amount)
        amount -= step


def _text(number: float) -> str:
    return f"{number:.2f}"
