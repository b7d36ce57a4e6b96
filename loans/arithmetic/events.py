"""What can happen to a loan after its disbursement, each with its value date (rules S-4, S-5, P-3).

An event that was reversed is simply not in the list that is replayed. A day on which something changes still bears
the old interest; the night that follows it bears the new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from loans.arithmetic.problems import Problem, refuse_any
from loans.arithmetic.terms import Prepayment, Terms


@dataclass(frozen=True, slots=True)
class Payment:
    """Money from the firm. `prepayment` is its choice for what is beyond the dues; None is the terms' own rule."""

    key: str
    on: date
    amount: Decimal
    prepayment: Prepayment | None = None


@dataclass(frozen=True, slots=True)
class Tranche:
    """A later disbursement (rule S-4): bears interest from its day and re-spreads the instalments still to come."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RateChange:
    """A new yearly rate; the instalments still to come are computed anew. Of a rate reference + margin, the sum."""

    on: date
    annual_rate_pct: Decimal


@dataclass(frozen=True, slots=True)
class Pause:
    """Days without interest, both counted. The instalment stays, the last one shrinks."""

    first: date
    last: date

    @property
    def on(self) -> date:
        """A day stands for the night that ends on it: the pause begins after the day before."""
        return self.first - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewDueDate:
    """The instalment that falls due on `due` moves to `new_due`, the later ones follow at the usual step."""

    on: date
    due: date
    new_due: date


@dataclass(frozen=True, slots=True)
class ExtraTerms:
    """More instalments at the end; what is still to come is spread over all of them."""

    on: date
    count: int


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee of its own that falls due on a day; charges are numbered -1, -2, ... beside the instalments."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Restructure:
    """From a day all principal still open, overdue or not, is repaid by new terms (rules S-5 and P-8).

    `terms.principal` and `terms.disbursed_on` are not used: the balance of the day and the day take their place.
    Interest to the day falls due on it. With `capitalise` open interest, late interest, fees and their VAT become
    principal too; without, they stay due.
    """

    on: date
    terms: Terms
    capitalise: bool = False


@dataclass(frozen=True, slots=True)
class Refund:
    """Credit of the firm that goes back to it; of the oldest payment first."""

    key: str
    on: date
    amount: Decimal


Event = Payment | Tranche | RateChange | Pause | NewDueDate | ExtraTerms | Charge | Restructure | Refund

CHANGES_FIRST = (Tranche, RateChange, Pause, NewDueDate, ExtraTerms, Restructure, Charge, Payment, Refund)
"""The order of events of one day; equal ones by amount, so that it never depends on how they were typed (rule S-7)."""


def turn(event: Event) -> tuple[date, int, Decimal, str, str]:
    """Where an event stands among all; the firm's choice comes before the number that the typing gave."""
    amount = getattr(event, "amount", None) or getattr(event, "annual_rate_pct", None) or Decimal(0)
    choice = str(getattr(event, "prepayment", None) or "")
    return event.on, CHANGES_FIRST.index(type(event)), amount, choice, repr(event)


def check_events(terms: Terms, events: Sequence[Event]) -> Sequence[Event]:
    """Return the events, or raise `TermsError` with every one that cannot be."""
    refuse_any(_problems(terms, events))
    return events


def _problems(terms: Terms, events: Sequence[Event]) -> Iterator[Problem]:
    keys = set()
    for event in events:
        start = event.first if isinstance(event, Pause) else event.on
        if start < terms.disbursed_on:
            params = {"disbursed_on": terms.disbursed_on}
            yield Problem("on", start.isoformat(), "event_before_disbursement", params)
        amount = getattr(event, "amount", None)
        if amount is not None and amount <= 0:
            yield Problem("amount", str(amount), "event_not_positive")
        if isinstance(event, Payment | Refund):
            if event.key in keys:
                yield Problem("key", event.key, "event_twice", {"key": event.key})
            keys.add(event.key)
        elif isinstance(event, RateChange) and event.annual_rate_pct < 0:
            yield Problem("annual_rate_pct", str(event.annual_rate_pct), "rate_negative")
        elif isinstance(event, Pause) and event.last < event.first:
            yield Problem("last", event.last.isoformat(), "event_span_backwards")
        elif isinstance(event, ExtraTerms) and event.count < 1:
            yield Problem("count", str(event.count), "event_not_positive")
