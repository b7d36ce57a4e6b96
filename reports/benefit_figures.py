"""Rolled up benefits for pages and reports: by grade, year, sector, state, donor (Rules B-6 to B-9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from projects.benefits import UNITS
from projects.models import Indicator, Target
from reports import rollup
from reports.figures import LoanGroup
from reports.models import Restatement, RollupFigure

ZERO = Decimal(0)
GRADES = ("V2", "V3", "V4")
#: Figures of the books that targets may be set for.
LOANS_MADE = "F1"


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """One indicator in one year: three figures apart, verified; the declared beside them, never in them.

    `contributed` figures are whole projects; `attributed` ones the fund's share of them (Rule B-8).
    """

    code: str
    names: Mapping[str, str]
    unit: str
    headline: bool
    annualised: Decimal
    achieved: Decimal
    cumulative: Decimal
    attributed: Decimal
    attributed_cumulative: Decimal
    by_grade: Mapping[str, Decimal]
    declared: Decimal
    declared_cumulative: Decimal
    records: int
    firms: int


def symbol(unit: str) -> str:
    """How a unit is written beside a figure."""
    return UNITS[unit].symbol if unit in UNITS else unit


def benefit_rows(year: int) -> tuple[BenefitRow, ...]:
    """Every indicator with a figure in the year, headline ones first."""
    rows = RollupFigure.objects.filter(year=year, dimension__in=[rollup.FUND, rollup.GRADE])
    by_indicator: dict[Indicator, list[RollupFigure]] = defaultdict(list)
    for row in rows.select_related("indicator"):
        by_indicator[row.indicator].append(row)
    found = [_benefit_row(indicator, figures) for indicator, figures in by_indicator.items()]
    order = {indicator.code: indicator.order for indicator in by_indicator}
    return tuple(sorted(found, key=lambda row: (not row.headline, order[row.code])))


def _benefit_row(indicator: Indicator, rows: Iterable[RollupFigure]) -> BenefitRow:
    verified = declared = None
    grades = dict.fromkeys(GRADES, ZERO)
    for row in rows:
        if row.dimension == rollup.GRADE and row.key in grades:
            grades[row.key] = row.cumulative
        elif row.dimension == rollup.FUND and row.basis == rollup.VERIFIED:
            verified = row
        elif row.dimension == rollup.FUND:
            declared = row
    return BenefitRow(
        code=indicator.code,
        names=indicator.names,
        unit=symbol(indicator.unit),
        headline=indicator.headline,
        annualised=verified.annualised if verified else ZERO,
        achieved=verified.achieved if verified else ZERO,
        cumulative=verified.cumulative if verified else ZERO,
        attributed=verified.attributed if verified else ZERO,
        attributed_cumulative=verified.attributed_cumulative if verified else ZERO,
        by_grade=grades,
        declared=declared.achieved if declared else ZERO,
        declared_cumulative=declared.cumulative if declared else ZERO,
        records=verified.records if verified else 0,
        firms=verified.firms if verified else 0,
    )


@dataclass(frozen=True, slots=True)
class YearPoint:
    """What one indicator achieved in a year, verified and declared."""

    code: str
    year: int
    verified: Decimal
    declared: Decimal


def by_year(until: int, codes: Iterable[str]) -> tuple[YearPoint, ...]:
    """The achieved figures of every rolled up year, for the chart over time."""
    points: dict[tuple[str, int], dict[str, Decimal]] = defaultdict(dict)
    rows = RollupFigure.objects.filter(
        year__lte=until, dimension=rollup.FUND, indicator__code__in=list(codes)
    )
    for code, year, basis, achieved in rows.values_list("indicator__code", "year", "basis", "achieved"):
        points[code, year][basis] = achieved
    return tuple(
        YearPoint(code, year, values.get(rollup.VERIFIED, ZERO), values.get(rollup.DECLARED, ZERO))
        for (code, year), values in sorted(points.items())
    )


@dataclass(frozen=True, slots=True)
class ShareRow:
    """The cumulative verified figures of one key of a dimension, by indicator code."""

    key: str
    values: Mapping[str, Decimal]
    firms: int


def shares(year: int, dimension: str, codes: Iterable[str]) -> tuple[ShareRow, ...]:
    """Cumulative verified figures by sector, state, size, donor or project."""
    rows = RollupFigure.objects.filter(
        year=year, dimension=dimension, basis=rollup.VERIFIED, indicator__code__in=list(codes)
    )
    values: dict[str, dict[str, Decimal]] = defaultdict(dict)
    firms: dict[str, int] = defaultdict(int)
    for key, code, cumulative, count in rows.values_list("key", "indicator__code", "cumulative", "firms"):
        values[key][code] = cumulative
        firms[key] = max(firms[key], count)
    found = [ShareRow(key, dict(found), firms[key]) for key, found in values.items()]
    first = next(iter(codes), "")
    return tuple(sorted(found, key=lambda row: (-row.values.get(first, ZERO), row.key)))


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target with its counting rule, and the result of its year if the year has come (Rule B-9)."""

    year: int
    code: str
    names: Mapping[str, str]
    unit: str
    rule: str
    target: Decimal
    result: Decimal | None
    share_pct: Decimal | None


def targets(year: int, loan_years: Iterable[LoanGroup], *, ahead: int = 3) -> tuple[TargetRow, ...]:
    """Targets up to some years ahead, beside what was reached; loans are counted, benefits are achieved."""
    achieved = {
        (row.year, row.indicator.code): row.achieved
        for row in RollupFigure.objects.filter(
            dimension=rollup.FUND, basis=rollup.VERIFIED, year__lte=year
        ).select_related("indicator")
    }
    loans: dict[int, Decimal] = defaultdict(Decimal)
    for group in loan_years:
        loans[int(group.key)] += group.loans
    found = []
    for target in Target.objects.filter(year__lte=year + ahead).select_related("indicator"):
        code = target.indicator.code
        result: Decimal | None = None
        if target.year <= year:
            result = loans[target.year] if code == LOANS_MADE else achieved.get((target.year, code), ZERO)
        share = (
            None if result is None else (100 * result / target.value).quantize(Decimal("0.1"), ROUND_HALF_UP)
        )
        found.append(
            TargetRow(target.year, code, target.indicator.names, symbol(target.indicator.unit), target.rule,
                      target.value, result, share)
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RestatementRow:
    """A published figure that changed: what it was, what it is, why, when (Rule B-6)."""

    year: int
    code: str
    names: Mapping[str, str]
    unit: str
    before: Decimal
    after: Decimal
    reason: str
    on: str


def restatements(until: int) -> tuple[RestatementRow, ...]:
    """Restatements of fund-wide figures of the year and those before, newest first."""
    rows = Restatement.objects.filter(
        year__lte=until, dimension=rollup.FUND, basis=rollup.VERIFIED
    ).select_related("indicator")
    return tuple(
        RestatementRow(
            row.year, row.indicator.code, row.indicator.names, symbol(row.indicator.unit),
            Decimal(row.before.get("achieved", "0")), Decimal(row.after.get("achieved", "0")),
            row.reason, row.restated_on.isoformat(),
        )
        for row in rows
    )  # fmt: skip
