"""The schedule of a loan: what falls due when (rules S-1 to S-3, S-6).

Interest of a row = balance x rate x part of a year, rounded once. A level instalment is the amount that repays the
loan over these very periods: A = P / sum of 1/((1+f1)...(1+fk)). The residue rule: the last row takes whatever
principal is left, so that principal sums to the amount disbursed to the cent; its total differs by that residue.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from loans.arithmetic.daycount import DayCount
from loans.arithmetic.periods import Period, Plan, periods_of
from loans.arithmetic.problems import refuse
from loans.arithmetic.rounding import ONE, ZERO, Rounding, as_decimal, charge, to_multiple
from loans.arithmetic.terms import Amortization, BrokenPeriod, Terms

NOTHING = Fraction(0)
ONE_WORD = Context(prec=19, rounding=ROUND_CEILING)
"""Nineteen digits fit one machine word: products are quick, and exact enough below `LARGE`."""
HALF_UP = Context(prec=28, rounding=ROUND_HALF_UP)
LARGE = Decimal(10) ** 8


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


Part = tuple[Decimal, Decimal, Decimal, Decimal]
"""One row before VAT and fees: principal, interest, balance after it, interest that was capitalised."""


def schedule(terms: Terms) -> tuple[Row, ...]:
    """The schedule as planned at disbursement. Raises `TermsError` if the terms are impossible."""
    terms.validate()
    periods = periods_of(terms)
    return ordinary_rows(terms, periods) if is_ordinary(terms) else any_rows(terms, periods)


def any_rows(terms: Terms, periods: Sequence[Period]) -> tuple[Row, ...]:
    """The schedule of any loan."""
    return rows_of(terms, periods, repay(terms, terms.round(terms.principal), factors_of(terms, periods)))


def is_ordinary(terms: Terms) -> bool:
    """Level instalments from the first row on, nothing but interest and its VAT beside principal, and not huge."""
    return terms.amortization is Amortization.LEVEL and not (
        terms.grace_principal
        or terms.grace_interest
        or terms.grace_free
        or terms.grace_capitalised
        or terms.fee_per_instalment
        or terms.vat_changes
        or terms.broken_period is not BrokenPeriod.SPREAD
        or terms.rounding is not Rounding.HALF_UP
        or terms.day_count is DayCount.ACT_ACT_ISDA
        or terms.principal >= LARGE
    )


def ordinary_rows(terms: Terms, periods: Plan) -> tuple[Row, ...]:
    """What `any_rows` gives for an ordinary loan, in one loop: most calls are for these, and in great numbers."""
    cent, to_cents = terms.cent, HALF_UP.quantize
    vat_rate, balance = terms.vat_on(terms.disbursed_on), terms.principal.quantize(cent)
    basis = 36500 if terms.day_count is DayCount.ACT_365F else 36000
    factors, highest, annuity = annuity_of(terms.annual_rate_pct, basis, periods.lengths)
    amount = as_instalment(terms, balance / annuity)
    if amount <= balance * highest:
        return any_rows(terms, periods)  # a period so long that interest alone may exceed the instalment
    nil, rows = ZERO.quantize(cent), []
    for (n, due, pay, days), factor in zip(periods.heads[:-1], factors, strict=False):
        interest = to_cents(balance * factor, cent)
        principal = amount - interest
        balance -= principal
        vat = to_cents(interest * vat_rate, cent)
        rows.append((n, due, pay, days, principal, interest, vat, nil, amount + vat, balance, nil, nil))
    if balance < nil:
        return any_rows(terms, periods)  # paid back before the last row, as instalments are rounded up
    n, due, pay, days = periods.heads[-1]
    interest = to_cents(balance * factors[-1], cent)
    vat = to_cents(interest * vat_rate, cent)
    rows.append((n, due, pay, days, balance, interest, vat, nil, balance + interest + vat, nil, nil, nil))
    return tuple(map(tuple.__new__, repeat(Row), rows))


@lru_cache(maxsize=4096)
def annuity_of(
    rate_pct: Decimal, basis: int, lengths: tuple[int, ...]
) -> tuple[tuple[Decimal, ...], Decimal, Decimal]:
    """What a balance bears in each period of so many days, the highest of it, and the annuity of 1 over all of them.

    Kept, like a table of annuities: on one day all loans and quotes of a product and term differ in the amount alone.
    A factor is rounded up in its 19th digit: what is a tie in exact figures is still rounded up, and as exact
    interest on less than `LARGE` lies at least 1E-11 beside a tie, nothing else is.
    """
    by_days = {days: ONE_WORD.divide(rate_pct * days, Decimal(basis)) for days in set(lengths)}
    discounts = {days: ONE / (ONE + factor) for days, factor in by_days.items()}
    annuity = ZERO
    for days in reversed(lengths):
        annuity = (ONE + annuity) * discounts[days]
    return tuple(by_days[days] for days in lengths), max(by_days.values()), annuity


def factors_of(terms: Terms, periods: Sequence[Period]) -> list[Fraction]:
    """What each period charges per unit of balance; nothing in instalments free of interest."""
    rate, free = Fraction(terms.yearly_rate), terms.grace_free
    return [rate * p.fraction if p.n > free else Fraction(0) for p in periods]


def repay(
    terms: Terms,
    principal: Decimal,
    factors: Sequence[Fraction],
    *,
    passed: int = 0,
    carried: Decimal = ZERO,
    waiting: Decimal = ZERO,
    base: Decimal | None = None,
) -> list[Part]:
    """Repay `principal` over periods with these factors, by the terms' amortization and grace.

    At disbursement nothing else is needed. Later (servicing.py) so many rows have `passed`, the running period has
    `carried` interest already, deferred interest is `waiting`, and `base` is what flat interest is charged on.
    """
    capitalised, grown = _capitalise(
        terms, principal, factors[: max(0, terms.grace_capitalised - passed)], carried
    )
    rest = factors[len(capitalised) :]
    carried = ZERO if capitalised else carried
    grace = max(0, terms.grace_principal - passed - len(capitalised))
    if terms.amortization is Amortization.LEVEL:
        parts = level(terms, grown, rest, grace, carried, is_first=not passed)
    elif terms.amortization is Amortization.FLAT:
        parts = flat(terms, grown, rest, grace, carried, grown if base is None else base)
    else:
        parts = planned(terms, grown, rest, principal_plan(terms, grown, len(rest), grace, passed), carried)
    return defer(capitalised + parts, max(0, terms.grace_interest - passed), waiting)


def level(
    terms: Terms,
    balance: Decimal,
    factors: Sequence[Fraction],
    grace: int,
    carried: Decimal,
    *,
    is_first: bool,
) -> list[Part]:
    """Level instalments after `grace` rows of interest only; the last row takes what is left."""
    spread = factors[grace:]
    usual = spread[0]
    if terms.broken_period is BrokenPeriod.ADD_TO_FIRST and is_first and not grace and len(spread) > 1:
        usual = spread[1]
        spread = [usual, *spread[1:]]
    amount = instalment(terms, balance, spread, ZERO if grace else carried)
    return pay_level(
        terms, balance, factors, amount, grace=grace, carried=carried, odd=factors[grace] - usual
    )


def instalment(
    terms: Terms, balance: Decimal, factors: Sequence[Fraction], carried: Decimal = ZERO
) -> Decimal:
    """The level instalment that repays `balance`, rounded to the cent or to the product's multiple."""
    return as_instalment(terms, unrounded_instalment(balance, factors, carried))


