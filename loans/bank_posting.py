"""Post what was decided about bank lines: line by line, each once, going on after a kill (rules P-2, P-5, L-2).

Ordering the posting marks the lines; the work is done by whoever comes by, in any number of processes.
Each line is a transaction of its own under a key made of the line, so a process may die anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import Denied, Refusal, require
from accounts.models import User
from accounts.permissions import Perm, check_may
from accounts.writing import together, update
from fund import chart, ledger
from fund.ledger import Leg
from fund.models import BankStatement, Entry
from loans import payments
from loans.bank_lines import Decision, locked
from loans.models import BankMatch, Loan
from loans.recoveries import choice_for


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a statement is: lines posted as payments or unmatched money, under way, waiting for a person."""

    paid: int
    held: int
    left_out: int
    queued: int
    ready: int
    to_decide: int

    @property
    def done(self) -> int:
        return self.paid + self.held

    @property
    def ordered(self) -> int:
        """What was ordered to be posted so far."""
        return self.done + self.queued


def progress(statement: BankStatement) -> Progress:
    """One query, whatever the size of the statement."""
    open_ = Q(payment=None, held=None)
    decided = Q(decision__in=[Decision.PAY, Decision.HOLD])
    matches = BankMatch.objects.filter(line__statement=statement)
    counts = matches.aggregate(
        n_paid=Count("pk", filter=Q(payment__isnull=False)),
        n_held=Count("pk", filter=Q(held__isnull=False, payment=None)),
        n_left_out=Count("pk", filter=Q(decision=Decision.IGNORE)),
        n_queued=Count("pk", filter=open_ & Q(queued_on__isnull=False)),
        n_ready=Count("pk", filter=open_ & decided & Q(queued_on=None)),
        n_to_decide=Count("pk", filter=open_ & Q(decision="")),
    )
    return Progress(**{name.removeprefix("n_"): count for name, count in counts.items()})


@transaction.atomic
def order(*, statement: BankStatement, by: User, on: date) -> int:
    """Order the posting of everything that is decided; returns how many lines (Rule P-2)."""
    check_may(by, Perm.PAYMENT_RECORD)
    statement = BankStatement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    ready = BankMatch.objects.ready().filter(line__statement=statement)
    count = ready.update(queued_by=by, queued_on=on, problem="")
    require(count, "P-2", _("Nothing is ready to be posted: decide the lines that wait first."))
    audit.record("bank.ordered", statement, by=by, on=on, after={"lines": count})
    return count


def post_ordered(statement: BankStatement | None = None) -> int:
    """Post every ordered line that nobody else has in hand; returns how many were posted."""
    queued = BankMatch.objects.queued()
    if statement is not None:
        queued = queued.filter(line__statement=statement)
    return sum(post_line(match) for match in _with_relations(queued.order_by("line__value_on", "line_id")))


def _with_relations(matches: QuerySet[BankMatch]) -> list[BankMatch]:
    """The lines with what they belong to; lines of one loan and of one person share the object."""
    found = list(matches.select_related("line__account"))
    loans = Loan.objects.select_related("firm__state", "application").in_bulk(
        {match.loan_id for match in found if match.loan_id}
    )
    people = User.objects.in_bulk({match.queued_by_id for match in found})
    for match in found:
        match.loan = loans.get(match.loan_id)
        match.queued_by = people.get(match.queued_by_id)
    return found


def post_line(seen: BankMatch) -> bool:
    """Post one ordered line, once (Rule P-5). A refusal is noted on the line, which waits for a person again."""
    assert seen.queued_by is not None
    with translation.override(seen.queued_by.language):
        try:
            with transaction.atomic():
                if (match := _taken(seen)) is None:
                    return False
                assert match.queued_by is not None
                assert match.queued_on is not None
                with together():
                    _post(match, by=match.queued_by, on=match.queued_on)
        except (Refusal, Denied) as refusal:
            _note(seen, str(refusal)[:300])
            return False
    return True


def _taken(seen: BankMatch) -> BankMatch | None:
    """The line with its row locked; None if somebody else has it in hand or it does not wait any more."""
    waiting = BankMatch.objects.select_for_update(of=("self",), skip_locked=True).queued()
    match = waiting.filter(pk=seen.pk).first()
    for name in ("line", "loan", "queued_by") if match else ():
        if getattr(match, f"{name}_id") == getattr(seen, f"{name}_id"):
            setattr(match, name, getattr(seen, name))
    return match


@transaction.atomic
def _note(seen: BankMatch, problem: str) -> None:
    """Give a line that was refused back to people; what was refused has been taken back whole."""
    if (match := _taken(seen)) is not None:
        match.decision, match.problem = "", problem
        match.queued_by = match.queued_on = None
        match.save(update_fields=["decision", "problem", "queued_by", "queued_on"])


def _post(match: BankMatch, *, by: User, on: date) -> None:
    if match.decision == Decision.PAY:
        assert match.loan is not None
        _pay(match, match.loan, by=by, on=on)
    else:
        match.held = hold(match, by=by, on=on)
        update(match, "held")


def _pay(match: BankMatch, loan: Loan, *, by: User, on: date) -> None:
    match.payment = payments.record_payment(
        loan=loan, amount=match.line.money, value_on=match.line.value_on, key=key_of(match), by=by, on=on,
        note=match.line.words[:200], prepayment=choice_for(loan, match.line.value_on),
    )  # fmt: skip
    update(match, "payment")


def key_of(match: BankMatch) -> str:
    """The payment's key: the line's own mark, so that the same line never pays twice (Rule P-5)."""
    return f"bank:{match.line.fingerprint}" + (f":{match.round}" if match.round > 1 else "")


def hold(match: BankMatch, *, by: User, on: date) -> Entry:
    """Rule P-2: money that no loan is found for is a liability in the books, held apart from the fund's own."""
    line = match.line
    legs = [
        Leg(chart.CASH, line.currency, debit=line.amount, tranche=chart.HELD),
        Leg(chart.UNMATCHED, line.currency, credit=line.amount),
    ]
    return ledger.post(
        source=f"unmatched:{key_of(match)}", value_on=line.value_on, on=on, legs=legs,
        memo=f"{line.account.name}: {line.words}"[:300], by=by,
    )  # fmt: skip


@transaction.atomic
def match_held(*, match: BankMatch, loan: Loan, by: User, on: date) -> BankMatch:
    """Give unmatched money to its loan: the payment with the day the bank counted it, the liability undone (L-2)."""
    check_may(by, Perm.PAYMENT_RECORD)
    match = locked(match.pk)
    require(
        match.held_id and not match.released_id and not match.payment_id, "P-2",
        _("This money is not waiting for its loan any more."),
    )  # fmt: skip
    assert match.held is not None
    match.released = ledger.reverse(
        match.held, source=f"{match.held.source}:matched", reason=f"{loan.ref}", by=by, on=on
    )
    match.loan, match.decision, match.decided_by, match.decided_on = loan, Decision.PAY, by, on
    _pay(match, loan, by=by, on=on)
    match.save()
    audit.record("bank.matched", match, by=by, on=on, after={"loan": loan.ref, "amount": match.line.money})
    return match
