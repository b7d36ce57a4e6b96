"""What is computed for each kind of case, as a tree with more figures than any case expects."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from loans.arithmetic import cat
from loans.arithmetic.calendar import COUNTRIES, Unit, add_months, bank_holidays
from loans.arithmetic.conventions import fineract_plan, frappe
from loans.arithmetic.conventions.fineract_replay import (
    FEE,
    INTEREST,
    KINDS,
    PENALTY,
    PRINCIPAL,
    Line,
    Paid,
    Replay,
)
from loans.arithmetic.daycount import DayCount, days_between, year_fraction
from loans.arithmetic.periods import Period, periods_of
from loans.arithmetic.quoting import COUNTRY_NAMES, DAY_COUNTS
from loans.arithmetic.rounding import ZERO, charge
from loans.arithmetic.schedule import Row, schedule
from loans.arithmetic.terms import Terms
from tests.oracles import params as mapping
from tests.oracles import rates
from tests.oracles.words import Words

Case = Mapping[str, Any]
"""A case whose parameters and events are `Words`."""
Result = Mapping[str, Any]
CENT = Decimal("0.01")


class NotOurs(Exception):
    """The case asks for a convention that is none of ours; the text says which."""


def compute(case: Case) -> Result:
    """Every figure that the parameters and events of a case give."""
    if case["kind"] not in KINDS_OF_CASES:
        raise ValueError(f"cases of the kind {case['kind']} are not known")
    return KINDS_OF_CASES[case["kind"]](case)


# schedules


def scheduled(case: Case) -> Result:
    """Rows as planned; with payments among the events, as they stand after all of them."""
    params, events = case["params"], case["events"]
    if "generator" not in params:
        return own_schedule(case)
    if any(event["type"] in (*mapping.PAYMENTS, "charge") for event in events):
        return serviced(case)
    terms = mapping.fineract_terms(params, events)
    made, repaid = [], ZERO
    for row in fineract_plan.plan(terms):
        repaid += row.principal
        drawn = fineract_plan.drawn(
            [t for t in terms.tranches if t.on <= row.span.start or t.on < row.span.due]
        )
        made.append(
            {
                "n": row.n,
                "due": row.span.due,
                "days": (row.span.due - row.span.start).days,
                "principal": row.principal,
                "interest": row.interest,
                "fees": ZERO,
                "penalties": ZERO,
                "total": row.total,
                "balance": drawn - repaid,
                "paid": ZERO,
                "in_advance": ZERO,
                "late": ZERO,
                "outstanding": row.total,
            }
        )
    return {"rows": made, **totals(made)}


def totals(rows: Sequence[Mapping[str, Any]]) -> Result:
    interest = sum((row["interest"] for row in rows), ZERO)
    total = sum((row["total"] for row in rows), ZERO)
    principal = sum((row["principal"] for row in rows), ZERO)
    return {"total_interest": interest, "total_due": total, "total_paid": total, "total_principal": principal}


def paid_totals(rows: Sequence[Mapping[str, Any]]) -> Result:
    """Sums of what was charged besides, and of what was paid."""
    names = ("fees", "penalties", "paid", "in_advance", "late", "outstanding")
    return {f"total_{name}": sum((row[name] for row in rows), ZERO) for name in names}


def own_schedule(case: Case) -> Result:
    """Our own engine, with what a test of it needs to see."""
    terms = mapping.own_terms(case["params"])
    rows, periods = schedule(terms), periods_of(terms)
    made = [
        own_row(terms, row, period, before)
        for row, period, before in zip(rows, periods, opening(terms, rows), strict=True)
    ]
    paid = [row for row in rows if row.principal]
    dated = [(terms.disbursed_on, -terms.principal), *((row.pay_date, row.total) for row in rows)]
    periodic = terms.yearly_rate * terms.every / 12
    by_date = "disbursement_date" in case["params"]
    return {
        "rows": made,
        **totals(made),
        "periodic_rate": periodic,
        "instalment": paid[0].total,
        "level_instalment": paid[0].total,
        "principal_instalment": paid[0].principal if len(paid) > 1 else None,
        "effective_annual_pct": cat.xirr(dated) * 100
        if by_date
        else ((1 + periodic) ** (Decimal(12) / terms.every) - 1) * 100,
    }


def opening(terms: Terms, rows: Sequence[Row]) -> list[Decimal]:
    return [terms.principal, *(row.balance for row in rows[:-1])]


def own_row(terms: Terms, row: Row, period: Period, before: Decimal) -> Result:
    return {
        "n": row.n,
        "due": row.due,
        "nominal_due": row.due,
        "pay_date": row.pay_date,
        "accrual_start": period.start,
        "accrual_end": period.end,
        "days": row.days,
        "year_fraction": period.fraction,
        "interest_unrounded": float(before) * (1 + float(terms.yearly_rate) * float(period.fraction) - 1),
        "principal": row.principal,
        "interest": row.interest + row.capitalised,
        "total": row.total,
        "balance": row.balance,
    }


# servicing


def serviced(case: Case) -> Result:
    """Rows and repayments at each checkpoint, or once after all events."""
    events = case["events"]
    if "checkpoints" not in case["expected"]:
        return state_at(case, len(events), last_day(case, len(events)))
    points = []
    for point in case["expected"]["checkpoints"]:
        count, as_of = int(point.get("after_event", len(events))), point.get("as_of")
        day = date.fromisoformat(as_of) if as_of else last_day(case, count)
        points.append({"after_event": count, "as_of": day, **state_at(case, count, day)})
    return {"checkpoints": points}


def last_day(case: Case, count: int) -> date:
    """The latest day of the first `count` events."""
    days = [event.day("date") for event in case["events"][:count] if "date" in event]
    return max(days, default=case["params"].day("disbursement_date"))


def state_at(case: Case, count: int, as_of: date) -> Result:
    """The loan after the first `count` events, seen on a day."""
    params, events = case["params"], case["events"][:count]
    terms = mapping.fineract_terms(params, events)
    replay = Replay(terms, mapping.servicing_of(params), mapping.charges_of(events))
    payments = [Paid(e.day("date"), e.number("amount")) for e in events if e["type"] in mapping.PAYMENTS]
    ours = mapping.pays_down_at_once(params, terms)
    if ours:
        payments.insert(0, Paid(terms.start, fineract_plan.down_payment(terms)))
    rows = [line_row(line) for line in replay.run(payments, as_of)]
    received = [receipt_row(receipt) for receipt in replay.receipts[ours:]]
    return {"rows": rows, **totals(rows), **paid_totals(rows), "repayments": received}


def line_row(line: Line) -> Result:
    return {
        "n": line.n,
        "due": line.span.due,
        "days": (line.span.due - line.span.start).days,
        "principal": line.amounts[PRINCIPAL],
        "interest": line.amounts[INTEREST],
        "fees": line.amounts[FEE],
        "penalties": line.amounts[PENALTY],
        "total": line.total,
        "balance": line.balance,
        "paid": line.paid_total,
        "in_advance": line.in_advance,
        "late": line.late,
        "outstanding": line.outstanding,
        "paid_date": line.paid_on,
    }


def receipt_row(receipt: Any) -> Result:
    names = dict(zip(KINDS, ("penalties", "fees", "interest", "principal"), strict=True))
    return {
        "date": receipt.payment.on,
        "amount": receipt.payment.amount,
        **{names[kind]: amount for kind, amount in receipt.parts.items()},
        "overpaid": receipt.payment.amount - sum(receipt.parts.values(), ZERO),
        "balance": receipt.balance,
    }


# Frappe Lending


def frappe_case(case: Case) -> Result:
    params = case["params"]
    if "schedule_type" in params:
        return frappe_dates(params)
    if "days_past_due" in case["expected"]:
        return {"days_past_due": frappe_late_days(case)}
    result = frappe_rows(params)
    for event in case["events"]:
        if event["type"] != "accrue_penalty":
            raise ValueError(f"no rule is known for the event {event['type']}")
        rate, as_of = params.number("penalty_annual_pct"), event.day("as_of")
        dues = [(due, result["instalment"]) for due in frappe_dues(params)]
        result["penalty"] = frappe.penalty(dues, rate, as_of)
    return result


def frappe_dates(params: Words) -> Result:
    kind = str(params["schedule_type"]).strip().lower().replace(" ", "_").replace("_the_", "_")
    params.not_asked("principal", "annual_rate_pct", "disbursement_date")
    dues = frappe_dues(params, frappe.first_due(params.day("repayment_start"), kind))
    return {
        "first_due": dues[0],
        "second_due": dues[1] if len(dues) > 1 else None,
        "last_due": dues[-1],
        "n": len(dues),
        "rows": [{"n": n, "due": due} for n, due in enumerate(dues, 1)],
    }


def frappe_dues(params: Words, first: date | None = None) -> list[date]:
    if mapping.unit_of(params) is not Unit.MONTHS:
        raise ValueError("Frappe's due dates are known for months only")
    return frappe.due_dates(first or params.day("first_due"), params.whole("n"), params.whole("every", 1))


def frappe_late_days(case: Case) -> Mapping[str, int]:
    params = case["params"]
    if "instalment" in params:
        params.not_asked("principal", "annual_rate_pct", "disbursement_date")
    fixed = params.number("instalment") if "instalment" in params else frappe_rows(params)["instalment"]
    dues = [(due, fixed) for due in frappe_dues(params)]
    paid = [(e.day("date"), e.number("amount")) for e in case["events"] if e["type"] in mapping.PAYMENTS]
    days = case["expected"]["days_past_due"]
    return {day: frappe.days_past_due(dues, paid, date.fromisoformat(day)) for day in days}


def frappe_rows(params: Words) -> dict[str, Any]:
    """Rows by months or by days, with the instalment that is given or that follows from their number."""
    mapping.only_known(params, {"amortization": "level", "interest_method": "declining_balance"})
    mapping.only_known(params, {"instalment_rule": "ceil_to_whole_unit", "unit": "months"})
    principal, rate, every = (
        params.number("principal"),
        mapping.nominal_rate(params),
        params.whole("every", 1),
    )
    fixed = params.number("fixed_instalment", params.get("instalment", 0))
    amount = fixed or frappe.instalment(principal, rate, params.whole("n"), every)
    params.not_asked("n")  # it follows from an amount that is given
    year = params.choice("days_in_year", {"365": 365, "12 months": 12}, 12)
    by_days = params.choice("days_in_month", {"actual": True, "1/12 year": False, "30": False}, default=False)
    if by_days != (year == 365):
        params.strange.append(
            "days_in_year: Frappe's interest counts actual days over 365, or months over 12"
        )
    if by_days:
        amount, made = frappe_rows_by_days(params, principal, rate, amount)
    else:
        params.not_asked("disbursement_date")
        made = frappe.rows(principal, rate, amount, every)
    dues: Sequence[date | None] = [None] * len(made)
    if "first_due" in params:
        dues = frappe.due_dates(params.day("first_due"), len(made), every)
    shown = [
        {**row._asdict(), "due": due, "total": row.principal + row.interest}
        for row, due in zip(made, dues, strict=True)
    ]
    sums = totals(shown)
    places = params.whole("decimals", 2)
    return {
        "instalment": amount,
        "n": len(shown),
        "rows": shown,
        f"rows_{places}dp": shown,
        "rows_0dp": shown,
        **sums,
        **{f"{key}_0dp": value for key, value in sums.items()},
    }


def frappe_rows_by_days(
    params: Words, principal: Decimal, rate: Decimal, amount: Decimal
) -> tuple[Decimal, list[frappe.Row]]:
    """The instalment and rows between dates; interest of a broken first period where the product puts it."""
    n, every, start, dues = (
        params.whole("n"),
        params.whole("every", 1),
        params.day("disbursement_date"),
        frappe_dues(params),
    )
    known = {"spread_over_tenure": True, "add_to_first": False, "add_to_first_repayment": False}
    if not params.choice("broken_period", known, default=False):
        return amount, frappe.rows_by_days(principal, rate, amount, [start, *dues])
    share = frappe.broken_interest(principal, rate, start, dues[0], every) / n
    amount = frappe.whole_units(amount + share)
    regular = add_months(dues[0], -every)
    return amount, frappe.rows_by_days(principal, rate, amount, [regular, *dues], share)


# dates


def holiday_list(case: Case) -> Result:
    params = case["params"]
    country = params.choice("country", COUNTRY_NAMES | {code.lower(): code for code in COUNTRIES}, "MX")
    days = sorted(bank_holidays(country, params.whole("year")))
    return {"weekday_holidays": [day for day in days if day.weekday() < 5], "holidays": days}


EXPECTED_APART = frozenset({"tolerance"})


def day_counts(case: Case) -> Result:
    params, result = case["params"], {}
    start, end = params.day("from"), params.day("to")
    for name in case["expected"].keys() - EXPECTED_APART:
        if name.lower() not in DAY_COUNTS:
            raise ValueError(f"day count: {name} is none of {', '.join(DAY_COUNTS)}")
        count = DAY_COUNTS[name.lower()]
        fraction = year_fraction(count, start, end)
        if count is DayCount.TWELFTHS:
            fraction = Fraction(round((end - start) / timedelta(days=30)), 12)
        result[name] = {"days": days_between(count, start, end), "year_fraction": fraction}
        if "principal" in params:
            year = params.number("annual_rate_pct") / 100
            interest = charge(params.number("principal") * year, fraction)
            result[name]["interest"] = interest.quantize(CENT, ROUND_HALF_UP)
    return result


def journal(case: Case) -> Result:
    raise NotOurs("postings are tested with the ledger; this source books other accounts")


KINDS_OF_CASES: Mapping[str, Callable[[Case], Result]] = {
    "schedule": scheduled,
    "tranche": scheduled,
    "grace": own_schedule,
    "quantlib": own_schedule,
    "servicing": serviced,
    "change": serviced,
    "allocation": serviced,
    "journal": journal,
    "frappe": frappe_case,
    "apr": rates.rate_of_return,
    "calendar": holiday_list,
    "daycount": day_counts,
}
