"""What only one other system does (loans/arithmetic/conventions): figures that follow from the rules by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loans.arithmetic.calendar import MonthEnd, Unit
from loans.arithmetic.conventions import fineract_plan
from loans.arithmetic.conventions.fineract import (
    Extra,
    FineractTerms,
    Future,
    NewDue,
    NewRate,
    Pause,
    Spread,
    Tranche,
)
from loans.arithmetic.conventions.fineract_replay import (
    FEE,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    Paid,
    Replay,
    Servicing,
)


def loan(principal: str = "1200", rate: str = "12", n: int = 6, **changes: Any) -> FineractTerms:
    tranche = Tranche(date(2024, 1, 1), Decimal(principal))
    return replace(FineractTerms((tranche,), Decimal(rate), n), **changes)


def interest(terms: FineractTerms) -> list[str]:
    return [str(row.interest) for row in fineract_plan.plan(terms)]


def paid(terms: FineractTerms, servicing: Servicing, *payments: tuple[date, str], on: date) -> Replay:
    replay = Replay(terms, servicing)
    replay.run([Paid(day, Decimal(amount)) for day, amount in payments], on)
    return replay


def test_whole_periods_count_a_week_as_one_of_fifty_two_and_a_month_as_one_of_twelve() -> None:
    weekly = loan("5200", "10", 2, unit=Unit.WEEKS, every=2, thirty_day_months=False, whole_periods=True)
    assert interest(weekly)[0] == "20.00"
    moved = loan(days_in_year=None, thirty_day_months=False, whole_periods=True)
    moved = replace(moved, changes=(NewDue(date(2024, 2, 1), date(2024, 2, 20)),))
    assert interest(moved)[0] == "12.00"


def test_thirty_day_months_count_over_the_days_of_the_year_that_the_product_names() -> None:
    assert interest(loan("36600", n=1, days_in_year=None)) == ["360.00"]
    assert interest(loan("36500", n=1, days_in_year=365)) == ["360.00"]
    over_new_year = loan(
        "73000", n=1, every=12, days_in_year=None, tranches=(Tranche(date(2025, 12, 31), Decimal(73000)),)
    )
    assert interest(over_new_year) == ["8760.00"]


def test_a_moved_due_date_counts_whole_months_and_the_odd_days_share_of_their_month() -> None:
    """1 January to 15 March: two months and 14 of the 31 days of March, 1,200 x 1 % x 2.4516."""
    moved = loan(changes=(NewDue(date(2024, 2, 1), date(2024, 3, 15)),))
    assert interest(moved)[0] == "29.42"
    rolled = loan(
        "3100", "12", 2, month_end=MonthEnd.ROLL, tranches=(Tranche(date(2025, 1, 31), Decimal(3100)),)
    )
    assert interest(rolled)[0] == "32.00"


def test_days_before_a_payment_weigh_as_the_rest_of_their_row_does() -> None:
    """Half of a row from 16 December 2023 to 16 January 2024 bears half of its interest, though the years differ."""
    row = (Decimal(15) / 365 + Decimal(16) / 366) * 12000
    terms = loan(
        "100000", "12", 2, days_in_year=None, thirty_day_months=False,
        tranches=(Tranche(date(2023, 12, 16), Decimal(100000)),),
    )  # fmt: skip
    state = paid(terms, Servicing(), (date(2023, 12, 31), "100000"), on=date(2023, 12, 31))
    assert state.lines[0].paid[INTEREST] + state.lines[1].paid[INTEREST] == (row * 15 / 31).quantize(
        Decimal("0.01")
    )


def test_the_first_night_of_a_row_bears_interest_even_if_a_pause_begins_with_it() -> None:
    first = loan("3100", "12", 1, changes=(Pause(date(2024, 1, 2), date(2024, 1, 11)),))
    assert interest(first) == ["22.00"]
    later = loan("3100", "12", 1, changes=(Pause(date(2024, 1, 3), date(2024, 1, 12)),))
    assert interest(later) == ["21.00"]


def test_overdue_principal_may_bear_no_interest_or_that_of_a_whole_period() -> None:
    """The first instalment (195.06 of principal) is paid ten days late."""
    late = (date(2024, 2, 11), "207.06")
    first = fineract_plan.plan(loan())[0]
    balance = first.balance
    rows = {
        "none": (Servicing(overdue_bears_interest=False), balance * 30),
        "by day": (Servicing(), balance * 30 + first.principal * Decimal(300) / 29),
        "whole": (Servicing(payoff_to_period_end=True, overdue_by_whole_period=True), Decimal(1200) * 30),
    }
    for servicing, days in rows.values():
        second = paid(loan(), servicing, late, on=date(2024, 2, 11)).lines[1]
        assert second.amounts[INTEREST] == (days / 3000).quantize(Decimal("0.01"))


def test_a_down_payment_that_is_late_bears_no_interest() -> None:
    terms = loan(down_payment_pct=Decimal(25))
    on_time = paid(terms, Servicing(), (terms.start, "300"), on=date(2024, 1, 20))
    late = paid(terms, Servicing(), (date(2024, 1, 20), "300"), on=date(2024, 1, 20))
    unpaid = paid(terms, Servicing(), on=date(2024, 1, 20))
    for state in (on_time, late, unpaid):
        assert [line.amounts[INTEREST] for line in state.lines[:2]] == [0, 9]


def test_a_payoff_on_a_due_date_owes_nothing_of_the_period_after_it() -> None:
    to_period_end = Servicing(payoff_to_period_end=True)
    on_due = paid(loan(), to_period_end, (date(2024, 2, 1), "1300"), on=date(2024, 2, 1))
    assert sum(line.paid[INTEREST] for line in on_due.lines) == Decimal("12.00")
    inside = paid(loan(), to_period_end, (date(2024, 1, 20), "1300"), on=date(2024, 1, 20))
    assert sum(line.paid[INTEREST] for line in inside.lines) == Decimal("12.00")


def test_no_more_principal_is_paid_than_the_loan_has_left() -> None:
    servicing = Servicing(future=Future.LAST)
    state = paid(
        loan("1000", "33", 3), servicing, (date(2024, 1, 5), "703.66"), (date(2024, 2, 1), "351.83"),
        on=date(2024, 2, 1),
    )  # fmt: skip
    assert sum(line.paid[PRINCIPAL] for line in state.lines) == 1000
    assert sum(line.amounts[PRINCIPAL] for line in state.lines) == 1000


def test_interest_that_no_later_row_can_recognise_is_due_with_the_last_unpaid_row() -> None:
    """The last row is paid in advance; the second stays open ten days over its date and bears them itself."""
    terms, servicing = loan("1200", "12", 3), Servicing(future=Future.LAST)
    first = fineract_plan.plan(terms)[0].total
    payment = (date(2024, 2, 1), str(2 * first))
    on_time = paid(terms, servicing, payment, on=date(2024, 3, 1)).lines
    late = paid(terms, servicing, payment, on=date(2024, 3, 11)).lines
    ten_days = on_time[1].amounts[PRINCIPAL] / 100 * 10 / 31
    assert late[1].amounts[INTEREST] - on_time[1].amounts[INTEREST] == ten_days.quantize(Decimal("0.01"))
    assert late[1].amounts[PRINCIPAL] == on_time[1].amounts[PRINCIPAL]
    assert late[2].outstanding == 0
    cleared = paid(terms, servicing, payment, (date(2024, 3, 11), "2000"), on=date(2024, 3, 11)).lines
    assert [line.outstanding for line in cleared] == [0, 0, 0]
    assert sum(line.paid[PRINCIPAL] for line in cleared) == 1200
    assert cleared[1].paid[INTEREST] == late[1].amounts[INTEREST]


def test_even_shares_take_another_round_where_a_row_needs_less() -> None:
    """40, 40, 20: a third of 75 is more than the last row takes; the 5 left over go to the others."""
    terms = loan("100", "0", 3, multiple=Decimal(40))
    servicing = Servicing(future=Future.REAMORTISE, recalculates=False)
    state = paid(terms, servicing, (date(2024, 1, 5), "75"), on=date(2024, 1, 5))
    assert [line.paid_total for line in state.lines] == [Decimal("27.5"), Decimal("27.5"), 20]


def test_even_shares_are_taken_kind_by_kind() -> None:
    """The interest of all three rows first, then thirds of what is left of the money."""
    order = (PENALTY, FEE, INTEREST, PRINCIPAL)
    servicing = Servicing(order, order, Future.REAMORTISE, recalculates=False)
    state = paid(loan(n=3), servicing, (date(2024, 1, 5), "90"), on=date(2024, 1, 5))
    interest = [line.amounts[INTEREST] for line in state.lines]
    assert [line.paid[INTEREST] for line in state.lines] == interest
    third = ((90 - sum(interest)) / 3).quantize(Decimal("0.01"))
    rest = 90 - sum(interest) - 2 * third
    assert [line.paid[PRINCIPAL] for line in state.lines] == [third, third, rest]


@pytest.mark.parametrize(
    ("on", "where"),
    [(date(2024, 1, 1), [0]), (date(2024, 1, 20), [0]), (date(2024, 2, 1), [1]), (date(2024, 2, 2), [1])],
)
def test_money_in_advance_goes_to_the_running_row_or_else_to_the_last(on: date, where: list[int]) -> None:
    servicing = Servicing(future=Future.NEXT_THEN_LAST, recalculates=False)
    instalment = fineract_plan.plan(loan())[0].total
    due = instalment if on >= date(2024, 2, 1) else Decimal(0)
    some = paid(loan(), servicing, (on, str(due + 5)), on=on)
    assert [line.n - 1 for line in some.lines if line.in_advance] == where
    twice = paid(loan(), servicing, (on, str(due + instalment)), (on, "5"), on=on)
    assert [line.n - 1 for line in twice.lines if line.in_advance] == [*where, 5]


def test_more_rows_are_levelled_from_the_row_that_contains_the_day() -> None:
    rows = fineract_plan.plan(loan(rate="0", changes=(Extra(date(2024, 4, 1), terms=2),)))
    assert [str(row.principal) for row in rows] == ["200.00"] * 2 + ["133.33"] * 5 + ["133.35"]


def test_more_rows_and_rows_without_principal_come_together() -> None:
    change = Extra(date(2024, 2, 1), terms=2, grace_principal=1)
    rows = fineract_plan.plan(loan("900", "0", 3, cumulative=True, changes=(change,)))
    assert [row.principal for row in rows] == [0, 180, 180, 180, 180, 180]


def test_a_new_due_date_is_that_of_the_row_in_which_its_day_lies() -> None:
    moved = loan(changes=(NewDue(date(2024, 2, 20), date(2024, 3, 15)),))
    assert [row.span.due.isoformat() for row in fineract_plan.plan(moved)][:3] == [
        "2024-02-01", "2024-03-15", "2024-04-15",
    ]  # fmt: skip


def test_a_level_instalment_of_the_older_generator_begins_after_the_grace() -> None:
    rows = fineract_plan.plan(loan(cumulative=True, grace_principal=2))
    assert [str(row.total) for row in rows[:3]] == ["12.00", "12.00", "307.54"]
    assert sum(row.principal for row in rows) == 1200


def test_an_instalment_is_never_rounded_to_nothing() -> None:
    rows = fineract_plan.plan(loan("10", "0", 6, multiple=Decimal(5)))
    assert [row.principal for row in rows] == [5, 5, 0, 0, 0, 0]


def test_a_tranche_in_whole_periods_may_bear_the_interest_of_its_whole_row() -> None:
    parts = (Tranche(date(2024, 1, 1), Decimal(600)), Tranche(date(2024, 1, 20), Decimal(600)))
    assert interest(fineract_plan.tranches_by_row(loan(tranches=parts, whole_periods=True)))[0] == "12.00"


LATER = (Tranche(date(2024, 1, 1), Decimal(600)), Tranche(date(2024, 3, 20), Decimal(600)))
PAUSED = (Pause(date(2024, 2, 2), date(2024, 2, 9)),)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cumulative": True, "changes": PAUSED}, "knows no pause"),
        ({"cumulative": True, "tranches": LATER}, "later tranche"),
        ({"down_payment_pct": Decimal(25), "tranches": LATER}, "down payment of a later tranche"),
        ({"grace_principal": 2}, "knows no grace"),
        ({"changes": (Extra(date(2024, 3, 1), grace_interest=1),)}, "knows no grace"),
        ({"flat": True, "changes": (NewRate(date(2024, 3, 1), Decimal(6)),)}, "changed flat loan"),
        ({"spread": Spread.EQUAL_PRINCIPAL}, "level instalments only"),
        ({"changes": (NewDue(date(2024, 7, 2), date(2024, 8, 1)),)}, "no row falls due on"),
        ({"tranches": (LATER[0], Tranche(date(2024, 7, 1), Decimal(1)))}, "no row is left"),
    ],
)  # fmt: skip
def test_what_a_generator_does_not_know_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        fineract_plan.plan(loan(**changes))
