"""The 74 loan-years of results: periods and quantities that add up to the published totals exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from fiprev.demo.firms import Trade, firms, trade_of
from fiprev.demo.loans import END, StoryLoan, story
from projects.benefits import add_years, share_out

WATER_M3, DISCHARGE_T, SAVINGS_USD = Decimal(185_100), Decimal(3_547), Decimal(1_360_000)
#: Steps in which a firm reads its meter, its log and its invoices.
STEPS = {"W1": Decimal(1), "Q4": Decimal("0.1"), "M1": Decimal(1)}
YEARS_MAX = 5
#: Loans of 2002 that report once for the part of the year they were in operation.
PART_YEARS = 2


@dataclass(frozen=True, slots=True)
class LoanYear:
    """One report of one loan: its period, the production, and what each indicator saved."""

    loan: StoryLoan
    period_from: date
    period_to: date
    production: Decimal
    saved: dict[str, Decimal]
    grade: str

    @property
    def reported_on(self) -> date:
        """Two weeks after the period, but in time for the report of November 2002."""
        return min(self.period_to + timedelta(days=14), END - timedelta(days=1))


def periods(loan: StoryLoan) -> list[tuple[date, date]]:
    """Full years of operation up to November 2002, at most five; for the first loans of 2002 a part of one."""
    found = []
    for year in range(YEARS_MAX):
        first = add_years(loan.commissioned_on, year)
        last = add_years(loan.commissioned_on, year + 1) - timedelta(days=1)
        if last < END:
            found.append((first, last))
    if not found and loan.paid_out_on.year == 2002 and loan.number < 35 + PART_YEARS:
        found.append((loan.commissioned_on, END - timedelta(days=2)))
    return found


def factor(loan: StoryLoan) -> Decimal:
    """How large a project is beside one of the mean loan."""
    return Decimal(loan.amount) / 23_958


def yearly_production(trade: Trade, loan: StoryLoan) -> int:
    """The production that the application states: that of the trade, by the size of the loan."""
    return max(1, round(trade.production * factor(loan)))


def loan_years() -> list[LoanYear]:
    """All of them in the order of loans and years; the sums are exact."""
    story_firms = firms()
    rows: list[tuple[StoryLoan, Trade, tuple[date, date], Decimal]] = []
    for loan in story():
        trade = trade_of(story_firms[loan.number], loan.number)
        for period in periods(loan):
            rows.append((loan, trade, period, _produced(trade, loan, period, len(rows))))
    saved = {
        "W1": _exact(WATER_M3, "W1", [p * (t.water[0] - t.water[1]) for _l, t, _d, p in rows]),
        "Q4": _exact(DISCHARGE_T, "Q4", [p * (t.discharge[0] - t.discharge[1]) for _l, t, _d, p in rows]),
        "M1": _exact(SAVINGS_USD, "M1", [p * (t.cost[0] - t.cost[1]) for _l, t, _d, p in rows]),
    }
    return [
        LoanYear(loan, period[0], period[1], produced, {code: saved[code][at] for code in saved}, _grade(at))
        for at, (loan, _trade, period, produced) in enumerate(rows)
    ]


def _produced(trade: Trade, loan: StoryLoan, period: tuple[date, date], at: int) -> Decimal:
    """The production of the period: up and down by a tenth from one report to the next, by days."""
    days = (period[1] - period[0]).days + 1
    swing = Decimal(90 + at * 37 % 21) / 100
    return Decimal(max(1, round(yearly_production(trade, loan) * swing * days / 365)))


def _exact(total: Decimal, code: str, weights: Sequence[Decimal]) -> list[Decimal]:
    """The total in parts by weight, in whole steps of the meter, adding up exactly."""
    step = STEPS[code]
    counts = share_out(total / step, list(weights))
    whole = [count.to_integral_value(rounding="ROUND_DOWN") for count in counts]
    left = int(total / step - sum(whole))
    order = sorted(range(len(counts)), key=lambda at: (whole[at] - counts[at], at))
    for at in order[:left]:
        whole[at] += 1
    return [count * step for count in whole]


def _grade(at: int) -> str:
    """Most by documents, every sixth seen by staff, every fifteenth by an accredited third party."""
    if at % 15 == 14:
        return "V4"
    return "V3" if at % 6 == 5 else "V2"
