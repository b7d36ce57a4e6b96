"""One general mapping from the parameters of a case to our terms."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from loans.arithmetic import quoting
from loans.arithmetic.calendar import HolidayRule, MonthEnd, Unit
from loans.arithmetic.conventions import fineract, fineract_plan
from loans.arithmetic.conventions.fineract_replay import FEE, INTEREST, PENALTY, PRINCIPAL, Charge, Servicing
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.problems import TermsError
from loans.arithmetic.rounding import Rounding
from loans.arithmetic.terms import Terms
from tests.oracles.words import Words

Events = Sequence[Words]

NO_DATE = "2000-01-01"
"""Where a case has no dates, equal months make every start the same."""
UNROUNDED_PLACES = 12
UNROUNDED = "none"
ROUNDINGS = {
    "half_up": Rounding.HALF_UP,
    "half_even": Rounding.HALF_EVEN,
    "up": Rounding.UP,
    "ceiling": Rounding.UP,
    "ceil": Rounding.UP,
    "down": Rounding.DOWN,
    "floor": Rounding.DOWN,
}
YES_NO = {"true": True, "false": False, "yes": True, "no": False}
GENERATORS = {"progressive": False, "cumulative": True}
METHODS = {"declining_balance": False, "flat": True}
WHOLE_PERIODS = {"daily": False, "same_as_repayment_period": True}
EQUAL_PERIODS = {"equal months (1/12 year)": DayCount.TWELFTHS, "same_as_repayment_period": DayCount.TWELFTHS}
"""Interest periods that need no count of days."""
GRACE_TYPES = {
    "interest_only": "interest_only",
    "capitalised": "capitalised",
    "capitalized": "capitalised",
    "none": "",
}
THIRTY_DAYS = {"30": True, "actual": False}
YEARS: dict[str, int | None] = {"360": 360, "364": 364, "365": 365, "actual": None}
YEAR_CUTS = {cut.value.lower(): cut for cut in fineract.YearCut}
LEAP_RULES = {"feb_29_period_only": True, "full_leap_year": False, "none": False}
MONTH_ENDS = {rule.value: rule for rule in MonthEnd}
UNITS = {unit.value.lower(): unit for unit in Unit}
RATES_A_YEAR = {"year": 1, "month": 12, "week": 52, "term": 0, "whole_term": 0, "whole term": 0}
"""How many of the spans of a rate make a year; the whole term is counted."""
SPANS_A_YEAR = {Unit.DAYS: 365, Unit.WEEKS: 52, Unit.MONTHS: 12, Unit.QUARTERS: 4, Unit.HALF_YEARS: 2}
FUTURES = {future.value: future for future in fineract.Future} | {"reamortize": fineract.Future.REAMORTISE}
PRECLOSURES = {"till_preclose_date": False, "till_rest_frequency_date": True}
RESTS = {"daily": False, "same_as_repayment_period": True}
PARTS = {"penalt": PENALTY, "fee": FEE, "interest": INTEREST, "principal": PRINCIPAL}

PAYMENTS = ("repayment", "payoff")
EVENT_TYPES = frozenset({*PAYMENTS, "disbursement", "charge", "interest_pause", "reschedule"})


def rounding_of(params: Words, default: Rounding) -> Rounding:
    """The first word of a rounding; what follows is a remark or a tolerance."""
    words = str(params.get("rounding", "")).lower().replace("-", "_").replace(",", " ").split()
    if not words or words[0] == UNROUNDED:
        return default
    if words[0] not in ROUNDINGS:
        params.strange.append(f"rounding: {words[0]} is none of {', '.join(ROUNDINGS)}")
    return ROUNDINGS.get(words[0], default)


def only_known(params: Words, only: Mapping[str, str]) -> None:
    """A remark for each word with another value than the only one that is known."""
    for word, value in only.items():
        params.choice(word, {value: value}, value)


def unit_of(params: Words) -> Unit:
    return params.choice("unit", UNITS, Unit.MONTHS)


def nominal_rate(params: Words) -> Decimal:
    """The nominal yearly rate in percent, from a nominal, an effective or a periodic one."""
    spans, every = SPANS_A_YEAR[unit_of(params)], params.whole("every", 1)
    if params.choice("rate_type", {"nominal": False, "effective": True}, default=False):
        growth = 1 + params.number("annual_rate_pct") / 100
        return (growth ** (Decimal(every) / spans) - 1) * 100 * spans / every
    a_year = params.choice("rate_period", RATES_A_YEAR, 12)
    if "annual_rate_pct" in params:
        params.get("rate_pct")
        return params.number("annual_rate_pct")
    if "rate_pct" not in params:
        raise ValueError("neither annual_rate_pct nor rate_pct is given")
    rate = params.number("rate_pct")
    return rate * a_year if a_year else rate * spans / (params.whole("n") * every)


def own_terms(params: Words) -> Terms:
    """Terms of our own engine: the words of a quote, with what a source leaves unsaid."""
    words = {word: value for word, value in params.items() if word not in params.silent}
    words["rounding"] = rounding_of(params, Rounding.HALF_UP).value
    words.setdefault("disbursement_date", NO_DATE)
    words.setdefault("month_end_rule", MonthEnd.CLAMP.value)
    if not {"day_count", "days_in_year", "days_in_month"} & words.keys():
        words["day_count"] = params.choice("interest_period", EQUAL_PERIODS, DayCount.TWELFTHS).value
    if (grace := params.choice("grace_type", GRACE_TYPES, "")) or "grace_type" in words:
        words["grace_type"] = grace or None
    if "business_day_rule" not in params:
        words |= {"holiday_rule": HolidayRule.UNADJUSTED.value, "calendar": ""}
    if str(params.get("rounding", "")).lower().startswith(UNROUNDED):
        words["decimals"] = UNROUNDED_PLACES
    words.pop("instalment_rule", None)
    if params.choice("instalment_rule", {"ceil_to_whole_unit": True}, default=False):
        words |= {"instalment_multiple": 1, "multiple_rounding": Rounding.UP.value}
    return quoted(params, words)


def quoted(params: Words, words: dict[str, Any]) -> Terms:
    """The terms of a quote, asked again without the words that no quote knows."""
    try:
        return quoting.terms_of(words)
    except TermsError as error:
        unknown = {problem.field for problem in error.problems if problem.code == "unknown_key"}
        if not unknown:
            raise
    params.seen -= unknown
    return quoting.terms_of({word: value for word, value in words.items() if word not in unknown})


def fineract_terms(params: Words, events: Events = ()) -> fineract.FineractTerms:
    """Terms of a Fineract product, with the tranches and changes among the events."""
    n, grace = params.whole("n"), params.whole("grace_principal", 0)
    name = str(params.get("amortization", "level")).lower()
    percent = re.fullmatch(r"fixed_principal_percent_(\d+(?:\.\d+)?)", name)
    if name == "bullet":  # the source has no other name for it than a grace of all rows but one
        name, grace = fineract.Spread.LEVEL.value, n - 1
    multiple = params.number("instalment_multiple")
    terms = fineract.FineractTerms(
        tranches=tranches_of(params, events),
        annual_rate_pct=nominal_rate(params),
        n=n,
        every=params.whole("every", 1),
        unit=unit_of(params),
        spread=fineract.Spread.FIXED_PERCENT if percent else fineract.Spread(name),
        fixed_percent=Decimal(percent[1]) if percent else Decimal(0),
        flat=params.choice("interest_method", METHODS, default=False),
        cumulative=params.choice("generator", GENERATORS, default=False),
        days_in_year=params.choice("days_in_year", YEARS, 360),
        thirty_day_months=params.choice("days_in_month", THIRTY_DAYS, default=True),
        whole_periods=params.choice("interest_period", WHOLE_PERIODS, default=False),
        year_cut=params.choice("year_boundary", YEAR_CUTS, fineract.YearCut.DEC_31),
        feb_29_only=params.choice("leap_rule", LEAP_RULES, default=False),
        month_end=params.choice("month_end_rule", MONTH_ENDS, MonthEnd.CLAMP),
        decimals=params.whole("decimals", 2),
        rounding=rounding_of(params, Rounding.HALF_EVEN),
        multiple=multiple or None,
        down_payment_pct=params.number("down_payment_pct"),
        grace_principal=grace,
        grace_interest=params.whole("grace_interest", 0),
        changes=tuple(change for event in events for change in changes_of(event)),
    )
    by_days = params.choice("partial_period_interest", YES_NO, default=True)
    by_row = terms.whole_periods and not (by_days or terms.cumulative)
    return fineract_plan.tranches_by_row(terms) if by_row else terms


def tranches_of(params: Words, events: Events) -> tuple[fineract.Tranche, ...]:
    """What was paid out on which day; the loan itself where no event pays out anything on its first day."""
    start, principal = params.day("disbursement_date"), params.number("principal")
    drawn = [
        fineract.Tranche(e.day("date"), e.number("amount")) for e in events if e["type"] == "disbursement"
    ]
    if not any(tranche.on <= start for tranche in drawn):
        drawn.append(fineract.Tranche(start, principal))
    return tuple(sorted(drawn, key=lambda tranche: tranche.on))


def changes_of(event: Words) -> Iterable[fineract.Change]:
    """A pause, or whatever a reschedule asks for."""
    if event["type"] not in EVENT_TYPES:
        event.strange.append(f"no rule is known for the event {event['type']}")
    if event["type"] == "interest_pause":
        yield fineract.Pause(event.day("from"), event.day("to"))
    if event["type"] != "reschedule":
        return
    since = event.day("from")
    if "new_annual_rate_pct" in event:
        yield fineract.NewRate(since, event.number("new_annual_rate_pct"))
    if "new_due" in event:
        yield fineract.NewDue(since, event.day("new_due"))
    counts = {
        "terms": event.whole("extra_terms", 0),
        "grace_principal": event.whole("grace_principal", 0),
        "grace_interest": event.whole("grace_interest", 0),
    }
    if any(counts.values()):
        yield fineract.Extra(since, **counts)


def pays_down_at_once(params: Words, terms: fineract.FineractTerms) -> bool:
    """Whether the product takes the down payment out of the disbursement itself, without an event."""
    return bool(terms.down_payment_pct) and "AUTO" in str(params.get("product", "")).upper()


def servicing_of(params: Words) -> Servicing:
    """How the product treats payments."""
    due, advance = orders_of(params)
    to_period_end = params.choice("preclosure_interest", PRECLOSURES, default=False)
    by_period = params.choice("recalculation_rest", RESTS, default=False)
    return Servicing(
        due_order=due,
        advance_order=advance,
        future=params.choice("future_instalments", FUTURES, fineract.Future.NEXT),
        recalculates=params.choice("interest_recalculation", YES_NO, default=True),
        payoff_to_period_end=to_period_end,
        overdue_by_whole_period=to_period_end and by_period,
        overdue_bears_interest=params.choice("interest_on_past_due_principal", YES_NO, default=True),
    )


def orders_of(params: Words) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The order of the parts of an instalment: for what is due, and for money in advance."""
    by_default = order_of("due_order", str(params.get("due_order", "principal_then_interest")))
    if "payment_strategy" not in params:
        return by_default, by_default
    due, _, advance = str(params["payment_strategy"]).partition("IN_ADVANCE")
    order = order_of("payment_strategy", due)
    return order, order_of("payment_strategy", advance) if advance else order


def order_of(word: str, text: str) -> tuple[str, ...]:
    """Parts of an instalment as a text names them; penalties and fees come first where it names only the others."""
    named = tuple(PARTS[part] for part in re.findall("|".join(PARTS), text.lower()))
    first = tuple(part for part in (PENALTY, FEE) if part not in named)
    order = first + named if set(named) == {INTEREST, PRINCIPAL} else named
    if sorted(order) != sorted(PARTS.values()):
        raise ValueError(f"{word}: {text} does not name each part of an instalment once")
    return order


def charges_of(events: Events) -> list[Charge]:
    return [
        Charge(kind_of_charge(e), e.day("due" if "due" in e else "date"), e.number("amount"))
        for e in events
        if e["type"] == "charge"
    ]


def kind_of_charge(event: Words) -> str:
    return event.choice("charge", {FEE: FEE, PENALTY: PENALTY}, FEE)
