"""Roll a year up, close it, prove it (Rule B-6). May run twice, and always equals a recount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import RuleBroken, require
from accounts.models import User
from accounts.permissions import Perm, check_may
from accounts.registries import Finding
from projects.models import Indicator, Measurement
from reports import rollup
from reports.counted import counted, fingerprint
from reports.models import ClosedFigure, Restatement, RollupFigure, RollupYear
from reports.rollup import Cell, Figures, Measured

VALUES = ("annualised", "achieved", "cumulative", "attributed", "attributed_cumulative")
COLUMNS = (*VALUES, "records", "firms")


@dataclass(frozen=True, slots=True)
class RollupResult:
    """What a run did: indicators computed, those left alone because nothing changed, figures restated."""

    year: int
    computed: tuple[str, ...]
    unchanged: tuple[str, ...]
    figures: int
    restated: int


@transaction.atomic
def rollup_year(*, year: int, by: User, on: date, rebuild: bool = False) -> RollupResult:
    """Write the figures of a year. Incremental: an indicator whose measurements did not change stays.

    Figures of a closed year change too, but what was published stays readable and each change is kept as a
    restatement with its reason.
    """
    if not by.is_system:
        check_may(by, Perm.ROLLUP_RUN)
    require(1990 <= year <= on.year, "B-6", _("A year is rolled up once it has begun."), field="year")
    head, _made = RollupYear.objects.get_or_create(year=year, defaults={"rolled_up_on": on})
    head = RollupYear.objects.select_for_update().get(pk=head.pk)
    groups = _by_indicator(counted(year=year, on=on))
    prints = {code: fingerprint(records) for code, records in groups.items()}
    gone = set(head.fingerprints) - set(prints)
    changed = sorted(
        {code for code, value in prints.items() if rebuild or head.fingerprints.get(code) != value} | gone
    )
    restated = _write(head, {code: groups.get(code, []) for code in changed}, by, on)
    head.fingerprints, head.rolled_up_on = prints, on
    head.save(update_fields=["fingerprints", "rolled_up_on"])
    total = RollupFigure.objects.filter(year=year).count()
    audit.record("rollup.ran", head, by=by, on=on, after={"computed": changed, "restated": restated})
    return RollupResult(year, tuple(changed), tuple(sorted(set(prints) - set(changed))), total, restated)


@transaction.atomic
def close_year(*, year: int, by: User, on: date) -> RollupYear:
    """Freeze the published figures of a year that is over; later corrections are restatements (Rule B-6)."""
    check_may(by, Perm.YEAR_CLOSE)
    require(year < on.year, "B-6", _("Only a year that is over can be closed."), field="year")
    rollup_year(year=year, by=by, on=on)
    head = RollupYear.objects.select_for_update().get(year=year)
    if head.is_closed:
        raise RuleBroken("B-6", _("The year %(year)s is closed already.") % {"year": year}, field="year")
    ClosedFigure.objects.bulk_create(
        ClosedFigure(
            year=year, indicator_id=row.indicator_id, dimension=row.dimension, key=row.key, basis=row.basis,
            **{name: getattr(row, name) for name in COLUMNS},
        )
        for row in RollupFigure.objects.filter(year=year)
    )  # fmt: skip
    head.closed_by, head.closed_on = by, on
    head.save(update_fields=["closed_by", "closed_on"])
    audit.record(
        "year.closed", head, by=by, on=on, after={"figures": ClosedFigure.objects.filter(year=year).count()}
    )
    return head


def check_benefits(on: date) -> list[Finding]:
    """Rule B-6: every rolled up figure equals a recount from the measurements; a meter counts once a day."""
    findings: list[Finding] = []
    for head in RollupYear.objects.order_by("year"):
        expected = rollup.rollup(head.year, counted(year=head.year, on=head.rolled_up_on))
        stored = _stored(head.year)
        for cell in sorted(set(expected) | set(stored)):
            want, have = _text(expected.get(cell)), _text(stored.get(cell))
            if want != have:
                subject = f"{head.year} {cell.indicator} {cell.dimension} {cell.key} {cell.basis}".strip()
                message = _("The rolled up figure differs from a recount: roll the year up again.")
                findings.append(Finding("benefits", subject, want, have, message))
    return findings + _counted_twice()


# Inside -------------------------------------------------------------------------------------------


def _by_indicator(records: Iterable[Measured]) -> dict[str, list[Measured]]:
    groups: dict[str, list[Measured]] = defaultdict(list)
    for record in records:
        groups[record.indicator].append(record)
    return dict(groups)


def _write(head: RollupYear, groups: Mapping[str, list[Measured]], by: User, on: date) -> int:
    """Replace the figures of these indicators; return how many published figures that restates."""
    indicators = {item.code: item for item in Indicator.objects.filter(code__in=groups)}
    restated = 0
    for code, records in groups.items():
        before = _stored(head.year, code)
        after = rollup.rollup(head.year, records)
        RollupFigure.objects.filter(year=head.year, indicator=indicators[code]).delete()
        RollupFigure.objects.bulk_create(
            _row(head.year, indicators[code], cell, after[cell]) for cell in sorted(after)
        )
        if head.is_closed:
            restated += _restate(head, indicators[code], before, after, by, on)
    return restated


def _row(year: int, indicator: Indicator, cell: Cell, figures: Figures) -> RollupFigure:
    return RollupFigure(
        year=year,
        indicator=indicator,
        dimension=cell.dimension,
        key=cell.key,
        basis=cell.basis,
        **asdict(figures),
    )


def _stored(year: int, code: str | None = None) -> dict[Cell, Figures]:
    rows = RollupFigure.objects.filter(year=year).select_related("indicator")
    if code is not None:
        rows = rows.filter(indicator__code=code)
    return {
        Cell(row.indicator.code, row.dimension, row.key, row.basis): Figures(
            **{name: getattr(row, name) for name in COLUMNS}
        )
        for row in rows
    }


def _restate(
    head: RollupYear,
    indicator: Indicator,
    before: Mapping[Cell, Figures],
    after: Mapping[Cell, Figures],
    by: User,
    on: date,
) -> int:
    changed = [
        cell
        for cell in sorted(set(before) | set(after))
        if _values(before.get(cell)) != _values(after.get(cell))
    ]
    reason = _reason(head, indicator) if changed else ""
    Restatement.objects.bulk_create(
        Restatement(
            year=head.year, indicator=indicator, dimension=cell.dimension, key=cell.key, basis=cell.basis,
            before=_values(before.get(cell)), after=_values(after.get(cell)),
            reason=reason, restated_on=on, restated_by=by,
        )
        for cell in changed
    )  # fmt: skip
    return len(changed)


def _reason(head: RollupYear, indicator: Indicator) -> str:
    """Which records came or changed since the year was closed, in the words of those who changed them."""
    late = Measurement.objects.filter(
        indicator=indicator, period_from__lte=date(head.year, 12, 31), verified_on__gte=head.closed_on
    ).order_by("pk")
    words = [f"{row.reference}: {row.correction_reason or row.decision_note or '–'}" for row in late]
    return "; ".join(words) or _("Records changed after the year was closed")


def _values(figures: Figures | None) -> dict[str, str]:
    if figures is None:
        return {}
    return {name: f"{getattr(figures, name):f}" for name in VALUES}


def _text(figures: Figures | None) -> str:
    if figures is None:
        return "–"
    return " / ".join(f"{Decimal(getattr(figures, name)).normalize():f}" for name in COLUMNS)


def _counted_twice() -> list[Finding]:
    """Two counted records of one firm's meter that cover the same day (Rule B-2)."""
    by_point: dict[tuple[Any, ...], list[Measurement]] = defaultdict(list)
    for row in Measurement.objects.counted().select_related("application").order_by("period_from", "pk"):
        by_point[row.application.firm_id, row.indicator_id, row.point].append(row)
    findings = []
    for rows in by_point.values():
        for first, second in pairwise(rows):
            if second.period_from <= first.period_to:
                message = _("Two measurements count the same meter on the same days.")
                findings.append(Finding("benefits", second.reference, "–", first.reference, message))
    return findings
