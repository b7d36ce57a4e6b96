"""Capital: what was promised and came, what each tranche holds, what may be lent (Rules K-1 to K-3)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from djmoney.money import Money

from accounts.clock import today
from accounts.formats import day_text, money_text
from accounts.forms import attempt
from accounts.labels import label
from accounts.permissions import Perm, SignedRequest, allow
from fund import capital as verbs
from fund import chart
from fund.capital import Earmark
from fund.confirming import ConfirmedForm, confirmation
from fund.fields import CURRENCIES
from fund.forms import AmountField, DayField
from fund.lending import Lendable, Position, position, reported
from fund.models import AdminUnit, Contribution, CreditLine, Institution, Sector
from fund.policy import currencies_offered
from fund.tranches import TrancheBalance

ZERO = Decimal(0)


class CaseForm(forms.Form):
    """The day and the case that the question "what may be lent" is asked for; sector and state are codes."""

    on = DayField(label=gettext_lazy("On"))
    sector = forms.ChoiceField(label=gettext_lazy("For a firm of the sector"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("in the state"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        anyone = [("", _("Any"))]
        self.fields["sector"].choices = anyone + [(row.code, str(row)) for row in Sector.objects.all()]  # type: ignore[attr-defined]
        self.fields["state"].choices = anyone + [  # type: ignore[attr-defined]
            (row.code, row.name) for row in AdminUnit.objects.filter(country="MX")
        ]


@dataclass(frozen=True, slots=True)
class CurrencyView:
    """What the page shows of one currency: new money and recycled money apart (Rule K-1)."""

    currency: str
    lendable: Lendable
    reporting: Money | None
    pledged: Decimal
    received: Decimal
    own: Decimal
    lent: Decimal
    tranches: list[TrancheBalance]
    contributions: list[Contribution]
    lines: list[CreditLine]


def view_of(money: Position, lendable: Lendable) -> CurrencyView:
    """The figures of a currency on the position's day beside what may be lent of it."""
    currency = lendable.total.currency.code
    contributions = [item for item in money.contributions if item.currency == currency]
    return CurrencyView(
        currency=currency,
        lendable=lendable,
        reporting=lendable.reporting if lendable.reporting != lendable.total else None,
        pledged=sum((item.amount for item in contributions), ZERO),
        received=sum((item.got for item in contributions), ZERO),
        own=money.capital(currency) + money.net(chart.CAPITAL, currency),
        lent=money.net(chart.LOANS, currency),
        tranches=money.tranches(currency),
        contributions=contributions,
        lines=[line for line in money.lines if line.currency == currency],
    )


@allow(Perm.CAPITAL_READ)
def capital(request: SignedRequest) -> HttpResponse:
    """Everything about capital on a day."""
    form = CaseForm({"on": today().isoformat()} | request.GET.dict())
    views: list[CurrencyView] = []
    without: list[str] = []
    if form.is_valid():
        chosen = form.cleaned_data
        money = position(chosen["on"])
        without = sorted(currencies_offered(chosen["on"]) - set(money.currencies))
        case = {"sector": chosen["sector"], "state": chosen["state"]}
        found = [money.lendable(currency, **case) for currency in money.currencies]
        views = [view_of(money, item) for item in reported(money, found)]
    context = {
        "form": form, "views": views, "without": without, "named": ", ".join(without),
        "may_record": request.user.may(Perm.CAPITAL_RECORD),
    }  # fmt: skip
    return render(request, "fund/capital.html", context)


@allow(Perm.CAPITAL_READ)
def contribution(request: SignedRequest, ref: str) -> HttpResponse:
    """One contribution: pledge, earmark, receipts."""
    known = Contribution.objects.select_related("institution", "sector", "state", "by")
    found = get_object_or_404(known, ref=ref)
    receipts = found.receipts.select_related("by", "contribution")
    received = sum((receipt.amount for receipt in receipts), ZERO)
    context = {
        "contribution": found, "receipts": receipts, "received": received, "open": found.amount - received,
        "may_record": request.user.may(Perm.CAPITAL_RECORD) and found.amount > received,
        "may_read_ledger": request.user.may(Perm.LEDGER_READ),
    }  # fmt: skip
    return render(request, "fund/contribution.html", context)


