"""Rules P-5 and L-1 on real connections: nothing is lost, nothing is doubled."""

import threading
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from djmoney.money import Money

from fund import chart, ledger
from fund.models import Entry
from loans import changes, disbursements, payments
from loans.models import Disbursement, LoanChange, Payment
from tests.loans.builders import approved, findings, money_to_lend
from tests.stories import loans as story
from tests.stories import servicing
from tests.world import DAY, person

pytestmark = pytest.mark.django_db(transaction=True)


def together(*jobs):
    """Run the jobs at once, each on a connection of its own; their results in order, errors among them."""
    results = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(place, job):
        try:
            gate.wait()
            results[place] = job()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def loan(transactional_db):
    money_to_lend()
    return story.paid_out(approved("120000.00", term=12))


def recorder(loan, amount, key, by):
    def record():
        return payments.record_payment(
            loan=loan,
            amount=Money(D(amount), "MXN"),
            value_on=date(2026, 4, 2),
            key=key,
            by=by,
            on=date(2026, 4, 2),
        )

    return record


def test_rule_P5_fifty_identical_requests_make_one_payment(loan):
    carmen = person("carmen")
    for _ in range(5):
        made = together(*[recorder(loan, "5000.00", "one-key", carmen)] * 10)
        assert {payment.number for payment in made} == {"L-2026-0001-P001"}
    assert Payment.objects.count() == 1
    assert Entry.objects.filter(source__contains=":payment:").count() == 1
    assert findings(date(2026, 4, 2)) == []


def test_rule_L1_two_cashiers_lose_nothing_and_double_nothing(loan):
    carmen = person("carmen")
    jobs = [recorder(loan, f"{100 + n}.00", f"key-{n}", carmen) for n in range(8)]
    made = together(*jobs)
    assert all(isinstance(payment, Payment) for payment in made), made
    assert sorted(payment.number[-3:] for payment in made) == [f"{n:03d}" for n in range(1, 9)]
    total = sum(D(100 + n) for n in range(8))
    cash = ledger.balance(chart.CASH, currency="MXN", loan=loan.ref)
    assert cash == total - D(120000)
    assert findings(date(2026, 4, 2)) == []


def test_rule_P5_a_payment_and_its_reversal_at_once(loan):
    first = story.pay(loan, "3000.00", date(2026, 4, 2))
    teresa, carmen = person("teresa"), person("carmen")

    def take_back():
        return payments.reverse_payment(payment=first, reason="Wrong loan", by=teresa, on=date(2026, 4, 2))

    made = together(take_back, recorder(loan, "700.00", "other", carmen), take_back)
    assert all(isinstance(payment, Payment) for payment in made), made
    assert ledger.balance(chart.CASH, currency="MXN", loan=loan.ref) == D(700) - D(120000)
    assert findings(date(2026, 4, 2)) == []


def test_rule_D2_one_disbursement_approved_by_two_at_once_pays_once(transactional_db):
    money_to_lend()
    found, teresa = story.prepared(approved("100000.00")), person("teresa")

    def approve():
        return disbursements.approve(disbursement=Disbursement.objects.get(pk=found.pk), by=teresa, on=DAY)

    made = together(approve, approve, approve)
    assert all(isinstance(one, Disbursement) for one in made), made
    assert ledger.balance(chart.LOANS, currency="MXN") == D("100000.00")
    assert findings(DAY) == []


def test_rule_K2_two_loans_at_once_do_not_spend_the_same_money(transactional_db):
    money_to_lend("6000000.00")
    found = [story.prepared(approved("120000.00")) for _ in range(2)]
    teresa = person("teresa")
    made = together(
        *(lambda one=one: disbursements.approve(disbursement=one, by=teresa, on=DAY) for one in found)
    )
    assert all(isinstance(one, Disbursement) for one in made), made
    assert ledger.balance(chart.CASH, currency="MXN") == D("5760000.00")
    assert findings(DAY) == []


def test_rule_S5_two_cashiers_prepay_one_loan_at_once(loan):
    """One loan, two people, three prepayments with different choices: every peso once, one schedule in force."""
    day, jobs = date(2026, 3, 20), []
    for number, choice in enumerate(("lower_instalment", "shorter_term", "lower_instalment")):
        wish = {
            "value_on": day,
            "key": f"pre-{number}",
            "prepayment": choice,
            "by": person("carmen"),
            "on": day,
        }
        amount = Money(D(10000 + number), "MXN")
        jobs.append(
            lambda amount=amount, wish=wish: payments.record_payment(loan=loan, amount=amount, **wish)
        )
    made = together(*jobs, *jobs)
    assert all(isinstance(payment, Payment) for payment in made), made
    assert Payment.objects.count() == 3
    now = story.fresh(loan)
    assert now.balance == D(120000) - 30003
    assert now.versions.filter(superseded_on=None).count() == 1
    assert sum(row.principal for row in story.rows(now)) == now.balance
    assert findings(day) == []


def test_rule_P4_a_refund_approved_twice_while_a_payment_comes_in(loan):
    day = date(2026, 3, 20)
    story.pay(loan, "9000.00", day)
    change = servicing.proposed(story.fresh(loan), "refund", day, amount="4000.00")
    teresa, carmen = person("teresa"), person("carmen")

    def give_back():
        return changes.approve(change=LoanChange.objects.get(pk=change.pk), by=teresa, on=day)

    def receive():
        amount = Money(D("500.00"), "MXN")
        return payments.record_payment(loan=loan, amount=amount, value_on=day, key="k", by=carmen, on=day)

    made = together(give_back, receive, give_back)
    assert not [one for one in made if isinstance(one, Exception)], made
    assert ledger.balance(chart.FIRM_CREDITS, currency="MXN", loan=loan.ref) == D("-5500.00")
    assert Entry.objects.filter(source__contains=":refund:").count() == 1
    assert findings(day) == []


def test_rule_P8_a_restructuring_and_a_payment_at_once(loan):
    day = date(2026, 4, 20)
    change = servicing.proposed(loan, "extra_terms", day, count=6)
    servicing.resolved(change, day)
    dario, carmen = person("dario"), person("carmen")

    def approve():
        return changes.approve(change=LoanChange.objects.get(pk=change.pk), by=dario, on=day)

    def receive():
        amount = Money(D("25000.00"), "MXN")
        return payments.record_payment(
            loan=loan, amount=amount, value_on=day, key="k", prepayment="shorter_term", by=carmen, on=day
        )

    made = together(approve, receive, approve, receive)
    assert not [one for one in made if isinstance(one, Exception)], made
    now = story.fresh(loan)
    assert now.versions.filter(superseded_on=None).count() == 1
    assert Payment.objects.count() == 1
    assert findings(day) == []
