"""What the pages of results show, gathered in few queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.formats import NOTHING, day_text, number_text, with_colon
from accounts.models import User
from accounts.permissions import Perm, may
from projects import gates
from projects.benefits import is_money
from projects.fields import unit_symbol
from projects.measurement_gates import check_may_report
from projects.models import Application, ExpectedBenefit, Measurement
from projects.models.benefit import MeasurementState
from projects.plausibility import sentences

#: What a person typed of a report; the rest of an edit's figures follows from it.
_WORDS = {
    "period_from": gettext_lazy("First day of the period"),
    "period_to": gettext_lazy("Last day of the period"),
    "production": gettext_lazy("Production of the period"),
    "production_unit": gettext_lazy("Unit of production"),
    "reading": gettext_lazy("Used in the period"),
    "unit": gettext_lazy("Unit"),
    "saving_in_unit": gettext_lazy("Saved"),
    "note": gettext_lazy("Explanation"),
}


def measurement_for(user: User, pk: int | str) -> Measurement:
    """A measurement, for the firm's people and for staff who read results; anybody else gets 404 (X-2)."""
    found = measurements().filter(pk=pk).first()
    if found is None:
        raise Http404
    of_the_firm = gates.link_of(user, found.application.firm) is not None
    anothers_draft = found.state == MeasurementState.DRAFT and found.reported_by_id != user.pk
    if not of_the_firm and (anothers_draft or not user.may(Perm.MEASUREMENT_READ)):
        raise Http404
    return found


def results_application(user: User, uid: UUID) -> Application:
    """The application whose results are shown, for its firm and for staff who read results."""
    found = Application.objects.select_related("firm__sector").filter(uid=uid).first()
    if found is None or not may_read_results(user, found):
        raise Http404
    return found


def may_read_results(user: User, application: Application) -> bool:
    return user.may(Perm.MEASUREMENT_READ) or gates.link_of(user, application.firm) is not None


def open_evidence(user: User, about: str) -> None:
    """The gate of evidence files: whoever may open the measurement (X-5)."""
    pk = about.rpartition(":")[2]
    if not pk.isdigit():
        raise Http404
    measurement_for(user, pk)


def measurements() -> QuerySet[Measurement]:
    return Measurement.objects.select_related(
        "application__firm__sector", "indicator", "reported_by", "verified_by", "corrects"
    )


@dataclass(frozen=True, slots=True)
class MeasureCard:
    """One promise with what was reported on it."""

    promised: ExpectedBenefit
    reports: tuple[Measurement, ...]

    @property
    def in_own_money(self) -> bool:
        """Money is shown in the firm's own, as long as every report is in it."""
        own = self.promised.unit
        return is_money(own) and all(row.unit == own for row in self.reports)

    @property
    def unit(self) -> str:
        return self.promised_unit if self.in_own_money else symbol(self.promised.indicator.unit)

    @property
    def verified(self) -> Decimal:
        rows = (row for row in self.reports if row.state == MeasurementState.VERIFIED and row.grade >= "V2")
        return sum((self.saving_of(row) for row in rows), Decimal(0))

    @property
    def declared(self) -> Decimal:
        return sum((self.saving_of(row) for row in self.reports if _is_declared(row)), Decimal(0))

    @property
    def rows(self) -> list[tuple[Measurement, Decimal]]:
        """Each report with its saving in the card's unit."""
        return [(row, self.saving_of(row)) for row in self.reports]

    def saving_of(self, row: Measurement) -> Decimal:
        return row.saving_in_unit if self.in_own_money else row.saving

    @property
    def promised_unit(self) -> str:
        return symbol(self.promised.saving_unit)


def measure_cards(application: Application) -> list[MeasureCard]:
    """Every promised benefit of an application, with its reports newest first."""
    reports: dict[tuple[int, str], list[Measurement]] = defaultdict(list)
    for row in measurements().filter(application=application).order_by("-period_to", "-pk"):
        reports[row.indicator_id, row.point].append(row)
    cards = []
    for promised in application.expected_benefits.select_related("indicator", "application"):
        cards.append(MeasureCard(promised, tuple(reports[promised.indicator_id, promised.point])))
    return cards


def _is_declared(row: Measurement) -> bool:
    if row.state == MeasurementState.VERIFIED:
        return row.grade == "V1"
    return row.state == MeasurementState.SUBMITTED and row.corrects_id is None


