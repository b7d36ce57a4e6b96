"""What a firm fills in to report a result, and what the staff decides about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.labels import label
from fund.forms import DayField, FigureField
from projects import benefits
from projects.measurement_figures import Figures
from projects.models import Evidence, ExpectedBenefit, Grade, Measurement


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; the content of each is checked when it is stored."""

    widget = ManyFilesInput(attrs={"accept": "image/*,application/pdf,.xlsx"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(item, initial) for item in given if item]


def unit_choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, label(benefits.UNITS[code].names)) for code in codes]


class MeasurementForm(forms.Form):
    """Period, production, what was used, proof: the four things that a saving needs (Rules B-2, B-5)."""

    period_from = DayField(label=_("First day of the period"))
    period_to = DayField(
        label=_("Last day of the period"),
        help_text=_("A year at most. Bills of several months may be added up."),
    )
    production = FigureField(
        label=_("Production of the period"), decimals=6, above_zero=True,
        help_text=_("What the process made in these days, in the unit of your application."),
    )  # fmt: skip
    production_unit = forms.ChoiceField(label=_("Unit of production"))
    reading = FigureField(label=_("Used in the period"), decimals=6)
    unit = forms.ChoiceField(label=_("Unit"))
    # The form takes declared fields out of the class, so this does not hide `files` of an instance.
    files = ManyFilesField(  # type: ignore[assignment]
        label=_("Proof"), required=False,
        help_text=_("Photos or PDFs: bills, the meter, laboratory sheets, manifests. Up to 15 MB each."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What the files are"), choices=Evidence.Kind, required=False)
    note = forms.CharField(
        label=_("Anything we should know"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, promised: ExpectedBenefit, editing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.promised = promised
        indicator = promised.indicator
        money = benefits.is_money(promised.unit)
        units = (promised.unit,) if money else benefits.units_for(indicator.unit)
        self.fields["unit"].choices = unit_choices(units)  # type: ignore[attr-defined]
        per = tuple(
            code for code in benefits.PRODUCTION_UNITS if benefits.same_kind(code, promised.production_unit)
        )
        self.fields["production_unit"].choices = unit_choices(per)  # type: ignore[attr-defined]
        self.fields["reading"].label = _use_label(indicator.group)
        self.fields["reading"].help_text = label(indicator.evidence)
        if editing:
            self.fields["reason"] = forms.CharField(
                label=_("Why you change it"), required=False, max_length=300
            )

    def figures(self) -> Figures:
        values = self.cleaned_data
        return Figures(
            period_from=values["period_from"],
            period_to=values["period_to"],
            production=values["production"],
            production_unit=values["production_unit"],
            unit=values["unit"],
            reading=values["reading"],
        )


def _use_label(group: str) -> Any:
    """How the quantity after the measure is asked for, in the words of what is measured."""
    return {
        "water": _("Water used in the period"),
        "discharge": _("Discharged in the period"),
        "waste": _("Waste generated in the period"),
        "inputs": _("Bought and used in the period"),
        "air": _("Emitted in the period"),
        "energy": _("Energy used in the period"),
        "money": _("What the process cost in the period"),
    }.get(group, _("Used in the period"))


def first_values(promised: ExpectedBenefit, last: Measurement | None, on: date) -> dict[str, Any]:
    """The next period after the last report, in the units that were used before."""
    started = promised.application.commissioned_on
    start = date.fromordinal(last.period_to.toordinal() + 1) if last else started
    values: dict[str, Any] = {
        "unit": last.unit if last else promised.unit,
        "production_unit": last.production_unit if last else promised.production_unit,
    }
    if start:
        year_later = date.fromordinal(benefits.add_years(start, 1).toordinal() - 1)
        values |= {"period_from": start, "period_to": min(year_later, max(on, start))}
    return values


def values_of(measurement: Measurement) -> dict[str, Any]:
    """A record as its form shows it again."""
    reading = measurement.reading
    if reading is None:
        reading = measurement.actual_intensity * measurement.production
    return {
        "period_from": measurement.period_from,
        "period_to": measurement.period_to,
        "production": _plain(measurement.production),
        "production_unit": measurement.production_unit,
        "reading": _plain(reading),
        "unit": measurement.unit,
        "note": measurement.note,
    }


def _plain(value: Decimal) -> Decimal:
    return value.quantize(benefits.MILLIONTH).normalize() + 0


class SendForm(forms.Form):
    """The last look before sending; unusual figures ask for a sentence, never block (Rule A-6)."""

    note = forms.CharField(
        label=_("Explanation"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class VerifyForm(forms.Form):
    grade = forms.ChoiceField(
        label=_("How far it is proven"), widget=forms.RadioSelect,
        choices=lambda: [(grade.value, f"{grade.value} · {grade.label}") for grade in Grade if grade != Grade.V0],
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What you checked, and how. The firm reads it."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The firm reads this sentence."),
    )  # fmt: skip


class CorrectionForm(MeasurementForm):
    reason = forms.CharField(
        label=_("What was wrong"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The old record stays readable beside the new one."),
    )  # fmt: skip


class CommissionForm(forms.Form):
    commissioned_on = DayField(
        label=_("Day the measure went into operation"), help_text=_("Results count from this day.")
    )
