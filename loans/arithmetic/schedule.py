"""The schedule of a loan: what falls due when (rules S-1 to S-3, S-6).

Interest of a row = balance x rate x part of a year, rounded once. A level instalment is the amount that repays the
loan over these very periods: A = P / sum of 1/((1+f1)...(1+fk)). The residue rule: the last row takes whatever
principal is left, so that principal sums to the amount disbursed to the cent; its total differs by that residue.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from loans.arithmetic.periods import Period, periods_of
from loans.arithmetic.problems import refuse
from loans.arithmetic.rounding import ZERO, to_multiple
from loans.arithmetic.terms import Amortization, BrokenPeriod, Terms


class Row(NamedTuple):
    """One instalment. A tuple and not a dataclass: a schedule is made in a call of a few microseconds."""

    n: int
    due: date
    """The nominal date, to which interest runs."""
    pay_date: date
    """The bank day on which it is paid; late only after it."""
    days: int
    """Days that the day count counts."""
    principal: Decimal
    interest: Decimal
    vat: Decimal
    """VAT on interest and on fees (rule S-6)."""
    fees: Decimal
    total: Decimal
    balance: Decimal
    """Principal left after this row."""
    fees_vat: Decimal = ZERO
    """The part of `vat` that is on fees."""
    capitalised: Decimal = ZERO
    """Interest of this period that was added to the principal instead of being paid."""

    @property
    def interest_vat(self) -> Decimal:
        """The part of `vat` that is on interest."""
        return self.vat - self.fees_vat


class Part(NamedTuple):
    """Principal and interest of one row, before VAT and fees."""

    principal: Decimal
    interest: Decimal
    balance: Decimal
    capitalised: Decimal = ZERO


def schedule(terms: Terms) -> tuple[Row, ...]:
    """The schedule as planned at disbursement. Raises `TermsError` if the terms are impossible."""
    terms.validate()
    periods = periods_of(terms)
    return rows_of(terms, periods, repay(terms, terms.principal, factors_of(terms, periods)))


def factors_of(terms: Terms, periods: Sequence[Period]) -> list[Decimal]:
    """What each period charges per unit of balance; nothing in instalments free of interest."""
    rate = terms.yearly_rate
    return [rate * p.fraction if p.n > terms.grace_free else ZERO for p in periods]


def repay(terms: Terms, principal: Decimal, factors: Sequence[Decimal]) -> list[Part]:
    """Repay `principal` over periods with these factors, by the terms' amortization and grace."""
    capitalised, grown = _capitalise(terms, principal, factors[: terms.grace_capitalised])
    rest = factors[terms.grace_capitalised :]
    grace = max(0, terms.grace_principal - terms.grace_capitalised)
    if terms.amortization is Amortization.LEVEL:
        parts = level(terms, grown, rest, grace)
    elif terms.amortization is Amortization.FLAT:
        parts = flat(terms, grown, rest, grace)
    else:
        parts = planned(terms, grown, rest, principal_plan(terms, grown, len(rest), grace))
    return _defer(capitalised + parts, terms.grace_interest)


def level(terms: Terms, balance: Decimal, factors: Sequence[Decimal], grace: int) -> list[Part]:
    """Level instalments after `grace` rows of interest only; the last row takes what is left."""
    spread = list(factors[grace:])
    if terms.broken_period is BrokenPeriod.ADD_TO_FIRST and not grace and len(spread) > 1:
        spread[0] = spread[1]
    amount = instalment(terms, balance, spread)
    return pay_level(terms, balance, factors, amount, grace, spread[0])


def instalment(terms: Terms, balance: Decimal, factors: Sequence[Decimal]) -> Decimal:
    """The level instalment that repays `balance`, rounded to the cent or to the product's multiple."""
    discount, annuity = Decimal(1), ZERO
    for factor in factors:
        discount /= 1 + factor
        annuity += discount
    amount = balance / annuity
    if terms.multiple is None:
        return terms.round(amount)
    rounded = to_multiple(amount, terms.multiple, terms.multiple_rounding)
    if terms.multiple > amount and rounded != amount:
        raise refuse(
            "multiple",
            terms.multiple,
            "multiple_too_large",
            multiple=terms.multiple,
            instalment=terms.round(amount),
        )
    return rounded


