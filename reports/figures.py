"""Loans, money and repayment for the reports: queries into frozen dataclasses (Rules R-1, K-1, K-4, P-7).

Amounts of different currencies are never added (Rule M-1): whatever is an amount has its currency beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import ExtractYear

from fund import chart
from fund.models import Contribution, CreditLine, Fund, Line
from loans.arrears import PAR_LIMITS
from loans.balances import positions
from loans.models import Allocation, Instalment, Loan

ZERO = Decimal(0)
CENT = Decimal("0.01")


def _pct(part: Decimal, whole: Decimal) -> Decimal | None:
    return (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


# Loans --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoanGroup:
    """Loans of a year, a sector or a state in one currency; `names` is data in three languages, or empty."""

    key: str
    names: Mapping[str, str]
    currency: str
    loans: int
    amount: Decimal


def _paid_out(until: date) -> QuerySet[Loan]:
    return Loan.objects.paid_out().filter(disbursed_on__lte=until).order_by()


def loans_by_year(until: date) -> tuple[LoanGroup, ...]:
    """Loans by the year of their first disbursement (F1, F2)."""
    rows = (
        _paid_out(until)
        .annotate(year=ExtractYear("disbursed_on"))
        .values("year", "currency")
        .annotate(loans=Count("pk"), lent=Sum("drawn"))
        .order_by("year", "currency")
    )
    return tuple(LoanGroup(str(r["year"]), {}, r["currency"], r["loans"], r["lent"]) for r in rows)


def loans_by_sector(until: date) -> tuple[LoanGroup, ...]:
    """Loans by the firm's sector, most loans first."""
    rows = (
        _paid_out(until)
        .values("firm__sector__code", "firm__sector__names", "currency")
        .annotate(loans=Count("pk"), lent=Sum("drawn"))
    )
    found = [
        LoanGroup(r["firm__sector__code"], r["firm__sector__names"], r["currency"], r["loans"], r["lent"])
        for r in rows
    ]
    return tuple(sorted(found, key=lambda group: (-group.loans, group.key, group.currency)))


def loans_by_state(until: date) -> tuple[LoanGroup, ...]:
    """Loans by the firm's state, most loans first."""
    rows = (
        _paid_out(until)
        .values("firm__state__country", "firm__state__code", "firm__state__name", "currency")
        .annotate(loans=Count("pk"), lent=Sum("drawn"))
    )
    found = [_state_group(row) for row in rows]
    return tuple(sorted(found, key=lambda group: (-group.loans, group.key, group.currency)))


def _state_group(row: Mapping[str, Any]) -> LoanGroup:
    name = row["firm__state__name"] or ""
    names = {"es": name, "en": name, "fr": name}
    key = f"{row['firm__state__country']}-{row['firm__state__code']}"
    return LoanGroup(key, names, row["currency"], row["loans"], row["lent"])


def firms_by(dimension: str, until: date) -> dict[str, int]:
    """How many firms were lent to, by sector or by state: what decides whether a group may be shown (R-3)."""
    if dimension == "sector":
        rows = _paid_out(until).values_list("firm__sector__code").annotate(firms=Count("firm", distinct=True))
        return dict(rows)
    by_state = (
        _paid_out(until)
        .values_list("firm__state__country", "firm__state__code")
        .annotate(firms=Count("firm", distinct=True))
    )
    return {f"{country}-{code}": firms for country, code, firms in by_state}


@dataclass(frozen=True, slots=True)
class LoanTotal:
    """All loans of a currency up to a day, and their mean."""

    currency: str
    loans: int
    amount: Decimal
    mean: Decimal


def loan_totals(groups: tuple[LoanGroup, ...]) -> tuple[LoanTotal, ...]:
    """The groups of one dimension summed up per currency, the reporting currency first."""
    sums: dict[str, tuple[int, Decimal]] = {}
    for group in groups:
        count, amount = sums.get(group.currency, (0, ZERO))
        sums[group.currency] = (count + group.loans, amount + group.amount)
    order = sorted(sums, key=lambda currency: (currency != reporting_currency(), currency))
    return tuple(
        LoanTotal(c, sums[c][0], sums[c][1], (sums[c][1] / sums[c][0]).quantize(CENT, ROUND_HALF_UP))
        for c in order
    )


