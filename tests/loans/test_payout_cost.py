"""Rules D-1, D-3 and S-6: what a loan in parts costs is counted from the days that its contract plans."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from accounts.formats import day_text
from fund import documents
from loans import contracts
from loans.models import Loan
from loans.payout_plan import planned_rows
from tests.loans.builders import approved, money_to_lend
from tests.stories import loans as story
from tests.world import DAY, bad_input, refused

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(45)
HALVES = ("70000.00", "50000.00")


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend()


def in_halves(*, first=None, second=LATER):
    return story.plan(*HALVES, days=(first, second), milestones=("", "The drum stands"))


def offer(payouts=(), **wish):
    return contracts.offer(approved("120000.00"), payouts=payouts, on=DAY, **wish)


def test_rule_S6_total_and_cat_are_those_of_the_planned_days():
    at_once, parts = offer(), offer(in_halves())
    assert sum(row.principal for row in parts.rows) == D("120000.00")
    assert [row.due for row in parts.rows] == [row.due for row in at_once.rows]
    assert parts.rows[0].interest < at_once.rows[0].interest
    assert parts.total < at_once.total
    assert parts.total == sum(row.total for row in parts.rows) + parts.terms.opening_fee + sum(
        part.fee_vat for part in parts.drawn
    )
    assert [flow.received for flow in parts.cat.flows if flow.amount < 0] == [
        part.received for part in parts.drawn
    ]


def test_rule_S6_without_days_it_costs_what_it_costs_at_once():
    at_once, parts = offer(), offer(in_halves(second=None))
    assert (parts.rows, parts.total, parts.cat.pct) == (at_once.rows, at_once.total, at_once.cat.pct)
    assert len(parts.drawn) == 2


def test_rule_D1_the_contract_prints_what_was_counted():
    loan = story.drafted(approved("120000.00"), payouts=in_halves())
    agreed, facts = offer(in_halves()), loan.contract.facts
    assert D(facts["cover"]["total"]) == agreed.total
    assert D(facts["cover"]["cat_pct"]) == loan.cat_pct == agreed.cat.pct
    assert [D(row["total"]) for row in facts["rows"]] == [row.total for row in agreed.rows]
    assert [part["counted_on"] for part in facts["payouts"]] == [DAY.isoformat(), LATER.isoformat()]
    assert planned_rows(loan) == agreed.rows


def test_rule_D1_what_the_contract_prints_is_what_happens_on_the_planned_days():
    """Both parts leave on their days and every instalment is paid on its own: the schedule is the contract's."""
    loan = story.paid_out(approved("120000.00"), payouts=in_halves())
    story.pay_row(loan, 1)
    loan = story.paid_more(loan, value_on=LATER)
    printed = [
        (row["n"], D(row["principal"]), D(row["interest"]), D(row["vat"]), D(row["total"]))
        for row in loan.contract.facts["rows"]
    ]
    assert printed == [(row.n, row.principal, row.interest, row.vat, row.total) for row in story.rows(loan)]


def test_rule_D3_a_contract_whose_first_payout_is_later_is_counted_from_its_day():
    first = DAY + timedelta(20)
    loan = story.drafted(approved("120000.00"), payouts=in_halves(first=first))
    assert loan.terms.disbursed_on == first
    assert loan.contract.facts["terms"]["assumed_on"] == first.isoformat()
    assert loan.contract.facts["rows"][0]["due"] > (first + timedelta(27)).isoformat()
    one = story.drafted(approved("100000.00"), payouts=story.plan("100000.00", days=(first,)))
    assert [part["counted_on"] for part in one.contract.facts["payouts"]] == [first.isoformat()]


@pytest.mark.parametrize("first", [DAY + timedelta(366), date(9999, 12, 31)])
def test_rule_D3_the_first_payout_is_within_a_year(first):
    with refused("D-3", "within a year of the contract"):
        offer(in_halves(first=first, second=None))
    assert offer(in_halves(first=DAY + timedelta(365), second=None)).rows


def test_rule_S2_the_first_due_date_lies_after_the_first_payout():
    with bad_input("first_due"):
        offer(in_halves(first=DAY + timedelta(40)), first_due=DAY + timedelta(30))


def test_rule_D1_a_contract_sealed_before_the_days_were_counted_still_prints():
    loan = story.drafted(approved("120000.00"), payouts=in_halves())
    old = loan.contract
    old.facts["payouts"] = [
        {k: v for k, v in part.items() if k != "counted_on"} for part in old.facts["payouts"]
    ]
    for language in ("es", "en", "fr"):
        old.language = language
        assert loan.ref in documents.html(old)


# the pages


@pytest.fixture
def officer(open_as):
    with time_machine.travel(f"{DAY}T18:00:00Z", tick=False), translation.override("en"):
        yield open_as("rosa")


def wish(**changes):
    return {
        "amount": "120,000.00", "term_months": "12", "first_due": "", "show": "1",
        "amount_1": "70,000.00", "amount_2": "50,000.00", "day_2": str(LATER),
    } | changes  # fmt: skip


def test_rule_S6_the_draft_shows_from_when_each_payout_counts(officer):
    url = reverse("loans:contract_new", args=[approved("120000.00").uid])
    page = officer.post(url, wish()).content.decode()
    agreed = offer(story.plan(*HALVES, days=(None, LATER)))
    assert "counted as if each payout left on the earliest day" in page
    assert f"{agreed.total:,.2f}" in page
    assert day_text(LATER) in page
    assert "As if the money left today" not in page
    assert "As if the money left today" in officer.get(url).content.decode()


def test_a_refusal_is_said_once(officer):
    url = reverse("loans:contract_new", args=[approved("120000.00").uid])
    page = officer.post(url, wish(draft="1", amount_2="40,000.00")).content.decode()
    assert page.count("The payouts add up to") == 1
    assert not Loan.objects.exists()


def test_rule_D3_the_loan_page_says_what_its_schedule_supposes(officer):
    loan = story.drafted(approved("120000.00"), payouts=in_halves())
    page = officer.get(loan.get_absolute_url()).content.decode()
    assert "each payout leaves on the earliest day of the contract" in page
    assert f"{planned_rows(loan)[3].total:,.2f}" in page
    half = story.paid_out(approved("120000.00"), payouts=in_halves())
    assert "It repays what has left so far" in officer.get(half.get_absolute_url()).content.decode()
    whole = story.paid_out(approved("50000.00"))
    assert "It repays what has left so far" not in officer.get(whole.get_absolute_url()).content.decode()
