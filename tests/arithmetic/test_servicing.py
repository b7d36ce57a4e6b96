"""Payments, arrears and changes of a loan by replay: rules P-3 to P-9, S-4, S-5, S-7."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.arithmetic.allocation import Bucket
from loans.arithmetic.events import (
    Charge,
    Event,
    ExtraTerms,
    NewDueDate,
    Pause,
    Payment,
    RateChange,
    Restructure,
    Tranche,
)
from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import schedule
from loans.arithmetic.servicing import State, replay
from loans.arithmetic.terms import Prepayment, Terms
from tests.arithmetic.builders import loan, many, terms_of_any_kind

D = Decimal
FIRST, SECOND = date(2026, 2, 15), date(2026, 3, 15)
INSTALMENT = D("10853.85")
"""The first instalment of the sample loan, with VAT; it is paid on Monday 16 February."""
LOWER, SHORTER = Prepayment.LOWER_INSTALMENT, Prepayment.SHORTER_TERM


def paid(day: date, amount: Any, key: str = "p", choice: Prepayment | None = None) -> Payment:
    return Payment(key, day, D(amount), choice)


def after(*events: Event, on: date = date(2026, 12, 31), terms: Terms | None = None) -> State:
    return replay(terms or loan(), None, events, on)


def kept(state: State) -> Decimal:
    """Principal fallen due, to come, and prepaid."""
    prepaid = sum((payment.prepaid for payment in state.payments), D(0))
    return sum(
        (row.principal - row.capitalised for row in (*(f.row for f in state.fallen), *state.plan)), prepaid
    )


@st.composite
def stories(draw: st.DrawFn) -> tuple[Terms, list[Event], date]:
    """A loan, events that may happen to it in any order, and a day to look at it."""
    terms = draw(terms_of_any_kind(longest=18))
    last = schedule(terms)[-1].due
    span = min((last - terms.disbursed_on).days + 60, 4000)
    day = st.integers(0, span).map(lambda count: terms.disbursed_on + timedelta(days=count))
    money = st.integers(1, int(terms.principal * 60) + 100).map(lambda cents: D(cents) / 100)
    choice = st.sampled_from([None, *Prepayment])
    payments = st.builds(Payment, st.uuids().map(str), day, money, choice)
    early = st.integers(0, max(0, (schedule(terms)[0].due - terms.disbursed_on).days - 1))
    changes = st.one_of(
        st.builds(Tranche, early.map(lambda count: terms.disbursed_on + timedelta(days=count)), money),
        st.builds(RateChange, day, st.integers(0, 4000).map(lambda points: D(points) / 100)),
        st.builds(lambda a, b: Pause(min(a, b), max(a, b)), day, day),
        st.builds(Charge, day, money),
    )
    events = [*draw(st.lists(payments, max_size=6)), *draw(st.lists(changes, max_size=3))]
    closes = any(isinstance(e, Payment) and e.prepayment for e in events) or terms.prepayment
    if closes:
        events = [event for event in events if not isinstance(event, Tranche)]
    return terms, events, draw(day)


@many
@given(stories(), st.randoms(use_true_random=False))
def test_rule_S7_the_order_of_typing_does_not_matter(
    story: tuple[Terms, list[Event], date], shuffle: random.Random
) -> None:
    terms, events, on = story
    typed = list(events)
    shuffle.shuffle(typed)
    assert replay(terms, None, typed, on) == replay(terms, None, events, on)


@many
@given(stories())
def test_rule_P4_allocations_prepaid_and_credit_sum_to_each_payment(
    story: tuple[Terms, list[Event], date],
) -> None:
    terms, events, on = story
    state = replay(terms, None, events, on)
    for payment in state.payments:
        parts = sum((part.amount for part in payment.allocations), D(0))
        assert parts + payment.prepaid + payment.credit == payment.amount
        assert payment.credit >= 0
        assert all(part.amount > 0 for part in payment.allocations)
    for row in state.fallen:
        assert all(amount >= 0 for amount in row.open.values())
        assert row.total_open == 0 or row.settled_on is None


@many
@given(stories())
def test_rule_S3_every_schedule_of_a_loan_repays_what_was_drawn(
    story: tuple[Terms, list[Event], date],
) -> None:
    terms, events, on = story
    state = replay(terms, None, events, on)
    drawn = sum((event.amount for event in events if isinstance(event, Tranche) and event.on <= on), D(0))
    assert kept(state) == terms.principal + drawn
    assert all(min(row.principal, row.interest, row.vat, row.balance) >= 0 for row in state.plan)
    assert state.payoff.principal >= 0


@many
@given(stories())
def test_rule_P9_paying_the_payoff_figure_closes_the_loan(story: tuple[Terms, list[Event], date]) -> None:
    terms, events, on = story
    state = replay(terms, None, events, on)
    owed = state.payoff.dues + state.payoff.principal + state.payoff.interest + state.payoff.vat
    if owed <= 0 or any(event.on == on for event in events) or state.credit:
        return
    closed = replay(terms, None, [*events, Payment("last", on, owed, LOWER)], on)
    assert closed.is_paid_off
    assert closed.payoff.total == 0


@many
@given(stories())
def test_rule_P5_a_payment_and_its_reversal_leave_no_trace(story: tuple[Terms, list[Event], date]) -> None:
    terms, events, on = story
    wrong = Payment("wrong", terms.disbursed_on + timedelta(days=20), D("77.77"), SHORTER)
    with_it = replay(terms, None, [*events, wrong], on)
    assert with_it != replay(terms, None, events, on) or wrong.on > on
    assert replay(terms, None, [e for e in [*events, wrong] if e is not wrong], on) == replay(
        terms, None, events, on
    )


@many
@given(terms_of_any_kind(longest=24))
def test_rule_P3_rows_given_or_computed_make_the_same_loan(terms: Terms) -> None:
    on = terms.disbursed_on + timedelta(days=200)
    payment = Payment("p", terms.disbursed_on + timedelta(days=90), terms.principal / 2 + D("0.01"))
    payment = replace(payment, amount=terms.round(payment.amount))
    assert replay(terms, schedule(terms), [payment], on) == replay(terms, None, [payment], on)


def test_rule_P4_interest_before_principal_oldest_first() -> None:
    state = after(paid(date(2026, 3, 20), 20_000), on=date(2026, 3, 20))
    parts = [(part.n, part.bucket.value) for part in state.payments[0].allocations]
    assert parts == [
        (1, "late_interest"),
        (1, "late_vat"),
        (1, "interest"),
        (1, "interest_vat"),
        (2, "interest"),
        (2, "interest_vat"),
        (1, "principal"),
        (2, "principal"),
    ]


def test_rule_P4_the_rest_is_kept_and_clears_the_next_instalment_on_its_due_date() -> None:
    early = paid(FIRST, INSTALMENT + 5_000)
    assert after(early, on=FIRST).credit == D(5_000)
    state = after(early, on=SECOND)
    assert state.credit == 0
    assert sum(part.amount for part in state.payments[0].allocations if part.n == 2) == D(5_000)


def test_rule_P6_no_late_interest_within_three_days_then_from_day_one() -> None:
    def late(day: int) -> Decimal:
        return after(on=date(2026, 2, day)).open(Bucket.LATE_INTEREST)

    assert [late(16), late(19)] == [0, 0]
    assert late(20) == D("18.92")  # 9,461.85 x 18 % x 4 days / 360
    assert after(on=date(2026, 2, 20)).open(Bucket.LATE_VAT) == D("3.03")


def test_rule_P6_principal_paid_within_the_grace_bears_nothing_the_rest_from_day_one() -> None:
    half = paid(date(2026, 2, 18), D(1392) + D(5_000))
    state = after(half, on=date(2026, 2, 26))
    assert state.open(Bucket.LATE_INTEREST) == D("22.31")  # 4,461.85 x 18 % x 10 / 360


def test_rule_P6_the_rest_of_the_loan_bears_its_own_interest() -> None:
    state = after(on=date(2026, 3, 20))
    assert state.fallen[1].owed[Bucket.INTEREST] == schedule(loan())[1].interest


def test_rule_P7_days_past_due_count_from_the_day_after_the_pay_date() -> None:
    assert [after(on=date(2026, 2, day)).days_past_due for day in (15, 16, 17, 18)] == [0, 0, 1, 2]
    assert after(paid(date(2026, 2, 17), INSTALMENT), on=date(2026, 2, 18)).days_past_due == 0


def test_rule_P7_figures_of_a_past_day_do_not_change_with_later_payments() -> None:
    later = paid(date(2026, 6, 1), 50_000)
    assert after(later, on=date(2026, 4, 30)) == after(on=date(2026, 4, 30))


def test_rule_P3_a_payment_with_an_earlier_value_date_replays_all() -> None:
    march = paid(date(2026, 3, 20), 15_000, "march")
    february = paid(FIRST, INSTALMENT, "february")
    late = after(march, on=date(2026, 3, 31))
    punctual = after(march, february, on=date(2026, 3, 31))
    assert late.payments[0].allocations[0].bucket is Bucket.LATE_INTEREST
    assert all(part.bucket is not Bucket.LATE_INTEREST for part in punctual.payments[0].allocations)


def test_rule_S5_a_prepayment_lowers_the_instalment_or_shortens_the_term_as_the_firm_chooses() -> None:
    first = paid(FIRST, INSTALMENT, "first")
    day = date(2026, 2, 25)
    lower = after(first, paid(day, 50_000, "more", LOWER), on=day)
    shorter = after(first, paid(day, 50_000, "more", SHORTER), on=day)
    assert (len(lower.plan), len(shorter.plan)) == (11, 6)
    assert lower.balance == shorter.balance == D("60538.15")
    assert {row.principal + row.interest for row in lower.plan[:-1]} == {D("5856.20")}
    assert {row.principal + row.interest for row in shorter.plan[:-1]} == {D("10661.85")}
    assert (
        lower.plan[0].interest == shorter.plan[0].interest == D("783.95")
    )  # 10 of 28 days on the old balance


def test_rule_S5_versions_of_the_schedule_stay_readable() -> None:
    choice = paid(date(2026, 2, 25), 50_000, "more", LOWER)
    versions = after(choice).versions
    assert [version.since for version in versions] == [date(2026, 1, 15), date(2026, 2, 25)]
    assert versions[0].rows == schedule(loan())
    assert versions[1].cause == choice


def test_rule_S4_a_later_tranche_bears_interest_from_its_day_and_is_spread_over_the_rows_left() -> None:
    state = after(Tranche(date(2026, 2, 25), D(30_000)), on=date(2026, 2, 25))
    assert state.plan[0].interest == D("1298.24")  # 1,105.38 + 30,000 x 1 % x 18/28
    assert sum(row.principal for row in state.plan) == D("140538.15")
    assert len(state.plan) == 11


def test_rule_S5_a_new_rate_holds_from_its_day() -> None:
    state = after(RateChange(date(2026, 2, 25), D(18)), on=date(2026, 2, 25))
    assert state.plan[0].interest == D("1460.68")  # 10 days of 28 at 12 %, 18 at 18 %
    assert state.plan[1].interest == (state.plan[0].balance * D("0.015")).quantize(D("0.01"))


def test_rule_S5_a_pause_leaves_the_instalment_and_the_last_row_shrinks() -> None:
    state = after(Pause(date(2026, 2, 20), date(2026, 4, 1)), on=date(2026, 2, 20))
    assert state.plan[0].interest == D("157.91")  # 4 nights of 28
    assert {row.principal + row.interest for row in state.plan[:-1]} == {D("10661.85")}
    assert state.plan[-1].principal + state.plan[-1].interest < D("10661.85")


def test_rule_S5_a_new_due_date_moves_the_rows_after_it() -> None:
    state = after(NewDueDate(FIRST, date(2026, 4, 15), date(2026, 6, 1)), on=date(2026, 2, 20))
    assert [str(row.due) for row in state.plan[:3]] == ["2026-03-15", "2026-06-01", "2026-07-01"]
    assert state.plan[1].days == 77


def test_rule_S5_extra_terms_spread_what_is_left() -> None:
    state = after(ExtraTerms(FIRST, 3), on=FIRST)
    assert len(state.plan) == 14
    assert sum(row.principal for row in state.plan) == D("110538.15")


def test_a_charge_is_owed_from_its_day_with_vat() -> None:
    state = after(Charge(FIRST, D(500)), on=FIRST)
    fees = next(row for row in state.fallen if row.row.n == -1)
    assert fees.open == {Bucket.FEES: D(500), Bucket.FEES_VAT: D("80.00")}


def test_rule_P8_a_restructuring_repays_everything_open_by_new_terms() -> None:
    new = loan(annual_rate_pct=D(10), n=6)
    state = after(Restructure(date(2026, 3, 25), new, capitalise=True), on=date(2026, 3, 25))
    assert state.open() == 0
    assert sum(row.principal for row in state.plan) == state.balance
    assert [row.n for row in state.plan] == [4, 5, 6, 7, 8, 9]
    assert state.balance > D(120_000)
    assert sum(sum(row.restructured.values()) for row in state.fallen) + D("100981.68") == state.balance


def test_rule_P8_without_capitalising_interest_stays_due() -> None:
    new = loan(annual_rate_pct=D(10), n=6)
    state = after(Restructure(date(2026, 3, 25), new), on=date(2026, 3, 25))
    assert state.balance == D(120_000)
    assert state.open(Bucket.INTEREST) == D("1200.00") + D("1105.38") + D("325.75")
    assert state.open(Bucket.PRINCIPAL) == 0


def test_rule_P9_the_payoff_figure_has_its_parts() -> None:
    payoff = after(paid(FIRST, INSTALMENT), on=date(2026, 2, 25)).payoff
    assert (payoff.principal, payoff.dues) == (D("110538.15"), 0)
    assert payoff.interest == D("394.78")  # 1,105.38 x 10/28
    assert payoff.total == D("110538.15") + D("394.78") + D("63.16")


REFUSED: list[tuple[Event, str, str]] = [
    (paid(date(2026, 1, 14), 5), "on", "Nothing can happen before the disbursement on 2026-01-15."),
    (paid(FIRST, 0), "amount", "The amount must be above zero."),
    (Tranche(FIRST, D(-5)), "amount", "The amount must be above zero."),
    (RateChange(FIRST, D(-5)), "annual_rate_pct", "The rate cannot be below zero."),
    (Pause(SECOND, FIRST), "last", "The last day must not lie before the first."),
    (ExtraTerms(FIRST, 0), "count", "The amount must be above zero."),
    (
        NewDueDate(FIRST, date(2026, 4, 1), SECOND),
        "due",
        "No instalment that is still to come falls due on 2026-04-01.",
    ),
    (
        NewDueDate(FIRST, date(2026, 4, 15), SECOND),
        "new_due",
        "The new date must lie after the instalment before it, on 2026-03-15.",
    ),
    (Tranche(date(2027, 6, 1), D(5)), "on", "No instalment is still to come on 2027-06-01."),
]


@pytest.mark.parametrize(("event", "field", "sentence"), REFUSED)
def test_events_that_cannot_be_are_refused(event: Event, field: str, sentence: str) -> None:
    with pytest.raises(TermsError) as refused:
        after(event, on=date(2027, 12, 31))
    assert (refused.value.field, refused.value.message) == (field, sentence)


def test_rule_P5_one_key_is_one_payment() -> None:
    with pytest.raises(TermsError, match="Two events bear the same key p"):
        after(paid(FIRST, 5), paid(SECOND, 6))


def test_rule_S5_a_loan_shortened_into_its_grace_collects_the_interest_with_its_last_row():
    """A prepayment leaves fewer rows than the grace on interest has: nothing is lost and nothing breaks."""
    terms = Terms(
        principal=D("1000.00"), currency="USD", annual_rate_pct=D(12), n=6, disbursed_on=date(2026, 1, 1),
        grace_interest=4,
    )  # fmt: skip
    early = Payment("early", date(2026, 1, 2), D("900.00"), Prepayment.SHORTER_TERM)
    change = RateChange(date(2026, 1, 3), D(10))
    state = replay(terms, None, [early, change], date(2026, 1, 3))
    assert sum(row.principal for row in state.plan) == D("100.00")
    assert all(row.interest == 0 for row in state.plan[:-1])
