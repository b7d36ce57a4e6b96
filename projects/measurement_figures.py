"""The figures of a measurement: what may be reported, and what it comes to (Rules B-2, B-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, require
from fund.rates import rate_on
from projects import benefits
from projects.baselines import Baseline
from projects.models import Application, Indicator, Measurement

#: A report covers a year; readings a few weeks apart are fine, two years in one figure are not.
LONGEST_PERIOD_DAYS = 400
#: Above this a number of anything is a slip of the finger.
ABSURD = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class Figures:
    """What somebody reports: a period, its production, and what was used or used per unit."""

    period_from: date
    period_to: date
    production: Decimal
    unit: str
    production_unit: str = ""
    reading: Decimal | None = None
    actual_intensity: Decimal | None = None


def computed(
    application: Application, indicator: Indicator, baseline: Baseline, figures: Figures, on: date
) -> dict[str, Any]:
    """The columns of a record: the figures as given, the baseline in their units, the saving both ways."""
    _check_period(application, figures, on)
    production_unit = figures.production_unit or baseline.production_unit
    _check_units(indicator, baseline, figures.unit, production_unit)
    _check_size("production", figures.production, above_zero=True)
    if figures.reading is not None:
        _check_size("reading", figures.reading)
        actual = benefits.intensity(figures.reading, figures.production)
    elif figures.actual_intensity is not None:
        _check_size("actual_intensity", figures.actual_intensity)
        actual = figures.actual_intensity
    else:
        raise BadInput("reading", "", _("Say how much was used in the period."))
    before = baseline.in_units(figures.unit, production_unit)
    saved = benefits.saving(
        baseline=before, actual=actual, production=figures.production, reading=figures.reading
    )
    total, conversion = _in_indicator_unit(saved, figures.unit, indicator.unit, figures.period_to)
    return {
        "period_from": figures.period_from,
        "period_to": figures.period_to,
        "unit": figures.unit,
        "production_unit": production_unit,
        "baseline_intensity": before,
        "actual_intensity": actual,
        "reading": figures.reading,
        "production": figures.production,
        "saving_in_unit": saved,
        "saving": total,
        "conversion": conversion,
    }


def _in_indicator_unit(saved: Decimal, unit: str, to: str, on: date) -> tuple[Decimal, dict[str, str]]:
    """The saving in the catalogue's unit, and by which factor or dated rate it became that (B-2, M-4)."""
    if unit == to:
        return saved, {}
    if benefits.is_money(unit):
        rate = rate_on(unit, to, on)
        total = (saved * rate.rate).quantize(benefits.MILLIONTH)
        return total, {"rate": str(rate.rate), "on": rate.on.isoformat(), "source": rate.source}
    return benefits.convert(saved, unit, to), {"factor": str(benefits.factor(unit, to))}


def _check_period(application: Application, figures: Figures, on: date) -> None:
    started = application.commissioned_on
    require(
        started is not None, "B-3",
        _("Counting starts the day the measure goes into operation: give that date first."),
        field="period_from",
    )  # fmt: skip
    first, last = figures.period_from, figures.period_to
    if last < first:
        raise BadInput("period_to", last, _("The period ends before it begins."))
    if last > on:
        raise BadInput("period_to", last, _("The period must be over: its last day is still to come."))
    if started and first < started:
        raise BadInput(
            "period_from", first,
            _("The measure has been in operation since %(day)s; the period cannot begin earlier.")
            % {"day": date_format(started, "DATE_FORMAT")},
        )  # fmt: skip
    if (last - first) > timedelta(days=LONGEST_PERIOD_DAYS):
        raise BadInput("period_to", last, _("A report covers at most a year: split it by years."))


def _check_units(indicator: Indicator, baseline: Baseline, unit: str, production_unit: str) -> None:
    if unit not in benefits.units_for(indicator.unit):
        raise BadInput(
            "unit",
            unit,
            _("“%(unit)s” does not measure “%(indicator)s”.") % {"unit": unit, "indicator": indicator},
        )
    if benefits.is_money(unit) and unit != baseline.unit:
        raise BadInput(
            "unit",
            unit,
            _("The baseline is in %(unit)s: report in the same currency.") % {"unit": baseline.unit},
        )
    if production_unit not in benefits.UNITS or not benefits.same_kind(
        production_unit, baseline.production_unit
    ):
        raise BadInput(
            "production_unit", production_unit,
            _("Give the production in the kind of unit of the baseline, %(unit)s.")
            % {"unit": baseline.production_unit},
        )  # fmt: skip


def _check_size(field: str, value: Decimal, *, above_zero: bool = False) -> None:
    if above_zero and value <= 0:
        raise BadInput(field, value, _("Give a number above zero."))
    if value < 0:
        raise BadInput(field, value, _("This number cannot be negative."))
    if value >= ABSURD:
        raise BadInput(field, value, _("This number is too large to be true. Check the unit."))


def facts_of(measurement: Measurement) -> dict[str, Any]:
    """The figures of a record as the trail and its edits keep them."""
    names = (
        "period_from", "period_to", "reading", "actual_intensity", "baseline_intensity",
        "production", "production_unit", "unit", "saving_in_unit", "saving", "note",
    )  # fmt: skip
    return audit.plain({name: _tidy(getattr(measurement, name)) for name in names})


def _tidy(value: Any) -> Any:
    """Decimals without trailing zeros, so that the same number compares as the same text."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
