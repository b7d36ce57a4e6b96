"""Step 1: the firm, with its size class worked out as one types (rules A-1, A-2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fund.forms import AmountField, CountField
from fund.models import AdminUnit, Sector
from projects.fields import Step
from projects.firms import normal_phone
from projects.forms.apply import WORKERS_MOST
from projects.forms.base import StepForm

FIRST_YEAR = 1800


class YearField(CountField):
    """A year: four digits without grouping."""

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    def shown(self, value: Decimal) -> str:
        return str(int(value))


class FirmStep(StepForm):
    step = Step.FIRM

    legal_name = forms.CharField(
        max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    sector = forms.ModelChoiceField(
        queryset=Sector.objects.all(), to_field_name="code", empty_label=gettext_lazy("Choose the nearest")
    )
    workers = CountField(most=WORKERS_MOST)
    women_workers = CountField(most=WORKERS_MOST)
    yearly_sales = AmountField()
    state = forms.ModelChoiceField(queryset=AdminUnit.objects.none(), empty_label=gettext_lazy("Choose"))
    municipality = forms.CharField(
        max_length=120, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    address = forms.CharField(
        max_length=250, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    phone = forms.CharField(
        max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    founded_year = YearField(least=FIRST_YEAR)
    consents_to_name = forms.BooleanField(required=False)

    def build(self) -> None:
        firm = self.application.firm
        self.fields["state"].queryset = AdminUnit.objects.filter(country=firm.country)  # type: ignore[attr-defined]
        sales = self.fields["yearly_sales"]
        assert isinstance(sales, AmountField)
        sales.unit = sales.suffix = self.application.currency
        sales.decimals = 0 if self.application.currency == "CLP" else 2
        self.hint("legal_name", _("As on the tax certificate."))
        self.hint("sector", _("The examples on the next pages follow it."))
        self.hint("address", _("Where the equipment will stand: street, number, neighbourhood, postal code."))
        self.hint("email", _("Leave empty if it is your own address."))
        self.hint("workers", _("Everybody on the payroll, owners who work included."))
        self.hint("yearly_sales", _("Without VAT, as in the last yearly tax return."))
        self.hint(
            "consents_to_name",
            _("If the loan is granted, the fund's public pages may say the firm's name. Otherwise they say "
              "“small firm”, the sector and the state. It does not matter for the decision."),
        )  # fmt: skip
        for name in ("sector", "workers", "yearly_sales"):
            self.fields[name].widget.attrs |= {
                "hx-get": f"{reverse('projects:sizing')}?country={firm.country}",
                "hx-trigger": "change, input changed delay:600ms",
                "hx-include": "closest form",
                "hx-target": "#sizing",
            }

    def clean_founded_year(self) -> int | None:
        year: int | None = self.cleaned_data["founded_year"]
        if year is not None and year > self.on.year:
            raise forms.ValidationError(_("%(year)d has not come yet.") % {"year": year})
        return year

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        digits = sum(character.isdigit() for character in phone)
        if phone and not 7 <= digits <= 15:
            raise forms.ValidationError(
                _("“%(phone)s” is not a telephone number: write 7 to 15 digits, like 477 123 4567.")
                % {"phone": phone}
            )
        return normal_phone(phone)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        workers, women = cleaned.get("workers"), cleaned.get("women_workers")
        if workers is not None and women is not None and women > workers:
            self.add_error("women_workers", _("There cannot be more women than workers."))
        return cleaned
