"""Changes of a running loan: refund, restructuring, write-off. Proposed by one, approved by another (P-4, P-8, G-6).

A change is a dated event. Once approved it is replayed with everything else that happened to the loan, so that a
payment typed later with an earlier value date gives the same figures as if it had been known before (rules S-5, S-7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, lifecycle
from accounts.errors import BadInput, Denied, RuleBroken, require
from accounts.formats import day_text, money_text
from accounts.models import User
from accounts.permissions import Perm, check_may
from committee.decisions import resolution_for
from committee.models import Resolution
from fund import documents
from fund.money import is_quantized
from fund.numbers import next_number
from fund.problem_words import first_problem
from loans import holding, statements
from loans.arithmetic.problems import TermsError
from loans.arithmetic.servicing import State, replay
from loans.bookkeeping import bring_up_to, locked
from loans.comparing import Outlook, Pair, outlook, saved, side_by_side
from loans.lifecycle import CHANGE_MOVES, MOVES
from loans.models import ChangeKind, Loan, LoanChange
from loans.models.change import RESTRUCTURING
from loans.record import story_of
from loans.story import change_event

FARTHEST = timedelta(days=366)
_FIELDS = {"on": "value_on", "first": "value_on", "n": "count", "first_due": "new_due"}
_MATTERS = {ChangeKind.WRITE_OFF: "write_off"} | dict.fromkeys(RESTRUCTURING, "restructuring")
"""The kind of the committee's item that decides on a change (rules C-4, P-8)."""


def perm_to_propose(kind: str) -> Perm:
    return Perm.PAYMENT_RECORD if kind == ChangeKind.REFUND else Perm.CONTRACT_DRAFT


def perm_to_approve(kind: str) -> Perm:
    return Perm.CONTRACT_SIGN if kind in RESTRUCTURING else Perm.DISBURSEMENT_APPROVE


@dataclass(frozen=True, slots=True)
class Preview:
    """The loan as it is and as it would be on the first day of the change, or today if that is later."""

    before: State
    after: State
    old: Outlook
    new: Outlook
    pairs: tuple[Pair, ...]

    @property
    def saved(self) -> Decimal:
        """Interest with VAT that the firm would not pay; below zero: more of it."""
        return saved(self.old, self.new)

    @property
    def added(self) -> Decimal:
        return -self.saved


@transaction.atomic
def propose(
    *,
    loan: Loan,
    kind: str,
    value_on: date,
    reason: str,
    by: User,
    on: date,
    data: Mapping[str, Any] | None = None,
    amount: Decimal | None = None,
) -> LoanChange:
    """Write a proposal down; nothing of the loan moves yet (Rule G-6).

    `data` are the figures of the kind: `last` of a pause; `due` and `new_due`; `annual_rate_pct`; `count`. Raises
    BadInput naming the field that cannot be, RuleBroken where the loan's state or another open proposal forbids it.
    """
    check_may(by, perm_to_propose(kind))
    loan = locked(loan.ref)
    waiting = loan.changes.proposed().first()
    require(
        waiting is None, "P-8", _("%(change)s is proposed already and not decided.") % {"change": waiting}
    )
    if not reason.strip():
        raise BadInput("reason", reason, _("Say why."))
    figures = {name: str(value) for name, value in (data or {}).items() if value not in (None, "")}
    preview(loan, kind=kind, value_on=value_on, data=figures, amount=amount, on=on)
    change = LoanChange.objects.create(
        loan=loan, ref=next_number(f"{loan.ref}-X", width=2), kind=kind, value_on=value_on, data=figures,
        amount=amount, reason=reason.strip(), proposed_by=by, proposed_on=on,
    )  # fmt: skip
    audit.record(
        "loan_change.proposed", change, by=by, on=on, note=change.reason,
        after={"loan": loan.ref, "kind": kind, "value_on": value_on, "data": figures, "amount": change.money},
    )  # fmt: skip
    return change