def as_instalment(terms: Terms, amount: Decimal) -> Decimal:
    """An instalment to the cent or to the product's multiple."""
    if terms.multiple is None:
        return terms.round(amount)
    if terms.multiple > amount:
        raise refuse(
            "multiple",
            terms.multiple,
            "multiple_too_large",
            multiple=terms.multiple,
            instalment=terms.round(amount),
        )
    return to_multiple(amount, terms.multiple, terms.multiple_rounding)


def unrounded_instalment(balance: Decimal, factors: Sequence[Fraction], carried: Decimal = ZERO) -> Decimal:
    """A = (P + c/(1+f1)) / sum of 1/((1+f1)...(1+fk)), c being interest that the first period has already."""
    annuity = ZERO
    for factor in reversed(factors):
        annuity = (ONE + annuity) / (ONE + as_decimal(factor))
    if carried:
        balance += carried / (ONE + as_decimal(factors[0]))
    return balance / annuity


def pay_level(
    terms: Terms,
    balance: Decimal,
    factors: Sequence[Fraction],
    amount: Decimal,
    *,
    grace: int = 0,
    carried: Decimal = ZERO,
    odd: Fraction = NOTHING,
) -> list[Part]:
    """Rows that pay `amount` each, the last one what is left; interest on `odd` days comes on top of the first."""
    parts: list[Part] = []
    cent, mode = terms.cent, terms.rounding.mode
    nil = ZERO.quantize(cent)
    last = len(factors) - 1
    head = min(last, max(grace, 1)) if grace or carried or odd else 0
    for k, factor in enumerate(factors[:head]):
        interest = (charge(balance, factor) + carried).quantize(cent, mode)
        carried = ZERO
        due = nil if k < grace else amount - interest + charge(balance, odd).quantize(cent, mode)
        principal = min(max(due, nil), balance)
        balance -= principal
        parts.append((principal, interest, balance, nil))
    for factor in factors[head:last]:
        interest = charge(balance, factor).quantize(cent, mode)
        principal = amount - interest
        if not nil <= principal <= balance:
            principal = nil if principal < nil else balance
        balance -= principal
        parts.append((principal, interest, balance, nil))
    interest = (charge(balance, factors[last]) + carried).quantize(cent, mode)
    parts.append((balance, interest, nil, nil))
    return parts


