"""What people type about a loan that is running: the day of a pay-off, refunds, new schedules, write-offs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.formats import day_text
from fund.forms import AmountField, CountField, DayField, RateField
from loans.arithmetic.schedule import Row
from loans.models import ChangeKind, Loan


class PayOffForm(forms.Form):
    on = DayField(label=_("Day of payment"), help_text=_("The day on which the money will arrive."))


class ChangeForm(forms.Form):
    """What every change asks: from when, and why. `figures` are the fields that the kind adds."""

    value_on = DayField(label=_("From"), help_text=_("The day from which it counts."))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, loan: Loan, plan: Sequence[Row] = (), **kwargs: Any) -> None:
        self.loan, self.plan = loan, plan
        super().__init__(*args, **kwargs)
        self.order_fields(["value_on", *self.figures, "amount", "reason"])
        self.fit()

    @property
    def figures(self) -> list[str]:
        return [name for name in self.fields if name not in ("value_on", "reason", "amount")]

    def fit(self) -> None:
        """Fit the fields to the loan."""

    @property
    def data_of_change(self) -> dict[str, str]:
        """The figures as the change keeps them."""
        return {
            name: str(self.cleaned_data[name])
            for name in self.figures
            if self.cleaned_data.get(name) is not None
        }


class PauseForm(ChangeForm):
    value_on = DayField(label=_("First day without interest"))
    last = DayField(label=_("Last day without interest"), help_text=_("Both days are without interest."))


class NewDateForm(ChangeForm):
    value_on = DayField(label=_("Agreed on"), help_text=_("The day from which the new date counts."))
    due = forms.ChoiceField(label=_("Instalment that moves"))
    new_due = DayField(
        label=_("New due date"), help_text=_("The later instalments follow at the usual step.")
    )

    def fit(self) -> None:
        due = self.fields["due"]
        assert isinstance(due, forms.ChoiceField)
        due.choices = [(row.due.isoformat(), f"{row.n} · {day_text(row.due)}") for row in self.plan]


class RateForm(ChangeForm):
    annual_rate_pct = RateField(label=_("New yearly rate"), most=100, unit="%")


class ExtraTermsForm(ChangeForm):
    count = CountField(label=_("Instalments more"), least=1, most=600)


class NewTermsForm(ChangeForm):
    count = CountField(
        label=_("Instalments"), least=1, most=600,
        help_text=_("All principal that is owed, overdue or not, is spread over them."),
    )  # fmt: skip
    annual_rate_pct = RateField(label=_("Yearly rate"), most=100, unit="%")
    new_due = DayField(
        label=_("First due date"),
        required=False,
        help_text=_("Leave empty for one step after the day above."),
    )


class RefundForm(ChangeForm):
    value_on = DayField(label=_("Day the money leaves"))
    amount = AmountField(label=_("Amount"), above_zero=True)

    def fit(self) -> None:
        amount = self.fields["amount"]
        assert isinstance(amount, AmountField)
        amount.unit = self.loan.currency


class WriteOffForm(ChangeForm):
    value_on = DayField(
        label=_("Day of the write-off"), help_text=_("What is owed on that day leaves the books.")
    )


FORMS: dict[str, type[ChangeForm]] = {
    ChangeKind.PAUSE: PauseForm,
    ChangeKind.NEW_DATE: NewDateForm,
    ChangeKind.RATE: RateForm,
    ChangeKind.EXTRA_TERMS: ExtraTermsForm,
    ChangeKind.NEW_TERMS: NewTermsForm,
    ChangeKind.REFUND: RefundForm,
    ChangeKind.WRITE_OFF: WriteOffForm,
}


class NothingForm(forms.Form):
    """A page that only asks to go on."""