def preview(
    loan: Loan, *, kind: str, value_on: date, data: Mapping[str, Any], amount: Decimal | None, on: date
) -> Preview:
    """The old and the new schedule side by side; nothing is written. Raises as `propose` does."""
    check_change(loan, kind=kind, value_on=value_on, data=data, amount=amount, on=on)
    rows, events = story_of(loan)
    day = max(on, loan.booked_to or on, value_on)
    before = after = replay(loan.terms, rows, events, day)
    if kind != ChangeKind.WRITE_OFF:
        try:
            event = change_event(loan.terms, kind, ref="?", on=value_on, data=dict(data), amount=amount)
            after = replay(loan.terms, rows, [*events, event], day)
        except TermsError as error:
            raise _named(error, value_on) from None
    old, new = outlook(before), outlook(after)
    return Preview(before, after, old, new, side_by_side(old.rows, new.rows))


def _named(error: TermsError, value_on: date) -> BadInput:
    said = first_problem(error, _FIELDS)
    return BadInput(said.field, said.value or value_on, said.text)


def check_change(
    loan: Loan, *, kind: str, value_on: date, data: Mapping[str, Any], amount: Decimal | None, on: date
) -> None:
    """Raise unless this kind of change may be made of the loan on that day."""
    if kind not in ChangeKind.values:
        raise BadInput("kind", kind, _("There is no such change of a loan."))
    running = (Loan.State.ACTIVE,)
    allowed = (
        (*running, Loan.State.PAID_OFF, Loan.State.WRITTEN_OFF) if kind == ChangeKind.REFUND else running
    )
    require(
        loan.state in allowed, "P-8",
        _("%(loan)s is “%(state)s”; it cannot be changed so.")
        % {"loan": loan, "state": loan.get_state_display()},
    )  # fmt: skip
    assert loan.disbursed_on is not None
    if value_on < loan.disbursed_on:
        raise BadInput("value_on", value_on, _("That day lies before the disbursement."))
    latest = on + FARTHEST if kind in RESTRUCTURING else on
    if value_on > latest:
        message = _("That day lies too far ahead.") if kind in RESTRUCTURING else _("That day has not come.")
        raise BadInput("value_on", value_on, message)
    if kind in RESTRUCTURING:
        _check_figures(kind, data)
    elif kind == ChangeKind.REFUND:
        _check_refund(loan, amount)
    else:
        _check_loss(loan, value_on)


_NEEDED = {
    ChangeKind.PAUSE: ("last",),
    ChangeKind.NEW_DATE: ("due", "new_due"),
    ChangeKind.RATE: ("annual_rate_pct",),
    ChangeKind.EXTRA_TERMS: ("count",),
    ChangeKind.NEW_TERMS: ("count", "annual_rate_pct"),
}
MOST_INSTALMENTS = 600


def _check_figures(kind: str, data: Mapping[str, Any]) -> None:
    for name in _NEEDED[ChangeKind(kind)]:
        if data.get(name) in (None, ""):
            raise BadInput(name, "", _("This value is needed."))
    count = int(data.get("count") or 1)
    if not 1 <= count <= MOST_INSTALMENTS:
        raise BadInput("count", count, _("Write a number from 1 to %(most)s.") % {"most": MOST_INSTALMENTS})
    rate = Decimal(str(data.get("annual_rate_pct") or 0))
    if not 0 <= rate <= 100:
        raise BadInput("annual_rate_pct", rate, _("Write a percentage from 0 to %(limit)s.") % {"limit": 100})


def _check_refund(loan: Loan, amount: Decimal | None) -> None:
    """The amount itself; whether the credit covers it is the replay's answer."""
    if amount is None or amount <= 0:
        raise BadInput("amount", amount, _("Write an amount above zero."))
    if not is_quantized(amount, loan.currency):
        message = _("%(currency)s has no smaller unit than that: write fewer decimals.")
        raise BadInput("amount", amount, message % {"currency": loan.currency})


