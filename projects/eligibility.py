"""Rules A-2 to A-4: may this firm borrow for this purpose, and if not, what would change it. Pure.

Every refusal is data: the rule, a code that names the sentence, and the figures of the sentence. The words
are put to it by ``projects.reasons``, in the language of the reader.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

from projects.sizing import Sizing


class Purpose(StrEnum):
    """What the money is for (rule A-3). All but the last are prevention, or close a line of an audit plan."""

    HOUSEKEEPING = "housekeeping"
    SUBSTITUTION = "substitution"
    PROCESS = "process"
    REUSE = "reuse"
    AUDIT_PLAN = "audit_plan"
    END_OF_PIPE = "end_of_pipe"


REFUSED_PURPOSES = frozenset({Purpose.END_OF_PIPE})


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force on a day: the product's and the policy's, amounts in the product's currency.

    ``loan_share_max`` is a fraction (0.80). ``room`` is what the firm may still owe under the exposure
    limits of A-4, already converted; None where it was not asked (the public page does not know the firm).
    """

    currency: str
    minimum: Decimal
    maximum: Decimal
    loan_share_max: Decimal
    term_max: int
    grace_max: int
    term_min: int = 1
    room: Decimal | None = None
    room_rule: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. None where the applicant has not said it yet: no answer, no refusal."""

    purpose: Purpose | None = None
    amount: Decimal | None = None
    investment: Decimal | None = None
    term_months: int | None = None
    grace_months: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One refusal: ``rule`` (A-3), ``code`` of the sentence, the ``field`` to change, figures in ``facts``."""

    rule: str
    code: str
    field: str
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def refusals(
    asked: Asked, *, sizing: Sizing | None = None, limits: Limits | None = None
) -> tuple[Reason, ...]:
    """Every rule that says no, in the order of the form. Empty: the firm may apply."""
    reasons = []
    if sizing is not None and not sizing.eligible:
        reasons.append(Reason("A-2", "large", "yearly_sales", {"sizing": sizing}))
    if asked.purpose in REFUSED_PURPOSES:
        reasons.append(Reason("A-3", "end_of_pipe", "purpose"))
    if limits is not None:
        reasons.extend(_beyond(asked, limits))
    return tuple(reasons)


def _beyond(asked: Asked, limits: Limits) -> list[Reason]:
    """Rule A-4: product minimum and maximum, share of the investment, exposure, and the product's terms."""
    found = []
    amount, money = asked.amount, {"currency": limits.currency}
    if amount is not None:
        if amount < limits.minimum:
            found.append(Reason("A-4", "below_minimum", "amount", {**money, "limit": limits.minimum}))
        if amount > limits.maximum:
            found.append(Reason("A-4", "above_maximum", "amount", {**money, "limit": limits.maximum}))
        if asked.investment is not None and amount > largest_loan(asked.investment, limits.loan_share_max):
            facts = {
                **money,
                "share": limits.loan_share_max * 100,
                "limit": largest_loan(asked.investment, limits.loan_share_max),
                "investment": asked.investment,
            }
            found.append(Reason("A-4", "share_too_large", "amount", facts))
        if limits.room is not None and amount > limits.room:
            facts = {**money, "limit": max(limits.room, Decimal(0)), "because": limits.room_rule}
            found.append(Reason("A-4", "exposure", "amount", facts))
    if asked.term_months is not None and asked.term_months > limits.term_max:
        found.append(Reason("A-4", "term_too_long", "term_months", {"limit": limits.term_max}))
    if asked.term_months is not None and asked.term_months < limits.term_min:
        found.append(Reason("A-4", "term_too_short", "term_months", {"limit": limits.term_min}))
    if asked.grace_months is not None and asked.grace_months > limits.grace_max:
        found.append(Reason("A-4", "grace_too_long", "grace_months", {"limit": limits.grace_max}))
    return found


def largest_loan(investment: Decimal, share_max: Decimal) -> Decimal:
    """The most that may be lent on an investment: 80 % of 500,000 is 400,000. Rounded down, never above."""
    return (investment * share_max).quantize(Decimal("0.01"), ROUND_DOWN)


def room_left(*, exposure: Decimal, base: Decimal, cap: Decimal, base_share: Decimal) -> tuple[Decimal, str]:
    """Rule A-4: what one firm may still owe, and which of the two limits is the nearer one; one currency.

    At a capital base of 900,000 and 5 %, the share (45,000) is nearer than the cap (50,000).
    """
    by_base = (base * base_share).quantize(Decimal("0.01"), ROUND_DOWN)
    limit, which = (cap, "cap") if cap <= by_base else (by_base, "base")
    return limit - exposure, which


def sector_share(*, sector_usd: Decimal, portfolio_usd: Decimal, amount_usd: Decimal) -> Decimal:
    """Rule A-4: the sector's part of the portfolio if this loan were made, as a fraction (warns, never blocks)."""
    whole = portfolio_usd + amount_usd
    return Decimal(0) if whole <= 0 else ((sector_usd + amount_usd) / whole).quantize(Decimal("0.0001"))
