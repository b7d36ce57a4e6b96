"""Rules P-5 and L-1 under many hands, and when the line to the database is cut at the worst moment."""

import random
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import OperationalError, connection

from accounts.errors import RuleBroken
from fund import chart, ledger
from fund.models import Entry
from loans import payments
from loans.models import Loan, Payment
from tests.conftest import NIGHTLY
from tests.loans.builders import approved, findings, firm, money_to_lend
from tests.loans.dropping import cut_at_commit
from tests.loans.test_concurrency import recorder, together
from tests.stories import loans as story
from tests.world import person

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 8
EACH = 25 if NIGHTLY else 5
"""Payments of each client to the one loan: 200 in full size."""
ACTS = 125 if NIGHTLY else 8
"""Payments and reversals of each client over several loans: 1,000 in full size."""
SEED = 20_260_302
DAY = date(2026, 4, 2)


@pytest.fixture
def loans(transactional_db):
    money_to_lend("9000000.00")
    owner = firm()
    return [story.paid_out(approved("50000.00", of=owner, term=12)) for _ in range(4)]


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def all_of(jobs):
    """One client: its jobs one after the other; what each answered."""

    def run():
        return [job() for job in jobs]

    return run


def test_rule_L1_many_payments_on_one_loan_all_post_and_the_balance_is_the_entries(loans):
    loan, carmen = loans[0], person("carmen")
    jobs = [
        all_of([recorder(loan, f"{100 + n}.00", f"{client}-{n}", carmen) for n in range(EACH)])
        for client in range(CLIENTS)
    ]
    made = together(*jobs)
    assert all(isinstance(answers, list) for answers in made), made
    assert Payment.objects.filter(loan=loan).count() == CLIENTS * EACH
    paid = CLIENTS * sum(D(100 + n) for n in range(EACH))
    assert ledger.balance(chart.CASH, currency="MXN", loan=loan.ref) == paid - D(50000)
    loan.refresh_from_db()
    assert loan.balance == ledger.balance(chart.LOANS, currency="MXN", loan=loan.ref)
    assert findings(DAY) == []


def reverser(chance, mine):
    """Takes one of this client's own payments back, if it has one that stands; a second time is refused, not lost."""
    teresa = person("teresa")

    def take_back():
        standing = list(Payment.objects.filter(key__startswith=mine, reversed_on=None))
        if not standing:
            return None
        try:
            return payments.reverse_payment(
                payment=chance.choice(standing), reason="Wrong loan", by=teresa, on=DAY
            )
        except RuleBroken as refusal:
            return refusal

    return take_back


def test_rule_P5_payments_and_reversals_over_several_loans_meet_no_deadlock(loans):
    carmen, before = person("carmen"), deadlocks()
    jobs = []
    for client in range(CLIENTS):
        chance = random.Random(SEED + client)
        acts = []
        for n in range(ACTS):
            if n and chance.random() < 0.4:
                acts.append(reverser(chance, f"{client}-"))
            else:
                amount = f"{chance.randrange(10, 30_000) / 10:.2f}"
                acts.append(recorder(chance.choice(loans), amount, f"{client}-{n}", carmen))
        jobs.append(all_of(acts))
    made = together(*jobs)
    assert all(isinstance(answers, list) for answers in made), made
    assert deadlocks() == before
    assert findings(DAY) == []
    for loan in Loan.objects.all():
        standing = sum(Payment.objects.counted().filter(loan=loan).values_list("amount", flat=True), D(0))
        assert ledger.balance(chart.CASH, currency="MXN", loan=loan.ref) == standing - D(50000)


@pytest.mark.parametrize(
    "done", [True, False], ids=["after the server did it", "before the server heard of it"]
)
def test_rule_P5_a_line_cut_at_the_commit_is_tried_again_with_the_same_key(loans, done):
    record = recorder(loans[0], "5000.00", "one-key", person("carmen"))
    with cut_at_commit(done=done), pytest.raises(OperationalError):
        record()
    assert Payment.objects.count() == (1 if done else 0)
    first = record()
    assert record().pk == first.pk
    assert Payment.objects.count() == 1
    assert Entry.objects.filter(source__contains=":payment:").count() == 1
    assert findings(DAY) == []