class PledgeForm(ConfirmedForm):
    institution = forms.ModelChoiceField(
        label=gettext_lazy("Institution"), queryset=Institution.objects.all()
    )
    amount = AmountField(label=gettext_lazy("Amount pledged"), above_zero=True)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=CURRENCIES, initial="MXN")
    agreement = forms.CharField(
        label=gettext_lazy("Agreement"), max_length=120, required=False,
        help_text=gettext_lazy("Number of the resolution or contract, for example CT-2026-02-R05."),
    )  # fmt: skip
    sector = forms.ModelChoiceField(
        label=gettext_lazy("Only for the sector"), queryset=Sector.objects.all(), required=False,
        empty_label=gettext_lazy("Any sector"),
    )  # fmt: skip
    state = forms.ModelChoiceField(
        label=gettext_lazy("Only for the state"), queryset=AdminUnit.objects.filter(country="MX"), required=False,
        empty_label=gettext_lazy("Any state"),
    )  # fmt: skip
    purpose = forms.CharField(label=gettext_lazy("Purpose in words"), max_length=200, required=False)


@allow(Perm.CAPITAL_RECORD)
def pledge(request: SignedRequest) -> HttpResponse:
    """Record a promise of new money, after it was shown once more."""
    form = PledgeForm(request.POST or None)
    if form.is_valid():
        facts = form.values
        if not form.is_confirmed:
            return confirmation(request, form, **_pledge_in_words(facts))
        if made := attempt(form, lambda: _pledge(request, facts)):
            messages.success(request, _("The pledge is recorded as %(ref)s.") % {"ref": made})
            return redirect("fund:contribution", made.ref)
    return render(request, "fund/pledge.html", {"form": form.to_edit()})


def _pledge(request: SignedRequest, facts: dict[str, Any]) -> Contribution:
    return verbs.pledge(
        institution=facts["institution"],
        amount=Money(facts["amount"], facts["currency"]),
        earmark=Earmark(facts["sector"], facts["state"], facts["purpose"]),
        agreement=facts["agreement"],
        by=request.user,
        on=today(),
    )


def _pledge_in_words(facts: dict[str, Any]) -> dict[str, Any]:
    bound = " · ".join(str(part) for part in (facts["sector"], facts["state"], facts["purpose"]) if part)
    return {
        "title": _("Record this pledge?"),
        "facts": [
            (_("Institution"), facts["institution"]),
            (_("Amount pledged"), money_text(facts["amount"], facts["currency"])),
            (_("Agreement"), facts["agreement"] or "–"),
            (_("Earmark"), bound or _("None: for any eligible loan")),
        ],
        "warning": _(
            "A pledge is kept for good. It adds nothing to what may be lent until money is received."
        ),
        "submit": _("Record the pledge"),
        "cancel_url": reverse("fund:capital"),
    }


class ReceiptForm(ConfirmedForm):
    amount = AmountField(label=gettext_lazy("Amount received"), above_zero=True)
    received_on = DayField(label=gettext_lazy("Received on"))

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > today():
            raise forms.ValidationError(
                _("%(day)s is in the future.") % {"day": day_text(day)}, code="future"
            )
        return day


@allow(Perm.CAPITAL_RECORD)
def receive(request: SignedRequest, ref: str) -> HttpResponse:
    """Record money of a pledge that arrived, after it was shown once more."""
    found = get_object_or_404(Contribution.objects.select_related("institution"), ref=ref)
    rest = found.amount - found.received().amount
    form = ReceiptForm(request.POST or None, initial={"amount": rest, "received_on": today()})
    if form.is_valid():
        amount, day = Money(form.values["amount"], found.currency), form.values["received_on"]
        if not form.is_confirmed:
            if attempt(form, lambda: verbs.check_receipt(found, amount, day)):
                return confirmation(request, form, **_receipt_in_words(found, amount, day))
        elif attempt(form, lambda: _receive(request, form, found)):
            messages.success(request, _("Received and booked."))
            return redirect("fund:contribution", ref)
    return render(request, "fund/receive.html", {"form": form.to_edit(), "contribution": found, "open": rest})


def _receive(request: SignedRequest, form: ReceiptForm, found: Contribution) -> Any:
    return verbs.receive(
        contribution=found,
        amount=Money(form.values["amount"], found.currency),
        key=form.cleaned_data["key"],
        by=request.user,
        on=form.values["received_on"],
    )


def _receipt_in_words(found: Contribution, amount: Money, day: Any) -> dict[str, Any]:
    text = money_text(amount.amount, amount.currency.code)
    return {
        "title": _("Book this receipt?"),
        "facts": [
            (_("Contribution"), f"{found.ref} · {found.institution}"),
            (_("Amount received"), text),
            (_("Received on"), day_text(day, long=True)),
            (_("Debit"), f"{chart.CASH} {label(chart.BY_CODE[chart.CASH].names)} · {text}"),
            (_("Credit"), f"{chart.CAPITAL} {label(chart.BY_CODE[chart.CAPITAL].names)} · {text}"),
        ],
        "warning": _("A booked entry cannot be changed; a mistake is answered by a reversal."),
        "submit": _("Book the receipt"),
        "cancel_url": reverse("fund:contribution", args=[found.ref]),
    }
