"""What a firm of the applicant's sector typically writes, beside each field (rule A-5, fund figures section 4).

The rows stand in `data/sector_examples.json`, by the beginning of the SCIAN code; the longest that fits is
taken, and the last row, with an empty code, fits every sector.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from accounts.formats import number_text
from accounts.labels import label
from fund.models import Sector

SOURCE = Path(__file__).parent / "data" / "sector_examples.json"
#: What the money of the examples is in: a firm of another country reads it as what it is.
CURRENCY = "MXN"
EFFECTS = Path(__file__).parent / "data" / "technique_effects.json"


@dataclass(frozen=True, slots=True)
class ExampleBenefit:
    """One typical benefit: per unit of production, today and afterwards."""

    indicator: str
    unit: str
    baseline: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class ExampleLine:
    kind: str
    amount: Decimal
    names: Mapping[str, str]

    @property
    def concept(self) -> str:
        return label(self.names)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a technique usually brings: an indicator and a range in percent of today's figure."""

    indicator: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Technique:
    """A technique of the sector to pick from, with its usual effects: orders of magnitude, no promise."""

    names: Mapping[str, str]

    @property
    def name(self) -> str:
        return label(self.names)

    @property
    def effects(self) -> list[Effect]:
        return [Effect(*row) for row in _effects().get(self.names["en"], [])]


@cache
def _effects() -> dict[str, list[tuple[str, int, int]]]:
    rows: dict[str, list[tuple[str, int, int]]] = json.loads(EFFECTS.read_text(encoding="utf-8"))
    return rows


@dataclass(frozen=True, slots=True)
class Example:
    """A plausible small project of a sector, in the reader's language; invented, near to published figures."""

    data: Mapping[str, Any]

    @property
    def title(self) -> str:
        return label(self.data["title"])

    @property
    def summary(self) -> str:
        return label(self.data["summary"])

    @property
    def change(self) -> str:
        return label(self.data["change"])

    @property
    def basis(self) -> str:
        return label(self.data["basis"])

    @property
    def techniques(self) -> list[Technique]:
        return [Technique(names) for names in self.data["techniques"]]

    @property
    def production(self) -> Decimal:
        return Decimal(self.data["production"][0])

    @property
    def production_unit(self) -> str:
        unit: str = self.data["production"][1]
        return unit

    @property
    def benefits(self) -> list[ExampleBenefit]:
        return [
            ExampleBenefit(code, unit, Decimal(baseline), Decimal(after))
            for code, unit, baseline, after in self.data["benefits"]
        ]

    @property
    def lines(self) -> list[ExampleLine]:
        return [ExampleLine(kind, Decimal(amount), names) for kind, amount, names in self.data["lines"]]

    @property
    def cost_before(self) -> str:
        return number_text(Decimal(self.data["costs"][0]))

    @property
    def cost_after(self) -> str:
        return number_text(Decimal(self.data["costs"][1]))

    @property
    def life(self) -> int:
        years: int = self.data["life"]
        return years


@cache
def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(SOURCE.read_text(encoding="utf-8"))
    return sorted(rows, key=lambda row: -len(row["scian"]))


def example_for(sector: Sector | None) -> Example:
    """The example of the sector; of every sector if the firm has not said its own."""
    scian = sector.scian if sector else ""
    return Example(next(row for row in _rows() if scian.startswith(row["scian"])))
