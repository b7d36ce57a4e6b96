"""What is written of a loan as the events that its replay takes (rules P-3, S-5, S-7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.errors import RuleBroken
from fund.models import PolicyVersion
from fund.policy import DEFAULT, from_values
from fund.problem_words import first_problem
from loans.arithmetic.events import (
    Event,
    ExtraTerms,
    NewDueDate,
    Pause,
    RateChange,
    Refund,
    Restructure,
    Tranche,
)
from loans.arithmetic.events import Payment as Paid
from loans.arithmetic.problems import TermsError
from loans.arithmetic.terms import Prepayment, Terms
from loans.models import ChangeKind, Disbursement, LoanChange, Payment

ZERO = Decimal(0)


def drawn_later(disbursements: Iterable[Disbursement]) -> list[Event]:
    """Payouts after the first, of disbursements that were fetched already (rules D-3, S-4)."""
    return [
        Tranche(item.value_on, item.amount)
        for item in disbursements
        if item.state == Disbursement.State.APPROVED and item.value_on is not None and item.number > 1
    ]


def paid_in(key: str, on: date, amount: Decimal, choice: str = "") -> Paid:
    """A payment with the firm's choice; without one the terms decide."""
    return Paid(key, on, amount, Prepayment(choice) if choice else None)


def paid(payments: Iterable[Payment]) -> list[Event]:
    """The same of payments that were fetched already."""
    return [paid_in(item.number, item.value_on, item.amount, item.prepayment) for item in payments]


def changes_of(terms: Terms, changes: Iterable[LoanChange]) -> list[Event]:
    """Changes as events; a write-off is none, since the firm owes what it owed (Rule P-8)."""
    return [
        change_event(terms, change.kind, ref=change.ref, on=change.value_on, data=change.data, amount=change.amount)
        for change in changes
        if change.kind != ChangeKind.WRITE_OFF
    ]  # fmt: skip


def change_event(
    terms: Terms, kind: str, *, ref: str, on: date, data: dict[str, Any], amount: Decimal | None
) -> Event:
    """One change as the arithmetic takes it."""
    match kind:
        case ChangeKind.REFUND:
            return Refund(ref, on, amount or ZERO)
        case ChangeKind.PAUSE:
            return Pause(on, date.fromisoformat(data["last"]))
        case ChangeKind.NEW_DATE:
            return NewDueDate(on, date.fromisoformat(data["due"]), date.fromisoformat(data["new_due"]))
        case ChangeKind.RATE:
            return RateChange(on, Decimal(data["annual_rate_pct"]))
        case ChangeKind.EXTRA_TERMS:
            return ExtraTerms(on, int(data["count"]))
    return Restructure(on, _new_terms(terms, on, data))


def _new_terms(terms: Terms, on: date, data: dict[str, Any]) -> Terms:
    """The loan's own terms, with another number of instalments, rate and first due date, and no grace."""
    return replace(
        terms, n=int(data["count"]), annual_rate_pct=Decimal(data["annual_rate_pct"]), disbursed_on=on,
        first_due=date.fromisoformat(data["new_due"]) if data.get("new_due") else None, opening_fee_pct=ZERO,
        grace_principal=0, grace_interest=0, grace_free=0, grace_capitalised=0,
    )  # fmt: skip


def started(kind: str, event: Event) -> date:
    """The first day on which an event counts: a pause stands for the night before it."""
    return event.on + timedelta(days=1) if isinstance(event, Pause) else event.on


class ProvisionRates:
    """The policy's shares by class of ageing on any day (Rule P-7); asks the database once, and only if needed."""

    def __init__(self) -> None:
        self.known: list[tuple[date, Sequence[Decimal]]] | None = None

    def __call__(self, day: date) -> Sequence[Decimal]:
        if self.known is None:
            versions = PolicyVersion.objects.order_by("in_force_from", "pk").values_list(
                "in_force_from", "values"
            )
            self.known = [(since, from_values(values).provision_rates) for since, values in versions]
        shares: Sequence[Decimal] = DEFAULT.provision_rates
        for since, found in self.known:
            if since <= day:
                shares = found
        return shares


def refusal(error: TermsError, *, rule: str = "S-5") -> RuleBroken:
    """What the arithmetic cannot do, as a refusal for the person who asked."""
    return RuleBroken(rule, first_problem(error).text)
