"""The annual rollup: measurements into figures per indicator and dimension (Rules B-3, B-6). Pure.

Three figures stand apart and are never added to each other:

- annualised: the yearly rate of the measures seen in operation in the year;
- achieved: what the days of the year that were measured have saved;
- cumulative: everything achieved from the start to the end of the year.

Every dimension except the indicator itself is a partition, so the keys of one dimension add up to the fund.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from projects.benefits import Window, YearShare, annualised, by_year
from reports import attribution

ZERO = Decimal(0)

#: The headline: proven by documents, staff or a third party (Rule B-4).
VERIFIED = "verified"
#: Declared by the firm and not yet proven: shown apart.
DECLARED = "declared"

FUND, SECTOR, STATE, SIZE, DONOR, PROJECT, GRADE = (
    "fund", "sector", "state", "size", "donor", "project", "grade",
)  # fmt: skip
DIMENSIONS = (FUND, SECTOR, STATE, SIZE, DONOR, PROJECT, GRADE)


@dataclass(frozen=True, slots=True)
class Measured:
    """One counted measurement as the rollup sees it. `measure` names what is measured (project and point)."""

    pk: int
    indicator: str
    rule: str
    measure: str
    firm: str
    grade: str
    period_from: date
    period_to: date
    saving: Decimal
    window: Window
    keys: Mapping[str, str]
    funding: Mapping[str, Decimal] = field(default_factory=dict)
    fund_share: Decimal = Decimal(1)

    @property
    def basis(self) -> str:
        return VERIFIED if self.grade >= "V2" else DECLARED


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Where a figure stands: an indicator, a dimension and its key, and how far it is proven."""

    indicator: str
    dimension: str
    key: str
    basis: str


@dataclass(slots=True)
class Figures:
    """The three figures of a cell, the fund's share of them, and how many records and firms are in them."""

    annualised: Decimal = ZERO
    achieved: Decimal = ZERO
    cumulative: Decimal = ZERO
    attributed: Decimal = ZERO
    attributed_cumulative: Decimal = ZERO
    records: int = 0
    firms: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What one measurement gives the year."""

    measured: Measured
    annualised: Decimal
    achieved: Decimal
    cumulative: Decimal


def rollup(year: int, measured: Iterable[Measured]) -> dict[Cell, Figures]:
    """Every figure of one year (Rule B-6), from the measurements and nothing else."""
    cells: dict[Cell, Figures] = defaultdict(Figures)
    firms: dict[Cell, set[str]] = defaultdict(set)
    for part in parts(year, measured):
        for cell, figures in _contributions(part):
            total = cells[cell]
            total.annualised += figures.annualised
            total.achieved += figures.achieved
            total.cumulative += figures.cumulative
            total.attributed += figures.attributed
            total.attributed_cumulative += figures.attributed_cumulative
            total.records += 1
            firms[cell].add(part.measured.firm)
    for cell, names in firms.items():
        cells[cell].firms = len(names)
    return dict(cells)


def parts(year: int, measured: Iterable[Measured]) -> list[Part]:
    """What each measurement gives the year and the years up to it; those that give nothing are left out."""
    by_measure: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    for record in measured:
        by_measure[record.indicator, record.measure].append(record)
    found: list[Part] = []
    for records in by_measure.values():
        found.extend(_stock(year, records) if records[0].rule == "S" else _flow(year, records))
    return sorted(found, key=lambda part: part.measured.pk)


def _flow(year: int, records: Sequence[Measured]) -> list[Part]:
    """Annual and one-off figures add up; the rate is that of all the days of the year that were measured."""
    shares = {record.pk: _shares(record) for record in records}
    now = {pk: share for pk, of_record in shares.items() for share in of_record if share.year == year}
    days = sum(share.days for share in now.values())
    found = []
    for record in records:
        total = sum((share.achieved for share in shares[record.pk] if share.year <= year), ZERO)
        share = now.get(record.pk)
        if share is None and not any(entry.year <= year for entry in shares[record.pk]):
            continue
        achieved = share.achieved if share else ZERO
        rate = annualised(achieved, days, year) if record.rule == "A" else ZERO
        found.append(Part(record, rate, achieved, total))
    return found


def _stock(year: int, records: Sequence[Measured]) -> list[Part]:
    """A stock is as it last stood: the latest value of the year, carried on where there is no newer one."""
    known = [record for record in records if record.period_to.year <= year]
    if not known:
        return []
    last = max(known, key=lambda record: (record.period_to, record.pk))
    achieved = last.saving if last.period_to.year == year else ZERO
    return [Part(last, ZERO, achieved, last.saving)]


def _shares(record: Measured) -> tuple[YearShare, ...]:
    return by_year(record.rule, record.saving, record.period_from, record.period_to, record.window)


def _contributions(part: Part) -> list[tuple[Cell, Figures]]:
    record = part.measured
    whole = Figures(
        part.annualised,
        part.achieved,
        part.cumulative,
        attribution.attributed(part.achieved, record.fund_share),
        attribution.attributed(part.cumulative, record.fund_share),
    )
    keys = {FUND: "", GRADE: record.grade, **record.keys}
    found = [
        (Cell(record.indicator, dimension, keys.get(dimension, ""), record.basis), whole)
        for dimension in DIMENSIONS
        if dimension != DONOR
    ]
    return found + _donor_parts(record, whole)


def _donor_parts(record: Measured, whole: Figures) -> list[tuple[Cell, Figures]]:
    funding = record.funding or {"": Decimal(1)}
    columns = {
        name: attribution.by_donor(getattr(whole, name), funding)
        for name in ("annualised", "achieved", "cumulative", "attributed", "attributed_cumulative")
    }
    return [
        (
            Cell(record.indicator, DONOR, donor, record.basis),
            Figures(**{name: column[donor] for name, column in columns.items()}),  # type: ignore[arg-type]
        )
        for donor in funding
    ]
