"""Rates of return from the flows of a case: disclosure rules of several countries, and rates of spreadsheets."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from loans.arithmetic import cat
from loans.arithmetic.calendar import add_months
from tests.oracles.words import Words


def rate_of_return(case: Mapping[str, Any]) -> Mapping[str, Decimal]:
    params = case["params"]
    rate = params.choice("method", RATES, None)
    if rate is None:
        raise ValueError("no method is given")
    found = rate(params, case["events"])
    return {"apr_pct": found * 100, "rate": found}


def actuarial(params: Words, events: Sequence[Words]) -> Decimal:
    """Regulation Z: whole unit periods and the odd fraction before the first payment, nominal a year."""
    flows = [cat.UnitFlow(0, Decimal(0), -abs(params.number("amount")))] if "amount" in params else []
    whole, odd = params.whole("unit_periods_to_first", 0), params.number("odd_fraction")
    params.get("advance_date")
    for event in events:
        amount = event.number("amount")
        if "unit_periods_after_first" in event:
            flows.append(cat.UnitFlow(whole + event.whole("unit_periods_after_first"), odd, amount))
        else:
            flows.append(cat.UnitFlow(event.whole("period", 0), event.number("odd_fraction"), amount))
    return cat.actuarial_rate(flows) * params.number("unit_periods_per_year")


def single_payment(params: Words, events: Sequence[Words]) -> Decimal:
    """Regulation Z, App. J (b)(5) and (c)(5): one advance, one payment.

    A term under a year is the unit period: days over 365 or, where it is whole months, months over 12. From a year
    on the unit period is a year, and the odd days or months before the whole years count their part of one.
    """
    (event,) = events
    start, due = params.day("advance_date"), event.day("date")
    growth = event.number("amount") / abs(params.number("amount")) - 1
    years = due.year - start.year - (add_months(due, -12 * (due.year - start.year)) < start)
    odd = part_of_year(start, add_months(due, -12 * years))
    a_year = params.number("unit_periods_per_year")
    if not years:
        return growth * a_year if a_year else growth / odd
    flows = [cat.UnitFlow(0, Decimal(0), Decimal(-1)), cat.UnitFlow(years, odd, growth + 1)]
    return cat.actuarial_rate(flows)


def part_of_year(start: date, end: date) -> Decimal:
    """Less than a year: whole months over 12, else days over 365."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) == end:
        return Decimal(months) / 12
    return Decimal((end - start).days) / 365


def effective(params: Words, events: Sequence[Words]) -> Decimal:
    """The effective yearly rate of flows at times in years, or on dates."""
    if all("date" in event for event in events):
        return by_dates(params, events)
    return cat.effective_rate([cat.Flow(e.number("t_years"), e.number("amount")) for e in events])


def periodic(params: Words, events: Sequence[Words]) -> Decimal:
    """The rate of one period."""
    return cat.effective_rate([cat.Flow(e.number("period"), e.number("amount")) for e in events])


def by_dates(params: Words, events: Sequence[Words]) -> Decimal:
    """Days over 365, after the advance if the parameters name one."""
    flows = [(event.day("date"), event.number("amount")) for event in events]
    if "advance_date" in params and "amount" in params:
        flows.append((params.day("advance_date"), -abs(params.number("amount"))))
    return cat.xirr(sorted(flows, key=lambda flow: flow[0]))


RATES: Mapping[str, Callable[..., Decimal]] = {
    "us_reg_z_actuarial": actuarial,
    "us_reg_z_single_payment": single_payment,
    "effective_annual": effective,
    "irr_periodic": periodic,
    "xirr": by_dates,
}
