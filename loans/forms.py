"""What people type about loans. Figures are read in any of the three languages' ways (M-1)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from fund.forms import AmountField, CountField, DayField
from fund.models import Product
from loans.models import Loan, Payment


class ContractForm(forms.Form):
    """Rule D-1: what the contract may set within what was approved."""

    amount = AmountField(label=_("Amount"), above_zero=True)
    term_months = CountField(label=_("Term in months"), least=1, most=600)
    first_due = DayField(
        label=_("First due date"), required=False,
        help_text=_("Leave empty for one month after the money leaves."),
    )  # fmt: skip

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        assert isinstance(amount, AmountField)
        amount.unit = currency
        amount.help_text = _("In %(currency)s, at most what was approved.") % {"currency": currency}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SignedCopyForm(forms.Form):
    file = forms.FileField(
        label=_("Signed contract"),
        help_text=_("All pages in one PDF: the scanner of a telephone makes one. At most 15 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"}),
    )


class AccountForm(forms.Form):
    """Rule D-2: the firm's account."""

    number = forms.CharField(
        label=_("CLABE or account number"), max_length=40,
        help_text=_("18 digits in Mexico; the last one is checked."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    bank = forms.CharField(label=_("Bank"), max_length=80)
    holder = forms.CharField(
        label=_("Holder"), max_length=200, help_text=_("As the bank's paper shows it, letter by letter.")
    )


class PayOutForm(forms.Form):
    value_on = DayField(
        label=_("Day the money leaves"), help_text=_("Today or an earlier day, as the bank shows it.")
    )


class PaymentForm(forms.Form):
    """A payment; `key` makes a doubled click one payment (Rule P-5)."""

    amount = AmountField(label=_("Amount received"))
    value_on = DayField(label=_("Value date"), help_text=_("The day on which the bank counted the money."))
    method = forms.ChoiceField(label=_("How it came"), choices=Payment.Method)
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("For example the bank's line.")
    )
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        start = {"key": str(uuid4()), "method": Payment.Method.TRANSFER}
        kwargs["initial"] = start | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        assert isinstance(amount, AmountField)
        amount.unit = loan.currency


class FindLoanForm(forms.Form):
    """The loan that a payment is for, by its number or a payment reference (Rule P-1)."""

    reference = forms.CharField(
        label=_("Loan or payment reference"), max_length=40,
        help_text=_("For example L-2026-0001, RF82 L202 6000 1 or seven digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip


class DayForm(forms.Form):
    on = DayField(label=_("As of"), required=False)


class CalculatorForm(forms.Form):
    """What a loan would cost, without signing in."""

    product = forms.ModelChoiceField(
        label=_("Kind of loan"), queryset=Product.objects.none(), to_field_name="code", empty_label=None
    )
    amount = AmountField(label=_("Amount"), above_zero=True)
    term_months = CountField(label=_("Term in months"), least=1, most=600)
    grace_months = CountField(
        label=_("Months before principal is repaid"), least=0, most=600, required=False,
        help_text=_("In these months only interest is paid."),
    )  # fmt: skip
    start = DayField(
        label=_("Day the money leaves"), required=False,
        help_text=_("Leave empty for today. The first instalment falls due a month later."),
    )  # fmt: skip

    def __init__(self, *args: Any, products: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["product"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = products
