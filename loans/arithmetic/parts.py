"""A loan drawn in parts on planned days, before any money has left: its rows, fees and cost (rules D-3, S-4, S-6).

The first part makes the schedule, each later one spreads the rows still to come anew, as the replay does once the
money really leaves. A part without a day of its own counts with the one before it: the earliest that it may leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from loans.arithmetic.cat import HUNDREDTH, Flow, odd_years, percent, times, yearly_rate
from loans.arithmetic.events import Tranche
from loans.arithmetic.rounding import ZERO
from loans.arithmetic.schedule import Row, schedule
from loans.arithmetic.servicing import replay
from loans.arithmetic.terms import Terms

Part = tuple[Decimal, date | None]
"""How much, and not before which day."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part on the day that it counts from, with its share of the opening fee and the VAT of that."""

    on: date
    amount: Decimal
    fee: Decimal
    fee_vat: Decimal

    @property
    def received(self) -> Decimal:
        """What the firm gets in hand, but for VAT."""
        return self.amount - self.fee


def fee_shares(terms: Terms, amounts: Sequence[Decimal]) -> list[Decimal]:
    """The opening fee that each part bears: all of them sum to the fee of the whole (rule M-3)."""
    shares, drawn, charged = [], ZERO, ZERO
    for amount in amounts:
        drawn += amount
        until = replace(terms, principal=drawn).opening_fee
        shares.append(until - charged)
        charged = until
    return shares


def in_parts(terms: Terms, parts: Sequence[Part] = ()) -> tuple[Drawn, ...]:
    """The parts on their days, none before the one before it; without parts, the whole on its day."""
    planned = list(parts) or [(terms.principal, None)]
    fees = fee_shares(terms, [amount for amount, _day in planned])
    found, day = [], terms.disbursed_on
    for (amount, earliest), fee in zip(planned, fees, strict=True):
        day = max(day, earliest or day)
        found.append(Drawn(day, amount, fee, terms.fee_vat(fee, day)))
    return tuple(found)


def rows_in_parts(terms: Terms, drawn: Sequence[Drawn]) -> tuple[Row, ...]:
    """Every instalment as it falls due if the parts leave on these days; principal sums to the whole (rule S-3).

    Raises `TermsError` for parts of which no schedule can be made.
    """
    first = sum((part.amount for part in drawn if part.on == terms.disbursed_on), ZERO)
    begins = replace(terms, principal=first)
    later = [Tranche(part.on, part.amount) for part in drawn if part.on > terms.disbursed_on]
    rows = schedule(begins)
    return replay(begins, rows, later, later[-1].on).versions[-1].rows if later else rows


def flows_in_parts(terms: Terms, rows: Sequence[Row], drawn: Sequence[Drawn]) -> tuple[Flow, ...]:
    """What the borrower receives, each part less its fee at its time, and what it pays, without VAT; by time."""
    pays = [Flow(t, row.total - row.vat) for t, row in zip(times(terms, rows), rows, strict=True)]
    gets = [Flow(years_until(terms, rows, part.on), -part.received) for part in drawn]
    return tuple(sorted([*gets, *pays], key=lambda flow: flow.t_years))


def effective_in_parts(terms: Terms, rows: Sequence[Row], drawn: Sequence[Drawn]) -> Decimal | None:
    """The effective yearly rate of interest alone, in percent with two decimals: no fees, no VAT."""
    pays = [Flow(t, row.principal + row.interest) for t, row in zip(times(terms, rows), rows, strict=True)]
    gets = [Flow(years_until(terms, rows, part.on), -part.amount) for part in drawn]
    rate = yearly_rate([*gets, *pays])
    return None if rate is None else percent(rate, HUNDREDTH)


def years_until(terms: Terms, rows: Sequence[Row], day: date) -> Decimal:
    """Years from the beginning to a day: to the due date before it as that one counts, and the days since."""
    start, passed = terms.disbursed_on, Decimal(0)
    for row, until in zip(rows, times(terms, rows), strict=True):
        if row.due > day:
            break
        start, passed = row.due, until
    return passed + odd_years(start, day)
