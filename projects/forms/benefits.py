"""Step 3: what is measured today and what it will be afterwards (rule A-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.formats import number_text
from accounts.labels import label
from fund.forms import AmountField, CountField, FigureField
from projects.benefits import PRODUCTION_UNITS, same_kind, units_for
from projects.drafts import SAVINGS
from projects.examples import CURRENCY as EXAMPLE_CURRENCY
from projects.examples import Example
from projects.fields import Step, unit_symbol
from projects.forms.base import DraftForm, StepForm, example_text
from projects.models import Application, Indicator
from projects.models.indicator import IndicatorSource

LIFE_MOST = 30
ROWS_MOST = 20
MEASURES = ("m3", "L", "t", "kg", "g", "MWh", "kWh", "GJ", "MJ")


def catalogue() -> dict[str, Indicator]:
    """What a firm can promise and later measure, money apart: that follows from the two yearly costs."""
    rows = Indicator.objects.filter(source=IndicatorSource.MEASURED, rule="A").exclude(code=SAVINGS)
    return {row.code: row for row in rows}


def _units(codes: Iterable[str]) -> list[tuple[str, str]]:
    """To choose from, in the reader's language: called when a page is drawn."""
    return [("", "–"), *((code, unit_symbol(code)) for code in codes)]


class BenefitRow(DraftForm):
    """One line: what, in which unit, per unit of production, today and afterwards. Without figures it is none."""

    autosaves = True

    indicator = forms.ChoiceField(label=gettext_lazy("What improves"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=lambda: _units(MEASURES))
    baseline_intensity = FigureField(label=gettext_lazy("Today"), decimals=6)
    after_intensity = FigureField(label=gettext_lazy("Afterwards"), decimals=6)
    basis = forms.CharField(label=gettext_lazy("How do you know today's figure?"), max_length=500)

    def __init__(self, *args: Any, catalogue: dict[str, Indicator], **options: Any) -> None:
        super().__init__(*args, **options)
        self.catalogue = catalogue
        names = [(code, label(row.names)) for code, row in catalogue.items()]
        self.fields["indicator"].choices = [("", _("Choose")), *names]  # type: ignore[attr-defined]

    def clean_indicator(self) -> Indicator | None:
        return self.catalogue.get(self.cleaned_data["indicator"])

    @property
    def said(self) -> bool:
        """Whether the line says anything beyond what was offered."""
        values = self.cleaned_data
        figures = (values.get("baseline_intensity"), values.get("after_intensity"))
        return any(value is not None for value in figures) or bool(values.get("basis"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or not self.said:
            return cleaned
        indicator: Indicator | None = cleaned.get("indicator")
        if indicator is None:
            self.incomplete("indicator", _("Choose what improves, or clear the line."))
            return cleaned
        if cleaned.get("baseline_intensity") is None:
            self.incomplete("baseline_intensity", _("Type today's figure, per unit of production."))
        if cleaned.get("after_intensity") is None:
            self.incomplete("after_intensity", _("Type the figure afterwards; 0 if nothing remains."))
        cleaned["unit"] = unit = cleaned.get("unit") or indicator.unit
        if not same_kind(unit, indicator.unit):
            units = ", ".join(unit_symbol(code) for code in units_for(indicator.unit))
            self.add_error(
                "unit",
                _("“%(name)s” is counted in %(units)s, not in %(unit)s.")
                % {"name": label(indicator.names), "units": units, "unit": unit_symbol(unit)},
            )
        return cleaned


BenefitRows = forms.formset_factory(BenefitRow, extra=0, max_num=ROWS_MOST, absolute_max=ROWS_MOST)


class BenefitsStep(StepForm):
    step = Step.BENEFITS
    rows_name = "rows"

    production = FigureField(decimals=3, above_zero=True)
    production_unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=lambda: _units([code for code in PRODUCTION_UNITS if code != "year"]),
    )
    cost_before = AmountField()
    cost_after = AmountField()
    useful_life_years = CountField(least=1, most=LIFE_MOST)
    benefit_note = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, spare: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        rows_open = "benefits.rows" in self.open
        known = catalogue()
        self.rows = BenefitRows(
            self.data if self.is_bound and rows_open else None,
            prefix="rows",
            initial=_initial_rows(self.application, self.example, spare if rows_open else 0),
            form_kwargs={"catalogue": known},
        )
        self.examples = _examples(self.example, known)
        for row in self.rows:
            self._hint_row(row)
        self.initial["production_unit"] = self.application.production_unit or self.example.production_unit

    def key_of(self, name: str) -> str:
        return "production" if name == "production_unit" else name

    def build(self) -> None:
        example, currency = self.example, self.application.currency
        unit = unit_symbol(example.production_unit)
        for name in ("cost_before", "cost_after"):
            self.fields[name].suffix = currency  # type: ignore[attr-defined]
        self.fields["useful_life_years"].suffix = _("years")  # type: ignore[attr-defined]
        self.hint("production", example_text(f"{number_text(example.production)} {unit}"))
        self.hint(
            "cost_before",
            _("What the process costs a year in water, chemicals, energy and waste.")
            + " " + example_text(f"{example.cost_before} {EXAMPLE_CURRENCY}"),
        )  # fmt: skip
        self.hint(
            "cost_after",
            _("The same with the measure, what running it costs included.")
            + " " + example_text(f"{example.cost_after} {EXAMPLE_CURRENCY}"),
        )  # fmt: skip
        self.hint("useful_life_years", example_text(str(example.life)))
        self.hint("benefit_note", _("Needed only if a figure is marked as unusual."))

    def _hint_row(self, row: BenefitRow) -> None:
        """The example of the row's own indicator, and what one unit of production is."""
        per = unit_symbol(self.application.production_unit or self.example.production_unit)
        for name in ("baseline_intensity", "after_intensity"):
            row.fields[name].suffix = _("per %(unit)s") % {"unit": per}  # type: ignore[attr-defined]
        shown = self.examples.get(str(row.initial.get("indicator") or ""))
        if shown:
            row.fields["baseline_intensity"].help_text = example_text(shown["baseline"])
            row.fields["after_intensity"].help_text = example_text(shown["after"])
            row.fields["basis"].help_text = example_text(self.example.basis)

    def is_valid(self) -> bool:
        return super().is_valid() & (not self.rows.is_bound or self.rows.is_valid())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.rows.is_bound:
            return cleaned
        if not self.rows.is_valid():
            self.incomplete(NON_FIELD_ERRORS, _("A line of the list needs a change: see below."))
            return cleaned
        said = [row for row in self.rows if row.said]
        if said and not cleaned.get("production", self.application.production):
            self.incomplete(
                "production" if "production" in self.fields else NON_FIELD_ERRORS,
                _("Type the production of a year: the benefits are counted per unit of it."),
            )
        if cleaned.get("production") and not cleaned.get("production_unit"):
            self.incomplete("production_unit", _("Choose what the production is counted in."))
        codes: set[str] = set()
        for row in said:
            code = row.cleaned_data["indicator"].code
            if code in codes:
                row.add_error("indicator", _("This is listed twice: join the two lines."))
                self.add_error(None, _("A benefit is listed twice."))
            codes.add(code)
        return cleaned

    def rows_ready(self) -> bool:
        """Benefits are kept per unit of production: without one they wait (rule A-6)."""
        if not super().rows_ready():
            return False
        known = [
            self.cleaned_data.get(name)
            or ("production" not in self.fields and getattr(self.application, name))
            for name in ("production", "production_unit")
        ]
        return all(known) or not any(row.said for row in self.rows)

    def to_save(self) -> Mapping[str, Any]:
        data = dict(super().to_save())
        if "benefits.production" in self.open:
            data["production_unit"] = self.cleaned_data.get("production_unit", "")
        if self.rows_ready():
            data["rows"] = [row.cleaned_data for row in self.rows if row.said]
        return data


def _examples(example: Example, known: dict[str, Indicator]) -> dict[str, dict[str, str]]:
    """What a firm of the sector measures, by indicator, in words."""
    return {
        row.indicator: {
            "name": label(known[row.indicator].names),
            "baseline": f"{number_text(row.baseline)} {unit_symbol(row.unit)}",
            "after": f"{number_text(row.after)} {unit_symbol(row.unit)}",
        }
        for row in example.benefits
        if row.indicator in known
    }


def _initial_rows(application: Application, example: Example, spare: int) -> list[dict[str, Any]]:
    """What was saved; in a new file what the sector usually measures, the figures left to the firm."""
    saved = [
        {
            "indicator": row.indicator.code,
            "unit": row.unit,
            "baseline_intensity": row.baseline_intensity.normalize(),
            "after_intensity": row.after_intensity.normalize(),
            "basis": row.basis,
        }
        for row in application.expected_benefits.all()
        if row.indicator.code != SAVINGS
    ]
    if not saved:
        saved = [{"indicator": row.indicator, "unit": row.unit} for row in example.benefits]
    return [*saved, *({} for _spare in range(spare))]
