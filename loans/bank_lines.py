"""Bank lines and the loans they pay: proposed by the system, decided by the cashier (Rule P-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, RuleBroken, require
from accounts.models import User
from accounts.permissions import Perm, check_may
from fund import bank
from fund.bank import TakenIn
from fund.banking.columns import ColumnMap
from fund.models import BankAccount, BankLine, BankStatement
from loans.matching import Debtor, Finding, Matcher, Proposal, Seen
from loans.models import BankMatch, Instalment, Loan, Payment, PayoutAccount
from loans.payments import check_payment
from loans.references import compact

AHEAD = timedelta(45)
"""How far ahead of a statement's last day an instalment may be due and still explain an amount."""
Decision = BankMatch.Decision
FIRST_DECISION = {Finding.MATCHED: "pay", Finding.UNMATCHED: "hold", Finding.OUTGOING: "ignore"}
"""What is done with a line if nobody says otherwise; a suggestion or a repetition waits for a person."""


@transaction.atomic
def take_in(
    *, account: BankAccount, content: bytes, name: str, by: User, on: date, columns: ColumnMap | None = None
) -> TakenIn:
    """Import a statement and say of each new line whose money it seems to be; nothing is posted (Rule P-2).

    Raises BadInput for the field `file`, and then nothing of it is kept.
    """
    taken = bank.import_statement(account=account, content=content, name=name, columns=columns, by=by, on=on)
    if taken.lines:
        matcher = matcher_for(taken.lines)
        BankMatch.objects.bulk_create(
            [_match(line, matcher.propose(seen(line)), matcher) for line in taken.lines], batch_size=1_000
        )
    return taken


def seen(line: BankLine) -> Seen:
    return Seen(
        value_on=line.value_on, amount=line.amount, currency=line.currency, words=line.text,
        reference=line.reference, payer=line.payer, payer_account=line.payer_account, ordinal=line.ordinal,
    )  # fmt: skip


def _match(line: BankLine, proposal: Proposal, matcher: LoanMatcher) -> BankMatch:
    return BankMatch(
        line=line, found=proposal.finding.value, why=[reason.value for reason in proposal.why],
        loan_id=matcher.keys.get(proposal.loan), decision=FIRST_DECISION.get(proposal.finding, ""),
    )  # fmt: skip


class LoanMatcher(Matcher):
    """The matcher with the loans' keys, so that a proposal costs no query."""

    keys: dict[str, int]


def matcher_for(lines: Sequence[BankLine]) -> LoanMatcher:
    """Everything that helps to recognise the payments of these lines, in four queries."""
    first, last = min(line.value_on for line in lines), max(line.value_on for line in lines)
    amounts = _amounts_to_come(last + AHEAD)
    accounts: dict[int, set[str]] = {}
    verified = PayoutAccount.objects.exclude(seen_by=None).values_list("loan__firm_id", "number")
    for firm, number in verified:
        accounts.setdefault(firm, set()).add(compact(number))
    keys: dict[str, int] = {}
    debtors = []
    columns = (
        "pk", "ref", "reference", "numeric_reference", "currency", "state", "disbursed_on", "firm_id",
        "firm__legal_name",
    )  # fmt: skip
    for pk, ref, reference, numeric, currency, state, left_on, firm, name in Loan.objects.exclude(
        state=Loan.State.CANCELLED
    ).values_list(*columns):
        keys[ref] = pk
        running = state == Loan.State.ACTIVE
        own, due = frozenset(accounts.get(firm, ())), frozenset(amounts.get(pk, ()))
        debtors.append(Debtor(ref, reference, numeric, currency, name, running, left_on, own, due))
    recorded = Payment.objects.filter(reversed_on=None, value_on__range=(first, last))
    matcher = LoanMatcher(debtors, set(recorded.values_list("loan__ref", "amount", "value_on")))
    matcher.keys = keys
    return matcher


