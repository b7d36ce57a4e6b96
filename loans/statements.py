"""Facts of the loan's papers: contract and receipt. Built once, sealed, and never computed anew (D-1, P-9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from loans.arithmetic.cat import Flow
from loans.arithmetic.schedule import Row
from loans.comparing import Outlook
from loans.models import Allocation, Loan, LoanChange, Payment
from loans.offers import Quote
from loans.references import grouped


def contract_facts(loan: Loan, offer: Quote) -> dict[str, Any]:
    """Everything the contract prints: parties, cover sheet, terms, schedule, conditions, reference (Rule D-1)."""
    terms = offer.terms
    return {
        "loan": loan.ref,
        "resolution": loan.resolution,
        "project": {"ref": loan.application.ref, "title": loan.application.title},
        "firm": firm_facts(loan),
        "prepared_on": loan.prepared_on,
        "cover": {
            "principal": terms.principal,
            "currency": terms.currency,
            "annual_rate_pct": terms.annual_rate_pct,
            "cat_pct": offer.cat.pct,
            "effective_pct": offer.effective_pct,
            "interest": offer.interest,
            "vat": offer.vat,
            "vat_pct": terms.vat_pct,
            "fees": offer.fees,
            "total": offer.total,
            "late_rate_pct": f"{(terms.late_rate * 100).normalize():f}",
            "late_grace_days": terms.late_grace_days,
            "opening_fee_pct": terms.opening_fee_pct,
        },
        "terms": {
            "n": terms.n,
            "grace_principal": terms.grace_principal,
            "amortization": terms.amortization.value,
            "day_count": terms.day_count.value,
            "holiday_rule": terms.holiday_rule.value,
            "allocation_order": terms.allocation_order.value,
            "prepayment": terms.prepayment.value,
            "assumed_on": terms.disbursed_on,
        },
        "payouts": payout_facts(loan, offer),
        "rows": [row_facts(row) for row in offer.rows],
        "cat_flows": [flow_facts(flow) for flow in offer.cat.flows],
        "conditions": loan.conditions,
        "reference": grouped(loan.reference),
        "numeric_reference": loan.numeric_reference,
    }


def payout_facts(loan: Loan, offer: Quote) -> list[dict[str, Any]]:
    """The payouts that the contract plans, each with the day that rate and schedule count it from; none if at once."""
    planned = zip(loan.payout_plan, offer.drawn, strict=False)
    return [part | {"counted_on": drawn.on} for part, drawn in planned]


def addendum_facts(change: LoanChange, *, old: Outlook, new: Outlook) -> dict[str, Any]:
    """What the addendum prints: what was agreed, by which resolution, the old and the new schedule (Rule P-8)."""
    loan = change.loan
    return {
        "loan": loan.ref,
        "change": change.ref,
        "kind": change.kind,
        "firm": firm_facts(loan),
        "currency": loan.currency,
        "value_on": change.value_on,
        "data": change.data,
        "resolution": change.resolution,
        "agreed_on": change.approved_on,
        "old": {"total": old.total, "interest": old.interest, "count": old.count},
        "new": {"total": new.total, "interest": new.interest, "count": new.count},
        "added": new.interest + new.vat - old.interest - old.vat,
        "rows": [row_facts(row) for row in new.rows],
        "old_rows": [row_facts(row) for row in old.rows],
    }


def flow_facts(flow: Flow) -> dict[str, Any]:
    """Money of the CAT on paper: after how many years, and what the firm receives or pays (Rule S-6)."""
    return {"years": flow.t_years, "received" if flow.amount < 0 else "paid": abs(flow.amount)}


def flows_on_paper(facts: Mapping[str, Any]) -> list[Flow]:
    """The flows as the contract's facts have them."""
    return [
        Flow(Decimal(flow["years"]), Decimal(flow.get("paid") or "0") - Decimal(flow.get("received") or "0"))
        for flow in facts.get("cat_flows", ())
    ]


def row_facts(row: Row) -> dict[str, Any]:
    """One instalment on paper."""
    return {
        "n": row.n,
        "due": row.due,
        "pay": row.pay_date,
        "principal": row.principal,
        "interest": row.interest,
        "vat": row.vat,
        "fees": row.fees,
        "total": row.total,
        "balance": row.balance,
    }


class Part(NamedTuple):
    """So much of a payment went to this kind of debt, of these instalments (Rule P-4)."""

    part: str
    amount: Decimal
    instalments: list[int]


def parts_of(payment: str, placed: Mapping[tuple[str, int, str, date], Decimal]) -> list[Part]:
    """What a payment cleared by kind of debt, in the order in which debts are cleared (see `bookkeeping.placed`)."""
    found: dict[str, dict[int, Decimal]] = {}
    for (number, n, part, _on), amount in placed.items():
        if number == payment:
            own = found.setdefault(part, {})
            own[n] = own.get(n, Decimal(0)) + amount
    return [
        Part(part.value, sum(rows.values(), Decimal(0)), sorted(n for n in rows if n))
        for part in Allocation.Part
        if (rows := found.get(part.value))
    ]


def receipt_facts(payment: Payment, parts: Sequence[Part], balance: Decimal) -> dict[str, Any]:
    """What was received, what it cleared, and what the loan then owed (Rule P-9)."""
    loan = payment.loan
    return {
        "number": payment.number,
        "loan": loan.ref,
        "firm": firm_facts(loan),
        "amount": payment.amount,
        "currency": loan.currency,
        "value_on": payment.value_on,
        "recorded_on": payment.recorded_on,
        "method": payment.method,
        "parts": [part._asdict() for part in parts],
        "balance_after": balance,
        "reference": grouped(loan.reference),
    }


def firm_facts(loan: Loan) -> dict[str, str]:
    firm = loan.firm
    return {
        "name": firm.legal_name,
        "tax_id": firm.tax_id,
        "address": ", ".join(
            part for part in (firm.address, firm.municipality, str(firm.state or "")) if part
        ),
    }
