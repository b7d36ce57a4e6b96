"""What is on record of a loan, read at once: what its replay is fed, and what its books hold of it (rules P-3, L-2).

One query however long the loan's story is. Every verb that moves a loan's money reads it under the loan's row lock.
The schedule is always the one of the day of disbursement; later versions follow from the events, so that an event
typed late changes them as if it had been typed in order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from accounts.asking import columns_of, from_row
from loans.arithmetic.events import Event, Tranche
from loans.arithmetic.schedule import Row
from loans.chronicle import Draw
from loans.models import Loan, Payment
from loans.story import change_event, paid_in

FROM_BEFORE = ("provision:", "suspense:", "write-off")
"""Events that say what is different from the day before (rules P-7, P-8)."""


class Paid(NamedTuple):
    """A payment, standing or reversed; `pk` is 0 for one that is about to be written."""

    pk: int
    number: str
    key: str
    value_on: date
    amount: Decimal
    prepayment: str
    stands: bool


class Change(NamedTuple):
    """A change that was agreed; a write-off is none, since the firm owes what it owed (Rule P-8)."""

    ref: str
    kind: str
    value_on: date
    data: dict[str, Any]
    amount: Decimal | None


class Booked(NamedTuple):
    """An entry of the loan in the ledger; `live` until a replay told its event otherwise."""

    pk: int
    event: str
    round: int
    fingerprint: str
    live: bool
    value_on: date


class Placed(NamedTuple):
    """A live allocation: the payment's number, what it cleared, since when, how much."""

    pk: int
    payment: str
    n: int
    part: str
    value_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Record:
    """A loan's first schedule, what happened to it, and what is written in its books."""

    rows: tuple[Row, ...]
    payments: tuple[Paid, ...]
    changes: tuple[Change, ...]
    payouts: tuple[tuple[date, Decimal], ...]
    """Those after the first; each bears interest from its day (rules D-3, S-4)."""
    funding: dict[str, Decimal]
    draws: tuple[Draw, ...]
    postings: tuple[Booked, ...]
    allocations: tuple[Placed, ...]
    version: int
    """Number of the schedule in force; 0 before the money leaves."""

    @property
    def is_plain(self) -> bool:
        """Whether what is booked of a day follows from the loan as it stood at the last month's end.

        It does not where something was set aside or suspended, or where several tranches of capital share what comes.
        """
        tranches = set(self.funding).union(*(draw.shares for draw in self.draws))
        return len(tranches) == 1 and not any(
            posted.event.startswith(FROM_BEFORE) for posted in self.postings
        )

    def events(self, loan: Loan) -> list[Event]:
        """Everything that happened and stands, as the arithmetic takes it (rules P-3, P-5, S-5)."""
        return [
            *(Tranche(day, amount) for day, amount in self.payouts),
            *(paid_in(p.number, p.value_on, p.amount, p.prepayment) for p in self.payments if p.stands),
            *(
                change_event(loan.terms, c.kind, ref=c.ref, on=c.value_on, data=c.data, amount=c.amount)
                for c in self.changes
            ),
        ]

    def with_payment(self, payment: Payment) -> Record:
        """The record as it is once this payment is written."""
        paid = Paid(
            payment.pk or 0,
            payment.number,
            payment.key,
            payment.value_on,
            payment.amount,
            payment.prepayment,
            True,
        )
        return replace(self, payments=(*self.payments, paid))


_READ = "SELECT loans_record(%s)"
_LOCKED = f"SELECT {columns_of(Loan, '(loan).')}, record FROM loans_locked_record(%s)"  # noqa: S608 - the names are the model's


def on_record(loan: Loan) -> Record:
    """The loan's record as it stands now; the caller holds the loan's row lock if it is going to write."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [loan.pk])
        return _read(cursor.fetchone()[0])


def locked_record(key: int) -> tuple[Loan, Record]:
    """The loan with its row locked, and what is on record of it then: one wait for both."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCKED, [key])
        *row, told = cursor.fetchone()
    return from_row(Loan, row), _read(told)


def _read(told: str) -> Record:
    """The record as the database told it: amounts have their two decimals, and so are read as decimals."""
    found = json.loads(told, parse_float=Decimal)
    funding, payouts, draws = _funding(found["funding"] or ())
    return Record(
        rows=tuple(_row(*values) for values in found["rows"] or ()),
        payments=tuple(_paid(*values) for values in found["payments"] or ()),
        changes=tuple(_change(*values) for values in found["changes"] or ()),
        payouts=payouts,
        funding=funding,
        draws=draws,
        postings=tuple(_booked(*values) for values in found["postings"] or ()),
        allocations=tuple(_placed(*values) for values in found["allocations"] or ()),
        version=found["version"] or 0,
    )


def story_of(loan: Loan) -> tuple[tuple[Row, ...], list[Event]]:
    """What a replay takes beside the terms: the first schedule and all that happened since."""
    record = on_record(loan)
    return record.rows, record.events(loan)


_day = date.fromisoformat


def _row(n: int, due: str, pay: str, days: int, *amounts: Decimal) -> Row:
    return Row(n, _day(due), _day(pay), days, *amounts)


def _paid(pk: int, number: str, key: str, on: str, amount: Decimal, choice: str, stands: bool) -> Paid:
    return Paid(pk, number, key, _day(on), amount, choice, stands)


def _change(ref: str, kind: str, on: str, data: dict[str, Any], amount: Decimal | None) -> Change:
    return Change(ref, kind, _day(on), data, amount)


def _booked(pk: int, event: str, round_: int, fingerprint: str, live: bool, on: str) -> Booked:
    return Booked(pk, event, round_, fingerprint, live, _day(on))


def _placed(pk: int, payment: str, n: int, part: str, on: str, amount: Decimal) -> Placed:
    return Placed(pk, payment, n, part, _day(on), amount)


def _funding(
    found: Iterable[Sequence[Any]],
) -> tuple[dict[str, Decimal], tuple[tuple[date, Decimal], ...], tuple[Draw, ...]]:
    """What each tranche lent at first; the later payouts and what the tranches gave to them (rules K-2, D-3)."""
    shares: dict[int, dict[str, Decimal]] = {}
    payouts: dict[int, tuple[date, Decimal]] = {}
    for number, day, amount, tranche, share in found:
        shares.setdefault(number, {})[tranche] = share
        payouts[number] = _day(day), amount
    first, *later = shares or (0,)
    draws = tuple(Draw(payouts[number][0], shares[number]) for number in later)
    return shares.get(first, {}), tuple(payouts[number] for number in later), draws