def flat(
    terms: Terms, balance: Decimal, factors: Sequence[Fraction], grace: int, carried: Decimal, base: Decimal
) -> list[Part]:
    """Interest of every row on the first principal; level totals, the last row takes what is left."""
    interests = flat_interests(terms, factors, carried, base)
    amount = (balance + sum(interests[grace:], ZERO)) / (len(factors) - grace)
    if terms.multiple is None:
        amount = terms.round(amount)
    else:
        amount = to_multiple(amount, terms.multiple, terms.multiple_rounding)
    return pay_flat(terms, balance, interests, amount, grace)


def flat_interests(
    terms: Terms, factors: Sequence[Fraction], carried: Decimal, base: Decimal
) -> list[Decimal]:
    """Interest of each row on `base`, the first with what it carries."""
    return [terms.round(charge(base, factor) + (ZERO if k else carried)) for k, factor in enumerate(factors)]


def pay_flat(
    terms: Terms, balance: Decimal, interests: Sequence[Decimal], amount: Decimal, grace: int = 0
) -> list[Part]:
    """Rows that pay `amount` each over given interest."""
    nil = terms.round(ZERO)
    parts, last = [], len(interests) - 1
    for k, interest in enumerate(interests):
        paid = balance if k == last else nil if k < grace else min(max(amount - interest, nil), balance)
        balance -= paid
        parts.append((paid, interest, balance, nil))
    return parts


def planned(
    terms: Terms,
    balance: Decimal,
    factors: Sequence[Fraction],
    plan: Sequence[Decimal],
    carried: Decimal = ZERO,
) -> list[Part]:
    """Rows whose principal is given; interest on what is left."""
    parts, nil = [], terms.round(ZERO)
    for factor, principal in zip(factors, plan, strict=True):
        interest = terms.round(charge(balance, factor) + carried)
        balance -= principal
        carried = ZERO
        parts.append((principal, interest, balance, nil))
    return parts


def principal_plan(terms: Terms, balance: Decimal, n: int, grace: int, passed: int = 0) -> list[Decimal]:
    """Principal of each row: equal parts after the grace, all at the end, or as written. The last takes the rest."""
    nil = terms.round(ZERO)
    if terms.amortization is Amortization.BULLET:
        return [nil] * (n - 1) + [balance]
    if terms.amortization is Amortization.IRREGULAR:
        weights = [*terms.principal_plan[passed:], *[ZERO] * n][:n]
        whole = sum(weights, ZERO) or ONE
        shares = [terms.round(balance * weight / whole) for weight in weights]
    else:
        shares = [nil] * grace + [terms.round(balance / (n - grace))] * (n - grace)
    plan, left = [], balance
    for share in shares[:-1]:
        plan.append(min(share, left))
        left -= plan[-1]
    return [*plan, left]


def _capitalise(
    terms: Terms, balance: Decimal, factors: Sequence[Fraction], carried: Decimal
) -> tuple[list[Part], Decimal]:
    parts, nil = [], terms.round(ZERO)
    for factor in factors:
        interest = terms.round(charge(balance, factor) + carried)
        balance += interest
        carried = ZERO
        parts.append((nil, nil, balance, interest))
    return parts, balance


def defer(parts: list[Part], grace: int, waiting: Decimal) -> list[Part]:
    """Collect the interest of the first `grace` rows, and what waits from rows before, with the row after them.

    A prepayment may shorten the loan until no row is left after the grace: the last row collects it then.
    """
    grace = min(grace, len(parts) - 1)
    if grace > 0 or waiting:
        for k, (principal, interest, balance, capitalised) in enumerate(parts[:grace]):
            waiting += interest
            parts[k] = principal, interest * 0, balance, capitalised
        principal, interest, balance, capitalised = parts[grace]
        parts[grace] = principal, interest + waiting, balance, capitalised
    return parts


def rows_of(terms: Terms, periods: Sequence[Period], parts: Sequence[Part]) -> tuple[Row, ...]:
    """Rows with dates, VAT and fees. VAT of capitalised interest is paid in money, in the row that capitalises it."""
    fee = terms.round(terms.fee_per_instalment)
    rows = []
    for p, (principal, interest, balance, capitalised) in zip(periods, parts, strict=True):
        fees_vat = terms.fee_vat(fee, p.due)
        vat = terms.round((interest + capitalised) * terms.vat_on(p.due)) + fees_vat
        total = principal + interest + vat + fee
        dates = (p.n, p.due, p.pay_date, p.days)
        rows.append(Row(*dates, principal, interest, vat, fee, total, balance, fees_vat, capitalised))
    return tuple(rows)
