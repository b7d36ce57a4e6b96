"""What is computed for each kind of case, as a tree with more figures than any case expects."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from loans.arithmetic import cat
from loans.arithmetic.calendar import bank_holidays
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
from loans.arithmetic.daycount import days_between, year_fraction
from loans.arithmetic.periods import Period, periods_of
from loans.arithmetic.quoting import COUNTRY_NAMES, DAY_COUNTS
from loans.arithmetic.rounding import ZERO, charge
from loans.arithmetic.schedule import Row, schedule
from loans.arithmetic.terms import Terms
from tests.oracles import params as mapping

Case = Mapping[str, Any]
Result = Mapping[str, Any]
CENT = Decimal("0.01")


class NotOurs(Exception):
    """The case asks for a convention that is none of ours; the text says which."""


def compute(case: Case) -> Result:
    """Every figure that the parameters and events of a case give."""
    return KINDS_OF_CASES[case["kind"]](case)


# schedules


def scheduled(case: Case) -> Result:
    params = case["params"]
    if "generator" not in params:
        return own_schedule(case)
    terms = mapping.fineract_terms(params, case["events"])
    rows = fineract_plan.plan(terms)
    made, repaid = [], ZERO
    for row in rows:
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
            }
        )
    return {"rows": made, **totals(made)}


def totals(rows: Sequence[Mapping[str, Any]]) -> Result:
    interest = sum((row["interest"] for row in rows), ZERO)
    total = sum((row["total"] for row in rows), ZERO)
    principal = sum((row["principal"] for row in rows), ZERO)
    return {"total_interest": interest, "total_due": total, "total_paid": total, "total_principal": principal}


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
        "interest": row.interest,
        "total": row.total,
        "balance": row.balance,
    }


# servicing


def serviced(case: Case) -> Result:
    """Rows and repayments at each checkpoint, or once after all events."""
    expected = case["expected"]
    if "checkpoints" not in expected:
        last = max(
            (e["date"] for e in case["events"] if "date" in e),
            default=case["params"].get("disbursement_date"),
        )
        return state_at(case, len(case["events"]), date.fromisoformat(last))
    return {
        "checkpoints": [
            {
                "after_event": point["after_event"],
                "as_of": point["as_of"],
                **state_at(case, point["after_event"], date.fromisoformat(point["as_of"])),
            }
            for point in expected["checkpoints"]
        ]
    }


def state_at(case: Case, count: int, as_of: date) -> Result:
    """The loan after the first `count` events, seen on a day."""
    params, events = case["params"], case["events"][:count]
    terms = mapping.fineract_terms(params, events)
    replay = Replay(terms, mapping.servicing_of(params), mapping.charges_of(events))
    payments = [
        Paid(date.fromisoformat(e["date"]), Decimal(e["amount"]))
        for e in events
        if e["type"] in ("repayment", "payoff")
    ]
    if terms.down_payment_pct and "AUTO" in params.get("product", ""):
        payments.insert(0, Paid(terms.start, fineract_plan.down_payment(terms)))
    lines = replay.run(payments, as_of)
    received = replay.receipts[len(payments) - sum(e["type"] in ("repayment", "payoff") for e in events) :]
    rows = [line_row(line) for line in lines]
    return {"rows": rows, **totals(rows), "repayments": [receipt_row(receipt) for receipt in received]}


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
        "balance": receipt.balance,
    }


# Frappe Lending


def frappe_case(case: Case) -> Result:
    params, expected = case["params"], case["expected"]
    if "schedule_type" in params:
        return frappe_dates(params)
    if "days_past_due" in expected:
        return {"days_past_due": frappe_late_days(case)}
    result = frappe_rows(params)
    for event in case["events"]:
        if event["type"] == "accrue_penalty":
            rate, as_of = Decimal(params["penalty_annual_pct"]), date.fromisoformat(event["as_of"])
            dues = [(due, result["instalment"]) for due in frappe_dues(params)]
            result["penalty"] = frappe.penalty(dues, rate, as_of)
    return result


def frappe_dates(params: Mapping[str, Any]) -> Result:
    first = frappe.first_due(date.fromisoformat(params["repayment_start"]), params["schedule_type"])
    dues = frappe_dues({**params, "first_due": first.isoformat()})
    return {"first_due": dues[0], "second_due": dues[1], "last_due": dues[-1]}


def frappe_dues(params: Mapping[str, Any]) -> list[date]:
    return frappe.due_dates(date.fromisoformat(params["first_due"]), params["n"], params["every"])


def frappe_late_days(case: Case) -> Mapping[str, int]:
    params = case["params"]
    dues = [(due, Decimal(params["instalment"])) for due in frappe_dues(params)]
    paid = [(date.fromisoformat(e["date"]), Decimal(e["amount"])) for e in case["events"]]
    days = case["expected"]["days_past_due"]
    return {day: frappe.days_past_due(dues, paid, date.fromisoformat(day)) for day in days}


def frappe_rows(params: Mapping[str, Any]) -> dict[str, Any]:
    if "broken_period" in params:
        raise NotOurs("a broken first period spread by Frappe: the instalment is not in the source")
    principal, rate = Decimal(params["principal"]), mapping.periodic_to_nominal(params)
    months = params["every"]
    fixed = params.get("fixed_instalment")
    amount = Decimal(fixed) if fixed else frappe.instalment(principal, rate, params["n"], months)
    rows = frappe.rows(principal, rate, amount, months)
    shown = [row._asdict() for row in rows]
    sums = totals([{**row, "total": row["principal"] + row["interest"]} for row in shown])
    return {
        "instalment": amount,
        "n": len(rows),
        "rows": shown,
        "rows_0dp": shown,
        **sums,
        **{f"{key}_0dp": value for key, value in sums.items()},
    }


# rates of return


def rate_of_return(case: Case) -> Result:
    method = case["params"]["method"]
    rate = RATES[method](case["params"], case["events"])
    return {"apr_pct": rate * 100, "rate": rate}


def actuarial(params: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Decimal:
    flows = [cat.UnitFlow(0, Decimal(0), -Decimal(params["amount"]))] if "amount" in params else []
    whole, odd = params.get("unit_periods_to_first", 0), Decimal(params.get("odd_fraction", 0))
    for event in events:
        amount = Decimal(event["amount"])
        if "unit_periods_after_first" in event:
            flows.append(cat.UnitFlow(whole + event["unit_periods_after_first"], odd, amount))
        else:
            flows.append(
                cat.UnitFlow(int(event.get("period", 0)), Decimal(event.get("odd_fraction", 0)), amount)
            )
    return cat.actuarial_rate(flows) * params["unit_periods_per_year"]


def single_payment(params: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Decimal:
    (event,) = events
    days = (date.fromisoformat(event["date"]) - date.fromisoformat(params["advance_date"])).days
    return (Decimal(event["amount"]) / Decimal(params["amount"]) - 1) * 365 / days


def effective(params: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Decimal:
    if all("date" in event for event in events):
        return by_dates(params, events)
    return cat.effective_rate([cat.Flow(Decimal(e["t_years"]), Decimal(e["amount"])) for e in events])


def periodic(params: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Decimal:
    return cat.effective_rate([cat.Flow(Decimal(e["period"]), Decimal(e["amount"])) for e in events])


def by_dates(params: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Decimal:
    return cat.xirr([(date.fromisoformat(e["date"]), Decimal(e["amount"])) for e in events])


RATES: Mapping[str, Callable[..., Decimal]] = {
    "us_reg_z_actuarial": actuarial,
    "us_reg_z_single_payment": single_payment,
    "effective_annual": effective,
    "irr_periodic": periodic,
    "xirr": by_dates,
}


# dates


def holiday_list(case: Case) -> Result:
    params = case["params"]
    days = bank_holidays(COUNTRY_NAMES[params["country"].lower()], params["year"])
    return {"weekday_holidays": [day for day in sorted(days) if day.weekday() < 5]}


def day_counts(case: Case) -> Result:
    params = case["params"]
    start, end = date.fromisoformat(params["from"]), date.fromisoformat(params["to"])
    result = {}
    for name in case["expected"]:
        count = DAY_COUNTS[name.lower()]
        fraction = year_fraction(count, start, end)
        if name == "equal month":
            fraction = Fraction(round((end - start) / timedelta(days=30)), 12)
        result[name] = {"days": days_between(count, start, end), "year_fraction": fraction}
        if "principal" in params:
            year = Decimal(params["annual_rate_pct"]) / 100
            result[name]["interest"] = charge(Decimal(params["principal"]) * year, fraction).quantize(CENT)
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
    "apr": rate_of_return,
    "calendar": holiday_list,
    "daycount": day_counts,
}
