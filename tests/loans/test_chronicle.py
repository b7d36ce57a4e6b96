"""Rules P-3 to P-7 and L-2, pure: what the replay of a loan writes into the books."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from fund import chart
from loans import arrears
from loans.arithmetic.allocation import Bucket
from loans.arithmetic.events import ExtraTerms, Pause, Payment, RateChange, Refund
from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import schedule
from loans.arithmetic.servicing import forward, replay
from loans.arithmetic.terms import Prepayment, Terms
from loans.chronicle import PREPAID, chronicle
from loans.record import FROM_BEFORE
from tests.conftest import NIGHTLY

FUNDING = {"K-1996-01": D("70000.00"), "OWN": D("50000.00")}
TERMS = Terms(
    principal=D("120000.00"), currency="MXN", annual_rate_pct=D(12), n=12, disbursed_on=date(2026, 1, 15),
    vat_pct=D(16), calendar="",
)  # fmt: skip
ROWS = schedule(TERMS)
END = date(2027, 6, 30)


def told(payments, on=END):
    return chronicle(TERMS, ROWS, payments, funding=FUNDING, on=on)


def net(events, account, tranche=None):
    return sum(
        side.debit - side.credit
        for event in events
        for side in event.sides
        if side.account == account and tranche in (None, side.tranche)
    )


def keys(story):
    """What was booked, the month's accruals apart."""
    return [event.key for event in story.events if not event.key.startswith("accrual")]


def on_time():
    return [Payment(f"P{row.n:02}", row.pay_date, row.total) for row in ROWS]


def test_rule_L2_a_loan_paid_on_time_leaves_nothing_due():
    story = told(on_time())
    assert story.state.is_paid_off
    assert net(story.events, chart.LOANS) == -TERMS.principal
    for account in (chart.INTEREST_DUE, chart.VAT_DUE, chart.VAT_TO_COLLECT, chart.FIRM_CREDITS):
        assert net(story.events, account) == 0
    assert net(story.events, chart.INTEREST_INCOME) == -sum(row.interest for row in ROWS)
    assert net(story.events, chart.VAT_OWED) == -sum(row.vat for row in ROWS)
    assert not any(key.startswith(("late", "suspense", "credit")) for key in keys(story))


def test_rule_K2_principal_is_back_in_its_tranches():
    story = told(on_time())
    assert net(story.events, chart.CASH, "K-1996-01") == D("70000.00")
    assert net(story.events, chart.CASH, "OWN") == D("50000.00") + sum(row.interest for row in ROWS)


def test_rule_P4_money_paid_ahead_waits_as_credit_and_clears_the_next_instalment():
    total = ROWS[0].total
    early = ROWS[0].due - timedelta(10)
    waiting = told([Payment("P01", early, total)], on=early)
    assert keys(waiting) == ["payment:P01"]
    assert net(waiting.events, chart.FIRM_CREDITS) == -total
    used = told([Payment("P01", early, total)], on=ROWS[0].due)
    assert keys(used) == ["due:1", "payment:P01", f"credit:P01:{ROWS[0].due}"]
    assert net(used.events, chart.FIRM_CREDITS) == 0
    assert {place.on for place in used.placed} == {ROWS[0].due}
    assert used.state.open() == 0


def test_rule_P6_late_interest_is_charged_at_month_ends_and_when_paid():
    late = ROWS[0].pay_date + timedelta(20)
    story = told([Payment("P01", late, ROWS[0].total + D(500))], on=late)
    days = [event.value_on for event in story.events if event.key.startswith("late")]
    assert days == [date(2026, 2, 28), late]
    charged = net(story.events, chart.LATE_INTEREST_INCOME)
    expected = (ROWS[0].principal * D("0.18") * 20 / 360).quantize(D("0.01"))
    assert -charged == expected
    assert net(story.events, chart.LATE_INTEREST_DUE) == 0


def test_rule_P6_within_the_days_of_grace_nothing_is_charged():
    story = told(
        [Payment("P01", ROWS[0].pay_date + timedelta(3), ROWS[0].total)], on=ROWS[0].pay_date + timedelta(9)
    )
    assert not any(key.startswith("late") for key in keys(story))


def test_rule_P7_from_day_91_unpaid_interest_is_not_income():
    day_91 = ROWS[0].pay_date + timedelta(91)
    before = told([], on=day_91 - timedelta(1))
    assert net(before.events, chart.SUSPENDED_INTEREST) == 0
    assert net(before.events, chart.INTEREST_INCOME) < 0
    after = told([], on=day_91)
    assert net(after.events, chart.INTEREST_INCOME) == 0
    assert net(after.events, chart.LATE_INTEREST_INCOME) == 0
    open_interest = after.state.open(Bucket.INTEREST, Bucket.LATE_INTEREST)
    assert net(after.events, chart.SUSPENDED_INTEREST) == -open_interest
    cured = told(
        [Payment("P01", day_91 + timedelta(3), after.state.open() + D(2000))], on=day_91 + timedelta(3)
    )
    assert net(cured.events, chart.SUSPENDED_INTEREST) == 0
    assert net(cured.events, chart.INTEREST_INCOME) == -sum(row.interest for row in ROWS[:4])


def test_rule_P3_only_what_changed_changes():
    payments = [
        Payment("P01", ROWS[0].pay_date, ROWS[0].total),
        Payment("P03", ROWS[2].pay_date, ROWS[2].total),
    ]
    late = told(payments, on=ROWS[2].pay_date)
    back_dated = told([*payments, Payment("P02", ROWS[1].pay_date, ROWS[1].total)], on=ROWS[2].pay_date)
    prints = {event.key: event.fingerprint for event in late.events}
    now = {event.key: event.fingerprint for event in back_dated.events}
    assert prints["due:1"] == now["due:1"]
    assert prints["payment:P01"] == now["payment:P01"]
    assert prints["payment:P03"] != now["payment:P03"]


