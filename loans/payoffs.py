"""What closes a loan on a day, part by part, on the page and as a sealed paper (Rule P-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import BadInput, require
from accounts.formats import day_text
from accounts.models import User
from fund import documents
from fund.models import IssuedDocument
from fund.numbers import next_number
from loans import gates, statements
from loans.arithmetic.allocation import Bucket
from loans.arithmetic.servicing import State
from loans.balances import Position, position
from loans.bookkeeping import locked
from loans.models import Allocation, Loan
from loans.references import grouped

ZERO = Decimal(0)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class PayOffPart:
    """One line of the figure: a kind of debt, and whether it has fallen due."""

    code: str
    amount: Decimal
    is_due: bool

    @property
    def label(self) -> str:
        return part_label(self.code, is_due=self.is_due)


def part_label(code: str, *, is_due: bool) -> str:
    """The words for a line of a pay-off figure."""
    if code == "credit":
        return _("Less the firm's credit")
    if is_due:
        return str(Allocation.Part(code).label)
    return {
        "interest": _("Interest since the last due date"),
        "interest_vat": _("VAT on that interest"),
        "principal": _("Principal that has not fallen due"),
    }[code]


def parts_of(state: State) -> tuple[PayOffPart, ...]:
    """Rule P-9: everything that closes the loan on the day of the state; the lines sum to the total."""
    payoff = state.payoff
    due = [PayOffPart(bucket.value, state.open(bucket), True) for bucket in Bucket]
    ahead = [
        PayOffPart("interest", payoff.interest, False),
        PayOffPart("interest_vat", payoff.vat, False),
        PayOffPart("principal", payoff.principal, False),
        PayOffPart("credit", -payoff.credit, False),
    ]
    return tuple(part for part in (*due, *ahead) if part.amount)


def quote_for(loan: Loan, for_day: date, *, on: date) -> Position:
    """The loan on the day that was asked for, nothing more being paid until then.

    Raises RuleBroken P-9 where nothing is owed, BadInput for a day before the disbursement or too far ahead.
    """
    if loan.disbursed_on is None or loan.state not in (Loan.State.ACTIVE, Loan.State.WRITTEN_OFF):
        require(False, "P-9", _("Nothing is owed on %(loan)s.") % {"loan": loan})
    assert loan.disbursed_on is not None
    if for_day < loan.disbursed_on:
        message = _("The money left on %(day)s; ask for that day or a later one.")
        raise BadInput("on", for_day, message % {"day": day_text(loan.disbursed_on)})
    if for_day > on + LONGEST:
        raise BadInput("on", for_day, _("Ask for a day within a year from today."))
    found = position(loan, for_day)
    assert found is not None
    return found


@transaction.atomic
def issue_quote(*, loan: Loan, for_day: date, by: User, on: date) -> IssuedDocument:
    """Seal the pay-off figure of a day as a paper; the same figure asked for again is the same paper."""
    gates.loan_for(by, loan.ref)
    loan = locked(loan.ref)
    facts = quote_facts(loan, quote_for(loan, for_day, on=on))
    made = IssuedDocument.objects.filter(kind="payoff", about=loan.audit_ref)
    if there := made.filter(facts_sha256=documents.seal(facts)[1]).first():
        return there
    return documents.issue(
        kind="payoff", number=next_number(f"{loan.ref}-Q", width=2), language=loan.language,
        template="loans/documents/payoff.html", facts=facts, about=loan.audit_ref, by=by, on=on,
    )  # fmt: skip


def quote_facts(loan: Loan, found: Position) -> dict[str, Any]:
    """What the paper prints."""
    total = max(found.state.payoff.total, ZERO)
    return {
        "loan": loan.ref,
        "firm": statements.firm_facts(loan),
        "for_day": found.on,
        "currency": loan.currency,
        "parts": [
            {"code": part.code, "amount": part.amount, "is_due": part.is_due}
            for part in parts_of(found.state)
        ],
        "total": total,
        "reference": grouped(loan.reference),
        "numeric_reference": loan.numeric_reference,
    }
