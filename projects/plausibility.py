"""Unusual figures, in sentences (Rule A-6). They warn and ask for a sentence, never block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from accounts.formats import number_text
from projects import benefits
from projects.benefits import Doubt
from projects.fields import unit_symbol
from projects.models import ExpectedBenefit, Measurement


def doubts_about(measurement: Measurement, promised: ExpectedBenefit | None) -> tuple[Doubt, ...]:
    """What the staff should look at first: sector ratios, exceptional cuts, far beyond what was promised."""
    yearly = benefits.annualised(measurement.saving_in_unit, measurement.days, 2001)
    return benefits.doubts(
        indicator=measurement.indicator.code,
        scian=_scian(measurement),
        unit=measurement.unit,
        production_unit=measurement.production_unit,
        baseline=Decimal(measurement.baseline_intensity),
        actual=Decimal(measurement.actual_intensity),
        yearly=yearly,
        promised=_promise_in(promised, measurement.unit),
    )


def doubts_about_promise(promised: ExpectedBenefit) -> tuple[Doubt, ...]:
    """The same ratios for what an application expects."""
    return benefits.doubts(
        indicator=promised.indicator.code,
        scian=_scian(promised),
        unit=promised.unit,
        production_unit=promised.production_unit,
        baseline=promised.baseline_intensity,
        actual=promised.after_intensity,
    )


def _scian(subject: ExpectedBenefit | Measurement) -> str:
    sector = subject.application.firm.sector
    return sector.scian if sector else ""


def _promise_in(promised: ExpectedBenefit | None, unit: str) -> Decimal | None:
    if promised is None or not benefits.same_kind(promised.unit, unit):
        return None
    return benefits.convert(promised.yearly_saving_in_unit, promised.unit, unit)


def sentence(code: str, figures: Mapping[str, Any]) -> str:
    """One doubt as a sentence for the firm and the staff."""
    said = {name: _as_read(value) for name, value in figures.items()}
    if "per" in said:
        said["unit"] = f"{unit_symbol(said['unit'])}/{unit_symbol(said['per'])}"
    return _sentences()[code] % said


def _as_read(value: Any) -> Any:
    """A figure as the reader's language writes it; a unit stays as it is."""
    try:
        return number_text(value)
    except InvalidOperation:
        return value


def sentences(warnings: Iterable[Mapping[str, Any]]) -> list[str]:
    """The sentences of a record's `warnings`."""
    return [sentence(str(entry["code"]), entry["figures"]) for entry in warnings]


def _sentences() -> dict[str, str]:
    return {
        "baseline-outside": _(
            "The baseline of %(value)s %(unit)s is outside what is usual in this sector: %(low)s to %(high)s."
        ),
        "after-outside": _(
            "%(value)s %(unit)s after the measure is outside what is usual in this sector: %(low)s to %(high)s."
        ),
        "exceptional-cut": _(
            "A cut of %(share)s %% is exceptional: above %(limit)s %% we ask how it was done."
        ),
        "worse-than-baseline": _("More is used per unit than before the measure: the saving is negative."),
        "beyond-promise": _("This is %(times)s times what the project expected in a year."),
        "payback-outside": _("The investment would pay back in %(months)s months: usual is 1 to 120."),
        "savings-beyond-loan": _("The yearly savings are %(times)s times the loan: usual is up to 3."),
        "water-price-outside": _(
            "The savings come to US$%(price)s per cubic metre of water: usual is US$0.30 to US$20."
        ),
    }
