"""What people type about payouts: the plan in a contract, a proof of use and what becomes of it (Rule D-3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fund.forms import AmountField, DayField
from loans.payout_plan import Planned

ROWS = 4
"""Payouts that the page asks for; a plan of more parts is drafted by the verb."""


class PayoutsForm(forms.Form):
    """The parts in which a loan is paid out; all left empty, it is paid out at once."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, ROWS + 1):
            shown = {"number": number}
            self.fields |= {
                f"amount_{number}": AmountField(
                    label=_("Amount"), required=False, above_zero=True, unit=currency
                ),
                f"day_{number}": DayField(label=_("Not before"), required=False),
                f"text_{number}": forms.CharField(
                    label=_("What must be reached"), required=False, max_length=200
                ),
            }  # fmt: skip
            for name, label in (
                ("amount", _("Payout %(number)s: amount")),
                ("day", _("Payout %(number)s: not before")),
                ("text", _("Payout %(number)s: what must be reached")),
            ):
                vars(self.fields[f"{name}_{number}"])["summary_label"] = label % shown

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(1, ROWS + 1):
            says = data.get(f"day_{number}") or data.get(f"text_{number}")
            if says and data.get(f"amount_{number}") is None and f"amount_{number}" not in self.errors:
                self.add_error(f"amount_{number}", _("Write how much this payout is."))
        return data

    @property
    def plan(self) -> list[Planned]:
        """What was typed, in the order of the rows."""
        data = self.cleaned_data
        return [
            Planned(data[f"amount_{number}"], data[f"day_{number}"], data[f"text_{number}"].strip())
            for number in range(1, ROWS + 1)
            if data.get(f"amount_{number}")
        ]

    def rows(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """The fields of each payout, for the page."""
        for number in range(1, ROWS + 1):
            yield number, [self[f"{name}_{number}"] for name in ("amount", "day", "text")]

    @property
    def is_open(self) -> bool:
        """Whether the page shows the rows at once: something was typed."""
        return self.is_bound and self.has_changed()


class ProofForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What the money was used for"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For example: invoice 118 of 3 March for the drum, paid by transfer."),
    )  # fmt: skip
    upload = forms.FileField(
        label=gettext_lazy("Invoice, receipt or photo"), required=False,
        help_text=gettext_lazy("A PDF or a photo, at most 15 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"}),
    )  # fmt: skip


class ProofDecisionForm(forms.Form):
    """Accept the proof, or return it with what is missing."""

    ACCEPT, RETURN = "accept", "return"
    decision = forms.ChoiceField(
        label=gettext_lazy("Does it show what the money was used for?"),
        choices=[
            (ACCEPT, gettext_lazy("Yes: the next payout may be prepared")),
            (RETURN, gettext_lazy("No: return it to the firm")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("What is missing"), max_length=300, required=False,
        help_text=gettext_lazy("Only if you return it; the firm reads this."), widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
