"""The statement of account: everything that moved what a firm owes, from day to day (Rule P-9).

It is read from the ledger's own lines of the loan, by value date, so that it agrees with the books by
construction: what fell due, late interest, payments and refunds, and what was owed after each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from accounts.errors import BadInput, require
from accounts.formats import day_text
from accounts.models import User
from fund import chart, documents
from fund.models import IssuedDocument
from fund.numbers import next_number
from loans import gates, statements
from loans.bookkeeping import locked
from loans.models import Loan, Payment, Posting
from loans.references import grouped

ZERO = Decimal("0.00")
OWED = (
    chart.LOANS, chart.INTEREST_DUE, chart.LATE_INTEREST_DUE, chart.FEES_DUE, chart.VAT_DUE, chart.FIRM_CREDITS,
)  # fmt: skip
"""What the firm owes, less what the fund holds for it."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that changed what is owed: charged to the firm or paid by it, and the state after it."""

    on: date
    code: str
    reference: str
    charged: Decimal
    paid: Decimal
    owed: Decimal
    principal: Decimal

    @property
    def label(self) -> str:
        return movement_label(self.code, self.reference)


def movement_label(code: str, reference: str) -> str:
    """What happened, in words; also for a paper whose facts were sealed long ago."""
    if code == "disbursement" and reference not in ("", "1"):
        return _("Payout %(reference)s") % {"reference": reference}
    words = {
        "disbursement": _("Money paid out"),
        "due": _("Interest, VAT and fees of instalment %(reference)s"),
        "late": _("Late interest and its VAT"),
        "payment": _("Payment %(reference)s"),
        "credit": _("Held of payment %(reference)s, used for what fell due"),
        "refund": _("Refund %(reference)s"),
    }
    return words.get(code, _("Other movement")) % {"reference": reference}


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """A loan between two days, both included."""

    loan: Loan
    first: date
    last: date
    opening_owed: Decimal
    opening_principal: Decimal
    movements: tuple[Movement, ...]

    @property
    def charged(self) -> Decimal:
        return sum((item.charged for item in self.movements), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((item.paid for item in self.movements), ZERO)

    @property
    def closing_owed(self) -> Decimal:
        return self.opening_owed + self.charged - self.paid

    @property
    def closing_principal(self) -> Decimal:
        return self.movements[-1].principal if self.movements else self.opening_principal


def statement_of(loan: Loan, first: date, last: date, *, on: date) -> AccountStatement:
    """The statement of a period. Raises RuleBroken P-9 before any money left, BadInput for an odd period."""
    require(
        loan.disbursed_on is not None, "P-9", _("Nothing has been paid out on %(loan)s yet.") % {"loan": loan}
    )
    if last > on:
        raise BadInput("to", last, _("The period ends in the future; choose today or an earlier day."))
    if first > last:
        raise BadInput(
            "since", first, _("The period begins after it ends (%(day)s).") % {"day": day_text(last)}
        )
    owed = principal = ZERO
    before = (ZERO, ZERO)
    found = []
    for value_on, code, reference, change, of_principal in _changes(loan, last):
        owed, principal = owed + change, principal + of_principal
        if value_on < first:
            before = (owed, principal)
            continue
        found.append(
            Movement(value_on, code, reference, max(change, ZERO), max(-change, ZERO), owed, principal)
        )
    return AccountStatement(loan, first, last, *before, tuple(found))


def _changes(loan: Loan, last: date) -> Iterator[tuple[date, str, str, Decimal, Decimal]]:
    """Day, what happened, its reference, and the change of what is owed and of principal, in order of days.

    A recovery of a loan that was written off pays what the firm owes, though the books hold no claim any more.
    """
    postings = Posting.objects.filter(loan=loan, ended_on=None, entry__value_on__lte=last)
    net = F("entry__lines__debit") - F("entry__lines__credit")
    sums = postings.exclude(event="write-off").annotate(
        owed=Sum(net, filter=Q(entry__lines__account__in=OWED)),
        principal=Sum(net, filter=Q(entry__lines__account=chart.LOANS)),
    )
    rows = sums.values_list("pk", "event", "entry__value_on", "owed", "principal")
    paid = dict(Payment.objects.filter(loan=loan).values_list("number", "amount"))
    ordered = sorted(rows, key=lambda row: (row[2], _RANK.get(row[1].partition(":")[0], 6), row[0]))
    for _pk, event, value_on, owed, principal in ordered:
        code, reference = event.split(":")[0], "".join(event.split(":")[1:2])
        change = -paid[reference] if code == "payment" else (owed or ZERO)
        if change or principal:  # held money that pays principal later changes only the latter
            yield value_on, code, reference, change, principal or ZERO


_RANK = {"disbursement": 0, "due": 1, "late": 2, "payment": 3, "credit": 4, "refund": 5}


@transaction.atomic
def issue_statement(*, loan: Loan, first: date, last: date, by: User, on: date) -> IssuedDocument:
    """Seal the statement of a period as a paper; the same one asked for again is the same paper (Rule R-1)."""
    gates.loan_for(by, loan.ref)
    loan = locked(loan.ref)
    facts = statement_facts(statement_of(loan, first, last, on=on))
    made = IssuedDocument.objects.filter(kind="statement", about=loan.audit_ref)
    if there := made.filter(facts_sha256=documents.seal(facts)[1]).first():
        return there
    return documents.issue(
        kind="statement", number=next_number(f"{loan.ref}-E", width=2), language=loan.language,
        template="loans/documents/statement.html", facts=facts, about=loan.audit_ref, by=by, on=on,
    )  # fmt: skip


def statement_facts(found: AccountStatement) -> dict[str, Any]:
    """What the paper prints."""
    loan = found.loan
    return {
        "loan": loan.ref,
        "firm": statements.firm_facts(loan),
        "currency": loan.currency,
        "first": found.first,
        "last": found.last,
        "opening": {"owed": found.opening_owed, "principal": found.opening_principal},
        "closing": {"owed": found.closing_owed, "principal": found.closing_principal},
        "charged": found.charged,
        "paid": found.paid,
        "movements": [
            {"on": item.on, "code": item.code, "reference": item.reference, "charged": item.charged, "paid": item.paid,
             "owed": item.owed, "principal": item.principal}
            for item in found.movements
        ],
        "reference": grouped(loan.reference),
        "numeric_reference": loan.numeric_reference,
    }  # fmt: skip
