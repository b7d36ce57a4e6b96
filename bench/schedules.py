"""Schedules and CAT per second, beside the plain decimal loop of the same run.

    python -m bench.schedules [--loans 1000] [--rounds 9]

Goals: a single call with all product rules (VAT, bank days, ACT/360) at least 5x the plain loop with every row equal
to the cent; CAT with its flows at most 5 ms. Rounds are interleaved, so that a busy minute hits every way alike; the
figures are medians over rounds of processor time. Dates and annuities are kept for all loans that share them: what the
first loan of its dates and rate costs is measured last, with nothing kept.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from bench.floors.schedules import naive_schedule
from loans.arithmetic import periods
from loans.arithmetic.cat import cat
from loans.arithmetic.daycount import DayCount
from loans.arithmetic.schedule import annuity_of, schedule
from loans.arithmetic.servicing import replay
from loans.arithmetic.terms import Terms

MONTHS = 24
GOAL_RATIO, GOAL_CAT_MS = 5.0, 5.0
FLOOR, ENGINE = "plain decimal loop (floor)", "schedule(), one call, all product rules"
FIRST = "schedule() of the first loan of its dates and rate"
CAT, STATE = "cat() with its flows, schedule included", "replay() of a loan without payments"


def made_up_terms(count: int, seed: int = 7) -> list[Terms]:
    """Loans of 100 to 50,000 pesos at 2 to 24 %, disbursed over 900 days; VAT 16 %, Mexico's bank days."""
    draw = random.Random(seed)  # noqa: S311 - sample data, no secret
    first = date(2024, 1, 1)
    return [
        Terms(
            principal=Decimal(draw.randrange(10_000, 5_000_000)) / 100,
            currency="MXN",
            annual_rate_pct=Decimal(draw.randrange(200, 2400)) / 100,
            n=MONTHS,
            disbursed_on=first + timedelta(days=draw.randrange(900)),
            day_count=DayCount.ACT_360,
            vat_pct=Decimal(16),
            opening_fee_pct=Decimal(2),
        )
        for _ in range(count)
    ]


def naive_rows(terms: Terms) -> list[tuple[object, ...]]:
    rows = naive_schedule(terms.principal, terms.yearly_rate, terms.disbursed_on, terms.n)
    return [tuple(row) for row in rows]


def own_rows(terms: Terms) -> list[tuple[object, ...]]:
    return [(r.due, r.interest, r.principal, r.interest + r.principal, r.balance) for r in schedule(terms)]


def first_of_its_kind(terms: Terms) -> object:
    """The schedule with nothing kept from loans before."""
    for kept in (periods.due_dates, periods.periods_on, annuity_of):
        kept.cache_clear()
    return schedule(terms)


def seconds_each(work: Callable[[Terms], object], loans: list[Terms]) -> float:
    begin = time.process_time()
    for terms in loans:
        work(terms)
    return (time.process_time() - begin) / len(loans)


def measure(loans: list[Terms], rounds: int) -> dict[str, list[float]]:
    """Seconds a call, for each way and round."""
    few = loans[: max(1, len(loans) // 5)]
    ways: dict[str, tuple[Callable[[Terms], object], list[Terms]]] = {
        FLOOR: (naive_rows, few),
        ENGINE: (schedule, loans),
        CAT: (cat, few),
        STATE: (lambda terms: replay(terms, None, (), terms.disbursed_on + timedelta(days=400)), few),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (work, sample) in ways.items():
            found[name].append(seconds_each(work, sample))
    found[FIRST] = [seconds_each(first_of_its_kind, few) for _ in range(rounds)]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--loans", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    loans = made_up_terms(arguments.loans)
    equal = sum(own_rows(terms) == naive_rows(terms) for terms in loans)
    times = {name: statistics.median(values) for name, values in measure(loans, arguments.rounds).items()}
    print(f"{MONTHS} monthly rows, ACT/360, {len(loans)} loans, median of {arguments.rounds} rounds")
    print("| way | calls/s | ms a call | x floor |\n|---|---|---|---|")
    for name, seconds in times.items():
        print(f"| {name} | {1 / seconds:,.0f} | {seconds * 1000:.3f} | {times[FLOOR] / seconds:.2f} |")
    ratio, cat_ms = times[FLOOR] / times[ENGINE], times[CAT] * 1000
    print(f"rows equal to the floor's, to the cent: {equal}/{len(loans)}")
    met = equal == len(loans) and ratio >= GOAL_RATIO and cat_ms <= GOAL_CAT_MS
    print(
        f"goals (>= {GOAL_RATIO:g}x, CAT <= {GOAL_CAT_MS:g} ms, every row equal): {'met' if met else 'NOT met'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
