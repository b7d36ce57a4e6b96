"""Step 4: what it costs, who pays, and the loan (rules A-4, M-3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.formats import money_text, number_text, percent_text
from fund.forms import AmountField, CountField
from fund.models import Product
from fund.money import MINOR_UNITS
from fund.policy import policy_on, products_on
from projects.eligibility import Asked, refusals
from projects.examples import CURRENCY as EXAMPLE_CURRENCY
from projects.fields import Step
from projects.forms.base import DraftForm, StepForm, example_text
from projects.limits import limits_of
from projects.models import Application, BudgetLine
from projects.reasons import told
from projects.sizes import currency_of

LINES_MOST = 40
LINES_OFFERED = 3


class LineRow(DraftForm):
    """One line of the budget. Without a concept and an amount it is none."""

    autosaves = True

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=BudgetLine.Kind.choices)
    concept = forms.CharField(label=gettext_lazy("What"), max_length=160)
    amount = AmountField(label=gettext_lazy("Cost, without VAT"), above_zero=True)

    @property
    def said(self) -> bool:
        return self.cleaned_data.get("amount") is not None or bool(self.cleaned_data.get("concept"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or not self.said:
            return cleaned
        if not cleaned.get("concept"):
            self.incomplete("concept", _("Say what it is, or clear the line."))
        if cleaned.get("amount") is None:
            self.incomplete("amount", _("Type what it costs, or clear the line."))
        return cleaned


LineRows = forms.formset_factory(LineRow, extra=0, max_num=LINES_MOST, absolute_max=LINES_MOST)


class ProductChoice(forms.ModelChoiceField):
    """Products with their limits, so that the choice explains itself."""

    def label_from_instance(self, obj: Any) -> str:
        return _("%(name)s: %(least)s to %(most)s, %(rate)s a year, up to %(term)d months") % {
            "name": str(obj),
            "least": money_text(obj.amount_min, obj.currency),
            "most": money_text(obj.amount_max, obj.currency),
            "rate": percent_text(obj.annual_rate_pct),
            "term": obj.term_max,
        }


class BudgetStep(StepForm):
    step = Step.BUDGET
    rows_name = "lines"

    product = ProductChoice(queryset=Product.objects.none(), widget=forms.RadioSelect, empty_label=None)
    amount = AmountField(above_zero=True)
    own_funds = AmountField()
    other_funds = AmountField()
    other_source = forms.CharField(max_length=160)
    term_months = CountField(least=1, most=600)
    grace_months = CountField(most=600)

    def __init__(self, *args: Any, spare: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        lines_open = "budget.lines" in self.open
        self.rows = LineRows(
            self.data if self.is_bound and lines_open else None,
            prefix="lines",
            initial=_initial_lines(self.application, spare if lines_open else 0),
        )
        for position, row in enumerate(self.rows):
            row.fields["amount"].suffix = self.application.currency
            row.fields["amount"].decimals = MINOR_UNITS[self.application.currency]
            if position < len(self.example.lines) and not self.application.investment:
                line = self.example.lines[position]
                row.fields["concept"].help_text = example_text(
                    f"{line.concept}, {number_text(line.amount)} {EXAMPLE_CURRENCY}"
                )

    def build(self) -> None:
        currency = self.application.currency
        self.fields["product"].queryset = self._offered()  # type: ignore[attr-defined]
        for name in ("amount", "own_funds", "other_funds"):
            self.fields[name].suffix = currency  # type: ignore[attr-defined]
            self.fields[name].decimals = MINOR_UNITS[currency]  # type: ignore[attr-defined]
        for name in ("term_months", "grace_months"):
            self.fields[name].suffix = _("months")  # type: ignore[attr-defined]
        share = percent_text(policy_on(self.on).loan_share_max * 100)
        self.hint("amount", _("At most %(share)s of the budget.") % {"share": share})
        self.hint("grace_months", _("In these first months you pay interest only."))
        self.hint("other_source", _("A supplier, a bank, a public programme."))

    def _offered(self) -> QuerySet[Product]:
        """Loans in the currency of the firm's country; all of them only where the fund has none in it (G-4)."""
        offered = products_on(self.on)
        own = offered.filter(currency=currency_of(self.application.firm.country, self.on))
        return offered.filter(Q(pk__in=own) | ~Exists(own))

    def is_valid(self) -> bool:
        return super().is_valid() & (not self.rows.is_bound or self.rows.is_valid())

    def clean(self) -> dict[str, Any]:
        """The rules of A-4 answer at once, beside the field that would change it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.rows.is_bound and not self.rows.is_valid():
            self.incomplete(NON_FIELD_ERRORS, _("A line of the budget needs a change: see below."))
        product: Product | None = cleaned.get("product", self.application.product)
        if product is None or self.errors:
            return cleaned
        asked = Asked(
            amount=cleaned.get("amount", _amount_of(self.application)),
            investment=self._investment(),
            term_months=cleaned.get("term_months"),
            grace_months=cleaned.get("grace_months"),
        )
        for reason in refusals(asked, limits=limits_of(product, policy_on(self.on))):
            if reason.field not in self.errors:
                self.add_error(reason.field if reason.field in self.fields else None, str(told(reason)))
        return cleaned

    def _investment(self) -> Any:
        if not self.rows.is_bound:
            return self.application.investment.amount if self.application.investment else None
        if not self.rows.is_valid():
            return None
        return sum(row.cleaned_data["amount"] for row in self.rows if row.said) or None

    def to_save(self) -> Mapping[str, Any]:
        data = dict(super().to_save())
        if self.rows_ready():
            data["lines"] = [row.cleaned_data for row in self.rows if row.said]
        return data


def _amount_of(application: Application) -> Any:
    return application.amount.amount if application.amount else None


def _initial_lines(application: Application, spare: int) -> list[dict[str, Any]]:
    saved = [
        {"kind": line.kind, "concept": line.concept, "amount": line.amount}
        for line in application.budget_lines.all()
    ]
    empty = spare if saved else max(spare, LINES_OFFERED)
    return [*saved, *({} for _spare in range(empty))]
