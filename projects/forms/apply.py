"""The public page "May I apply?" and the start of an application."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import label
from accounts.models import User
from fund.forms import AmountField, CountField
from fund.models import CountryProfile, Sector
from projects.forms.base import DraftForm
from projects.models import Firm, FirmMember, Purpose

WORKERS_MOST = 1_000_000


def country_choices(on: date) -> list[tuple[str, str]]:
    """The countries of the fund, in the reader's language, Mexico first."""
    profiles = sorted(
        CountryProfile.objects.in_force(on),
        key=lambda profile: (profile.country != "MX", label(profile.names)),
    )
    return [(profile.country, label(profile.names)) for profile in profiles]


class MayApplyForm(forms.Form):
    """Country, sector, workers, sales, purpose: enough to say the size class and the rules that refuse."""

    use_required_attribute = False

    country = forms.ChoiceField(label=gettext_lazy("Country"))
    sector = forms.ModelChoiceField(
        label=gettext_lazy("What does the firm do?"), queryset=Sector.objects.all(), to_field_name="code",
        empty_label=gettext_lazy("Choose the nearest"),
    )  # fmt: skip
    workers = CountField(
        label=gettext_lazy("Workers"), most=WORKERS_MOST,
        help_text=gettext_lazy("Everybody on the payroll, owners who work included."),
    )  # fmt: skip
    yearly_sales = AmountField(
        label=gettext_lazy("Sales of the last year"),
        help_text=gettext_lazy("In the country's currency, without VAT. A round figure will do."),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What is the money for?"), choices=Purpose.choices, widget=forms.RadioSelect
    )
    cost = AmountField(
        label=gettext_lazy("What would it cost, about?"), required=False, above_zero=True,
        help_text=gettext_lazy("If you know it: we work out the loan and what you would pay a month."),
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"].choices = country_choices(on)  # type: ignore[attr-defined]


class CarriedForm(DraftForm):
    """The answers of the public page, carried over in the address; what cannot be read is left out."""

    sector = forms.ModelChoiceField(queryset=Sector.objects.all(), to_field_name="code")
    workers = CountField(most=WORKERS_MOST)
    yearly_sales = AmountField()
    purpose = forms.ChoiceField(choices=[("", ""), *Purpose.choices])
    cost = AmountField(above_zero=True)

    def answers(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class StartForm(DraftForm):
    """For which firm: one that the person acts for already, or one named by its tax id (rule A-1)."""

    use_required_attribute = False

    firm = forms.ModelChoiceField(
        label=gettext_lazy("For which firm?"), queryset=Firm.objects.none(), blank=True,
        widget=forms.RadioSelect, empty_label=gettext_lazy("Another firm"),
    )  # fmt: skip
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    tax_id = forms.CharField(
        label=gettext_lazy("Tax id of the firm"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=gettext_lazy("RFC in Mexico, RUT in Chile, NIT in Colombia, RUC in Peru."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=gettext_lazy("Who are you there?"), widget=forms.RadioSelect,
        choices=[
            (FirmMember.Role.OWNER, FirmMember.Role.OWNER.label),
            (FirmMember.Role.EDITOR, FirmMember.Role.EDITOR.label),
            (FirmMember.Role.ADVISER, FirmMember.Role.ADVISER.label),
        ],
        initial=FirmMember.Role.OWNER,
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        firms = Firm.objects.of_person(user).order_by("legal_name", "pk")
        self.fields["firm"].queryset = firms  # type: ignore[attr-defined]
        self.fields["country"].choices = country_choices(on)  # type: ignore[attr-defined]
        if firms:
            self.initial.setdefault("firm", firms[0])
        else:
            del self.fields["firm"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("firm") and not cleaned.get("tax_id", "").strip():
            self.add_error("tax_id", _("Type the tax id of the firm, as on its tax certificate."))
        return cleaned
