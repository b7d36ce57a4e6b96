"""A loan paid out in parts, as its contract says (Rule D-3). A loan without a plan is paid out at once.

A part is called a payout here and on the pages: "tranche" is the word for capital (Rule K-2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from django.utils.translation import gettext as _

from accounts.errors import BadInput, require
from accounts.formats import day_text, money_text, semicolon
from fund.money import is_quantized
from fund.problem_words import first_problem
from loans.arithmetic.parts import Part, fee_shares, in_parts, rows_in_parts
from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import Row
from loans.arithmetic.terms import Amortization, Terms
from loans.models import Loan

ZERO = Decimal(0)
MOST_PAYOUTS = 12
MOST_DAYS_AHEAD = 365
FIELD = "payouts"


@dataclass(frozen=True, slots=True)
class Planned:
    """One payout as the contract says: how much, not before which day, and what has to be reached by then."""

    amount: Decimal
    not_before: date | None = None
    milestone: str = ""

    def to_dict(self) -> dict[str, Any]:
        day = self.not_before.isoformat() if self.not_before else None
        return {"amount": str(self.amount), "not_before": day, "milestone": self.milestone}

    @property
    def says(self) -> str:
        """What has to be reached and the earliest day, in words; empty if the contract says nothing of it."""
        words = [self.milestone] if self.milestone else []
        if self.not_before:
            words.append(_("not before %(day)s") % {"day": day_text(self.not_before)})
        return semicolon().join(words)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        day = data.get("not_before")
        return cls(Decimal(data["amount"]), date.fromisoformat(day) if day else None, data["milestone"])


def plan_of(loan: Loan) -> tuple[Planned, ...]:
    """The payouts that the contract plans: always one or more."""
    return tuple(Planned.from_dict(data) for data in loan.payout_plan) or (Planned(loan.principal),)


def next_number(loan: Loan) -> int:
    """Number of the payout that comes next, by what has been paid out; past the last one if none is left."""
    drawn, number = ZERO, 1
    for part in plan_of(loan):
        drawn += part.amount
        if drawn > loan.drawn:
            break
        number += 1
    return number


def next_payout(loan: Loan) -> Planned | None:
    """The payout that comes next, None when all has been paid out or the rest was given up."""
    if loan.rest_ended_on is not None:
        return None
    number, plan = next_number(loan), plan_of(loan)
    return plan[number - 1] if number <= len(plan) else None


def opening_fee(loan: Loan, number: int) -> Decimal:
    """The part of the opening fee that payout `number` bears: all parts sum to the fee of the whole (Rule M-3)."""
    return fee_shares(loan.terms, [part.amount for part in plan_of(loan)])[number - 1]


def planned_rows(loan: Loan) -> tuple[Row, ...]:
    """The schedule that the contract prints, of a loan of which no money has left."""
    return rows_in_parts(loan.terms, in_parts(loan.terms, parts_of(plan_of(loan))))


def parts_of(plan: Sequence[Planned]) -> list[Part]:
    """The plan as the arithmetic takes it."""
    return [(part.amount, part.not_before) for part in plan]


def begins_on(plan: Sequence[Planned], on: date) -> date:
    """From when a contract of this day is counted: its first payout may have a later day, within a year."""
    day = max(on, plan[0].not_before or on) if plan else on
    require(
        (day - on).days <= MOST_DAYS_AHEAD, "D-3",
        _("The first payout is planned within a year of the contract, so not later than %(day)s.")
        % {"day": day_text(on + timedelta(MOST_DAYS_AHEAD))}, field=FIELD,
    )  # fmt: skip
    return day


def check_plan(plan: Sequence[Planned], terms: Terms, rows: Sequence[Row]) -> tuple[Planned, ...]:
    """The plan as a contract may carry it. Raises RuleBroken D-3 or BadInput for one that cannot be.

    A single payout of the whole principal is no plan: the loan is paid out at once.
    """
    if not plan:
        return ()
    for part in plan:
        if part.amount <= 0 or not is_quantized(part.amount, terms.currency):
            raise BadInput(FIELD, part.amount, _("Each payout needs an amount above zero in whole cents."))
    total = sum((part.amount for part in plan), ZERO)
    require(
        total == terms.principal, "D-3",
        _("The payouts add up to %(sum)s, the loan is %(amount)s.")
        % {"sum": money_text(total, terms.currency), "amount": money_text(terms.principal, terms.currency)},
        field=FIELD,
    )  # fmt: skip
    require(
        len(plan) <= MOST_PAYOUTS, "D-3",
        _("A loan is paid out in %(most)s parts at most.") % {"most": MOST_PAYOUTS}, field=FIELD,
    )  # fmt: skip
    if len(plan) == 1 and plan[0].not_before is None:
        return ()
    _check_days(plan, rows)
    _check_schedule(plan, terms)
    return tuple(plan)


def _check_days(plan: Sequence[Planned], rows: Sequence[Row]) -> None:
    days = [part.not_before for part in plan if part.not_before]
    require(
        days == sorted(days), "D-3", _("A later payout cannot be due before the one before it."), field=FIELD
    )
    require(
        not days or days[-1] < rows[-1].due, "D-3",
        _("The last instalment falls due on %(day)s; every payout has to come before it.")
        % {"day": day_text(rows[-1].due)}, field=FIELD,
    )  # fmt: skip


def _check_schedule(plan: Sequence[Planned], terms: Terms) -> None:
    """The loan begins with its first payout alone, and each later one has instalments that repay it."""
    require(
        terms.amortization is not Amortization.IRREGULAR, "D-3",
        _("A loan whose principal is planned instalment by instalment is paid out at once."), field=FIELD,
    )  # fmt: skip
    first, *later = in_parts(terms, parts_of(plan))
    try:
        # The first alone, even if the next one is counted with it: proof of use comes between them.
        rows_in_parts(replace(terms, principal=first.amount), [first])
        rows_in_parts(terms, [first, *later])
    except TermsError as error:
        raise BadInput(FIELD, first.amount, first_problem(error).text) from None
