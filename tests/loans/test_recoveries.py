"""Rule P-8: a loan that was written off, with what it was given up, what came back since, and how its pages say so."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from accounts.formats import amount_text, day_text
from fund import chart, ledger
from loans import accruals, balances, payments
from loans.models import Payment
from loans.presenting import lines
from loans.recoveries import choice_for, given_up
from tests.kept import kept
from tests.projects.reading import text_of
from tests.stories import banking, servicing
from tests.stories import loans as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db
GONE = DAY + timedelta(120)
LATER = GONE + timedelta(20)


def one_written_off():
    """Nothing of it was ever paid; three months late it was given up."""
    made = story.one_paid_out(parts=2)
    accruals.fall_due(on=GONE, by=person("carmen"))
    servicing.done(made, "write_off", GONE)
    return story.fresh(made)


told, loan = kept(one_written_off)


@pytest.fixture(autouse=True)
def _in_english():
    with time_machine.travel(f"{LATER}T18:00:00Z", tick=False), translation.override("en"):
        yield


def lost(loan, on=LATER):
    return given_up(balances.position(story.fresh(loan), on))


def came(loan, amount, day=LATER, **more):
    return story.pay(story.fresh(loan), amount, day, **more)


def figures(page):
    """What stands between the heading of the day and the way to pay or the schedule."""
    return page[page.index("Today") : page.index("Schedule")]


# The figures


def test_rule_P8_what_was_owed_on_the_day_is_what_was_given_up(loan):
    then = balances.position(loan, GONE)
    found = lost(loan)
    assert (found.on, found.owed, found.principal) == (GONE, then.payoff, then.principal)
    assert found.principal.amount == D("120000.00") < found.owed.amount
    assert (found.recovered.amount, found.payments) == (0, 0)
    assert balances.position(loan, LATER).payoff > found.owed, "late interest goes on"


@pytest.mark.parametrize("days", [0, 1, 400])
def test_rule_P8_it_is_the_same_on_every_later_day(loan, days):
    assert lost(loan, GONE + timedelta(days)) == lost(loan, GONE)


def test_rule_P8_before_that_day_nothing_was_given_up(loan):
    assert lost(loan, GONE - timedelta(1)) is None
    assert given_up(balances.position(loan, DAY - timedelta(1))) is None


def test_rule_P8_what_comes_later_is_recovered(loan):
    came(loan, "5000.00", GONE + timedelta(1))
    came(loan, "700.00")
    assert (lost(loan).recovered.amount, lost(loan).payments) == (D("5700.00"), 2)
    assert (lost(loan, LATER - timedelta(1)).recovered.amount) == D("5000.00")
    assert lost(loan).owed == lost(loan, GONE).owed


def test_rule_P8_the_books_hold_the_same_recovery_with_its_vat(loan):
    came(loan, "5000.00")
    held = {
        code: ledger.balance(code, currency="MXN", loan=loan.ref)
        for code in (chart.RECOVERIES, chart.VAT_OWED)
    }
    assert -sum(held.values()) == lost(loan).recovered.amount


def test_rule_P3_what_came_by_that_day_lowers_the_loss(loan):
    before = lost(loan)
    came(loan, "5000.00", GONE, on=LATER)
    after = lost(loan)
    assert (after.recovered.amount, after.payments) == (0, 0)
    assert before.owed.amount - after.owed.amount == D("5000.00")


def test_rule_P5_a_recovery_that_was_reversed_is_none(loan):
    payment = came(loan, "5000.00")
    payments.reverse_payment(payment=payment, reason="Bounced", by=person("teresa"), on=LATER)
    assert (lost(loan).recovered.amount, lost(loan).payments) == (0, 0)


def test_rule_P8_money_beyond_the_whole_debt_is_not_recovered(loan):
    owed = balances.position(loan, LATER).payoff
    came(loan, owed.amount + 100, prepayment="shorter_term")
    assert lost(loan).recovered == owed
    assert balances.position(story.fresh(loan), LATER).payoff.amount == 0
    servicing.done(story.fresh(loan), "refund", LATER, amount="100.00")
    assert lost(loan).recovered == owed


def test_rule_P8_no_instalment_is_waited_for(loan):
    state = balances.position(loan, LATER).state
    assert any(line.is_next for line in lines(state))
    assert not any(line.is_next for line in lines(state, waits=False))
    assert [line.n for line in lines(state, waits=False)] == [line.n for line in lines(state)]


@pytest.mark.parametrize(("days", "expected"), [(-1, "keep_credit"), (0, "keep_credit"), (1, "shorter_term")])
def test_rule_P8_only_of_what_came_after_it_nothing_is_chosen(loan, days, expected):
    assert choice_for(loan, GONE + timedelta(days), "keep_credit") == expected
    running = type(loan)(written_off_on=None)
    assert choice_for(running, GONE + timedelta(days), "keep_credit") == "keep_credit"
    assert choice_for(running, GONE) == ""


# The pages


@pytest.mark.parametrize("name", ["lupe", "rosa", "carmen"])
def test_rule_P8_the_page_tells_the_loss_and_what_came_back(
    open_as, loan, name, django_assert_max_num_queries
):
    came(loan, "5000.00")
    client = open_as(name)
    client.get("/work/")
    with django_assert_max_num_queries(12):
        answer = client.get(loan.get_absolute_url())
    page = text_of(answer)
    found = lost(loan)
    for figure in (found.owed, found.principal, found.recovered, balances.position(loan, LATER).payoff):
        assert amount_text(figure.amount, "MXN") in figures(page)
    assert day_text(GONE, long=True).replace("\xa0", " ") in figures(page)
    assert "by 1 payment" in page
    for word in ("Next to pay", "nothing is late", "Due and not paid", "Closes the loan on this day"):
        assert word not in page
    assert 'aria-current="true"' not in answer.text.split("</thead>", 1)[1]
    assert loan.numeric_reference in page, "it is claimed: the page says how to pay"


def test_rule_P8_the_firm_reads_that_it_still_owes_and_the_staff_how_it_is_booked(open_as, loan):
    firm = text_of(open_as("lupe").get(loan.get_absolute_url()))
    assert "It is still owed" in firm
    assert "booked as a recovery" not in firm
    assert "nothing so far" in firm
    assert "booked as a recovery" in text_of(open_as("rosa").get(loan.get_absolute_url()))


def test_rule_P8_the_page_of_an_earlier_day_is_that_of_a_running_loan(open_as, loan):
    day = GONE - timedelta(1)
    page = text_of(open_as("rosa").get(loan.get_absolute_url(), {"on": day.isoformat()}))
    assert "Next to pay" in page
    assert "Recovered since" not in page


def test_rule_P8_a_loan_recovered_whole_asks_for_nothing(open_as, loan):
    came(loan, balances.position(loan, LATER).payoff.amount, prepayment="shorter_term")
    page = text_of(open_as("lupe").get(loan.get_absolute_url()))
    assert "How to pay" not in page
    assert "By part, for any day" not in page


def test_rule_P8_the_firms_list_says_what_is_owed_and_no_next_day(open_as, loan):
    page = text_of(open_as("lupe").get(reverse("loans:mine")))
    assert "Written off" in page
    assert "Principal owed 120,000.00" in page
    assert "Next to pay" not in page


def test_rule_P8_who_collects_reads_that_it_was_written_off(open_as, loan):
    page = text_of(open_as("rosa").get(reverse("loans:collection", args=[loan.ref])))
    assert "Written off" in page
    assert "On time" not in page


# Recording a recovery


def pay(client, loan, amount, **more):
    data = {
        "amount": amount,
        "value_on": LATER.isoformat(),
        "method": "transfer",
        "key": "recovery-1",
        "note": "",
    }
    return client.post(reverse("loans:pay", args=[loan.ref]), data | more)


def test_rule_P8_a_recovery_is_shown_by_what_is_owed_and_without_a_choice(open_as, loan):
    carmen = open_as("carmen")
    asked = text_of(carmen.get(reverse("loans:pay", args=[loan.ref])))
    assert "Recovered since" in asked
    assert "Instalment" not in asked
    owed = balances.position(loan, LATER).payoff.amount
    page = text_of(pay(carmen, loan, "90000.00", show="1"))
    assert "What the firm wants done with the money beyond the dues" not in page
    assert "Days late after" not in page
    for amount in (owed, owed - 90000):
        assert amount_text(amount, "MXN") in page[page.index("Still owed before") :]
    assert not Payment.objects.exists()


@pytest.mark.parametrize("chosen", ["", "keep_credit"])
def test_rule_P8_a_recovery_beyond_the_dues_pays_principal(open_as, loan, chosen):
    owed = balances.position(loan, LATER).payoff.amount
    answer = pay(open_as("carmen"), loan, "90000.00", record="1", prepayment=chosen)
    payment = Payment.objects.get()
    assert answer.url == reverse("loans:payment", args=[payment.number])
    standing = balances.position(story.fresh(loan), LATER)
    assert (standing.credit.amount, standing.payoff.amount) == (0, owed - 90000)
    assert lost(loan).recovered.amount == D("90000.00")


def test_rule_P8_a_recovery_that_the_bank_tells_pays_principal_too(open_as, loan):
    owed = balances.position(loan, LATER).payoff.amount
    statement = banking.taken_in(banking.row(LATER, "90000.00", loan.reference), on=LATER)
    (match,) = banking.matches(statement)
    line = reverse("loans:bank_line", args=[match.pk])
    shown = text_of(open_as("carmen").post(line, {"decision": "pay", "loan": loan.ref, "show": "1"}))
    assert "What this payment will do" in shown
    assert "Kept as credit" not in shown
    open_as("carmen").post(line, {"decision": "pay", "loan": loan.ref})
    banking.posted(statement, on=LATER)
    standing = balances.position(story.fresh(loan), LATER)
    assert (standing.credit.amount, standing.payoff.amount) == (0, owed - 90000)


def test_rule_S5_of_money_of_before_the_write_off_the_firm_still_chooses(open_as, loan):
    """A transfer of before the first instalment, typed now: it was no recovery then."""
    page = text_of(
        pay(open_as("carmen"), loan, "30000.00", show="1", value_on=(DAY + timedelta(5)).isoformat())
    )
    assert "What the firm wants done with the money beyond the dues" in page
