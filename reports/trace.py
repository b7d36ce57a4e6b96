"""From a published number to the measurements behind it (Rule B-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.labels import label
from fund.models import AdminUnit, Sector
from projects.models import Indicator, Measurement
from projects.models.firm import Size
from reports import rollup
from reports.counted import counted
from reports.donors import donor_texts
from reports.models import Dimension, RollupYear


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A measurement and what it gives the figure: its part of the year and of the sum."""

    measurement: Measurement
    achieved: Decimal
    cumulative: Decimal


@dataclass(frozen=True, slots=True)
class Trace:
    """The measurements behind one figure; their parts add up to it."""

    indicator: Indicator
    year: int
    rows: tuple[TraceRow, ...]
    achieved: Decimal
    cumulative: Decimal


def trace(indicator: Indicator, year: int, *, dimension: str, key: str, basis: str, on: date) -> Trace:
    """Every counted measurement of a figure, the largest part of the year first."""
    head = RollupYear.objects.filter(year=year).first()
    known = head.rolled_up_on if head else on
    parts = [
        part
        for part in rollup.parts(year, counted(year=year, on=known, indicator=indicator.pk))
        if part.measured.basis == basis and _fits(part.measured, dimension, key)
    ]
    records = (
        Measurement.objects.select_related(
            "application__firm__sector", "application__firm__state", "indicator"
        )
        .filter(pk__in=[part.measured.pk for part in parts])
        .in_bulk()
    )
    rows = [TraceRow(records[part.measured.pk], part.achieved, part.cumulative) for part in parts]
    rows.sort(key=lambda row: (-row.achieved, -row.cumulative, row.measurement.pk))
    return Trace(
        indicator=indicator,
        year=year,
        rows=tuple(rows),
        achieved=sum((row.achieved for row in rows), Decimal(0)),
        cumulative=sum((row.cumulative for row in rows), Decimal(0)),
    )


def key_text(dimension: str, key: str) -> str:
    """What a key of a dimension is called; a project and a grade are called by their key."""
    if dimension == Dimension.SECTOR:
        return label(Sector.objects.filter(code=key).values_list("names", flat=True).first()) or key
    if dimension == Dimension.STATE:
        country, _dash, code = key.partition("-")
        found = AdminUnit.objects.filter(country=country, code=code)
        return found.values_list("name", flat=True).first() or key
    if dimension == Dimension.SIZE:
        return str(dict(Size.choices).get(key, key))
    if dimension == Dimension.DONOR:
        return label(donor_texts().get(key)) or key
    return key


def _fits(measured: rollup.Measured, dimension: str, key: str) -> bool:
    if dimension == Dimension.FUND:
        return True
    if dimension == Dimension.GRADE:
        return measured.grade == key
    if dimension == Dimension.DONOR:
        return key in measured.funding
    return measured.keys.get(dimension) == key