def _amounts_to_come(until: date) -> dict[int, set[Decimal]]:
    """For each running loan: each unpaid instalment up to a day, and the sum of those up to it."""
    rows = Instalment.objects.filter(
        version__superseded_on=None, version__loan__state=Loan.State.ACTIVE, pay_on__lte=until,
        pay_on__gte=F("version__loan__unpaid_since"),
    ).order_by("version__loan_id", "n")  # fmt: skip
    amounts: dict[int, set[Decimal]] = {}
    sums: dict[int, Decimal] = {}
    for loan, total in rows.values_list("version__loan_id", "total"):
        sums[loan] = sums.get(loan, Decimal(0)) + total
        amounts.setdefault(loan, set()).update((total, sums[loan]))
    return amounts


@transaction.atomic
def decide(
    *, match: BankMatch, decision: str, by: User, on: date, loan: Loan | None = None, reason: str = ""
) -> BankMatch:
    """Say what a line is: a payment of that loan, unmatched money, or nothing of ours, with the reason (P-2).

    Possible until the line is posted, and again once its payment was reversed. Raises BadInput or RuleBroken
    as `record_payment` does, so that nothing is decided that cannot be posted.
    """
    check_may(by, Perm.PAYMENT_RECORD)
    match = locked(match.pk)
    require(
        not match.is_posted and not match.is_under_way and match.line.live, "P-2",
        _("This line is posted already. Reverse its payment first."),
    )  # fmt: skip
    _check_decision(match, decision, loan, reason, on)
    if match.payment_id or match.released_id:  # its payment was reversed: it begins anew, under a new key
        match.payment = match.held = match.released = match.queued_by = match.queued_on = None
        match.round += 1
    match.decision, match.reason, match.problem = decision, reason.strip(), ""
    match.decided_by, match.decided_on = by, on
    if decision == Decision.PAY:
        match.loan = loan
    match.save()
    audit.record(
        "bank.decided", match, by=by, on=on, note=match.reason,
        after={"decision": decision, "loan": loan.ref if loan else "", "amount": match.line.money},
    )  # fmt: skip
    return match


def _check_decision(match: BankMatch, decision: str, loan: Loan | None, reason: str, on: date) -> None:
    if decision not in Decision.values:
        raise BadInput("decision", decision, _("Say what this money is."))
    if decision == Decision.IGNORE:
        if not reason.strip():
            raise BadInput("reason", reason, _("Say why this line is left out."))
        return
    if match.line.amount <= 0:
        raise BadInput("decision", decision, _("This money left the account: it pays nothing."))
    if decision == Decision.PAY:
        if loan is None:
            raise BadInput("loan", "", _("Say which loan it pays."))
        check_payment(loan, amount=match.line.money, value_on=match.line.value_on, on=on)


@transaction.atomic
def accept(*, matches: Iterable[BankMatch], by: User, on: date) -> list[BankMatch]:
    """Accept suggestions as they stand: all of them, or none if one cannot be (Rule P-2)."""
    return [
        decide(match=match, decision=Decision.PAY, loan=match.loan, by=by, on=on)
        for match in sorted(matches, key=lambda match: match.pk)
    ]


@transaction.atomic
def set_aside(*, statement: BankStatement, by: User, on: date) -> BankStatement:
    """Take a wrong file out of the way, as long as none of its lines is posted (Rule G-5)."""
    matches = list(BankMatch.objects.select_for_update(of=("self",)).filter(line__statement=statement))
    if any(match.queued_on or match.payment_id or match.held_id for match in matches):
        raise RuleBroken("G-5", _("Lines of this statement are posted: it stays."))
    return bank.set_aside(statement=statement, by=by, on=on)


def locked(pk: int) -> BankMatch:
    """The match with its row locked: first thing in every verb about a line."""
    matches = BankMatch.objects.select_for_update(of=("self",))
    return matches.select_related("line__account", "loan", "payment__loan", "held").get(pk=pk)