def _check_loss(loan: Loan, value_on: date) -> None:
    after = loan.disbursements.later().filter(value_on__gt=value_on)
    for day in after.values_list("value_on", flat=True):
        message = _("Money still left on %(day)s, after that day.") % {"day": day_text(day or value_on)}
        raise RuleBroken("P-8", message, field="value_on")
    state = replay(loan.terms, *story_of(loan), value_on)
    require(not state.is_paid_off, "P-8", _("Nothing was owed on that day."), field="value_on")
    require(
        not state.credit, "P-8",
        _("The firm has a credit of %(credit)s; refund it first.")
        % {"credit": money_text(state.credit, loan.currency)},
    )  # fmt: skip


def check_can_approve(user: User, change: LoanChange) -> None:
    """Rule G-6: approved by somebody other than whoever proposed it."""
    check_may(user, perm_to_approve(change.kind))
    if change.proposed_by_id == user.pk:
        raise Denied(_("Whoever proposed a change cannot approve it."))


def resolution_of(change: LoanChange) -> Resolution | None:
    """The resolution that approved this change, if the committee has; a refund needs none (Rule P-8)."""
    matter = _MATTERS.get(ChangeKind(change.kind))
    found = resolution_for(change.ref) if matter else None
    return found if found is not None and found.item.kind == matter else None


@transaction.atomic
def approve(*, change: LoanChange, by: User, on: date) -> LoanChange:
    """Let a proposal happen: replayed, posted and, for a restructuring, put on paper, all at once (rules L-2, P-8).

    Approving twice gives the one change. Raises RuleBroken P-8 without a resolution that approves it.
    """
    loan = locked(change.loan_id)
    change = LoanChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    change.loan = loan
    check_can_approve(by, change)
    if change.state == LoanChange.State.APPROVED:
        return change
    resolution = resolution_of(change)
    if change.kind != ChangeKind.REFUND and resolution is None:
        message = _(
            "No resolution of the committee approves %(change)s. Put it on an agenda under this number."
        )
        raise RuleBroken("P-8", message % {"change": change.ref})
    shown = preview(
        loan, kind=change.kind, value_on=change.value_on, data=change.data, amount=change.amount, on=on
    )
    lifecycle.move(
        change, LoanChange.State.APPROVED, moves=CHANGE_MOVES, by=by, on=on, rule="P-8",
        approved_by=by, approved_on=on, resolution=resolution.number if resolution else "",
    )  # fmt: skip
    if change.kind == ChangeKind.WRITE_OFF:
        lifecycle.move(
            loan, Loan.State.WRITTEN_OFF, moves=MOVES, by=by, on=on, rule="P-8",
            written_off_on=change.value_on, note=change.reason,
        )  # fmt: skip
        holding.end_rest(loan, by=by, on=on)
    bring_up_to(loan, by=by, on=on)
    if change.is_restructuring:
        change.addendum = _addendum(change, shown, by=by, on=on)
        change.save(update_fields=["addendum"])
    return change


def _addendum(change: LoanChange, shown: Preview, *, by: User, on: date) -> documents.IssuedDocument:
    """The addendum to the contract: old and new schedule, by which resolution (rules D-1, P-8)."""
    return documents.issue(
        kind="addendum", number=change.ref, language=change.loan.language,
        template="loans/documents/addendum.html",
        facts=statements.addendum_facts(change, old=shown.old, new=shown.new), about=change.loan.audit_ref,
        by=by, on=on,
    )  # fmt: skip


@transaction.atomic
def withdraw(*, change: LoanChange, reason: str, by: User, on: date) -> LoanChange:
    """Take a proposal back, with a reason; it stays visible (Rule G-5)."""
    if not by.may(perm_to_approve(change.kind)):
        check_may(by, perm_to_propose(change.kind))
    if not reason.strip():
        raise BadInput("reason", reason, _("Say why."))
    locked(change.loan_id)
    change = LoanChange.objects.select_for_update(of=("self",)).select_related("loan__firm").get(pk=change.pk)
    lifecycle.move(
        change, LoanChange.State.WITHDRAWN, moves=CHANGE_MOVES, by=by, on=on, rule="P-8", note=reason.strip(),
        withdrawn_by=by, withdrawn_on=on,
    )  # fmt: skip
    return change