def reporting_currency() -> str:
    """The currency of the reports (Rule M-4)."""
    fund = Fund.objects.only("reporting_currency").first()
    return str(fund.reporting_currency) if fund else "USD"


# Repayment ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Repayment:
    """What fell due up to a day and what of it was received; interest without its VAT (F3, F4).

    `repaid_pct` is principal and interest received of what fell due. What was paid ahead of its date is in
    `principal_paid`, not in the ratio.
    """

    currency: str
    principal_due: Decimal
    interest_due: Decimal
    principal_paid: Decimal
    interest_paid: Decimal
    repaid_pct: Decimal | None
    outstanding: Decimal
    at_risk_pct: Mapping[str, Decimal | None]


def repayment(on: date) -> tuple[Repayment, ...]:
    """Repayment per currency on any day, past ones included: by the books and the replay, not by today's state."""
    due, paid = _due_by_loan(on), _paid_by_loan(on)
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    behind: list[int] = []
    for loan, currency in _paid_out(on).values_list("pk", "currency"):
        of_currency = sums[currency]
        for part in ("principal", "interest"):
            owed, got = due.get((loan, part), ZERO), paid.get((loan, part), ZERO)
            of_currency[f"{part}_due"] += owed
            of_currency[f"{part}_paid"] += got
            of_currency["covered"] += min(owed, got)
            if got < owed:
                behind.append(loan)
    outstanding, risks = _outstanding(on), _risks(behind, on)
    return tuple(
        Repayment(
            currency, total["principal_due"], total["interest_due"], total["principal_paid"],
            total["interest_paid"], _pct(total["covered"], total["principal_due"] + total["interest_due"]),
            outstanding.get(currency, ZERO),
            {
                str(days): _pct(risks.get((currency, days), ZERO), outstanding.get(currency, ZERO)) or ZERO
                for days in PAR_LIMITS
            },
        )
        for currency, total in sorted(sums.items())
    )  # fmt: skip


def _outstanding(on: date) -> dict[str, Decimal]:
    """Principal owed to the fund by the books, per currency."""
    rows = (
        Line.objects.filter(account=chart.LOANS, value_on__lte=on)
        .order_by()
        .values_list("currency")
        .annotate(net=Sum(F("debit") - F("credit")))
    )
    return dict(rows)


def _risks(behind: list[int], on: date) -> dict[tuple[str, int], Decimal]:
    """Principal of loans more than 30, 60 and 90 days late (Rule P-7); only loans that are behind are replayed."""
    found: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    if not behind:
        return found
    for item in positions(Loan.objects.filter(pk__in=behind), on):
        for days in PAR_LIMITS:
            if item.days_past_due > days and not item.is_restructured:
                found[item.loan.currency, days] += item.state.balance
    return found


def _due_by_loan(on: date) -> dict[tuple[int, str], Decimal]:
    rows = (
        Instalment.objects.filter(version__superseded_on=None, pay_on__lte=on)
        .order_by()
        .values_list("version__loan")
        .annotate(principal=Sum("principal"), interest=Sum("interest"))
    )
    found = {}
    for loan, principal, interest in rows:
        found[loan, "principal"], found[loan, "interest"] = principal, interest
    return found


def _paid_by_loan(on: date) -> dict[tuple[int, str], Decimal]:
    rows = (
        Allocation.objects.filter(
            ended_on=None, payment__reversed_on=None, value_on__lte=on, part__in=["principal", "interest"]
        )
        .order_by()
        .values_list("payment__loan", "part")
        .annotate(total=Sum("amount"))
    )
    return {(loan, part): total for loan, part, total in rows}


# Money in and out ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flow:
    """Money in (above zero) or out (below) in a period, by what it was: a code that the page words."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Cash at the start, what came and went, cash at the end, in one currency; the flows explain the change."""

    currency: str
    opening: Decimal
    flows: tuple[Flow, ...]
    closing: Decimal