PAYMENTS = st.lists(
    st.tuples(st.integers(0, 500), st.integers(1, 3_000_000)), max_size=8
).map(lambda rows: [
    Payment(f"P{n:02}", TERMS.disbursed_on + timedelta(days), D(cents) / 100) for n, (days, cents) in enumerate(rows)
])  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(PAYMENTS, st.integers(0, 520), st.randoms())
def test_rule_P3_the_books_agree_with_the_replay_after_any_story(payments, after, random):
    on = TERMS.disbursed_on + timedelta(after)
    story = told(payments, on=on)
    for event in story.events:
        assert sum(side.debit for side in event.sides) == sum(side.credit for side in event.sides)
        assert event.value_on <= on
    assert len({event.key for event in story.events}) == len(story.events)
    assert TERMS.principal + net(story.events, chart.LOANS) == story.state.balance
    assert net(story.events, chart.INTEREST_DUE) == story.state.open(Bucket.INTEREST)
    assert -net(story.events, chart.FIRM_CREDITS) == story.state.credit
    assert net(story.events, chart.CASH) == sum(p.amount for p in payments if p.on <= on)
    assert net(story.events, chart.VAT_DUE) == net(story.events, chart.VAT_TO_COLLECT) * -1
    placed = Counter()
    for place in story.placed:
        placed[place.payment] += place.amount
    for applied in story.state.payments:
        assert placed[applied.key] + applied.credit == applied.amount
    shuffled = list(payments)
    random.shuffle(shuffled)
    assert told(shuffled, on=on).events == story.events


ONE_TRANCHE = {"OWN": TERMS.principal}
CHOICES = st.sampled_from([replace(TERMS, prepayment=choice) for choice in Prepayment])
PAID_DAYS_AFTER = st.sampled_from([-20, -3, 0, 0, 0, 0, 2, 5])
PAID_BEYOND = st.sampled_from([D(0), D(0), D(0), D("-0.50"), D(700), D(9000)])
ORDERLY = st.lists(st.tuples(PAID_DAYS_AFTER, PAID_BEYOND), max_size=12).map(
    lambda ways: [
        Payment(f"P{row.n:02}", row.pay_date + timedelta(days), row.total + more)
        for row, (days, more) in zip(ROWS, ways, strict=False)
    ]
)
"""Most instalments on their day, some early, late, short or with money beyond the dues."""
ON_A_DAY = st.integers(1, 400).map(lambda days: TERMS.disbursed_on + timedelta(days))
CHANGES = st.lists(
    st.one_of(
        st.builds(RateChange, ON_A_DAY, st.integers(5, 20).map(D)),
        st.builds(lambda day, days: Pause(day, day + timedelta(days)), ON_A_DAY, st.integers(0, 40)),
        st.builds(ExtraTerms, ON_A_DAY, st.integers(1, 6)),
        st.builds(Refund, st.just("R"), ON_A_DAY, st.integers(1, 500).map(D)),
    ),
    max_size=2,
)


@settings(max_examples=1_000 if NIGHTLY else 200, deadline=None)
@given(CHOICES, ORDERLY | PAYMENTS, CHANGES, st.integers(0, 520), st.integers(0, 540))
def test_rule_P3_told_from_a_day_on_the_story_is_the_same_as_told_whole(
    terms, payments, changes, after, from_day
):
    """What is dated from that day on is told to the cent; what is dated earlier is left out."""
    on, since = (TERMS.disbursed_on + timedelta(days) for days in (after, from_day))
    life = {"funding": ONE_TRANCHE, "on": on, "rates": rates}
    try:
        whole = chronicle(terms, ROWS, [*payments, *changes], **life)
    except TermsError:
        reject()  # a change that cannot be, as a refund above the credit
    before = [event.key for event in whole.events if event.value_on < since]
    assume(not any(key.startswith(FROM_BEFORE) for key in before))
    later = chronicle(terms, ROWS, [*payments, *changes], since=since, **life)
    assert in_any_order(later.events) == in_any_order(
        event for event in whole.events if event.value_on >= since
    )
    assert in_any_order(later.placed) == in_any_order(place for place in whole.placed if place.on >= since)
    assert later.state == whole.state


def in_any_order(things):
    return sorted(map(repr, things))


def rates(day):
    """Shares that are set aside by class of ageing."""
    return (D(0), D(5), D(20), D(50), D(100))[: len(arrears.Bucket)]


@settings(max_examples=40, deadline=None)
@given(PAYMENTS, st.lists(st.integers(0, 520), max_size=6).map(sorted))
def test_rule_S7_one_pass_over_many_days_is_a_replay_for_each(payments, after):
    state_on = forward(TERMS, ROWS, payments)
    for days in after:
        on = TERMS.disbursed_on + timedelta(days)
        assert state_on(on) == replay(TERMS, ROWS, payments, on)


def test_rule_S5_what_is_prepaid_by_the_firms_choice_is_principal_of_no_instalment():
    choice = replace(TERMS, prepayment=Prepayment.LOWER_INSTALMENT)
    early = ROWS[0].due - timedelta(3)
    story = chronicle(choice, ROWS, [Payment("P01", early, D(20000))], funding=FUNDING, on=ROWS[1].due)
    assert [(place.n, place.part, place.amount) for place in story.placed] == [
        (PREPAID, Bucket.PRINCIPAL, D(20000))
    ]
    assert net(story.events, chart.LOANS) == -D(20000)
    second = next(event for event in story.events if event.key == "due:2")
    assert net([second], chart.INTEREST_DUE) < ROWS[1].interest
