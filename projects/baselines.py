"""What a measurement is compared with (Rule B-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.errors import RuleBroken
from projects import benefits
from projects.models import Application, ExpectedBenefit, Indicator, Measurement
from projects.models.benefit import MeasurementState as State


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


def promise_at(application: Application, indicator: Indicator, point: str) -> ExpectedBenefit | None:
    """What the application expects of an indicator at one meter or process point."""
    found = ExpectedBenefit.objects.filter(application=application, indicator=indicator, point=point)
    return found.order_by("pk").first()


def required_promise(application: Application, indicator: Indicator, point: str) -> ExpectedBenefit:
    """The same; raises RuleBroken B-2 where there is nothing to compare with."""
    promised = promise_at(application, indicator, point)
    if promised is None:
        raise RuleBroken(
            "B-2",
            _("The application has no baseline for “%(indicator)s”, so nothing can be compared with it.")
            % {"indicator": indicator},
            field="indicator",
        )
    return promised


def recorded_at(application: Application, indicator: Indicator, point: str) -> list[Measurement]:
    """What was sent of the firm's meter or process point and stands, whichever loan it belongs to."""
    found = Measurement.objects.filter(
        application__firm=application.firm_id, indicator=indicator, point=point
    ).exclude(state__in=[State.DRAFT, State.REJECTED, State.SUPERSEDED])
    return list(found.select_related("application").only(*_READ).order_by("pk"))


#: What is compared of another measurement of the same point.
_READ = (
    "application__commissioned_on", "state", "period_from", "period_to", "actual_intensity", "unit",
    "production_unit",
)  # fmt: skip


def baseline_for(
    application: Application, promised: ExpectedBenefit, recorded: Iterable[Measurement], *, until: date
) -> Baseline:
    """The intensity to compare with: what the application stated, unless an earlier loan improved it.

    A second loan on the same meter or process point starts from what the first one reached, so that the
    first saving is not counted again.
    """
    earlier = _reached_before(application, recorded, until)
    if earlier is None:
        return Baseline(promised.baseline_intensity, promised.unit, promised.production_unit, None)
    return Baseline(earlier.actual_intensity, earlier.unit, earlier.production_unit, earlier)


def _reached_before(
    application: Application, recorded: Iterable[Measurement], until: date
) -> Measurement | None:
    started = application.commissioned_on
    if started is None:
        return None
    earlier = [
        other
        for other in recorded
        if other.state == State.VERIFIED
        and other.period_to < until
        and other.application.commissioned_on is not None
        and other.application.commissioned_on < started
    ]
    return max(earlier, key=lambda other: (other.period_to, other.pk), default=None)


def kept_baseline(measurement: Measurement) -> Baseline:
    """A correction is compared with what the corrected record was compared with."""
    return Baseline(measurement.baseline_intensity, measurement.unit, measurement.production_unit, None)


def refuse_overlap(measurement: Measurement, recorded: Iterable[Measurement]) -> None:
    """Rule B-2: a meter or process point counts once for every day, whichever loan it belongs to. The caller holds
    the firm's applications."""
    others = (other for other in recorded if other.pk not in (measurement.pk, measurement.corrects_id))
    clash = next((other for other in others if other.overlaps(measurement)), None)
    if clash:
        raise RuleBroken(
            "B-2",
            _("%(reference)s already counts this meter from %(first)s to %(last)s.")
            % {
                "reference": clash.reference,
                "first": date_format(clash.period_from, "DATE_FORMAT"),
                "last": date_format(clash.period_to, "DATE_FORMAT"),
            },
            field="period_from",
        )