#: Which side of which account says what money came for or went to.
_SOURCES = (
    ("contributions", chart.CAPITAL, "credit", 1),
    ("principal", chart.LOANS, "credit", 1),
    ("interest", chart.INTEREST_DUE, "credit", 1),
    ("late-interest", chart.LATE_INTEREST_DUE, "credit", 1),
    ("fees", chart.FEES_DUE, "credit", 1),
    ("vat", chart.VAT_DUE, "credit", 1),
    ("ahead", chart.FIRM_CREDITS, "credit", 1),
    ("drawn", chart.CREDIT_LINES, "credit", 1),
    ("ahead-used", chart.FIRM_CREDITS, "debit", -1),
    ("disbursed", chart.LOANS, "debit", -1),
    ("operating", chart.OPERATING_COST, "debit", -1),
    ("funding", chart.FUNDING_COST, "debit", -1),
    ("line-service", chart.CREDIT_LINES, "debit", -1),
    ("tax-paid", chart.VAT_OWED, "debit", -1),
)


def cash_flows(first: date, last: date) -> tuple[CashFlow, ...]:
    """Money in and out of a period by value date, per currency (Rule R-1). Reversed entries leave both sides."""
    before = date.fromordinal(first.toordinal() - 1)
    moved: dict[tuple[str, str], Mapping[str, Any]] = {
        (row["currency"], row["account"]): row
        for row in Line.objects.filter(
            value_on__gte=first, value_on__lte=last, entry__reverses=None, entry__reversed_by=None
        )
        .order_by()
        .values("currency", "account")
        .annotate(debit=Sum("debit"), credit=Sum("credit"))
    }
    at_start, at_end = balance_of_cash(before), balance_of_cash(last)
    found = []
    for currency in sorted(at_end):
        opening, closing = at_start.get(currency, ZERO), at_end[currency]
        flows = [
            Flow(code, sign * moved[currency, account][side])
            for code, account, side, sign in _SOURCES
            if (currency, account) in moved and moved[currency, account][side]
        ]
        rest = closing - opening - sum((flow.amount for flow in flows), ZERO)
        if rest:
            flows.append(Flow("other", rest))
        if opening or closing or flows:
            found.append(CashFlow(currency, opening, tuple(flows), closing))
    return tuple(found)


# Capital ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Capital:
    """New money of one institution in one currency: pledged, and received up to a day (Rule K-1)."""

    code: str
    names: Mapping[str, str]
    currency: str
    pledged: Decimal
    received: Decimal


@dataclass(frozen=True, slots=True)
class CreditLineFact:
    """A credit line: borrowed money, shown apart from capital (Rule K-1)."""

    code: str
    names: Mapping[str, str]
    currency: str
    ceiling: Decimal
    signed: bool


def capital(on: date) -> tuple[Capital, ...]:
    """Contributions pledged by a day, per institution and currency, the largest first."""
    sums: dict[tuple[str, str], Capital] = {}
    rows = Contribution.objects.filter(pledged_on__lte=on).with_received(on).select_related("institution")
    for row in rows:
        key = (row.institution.code, row.currency)
        known = sums.get(key) or Capital(
            row.institution.code, row.institution.names, row.currency, ZERO, ZERO
        )
        sums[key] = Capital(
            known.code, known.names, known.currency, known.pledged + row.amount, known.received + row.got
        )
    return tuple(sorted(sums.values(), key=lambda item: (item.currency, -item.received, item.code)))


def credit_lines(on: date) -> tuple[CreditLineFact, ...]:
    """Credit lines on record by a day, signed or under signature."""
    return tuple(
        CreditLineFact(row.institution.code, row.institution.names, row.currency, row.ceiling,
              row.signed_on is not None and row.signed_on <= on)
        for row in CreditLine.objects.filter(opened_on__lte=on).select_related("institution")
    )  # fmt: skip


def revolutions(totals: tuple[LoanTotal, ...], money: tuple[Capital, ...]) -> dict[str, Decimal]:
    """Cumulative disbursed over paid-in capital, per currency (K-4, F6): 1.15 million on 1 million is 1.15."""
    paid_in: dict[str, Decimal] = defaultdict(Decimal)
    for item in money:
        paid_in[item.currency] += item.received
    return {
        total.currency: (total.amount / paid_in[total.currency]).quantize(CENT, ROUND_HALF_UP)
        for total in totals
        if paid_in.get(total.currency)
    }


def balance_of_cash(on: date) -> dict[str, Decimal]:
    """Cash per currency on a day, by value date."""
    rows = (
        Line.objects.filter(account=chart.CASH, value_on__lte=on)
        .order_by()
        .values_list("currency")
        .annotate(net=Sum(F("debit") - F("credit")))
    )
    return dict(rows)