def pay_level(
    terms: Terms, balance: Decimal, factors: Sequence[Decimal], amount: Decimal, grace: int, first: Decimal
) -> list[Part]:
    """Rows that pay `amount` each; `first` is the factor that the first row's principal is counted with."""
    parts, last, cent, mode = [], len(factors) - 1, terms.cent, terms.rounding.mode
    for k, factor in enumerate(factors):
        interest = (balance * factor).quantize(cent, mode)
        if k == last:
            principal = balance
        elif k < grace:
            principal = ZERO
        else:
            charged = interest if k else (balance * first).quantize(cent, mode)
            principal = min(max(amount - charged, ZERO), balance)
        balance -= principal
        parts.append(Part(principal, interest, balance))
    return parts


def flat(terms: Terms, principal: Decimal, factors: Sequence[Decimal], grace: int) -> list[Part]:
    """Interest of every row on the first principal; level totals, the last row takes what is left."""
    interests = [terms.round(principal * factor) for factor in factors]
    amount = (principal + sum(interests[grace:])) / (len(factors) - grace)
    amount = (
        terms.round(amount)
        if terms.multiple is None
        else to_multiple(amount, terms.multiple, terms.multiple_rounding)
    )
    parts, balance, last = [], principal, len(factors) - 1
    for k, interest in enumerate(interests):
        paid = balance if k == last else ZERO if k < grace else min(max(amount - interest, ZERO), balance)
        balance -= paid
        parts.append(Part(paid, interest, balance))
    return parts


def planned(
    terms: Terms, balance: Decimal, factors: Sequence[Decimal], plan: Sequence[Decimal]
) -> list[Part]:
    """Rows whose principal is given; interest on what is left."""
    parts = []
    for factor, principal in zip(factors, plan, strict=True):
        interest = terms.round(balance * factor)
        balance -= principal
        parts.append(Part(principal, interest, balance))
    return parts


def principal_plan(terms: Terms, balance: Decimal, n: int, grace: int) -> list[Decimal]:
    """Principal of each row: equal parts after the grace (the last takes the rest), all at the end, or as written."""
    if terms.amortization is Amortization.IRREGULAR:
        return list(terms.principal_plan)
    if terms.amortization is Amortization.BULLET:
        return [ZERO] * (n - 1) + [balance]
    share, plan, left = terms.round(balance / (n - grace)), [ZERO] * grace, balance
    for _ in range(n - grace - 1):
        plan.append(min(share, left))
        left -= plan[-1]
    return [*plan, left]


def _capitalise(terms: Terms, balance: Decimal, factors: Sequence[Decimal]) -> tuple[list[Part], Decimal]:
    parts = []
    for factor in factors:
        interest = terms.round(balance * factor)
        balance += interest
        parts.append(Part(ZERO, ZERO, balance, interest))
    return parts, balance


def _defer(parts: list[Part], grace: int) -> list[Part]:
    """Collect the interest of the first `grace` rows with the row after them."""
    if grace:
        waiting = sum((part.interest for part in parts[:grace]), ZERO)
        parts[:grace] = [part._replace(interest=ZERO) for part in parts[:grace]]
        parts[grace] = parts[grace]._replace(interest=parts[grace].interest + waiting)
    return parts


def rows_of(terms: Terms, periods: Sequence[Period], parts: Sequence[Part]) -> tuple[Row, ...]:
    """Rows with dates, VAT and fees. VAT of capitalised interest is paid in money, in the row that capitalises it."""
    fee = terms.fee_per_instalment
    rows = []
    for p, part in zip(periods, parts, strict=True):
        fees_vat = terms.fee_vat(fee, p.due) if fee else ZERO
        vat = fees_vat + terms.round((part.interest + part.capitalised) * terms.vat_on(p.due))
        total = part.principal + part.interest + vat + fee
        rows.append(
            Row(
                p.n,
                p.due,
                p.pay_date,
                p.days,
                part.principal,
                part.interest,
                vat,
                fee,
                total,
                part.balance,
                fees_vat,
                part.capitalised,
            )
        )
    return tuple(rows)
