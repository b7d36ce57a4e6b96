"""What a measurement is compared with (Rule B-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from projects import benefits
from projects.models import Application, ExpectedBenefit, Indicator, Measurement
from projects.models.benefit import MeasurementState


@dataclass(frozen=True, slots=True)
class Baseline:
    """An intensity before the measure, and the earlier measurement that set it, if one did."""

    intensity: Decimal
    unit: str
    production_unit: str
    taken_from: Measurement | None

    def in_units(self, unit: str, production_unit: str) -> Decimal:
        """The same baseline in other units: 30 L/kg is 30 m3/t."""
        scale = benefits.factor(self.unit, unit) / benefits.factor(self.production_unit, production_unit)
        return (self.intensity * scale).quantize(benefits.BILLIONTH, ROUND_HALF_UP)


def baseline_for(
    application: Application, indicator: Indicator, point: str, *, until: date
) -> Baseline | None:
    """The intensity to compare with: what the application stated, unless an earlier loan improved it.

    A second loan on the same meter or process point starts from what the first one reached, so that the
    first saving is not counted again.
    """
    promised = ExpectedBenefit.objects.filter(
        application=application, indicator=indicator, point=point
    ).first()
    if promised is None:
        return None
    earlier = _reached_before(application, indicator, point, until)
    if earlier is None:
        return Baseline(promised.baseline_intensity, promised.unit, promised.production_unit, None)
    return Baseline(earlier.actual_intensity, earlier.unit, earlier.production_unit, earlier)


def _reached_before(
    application: Application, indicator: Indicator, point: str, until: date
) -> Measurement | None:
    if application.commissioned_on is None:
        return None
    return (
        Measurement.objects.filter(
            application__firm=application.firm_id,
            application__commissioned_on__lt=application.commissioned_on,
            indicator=indicator,
            point=point,
            state=MeasurementState.VERIFIED,
            period_to__lt=until,
        )
        .exclude(application=application)
        .order_by("-period_to", "-pk")
        .first()
    )
