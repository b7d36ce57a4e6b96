"""The form of a product: every term of rule S-1, in groups, with names in the three languages."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fund.confirming import ConfirmedForm
from fund.fields import CURRENCIES
from fund.forms import AmountField, CountField, DayField, FigureField, RateField
from fund.models import Product
from fund.products import LANGUAGES

_MONTHS = _("months")

GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("When"), ("in_force_from", "in_force_until")),
    (_("What it is called"), ("code", "purpose", "name_es", "summary_es", "name_en", "summary_en", "name_fr",
                              "summary_fr")),
    (_("How much, for how long"), ("currency", "amount_min", "amount_max", "term_min", "term_default", "term_max")),
    (_("What it costs"), ("annual_rate_pct", "reference_rate", "margin_pct", "opening_fee_pct", "fee_per_instalment",
                          "late_rate_multiple")),
    (_("How it is repaid"), ("amortization", "every", "unit", "broken_period", "grace_kind", "grace_default",
                             "grace_max", "multiple", "day_count", "holiday_rule", "rounding")),
    (_("Payments"), ("allocation_order", "prepayment")),
)  # fmt: skip


class ProductForm(ConfirmedForm):
    """The terms that a version may set."""

    in_force_from = DayField(label=_("In force from"))
    in_force_until = DayField(
        label=_("Offered until"), required=False, help_text=_("Leave empty if it has no end yet.")
    )
    amount_min = AmountField(label=_("Smallest amount"), above_zero=True)
    amount_max = AmountField(label=_("Largest amount"), above_zero=True)
    term_min = CountField(label=_("Shortest term"), unit=_MONTHS, least=1, most=360)
    term_default = CountField(label=_("Usual term"), unit=_MONTHS, least=1, most=360)
    term_max = CountField(label=_("Longest term"), unit=_MONTHS, least=1, most=360)
    annual_rate_pct = RateField(label=_("Yearly rate"))
    reference_rate = forms.CharField(
        label=_("Reference rate"), max_length=40, required=False,
        help_text=_("Its name if the rate is a reference plus points, for example TIIE 28; empty for a fixed rate."),
    )  # fmt: skip
    margin_pct = RateField(label=_("Points above the reference"), required=False, least=None, initial=0)
    opening_fee_pct = RateField(label=_("Opening fee"), most=99)
    fee_per_instalment = AmountField(label=_("Fee with each instalment"), required=False, initial=0)
    late_rate_multiple = FigureField(
        label=_("Late rate, times the ordinary rate"), decimals=3, most=99, required=False,
        help_text=_("Leave empty for the policy's."),
    )  # fmt: skip
    amortization = forms.ChoiceField(label=_("Repayment"), choices=Product.Amortizations)
    every = CountField(label=_("An instalment every"), least=1, most=366, initial=1)
    unit = forms.ChoiceField(label=_("Unit"), choices=Product.Units, initial=Product.Units.MONTHS)
    broken_period = forms.ChoiceField(
        label=_("Odd days of a first period"),
        choices=Product.BrokenPeriods,
        initial=Product.BrokenPeriods.SPREAD,
    )
    grace_kind = forms.ChoiceField(
        label=_("What grace means"), choices=Product.Graces, initial=Product.Graces.PRINCIPAL
    )
    grace_default = CountField(label=_("Usual grace"), unit=_MONTHS, most=120)
    grace_max = CountField(label=_("Longest grace"), unit=_MONTHS, most=120)
    multiple = AmountField(
        label=_("Instalments rounded to a multiple of"), required=False, above_zero=True,
        help_text=_("For example 10 pesos; the last instalment takes what is left."),
    )  # fmt: skip
    day_count = forms.ChoiceField(label=_("Day count"), choices=Product.DayCounts)
    holiday_rule = forms.ChoiceField(
        label=_("Holiday rule"), choices=Product.HolidayRules, initial=Product.HolidayRules.MODIFIED_FOLLOWING
    )
    rounding = forms.ChoiceField(
        label=_("Rounding"), choices=Product.Roundings, initial=Product.Roundings.HALF_UP
    )
    allocation_order = forms.ChoiceField(
        label=_("What a payment clears first"), choices=Product.Orders, initial=Product.Orders.INTEREST_FIRST
    )
    prepayment = forms.ChoiceField(
        label=_("Money beyond what is due"),
        choices=Product.Prepayments,
        initial=Product.Prepayments.KEEP_CREDIT,
    )

    def __init__(self, *args: Any, currency: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        for language in LANGUAGES:
            self.fields[f"name_{language}"] = forms.CharField(label=_NAMES[language], max_length=80)
            self.fields[f"summary_{language}"] = forms.CharField(
                label=_SUMMARIES[language],
                max_length=200,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for field in self.fields.values():
            if currency and isinstance(field, AmountField):
                field.unit = field.suffix = currency

    def groups(self) -> list[tuple[str | Promise, list[BoundField]]]:
        """The fields by group, as they stand on the page."""
        return [(title, list(self._bound(names))) for title, names in GROUPS]

    def _bound(self, names: Iterable[str]) -> Iterable[BoundField]:
        return (self[name] for name in names if name in self.fields)

    def terms(self) -> dict[str, Any]:
        """What was typed, as a product keeps it."""
        values = {
            name: value for name, value in self.values.items() if not name.startswith(("name_", "summary_"))
        }
        for name in ("in_force_from", "code", "purpose", "currency"):
            values.pop(name, None)
        for name in ("margin_pct", "fee_per_instalment"):
            values[name] = values[name] or Decimal(0)
        values["names"] = {language: self.cleaned_data[f"name_{language}"].strip() for language in LANGUAGES}
        values["summaries"] = {
            language: text
            for language in LANGUAGES
            if (text := self.cleaned_data[f"summary_{language}"].strip())
        }
        return values


class NewProductForm(ProductForm):
    """The same for a product that is offered for the first time."""

    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Small letters and hyphens; it never changes.")
    )
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Product.Purpose)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)


_NAMES = {"es": _("Name in Spanish"), "en": _("Name in English"), "fr": _("Name in French")}
_SUMMARIES = {
    "es": _("What it is for, in Spanish"),
    "en": _("What it is for, in English"),
    "fr": _("What it is for, in French"),
}


def filled(product: Product) -> dict[str, Any]:
    """What the form shows of a product."""
    shown = {name: getattr(product, name) for name in ProductForm.base_fields if hasattr(product, name)}
    shown |= {f"name_{language}": product.names.get(language, "") for language in LANGUAGES}
    return shown | {f"summary_{language}": product.summaries.get(language, "") for language in LANGUAGES}
