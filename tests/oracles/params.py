"""One general mapping from the parameters of a case to our terms."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from loans.arithmetic import quoting
from loans.arithmetic.calendar import HolidayRule, MonthEnd, Unit
from loans.arithmetic.conventions import fineract
from loans.arithmetic.conventions.fineract_replay import FEE, INTEREST, PENALTY, PRINCIPAL, Charge, Servicing
from loans.arithmetic.rounding import Rounding
from loans.arithmetic.terms import Terms

Params = Mapping[str, Any]
Events = Iterable[Mapping[str, Any]]

NO_DATE = "2000-01-01"
"""Where a case has no dates, equal months make every start the same."""
UNROUNDED_PLACES = 12
ROUNDINGS = {
    "half_up": Rounding.HALF_UP,
    "half_even": Rounding.HALF_EVEN,
    "up": Rounding.UP,
    "ceiling": Rounding.UP,
    "down": Rounding.DOWN,
    "floor": Rounding.DOWN,
}
MONTH_ENDS = {rule.value: rule for rule in MonthEnd}


def rounding_of(params: Params, default: Rounding) -> Rounding:
    words = str(params.get("rounding", "")).split()
    return ROUNDINGS.get(words[0].strip(","), default) if words else default


def periodic_to_nominal(params: Params) -> Decimal:
    """The nominal yearly rate in percent, from a nominal, an effective or a periodic one."""
    if params.get("rate_type") == "effective":
        months = params.get("every", 1)
        growth = 1 + Decimal(params["annual_rate_pct"]) / 100
        return (growth ** (Decimal(months) / 12) - 1) * 1200 / months
    if "annual_rate_pct" in params:
        return Decimal(params["annual_rate_pct"])
    rate = Decimal(params["rate_pct"])
    months = (
        params["n"] * params["every"]
        if params.get("rate_period") in ("term", "whole_term", "whole term")
        else 1
    )
    return rate * 12 / months


def own_terms(params: Params) -> Terms:
    """Terms of our own engine: the words of a quote, with what a source leaves unsaid."""
    words = dict(params) | {"rounding": rounding_of(params, Rounding.HALF_UP).value}
    words.setdefault("disbursement_date", NO_DATE)
    words.setdefault("month_end_rule", MonthEnd.CLAMP.value)
    if "business_day_rule" not in params:
        words |= {"holiday_rule": HolidayRule.UNADJUSTED.value, "calendar": ""}
    if str(params.get("rounding", "")).startswith("none"):
        words["decimals"] = UNROUNDED_PLACES
    if words.pop("instalment_rule", None) == "ceil_to_whole_unit":
        words |= {"instalment_multiple": 1, "multiple_rounding": Rounding.UP.value}
    return quoting.terms_of(words)


def fineract_terms(params: Params, events: Events = ()) -> fineract.FineractTerms:
    """Terms of a Fineract product, with the tranches and changes among the events."""
    events = list(events)
    name = str(params.get("amortization", "level"))
    percent = re.fullmatch(r"fixed_principal_percent_(\d+)", name)
    year = str(params.get("days_in_year", "360"))
    multiple = params.get("instalment_multiple")
    return fineract.FineractTerms(
        tranches=tranches_of(params, events),
        annual_rate_pct=periodic_to_nominal(params),
        n=params["n"],
        every=params["every"],
        unit=Unit(params["unit"]),
        spread=fineract.Spread.FIXED_PERCENT if percent else fineract.Spread(name),
        fixed_percent=Decimal(percent[1]) if percent else Decimal(0),
        flat=params.get("interest_method") == "flat",
        cumulative=params.get("generator") == "cumulative",
        days_in_year=None if year == "actual" else int(year),
        thirty_day_months=str(params.get("days_in_month", "30")) == "30",
        whole_periods=params.get("interest_period") == "same_as_repayment_period",
        year_cut=fineract.YearCut(params.get("year_boundary", "31-Dec")),
        feb_29_only=params.get("leap_rule") == "FEB_29_PERIOD_ONLY",
        month_end=MONTH_ENDS.get(params.get("month_end_rule", ""), MonthEnd.CLAMP),
        decimals=params.get("decimals", 2),
        rounding=rounding_of(params, Rounding.HALF_EVEN),
        multiple=Decimal(multiple) if multiple else None,
        down_payment_pct=Decimal(params.get("down_payment_pct", 0)),
        grace_principal=params.get("grace_principal", 0),
        grace_interest=params.get("grace_interest", 0),
        changes=tuple(change for event in events for change in changes_of(event)),
    )


def tranches_of(params: Params, events: Events) -> tuple[fineract.Tranche, ...]:
    drawn = [e for e in events if e["type"] == "disbursement"]
    if not drawn:
        return (
            fineract.Tranche(date.fromisoformat(params["disbursement_date"]), Decimal(params["principal"])),
        )
    made = (fineract.Tranche(date.fromisoformat(e["date"]), Decimal(e["amount"])) for e in drawn)
    return tuple(sorted(made, key=lambda tranche: tranche.on))


def changes_of(event: Mapping[str, Any]) -> Iterable[fineract.Change]:
    """A pause, or whatever a reschedule asks for."""
    if event["type"] == "interest_pause":
        yield fineract.Pause(date.fromisoformat(event["from"]), date.fromisoformat(event["to"]))
    if event["type"] != "reschedule":
        return
    since = date.fromisoformat(event["from"])
    if rate := event.get("new_annual_rate_pct"):
        yield fineract.NewRate(since, Decimal(rate))
    if new_due := event.get("new_due"):
        yield fineract.NewDue(since, date.fromisoformat(new_due))
    counts = {
        "terms": event.get("extra_terms", 0),
        "grace_principal": event.get("grace_principal", 0),
        "grace_interest": event.get("grace_interest", 0),
    }
    if any(counts.values()):
        yield fineract.Extra(since, **{key: int(value) for key, value in counts.items()})


def servicing_of(params: Params) -> Servicing:
    """How the product treats payments."""
    due, advance = orders_of(params)
    to_period_end = params.get("preclosure_interest") == "till_rest_frequency_date"
    return Servicing(
        due_order=due,
        advance_order=advance,
        future=fineract.Future(params.get("future_instalments", "next")),
        recalculates=params.get("interest_recalculation", True),
        payoff_to_period_end=to_period_end,
        overdue_by_whole_period=to_period_end
        and params.get("recalculation_rest") == "same_as_repayment_period",
        overdue_bears_interest=params.get("interest_on_past_due_principal", True),
    )


def orders_of(params: Params) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The order of the parts of an instalment: for what is due, and for money in advance."""
    if strategy := params.get("payment_strategy"):
        due, _, advance = strategy.removeprefix("DUE_").partition("_IN_ADVANCE_")
        return words_of(due), words_of(advance or due)
    if params.get("due_order") == "interest_then_principal":
        return (PENALTY, FEE, INTEREST, PRINCIPAL), (PENALTY, FEE, INTEREST, PRINCIPAL)
    return (PENALTY, FEE, PRINCIPAL, INTEREST), (PENALTY, FEE, PRINCIPAL, INTEREST)


def words_of(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in text.split("_"))


def charges_of(events: Events) -> list[Charge]:
    return [
        Charge(e["charge"], date.fromisoformat(e["due"]), Decimal(e["amount"]))
        for e in events
        if e["type"] == "charge"
    ]