def symbol(unit: str) -> str:
    """How a unit is written: m³, t, US$, hides."""
    return unit_symbol(unit)


def per_unit(promised: ExpectedBenefit) -> str:
    """m³/t: how the intensities of a promise are written."""
    return f"{symbol(promised.unit)}/{symbol(promised.production_unit)}"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The sum as people do it on paper: what it would have taken, what it took, what is left (Rule B-2)."""

    baseline: Decimal
    production: Decimal
    production_unit: str
    unit: str
    would_have: Decimal
    used: Decimal
    saved: Decimal
    per: str
    actual: Decimal
    converted: Decimal | None
    converted_unit: str
    converted_places: int
    rate: Decimal | None
    rate_on: date | None
    share: Decimal | None


def arithmetic(measurement: Measurement) -> Arithmetic:
    """The figures of a measurement in the order in which they are explained."""
    used = measurement.reading
    if used is None:
        used = measurement.actual_intensity * measurement.production
    would_have = measurement.saving_in_unit + used
    unit, per = symbol(measurement.unit), symbol(measurement.production_unit)
    other = measurement.unit != measurement.indicator.unit
    rate = measurement.conversion.get("rate")
    return Arithmetic(
        baseline=measurement.baseline_intensity.normalize() + 0,
        production=measurement.production,
        production_unit=per,
        unit=unit,
        would_have=would_have,
        used=used,
        saved=measurement.saving_in_unit,
        per=f"{unit}/{per}",
        actual=measurement.actual_intensity.quantize(Decimal("0.0001"), ROUND_HALF_UP),
        converted=measurement.saving if other else None,
        converted_unit=symbol(measurement.indicator.unit),
        converted_places=2 if rate else 3,
        rate=Decimal(rate) if rate else None,
        rate_on=date.fromisoformat(measurement.conversion["on"]) if rate else None,
        share=(100 * measurement.saving_in_unit / would_have).quantize(Decimal("0.1"))
        if would_have
        else None,
    )


def history(measurement: Measurement) -> list[dict[str, Any]]:
    """Reported, changed, decided: with who, when and why (Rules B-4, G-5)."""
    events: list[dict[str, Any]] = [
        {"on": measurement.reported_on, "who": measurement.reported_by, "title": _("Written down")}
    ]
    for entry in measurement.edits.select_related("edited_by"):
        changed = [
            f"{with_colon(_WORDS[name])} {_said(name, entry.before.get(name))} → {_said(name, value)}"
            for name, value in entry.after.items()
            if name in _WORDS and entry.before.get(name) != value
        ]
        text = "\n".join([entry.reason, *changed])
        events.append({"on": entry.edited_on, "who": entry.edited_by, "title": _("Changed"), "text": text})
    if measurement.submitted_on:
        events.append({"on": measurement.submitted_on, "who": "", "title": _("Sent to the fund")})
    if measurement.state in (MeasurementState.RETURNED, MeasurementState.REJECTED):
        events.append(
            {"on": None, "who": "", "title": measurement.badge.label, "badge": measurement.badge,
             "text": measurement.decision_note}
        )  # fmt: skip
    if measurement.verified_on:
        events.append(
            {"on": measurement.verified_on, "who": measurement.verified_by, "title": _("Verified"),
             "badge": measurement.grade_badge, "text": measurement.decision_note}
        )  # fmt: skip
    return events


def _said(name: str, value: str | None) -> str:
    """A figure of an edit as pages write it."""
    if value in (None, ""):
        return NOTHING
    if name.startswith("period"):
        return day_text(date.fromisoformat(str(value)))
    if name in ("unit", "production_unit"):
        return symbol(str(value))
    return str(value) if name == "note" else number_text(value)


def posted(request: HttpRequest) -> Any:
    """What was sent, an empty form included; None where nothing was."""
    return request.POST if request.method == "POST" else None


def record_context(request: HttpRequest, record: Measurement) -> dict[str, Any]:
    """What every page of one measurement shows."""
    return {
        "measurement": record,
        "application": record.application,
        "sum": arithmetic(record),
        "evidence": record.evidence.select_related("file", "added_by"),
        "warnings": sentences(record.warnings),
        "history": history(record),
        "corrections": list(record.corrections.all()),
        "may_report": may(check_may_report, request.user, record.application),
    }
