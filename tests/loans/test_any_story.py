"""Rules S-7, P-3 and L-1: whatever happened to a loan, the order of typing changes nothing and the books are clean."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import Refusal
from fund.models import Line
from loans import bookkeeping, payments
from loans.models import Allocation, Loan, Payment
from tests.conftest import NIGHTLY
from tests.loans.builders import approved, findings, money_to_lend
from tests.stories import loans as story
from tests.stories import servicing
from tests.world import person

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 2)
END = FIRST + timedelta(days=150)
"""Everything is typed on this day, with the value dates of the story."""

DAYS = st.integers(1, 145).map(lambda days: FIRST + timedelta(days))
AMOUNTS = st.integers(1, 4_500_000).map(lambda cents: D(cents) / 100)
CHOICES = st.sampled_from(["", *Payment.Choice.values])
PAYMENTS = st.tuples(st.just("payment"), DAYS, AMOUNTS, CHOICES)
CHANGES = st.one_of(
    st.tuples(st.just("pause"), DAYS, st.integers(0, 60), st.none()),
    st.tuples(st.just("rate"), DAYS, st.integers(0, 40), st.none()),
    st.tuples(st.just("extra_terms"), DAYS, st.integers(1, 12), st.none()),
    st.tuples(st.just("new_terms"), DAYS, st.integers(1, 36), st.none()),
    st.tuples(st.just("write_off"), DAYS, st.none(), st.none()),
)
STORIES = st.lists(PAYMENTS, min_size=1, max_size=3).flatmap(
    lambda paid: st.lists(CHANGES, max_size=1, unique_by=lambda fact: fact[0]).map(lambda more: paid + more)
)


class Undone(Exception):
    """Ends an example, so that the next one finds the database as it was."""


def figures(kind, day, number):
    """What a change of that kind says."""
    return {
        "pause": lambda: {"last": day + timedelta(number)},
        "rate": lambda: {"annual_rate_pct": number},
        "extra_terms": lambda: {"count": number},
        "new_terms": lambda: {"count": number, "annual_rate_pct": "11"},
        "write_off": dict,
    }[kind]()


def happen(loan, place, fact):
    """Type one fact; a fact that the rules refuse leaves nothing behind. Whether it was taken."""
    kind, day, number, choice = fact
    try:
        with transaction.atomic():
            if kind == "payment":
                key = f"{loan.ref}:{place}"
                story.pay(story.fresh(loan), number, day, on=END, prepayment=choice, key=key)
            else:
                servicing.done(story.fresh(loan), kind, day, booked=END, **figures(kind, day, number))
    except Refusal:
        return False
    return True


def standing(loan):
    """Everything that the order of typing must not change."""
    table, cleared = Counter(), Counter()
    for line in Line.objects.filter(loan=loan.ref):
        table[line.account_id, line.tranche, line.value_on] += line.debit - line.credit
    for part in Allocation.objects.filter(payment__loan=loan, ended_on=None).select_related("payment"):
        cleared[part.payment.value_on, part.n, part.part, part.value_on] += part.amount
    now = story.fresh(loan)
    return (
        {key: amount for key, amount in table.items() if amount},
        cleared,
        [row.row for row in story.rows(loan)],
        (now.balance, now.unpaid_since, now.state, now.paid_off_on, now.written_off_on),
    )


def told_whole(loan):
    """What is booked when the loan's whole life is told again: nothing, if each verb booked what it should."""
    before = booked(loan)
    bookkeeping.bring_up_to(bookkeeping.locked(loan.ref), by=person("carmen"), on=END)
    return [row for row in booked(loan) if row not in before]


def booked(loan):
    postings = loan.postings.values_list("event", "round", "fingerprint", "ended_on")
    cleared = Allocation.objects.filter(payment__loan=loan)
    return [*postings, *cleared.values_list("pk", "part", "amount", "ended_on")]


@pytest.fixture
def ready(db):
    money_to_lend(parts=2)
    return [story.paid_out(approved("120000.00", term=12, on=FIRST), on=FIRST) for _ in range(2)]


@settings(
    max_examples=1_000 if NIGHTLY else 100,
    deadline=None,
    derandomize=not NIGHTLY,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STORIES, st.randoms(use_true_random=False))
def test_rule_S7_any_story_in_any_order_gives_the_same_books(ready, facts, random):
    """One loan is told its story as it came, the other shuffled; a story that a rule refuses is told to neither."""
    try:
        with transaction.atomic():
            first, second = ready
            taken = [(place, fact) for place, fact in enumerate(facts) if happen(first, place, fact)]
            random.shuffle(taken)
            told = [happen(second, place, fact) for place, fact in taken]
            assert findings(END) == []
            if all(told):
                assert standing(first) == standing(second)
            assert told_whole(first) == told_whole(second) == []
            raise Undone
    except Undone:
        pass


@settings(
    max_examples=1_000 if NIGHTLY else 25,
    deadline=None,
    derandomize=not NIGHTLY,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(PAYMENTS, min_size=1, max_size=3), st.data())
def test_rule_P5_what_was_reversed_never_happened(ready, facts, data):
    """A loan with some payments reversed stands as one that never had them, but for the trail."""
    try:
        with transaction.atomic():
            first, second = ready
            taken = [(place, fact) for place, fact in enumerate(facts) if happen(first, place, fact)]
            wrong = data.draw(
                st.sets(st.sampled_from([place for place, _ in taken])) if taken else st.just(set())
            )
            for place in sorted(wrong):
                payment = Payment.objects.get(key=f"{first.ref}:{place}")
                payments.reverse_payment(payment=payment, reason="Wrong", by=person("teresa"), on=END)
            told = [happen(second, place, fact) for place, fact in taken if place not in wrong]
            assert findings(END) == []
            if all(told) and told:
                before, after = standing(first), standing(second)
                reversed_ones = Allocation.objects.filter(
                    payment__loan=first, payment__reversed_on__isnull=False
                )
                assert not reversed_ones.filter(ended_on=None).exists()
                assert before == after
            raise Undone
    except Undone:
        pass


def test_the_stories_reach_every_state_of_a_running_loan(ready):
    """The stories above are not all of one kind: these three are among what they may tell."""
    first, second = ready
    assert happen(first, 0, ("payment", FIRST + timedelta(5), D("130000.00"), "shorter_term"))
    assert happen(second, 0, ("write_off", FIRST + timedelta(140), None, None))
    assert not happen(first, 1, ("extra_terms", FIRST + timedelta(9), 3, None))
    assert [story.fresh(one).state for one in (first, second)] == [
        Loan.State.PAID_OFF,
        Loan.State.WRITTEN_OFF,
    ]
