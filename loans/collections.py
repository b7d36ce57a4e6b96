"""Work with loans in arrears: what was said, what was promised, and how each loan stands today (Rule P-7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts import audit
from accounts.badges import Badge
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.permissions import Perm
from fund.money import is_quantized
from loans.arrears import Bucket, bucket
from loans.balances import Position, positions
from loans.models import FollowUp, Loan, Payment
from loans.promises import Outcome, Promise, Told, told

WRITERS = (Perm.PAYMENT_RECORD, Perm.CONTRACT_DRAFT)
"""The cashier and the loan officer, either of whom may speak with the firm."""


@transaction.atomic
def note(
    *, loan: Loan, kind: str, text: str, by: User, on: date, promised_amount: Decimal | None = None,
    promised_on: date | None = None, next_action_on: date | None = None,
) -> FollowUp:  # fmt: skip
    """Keep what was said, a promise if there was one, and the day to look again. Raises BadInput."""
    if not any(by.may(perm) for perm in WRITERS):
        raise Denied(_("Your roles do not include this."))
    require(
        loan.state in (Loan.State.ACTIVE, Loan.State.WRITTEN_OFF), "P-7",
        _("%(loan)s is “%(state)s”: nothing is collected on it.")
        % {"loan": loan, "state": loan.get_state_display()},
    )  # fmt: skip
    if kind not in FollowUp.Kind.values:
        raise BadInput("kind", kind, _("Say how you spoke with the firm."))
    if not text.strip():
        raise BadInput("text", text, _("Write what was said."))
    _check_promise(loan, promised_amount, promised_on, on)
    if next_action_on is not None and next_action_on < on:
        raise BadInput("next_action_on", next_action_on, _("Choose today or a later day."))
    made = FollowUp.objects.create(
        loan=loan, kind=kind, text=text.strip(), promised_amount=promised_amount, promised_on=promised_on,
        next_action_on=next_action_on, by=by, on=on,
    )  # fmt: skip
    audit.record(
        "collection.noted", made, by=by, on=on, note=made.text[:300],
        after={"loan": loan.ref, "promised": made.promised, "promised_on": promised_on, "next": next_action_on},
    )  # fmt: skip
    return made


def _check_promise(loan: Loan, amount: Decimal | None, day: date | None, on: date) -> None:
    if (amount is None) != (day is None):
        field = "promised_amount" if amount is None else "promised_on"
        raise BadInput(field, None, _("A promise has an amount and a day."))
    if amount is None or day is None:
        return
    if amount <= 0 or not is_quantized(amount, loan.currency):
        raise BadInput("promised_amount", amount, _("Write an amount above zero."))
    if day < on:
        raise BadInput("promised_on", day, _("Choose today or a later day."))


def late_loans(on: date) -> QuerySet[Loan]:
    """Rule P-7: running loans with anything late, with the last note's day to look again; the oldest first."""
    last = FollowUp.objects.filter(loan=OuterRef("pk")).order_by("-on", "-pk")
    return (
        Loan.objects.late(on)
        .select_related("firm")
        .annotate(
            next_action_on=Subquery(last.values("next_action_on")[:1]),
            last_on=Subquery(last.values("on")[:1]),
        )
        .order_by("unpaid_since", "pk")
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A late loan as the worklist shows it."""

    position: Position
    promise: Told | None
    last: FollowUp | None

    @property
    def loan(self) -> Loan:
        return self.position.loan

    @property
    def bucket(self) -> Bucket:
        return bucket(self.position.days_past_due)


def cases(loans: QuerySet[Loan], on: date) -> dict[int, Case]:
    """The loans by key with what is late and the last promise, in a handful of queries however many they are."""
    found = positions(loans, on)
    pks = [item.loan.pk for item in found]
    notes: dict[int, list[FollowUp]] = {}
    for item in FollowUp.objects.filter(loan__in=pks).order_by("on", "pk"):
        notes.setdefault(item.loan_id, []).append(item)
    return {item.loan.pk: _case(item, notes.get(item.loan.pk, []), on) for item in found}


def _case(item: Position, notes: list[FollowUp], on: date) -> Case:
    paid = [(payment.on, payment.amount) for payment in item.state.payments]
    given = told(promises_of(notes), paid, on)
    return Case(item, given[-1] if given else None, notes[-1] if notes else None)


def promises_of(notes: Iterable[FollowUp]) -> list[Promise]:
    """The promises among the notes, which come in the order in which they were written."""
    return [
        Promise(item.on, item.promised_on, item.promised_amount)
        for item in notes
        if item.promised_on is not None and item.promised_amount is not None
    ]


def history(loan: Loan, on: date) -> list[tuple[FollowUp, Told | None]]:
    """What was noted about a loan, newest first, each promise with its outcome."""
    notes = list(FollowUp.objects.filter(loan=loan).select_related("by").order_by("on", "pk"))
    paid = Payment.objects.counted().filter(loan=loan).values_list("value_on", "amount")
    given = iter(told(promises_of(notes), paid, on))
    return [(item, next(given) if item.promised_on else None) for item in notes][::-1]


def promise_badge(item: Told | None) -> Badge | None:
    """A promise's outcome as icon and word."""
    if item is None:
        return None
    return {
        Outcome.RUNNING: Badge("info", "hourglass", _("Promised")),
        Outcome.KEPT: Badge("good", "circle-check", _("Promise kept")),
        Outcome.BROKEN: Badge("bad", "circle-x", _("Promise broken")),
        Outcome.REPLACED: Badge("neutral", "replace", _("Replaced by a newer promise")),
    }[item.outcome]
