"""Forms of the identity file, guarantees and invoice folios (rules A-11, D-5, P-10)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fund.forms import AmountField, DayField
from loans.models import Guarantee, IdentityPaper

FILES = forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"})


class IdentityForm(forms.Form):
    """Rule A-11: who acts for the firm and who is behind it."""

    representative = forms.CharField(label=_("Legal representative"), max_length=150)
    position = forms.CharField(
        label=_("Position"),
        max_length=100,
        help_text=_("For example sole administrator or attorney-in-fact."),
    )
    identification = forms.CharField(
        label=_("Identification"),
        max_length=100,
        help_text=_("Kind and number, for example INE 1234567890123."),
    )
    powers = forms.CharField(
        label=_("Powers"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Deed, notary and date, and that the powers cover signing a loan."),
    )  # fmt: skip
    owners = forms.CharField(
        label=_("Beneficial owners"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("One person a line: name, semicolon, share in percent, as in “Guadalupe Torres; 60”."),
    )  # fmt: skip
    consents_on = DayField(
        label=_("Consent given on"),
        help_text=_("The representative agreed to the use of these data and to a credit report."),
    )


class IdentityPaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=IdentityPaper.Kind)
    file = forms.FileField(label=_("File"), help_text=_("PDF or photo, at most 15 MB."), widget=FILES)


class ListCheckForm(forms.Form):
    """A person looked."""

    lists = forms.CharField(
        label=_("Lists looked at"), max_length=200,
        help_text=_("For example the tax authority's list 69-B, blocked persons, UN and OFAC."),
    )  # fmt: skip
    found = forms.TypedChoiceField(
        label=_("What was found"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("no", _("Nobody of the file is on them")), ("yes", _("Somebody is on them"))],
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class GuaranteeForm(forms.Form):
    """Rule D-5."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Guarantee.Kind)
    giver = forms.CharField(label=_("Who gives it"), max_length=150)
    what = forms.CharField(
        label=_("What it is"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For a pledge the machine with its serial number; for a guarantor the address."),
    )  # fmt: skip
    value = AmountField(label=_("Value"), above_zero=True)
    upload = forms.FileField(label=_("Paper"), required=False, widget=FILES)

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["value"]
        assert isinstance(field, AmountField)
        field.unit = field.suffix = currency


class ReleaseForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False,
        help_text=_("For example when and to whom the paper was handed back."),
    )  # fmt: skip


class FolioForm(forms.Form):
    """Rule P-10."""

    folio = forms.CharField(
        label=_("Folio"), max_length=60, help_text=_("The fiscal folio of the CFDI, or the invoice's number."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    issued_on = DayField(label=_("Issued on"))
