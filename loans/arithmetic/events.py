"""What can happen to a loan after its disbursement, each with its value date (rules S-4, S-5, P-3).

An event that was reversed is simply not in the list that is replayed. Days on which an event takes effect: the
interest of that day is still the old one, the night that follows is the new one.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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
    """A new yearly rate after a day; the instalments still to come are computed anew."""

    on: date
    annual_rate_pct: Decimal


@dataclass(frozen=True, slots=True)
class Pause:
    """Days without interest, both counted. The instalment stays, the last one shrinks."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class NewDueDate:
    """The instalment that fell due on `due` moves to `new_due`, the later ones follow at the usual step."""

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
    """A fee of its own that falls due on a day."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Restructure:
    """From a day the whole principal still open is repaid by new terms (rules S-5 and P-8).

    `terms.principal` is not used: the balance of the day takes its place. With `capitalise` open interest, late
    interest, fees and their VAT become principal too; without, they stay due.
    """

    on: date
    terms: Terms
    capitalise: bool = False


Event = Payment | Tranche | RateChange | Pause | NewDueDate | ExtraTerms | Charge | Restructure
