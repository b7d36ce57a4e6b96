"""How a loan in parts ends (rules D-4, P-8), and that any split on any days sums (Rule D-3)."""

from decimal import Decimal as D

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import Refusal
from fund import capital, chart, ledger
from loans import disbursements
from loans.balances import position, positions
from loans.models import Loan
from tests.conftest import NIGHTLY
from tests.loans.builders import approved, findings, money_to_lend
from tests.loans.in_parts import first_half, later
from tests.stories import loans as story
from tests.stories import servicing
from tests.world import bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend()


# how such a loan ends


def test_rule_D4_a_loan_paid_off_early_gives_up_the_rest():
    loan = first_half()
    closing = position(loan, later(20)).payoff.amount
    story.pay(loan, closing, later(20), prepayment="shorter_term")
    loan = story.fresh(loan)
    assert (loan.state, loan.rest_ended_on, loan.undrawn) == (Loan.State.PAID_OFF, later(20), 0)
    assert capital.reserved(loan.application.ref) == []
    assert findings(later(20)) == []
    with refused("D-2", "Only a signed loan"):
        disbursements.prepare(loan=loan, by=person("carmen"), on=later(21))


def test_rule_P8_a_loan_written_off_gives_up_the_rest_and_not_before_money_left():
    loan = story.paid_more(first_half(), value_on=later(40))
    with refused("P-8", "Money still left on"):
        servicing.proposed(loan, "write_off", later(39), booked=later(50))
    other = first_half()
    servicing.done(other, "write_off", later(50))
    assert story.fresh(other).rest_ended_on == later(50)
    assert capital.reserved(other.application.ref) == []
    assert findings(later(50)) == []


def test_rule_D4_the_rest_is_given_up_by_a_second_person():
    loan = first_half()
    with denied():
        disbursements.give_up_rest(loan=loan, reason="Cheaper", by=person("rosa"), on=later(20))
    with bad_input("reason"):
        disbursements.give_up_rest(loan=loan, reason=" ", by=person("dario"), on=later(20))
    story.proved(loan, on=later(20))
    made = disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=later(20))
    with refused("D-3", "is prepared"):
        disbursements.give_up_rest(loan=loan, reason="Cheaper", by=person("dario"), on=later(20))
    disbursements.cancel(disbursement=made, reason="Not needed", by=person("carmen"), on=later(20))
    disbursements.give_up_rest(loan=loan, reason="Cheaper", by=person("dario"), on=later(20))
    assert story.fresh(loan).undrawn == 0
    assert capital.reserved(loan.application.ref) == []
    with refused("D-3", "lets leave has left"):
        disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=later(21))
    with refused("D-3", "Nothing is left to pay out"):
        disbursements.give_up_rest(loan=loan, reason="Again", by=person("dario"), on=later(21))
    assert findings(later(21)) == []


# any split, any days


class Undone(Exception):
    """Ends an example, so that the next one finds the database as it was."""


PARTS = st.lists(st.integers(500_000, 3_000_000), min_size=2, max_size=4)
DAYS = st.lists(st.integers(0, 140), min_size=3, max_size=3).map(sorted)
PAID = st.lists(
    st.tuples(st.integers(1, 145), st.integers(1, 3_000_000), st.sampled_from(["", "lower_instalment"])),
    max_size=3,
)


@pytest.mark.usefixtures("_capital")
@settings(
    max_examples=300 if NIGHTLY else 15,
    deadline=None,
    derandomize=not NIGHTLY,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(PARTS, DAYS, PAID)
def test_rule_D3_any_split_on_any_days_sums_and_the_books_follow_the_replay(cents, days, paid):
    """Payments are typed before the payouts that their days follow; a story that a rule refuses stops there."""
    try:
        with transaction.atomic():
            amounts = [D(part) / 100 for part in cents]
            loan = story.paid_out(approved(sum(amounts)), payouts=story.plan(*amounts))
            for place, fact in enumerate(paid):
                attempt(pay, loan, place, *fact)
            for day in days[: len(amounts) - 1]:
                attempt(story.paid_more, loan, value_on=later(day), on=END)
            check_books_of(story.fresh(loan), amounts)
            raise Undone
    except Undone:
        pass


END = later(150)


def pay(loan, place, day, cents, choice):
    amount = D(cents) / 100
    story.pay(story.fresh(loan), amount, later(day), on=END, prepayment=choice, key=f"{loan.ref}:{place}")


def check_books_of(loan, amounts):
    """What left is a beginning of the plan, and the books say what the replay says."""
    left = list(loan.disbursements.left().values_list("amount", flat=True))
    assert left == amounts[: len(left)]
    assert sum(left) == loan.drawn == sum(share.amount for share in loan.funding.all())
    replayed = position(loan, END).state
    assert [found.state for found in positions(Loan.objects.all(), END)] == [replayed]
    assert ledger.balance(chart.LOANS, currency="MXN", loan=loan.ref) == replayed.balance
    assert findings(END) == []


def attempt(act, *args, **kwargs):
    """Whether a rule let it happen; what it refuses leaves nothing behind."""
    try:
        with transaction.atomic():
            act(*args, **kwargs)
    except Refusal:
        return False
    return True
