"""Rule P-9: what closes a loan on a day, part by part."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from fund import documents
from fund.models import IssuedDocument
from loans import payoffs
from loans.arithmetic.allocation import Bucket
from loans.models import Loan
from tests.kept import kept
from tests.loans.builders import approved, findings
from tests.stories import loans as story
from tests.world import DAY, bad_input, person, refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)


told, loan = kept(story.one_paid_out)


def figures(loan, day, on=TODAY):
    found = payoffs.quote_for(loan, day, on=on)
    return {(part.code, part.is_due): part.amount for part in payoffs.parts_of(found.state)}, found


def test_rule_P9_ten_days_after_the_disbursement(loan):
    parts, found = figures(loan, TODAY)
    interest = (D(120000) * D("0.13") / 12 * 10 / 31).quantize(D("0.01"))
    assert parts[("principal", False)] == D("120000.00")
    assert abs(parts[("interest", False)] - interest) <= D("60")
    assert sum(parts.values()) == found.payoff.amount
    assert parts[("interest_vat", False)] == (parts[("interest", False)] * D("0.16")).quantize(D("0.01"))


def test_rule_P9_every_day_costs_its_interest(loan):
    totals = [figures(loan, TODAY + timedelta(n))[1].payoff.amount for n in range(10)]
    assert totals == sorted(totals)
    assert len(set(totals)) == 10


def test_rule_P9_a_late_loan_owes_every_part(loan):
    day = story.rows(loan)[0].pay_on + timedelta(20)
    parts, found = figures(loan, day)
    for part in (Bucket.LATE_INTEREST, Bucket.LATE_VAT, Bucket.INTEREST, Bucket.INTEREST_VAT):
        assert parts[(part.value, True)] > 0
    assert parts[("principal", True)] + parts[("principal", False)] == D("120000.00")
    assert sum(parts.values()) == found.payoff.amount


def test_rule_P9_a_credit_of_the_firm_lowers_it(loan):
    before = figures(loan, TODAY)[1].payoff.amount
    story.pay(loan, "3000.00", TODAY)
    parts, found = figures(loan, TODAY)
    assert parts[("credit", False)] == D("-3000.00")
    assert found.payoff.amount == before - 3000


@pytest.mark.parametrize("days", [0, 17, 45, 120])
def test_rule_P9_paying_the_figure_on_its_day_closes_the_loan(loan, days):
    day = TODAY + timedelta(days)
    total = figures(loan, day, on=day)[1].payoff.amount
    story.pay(loan, total, day, prepayment="shorter_term")
    loan = story.fresh(loan)
    assert (loan.state, loan.balance, loan.paid_off_on) == (Loan.State.PAID_OFF, 0, day)
    assert findings(day) == []


def test_rule_P9_a_cent_less_does_not_close_it(loan):
    total = figures(loan, TODAY)[1].payoff.amount
    story.pay(loan, total - D("0.01"), TODAY, prepayment="shorter_term")
    assert story.fresh(loan).state == Loan.State.ACTIVE


def test_rule_P9_the_paper_is_sealed_and_the_same_figure_is_the_same_paper(loan):
    lupe = person("lupe")
    first = payoffs.issue_quote(loan=loan, for_day=TODAY, by=lupe, on=TODAY)
    again = payoffs.issue_quote(loan=loan, for_day=TODAY, by=person("carmen"), on=TODAY)
    other = payoffs.issue_quote(loan=loan, for_day=TODAY + timedelta(1), by=lupe, on=TODAY)
    assert first == again
    assert (first.number, other.number) == ("L-2026-0001-Q01", "L-2026-0001-Q02")
    page = documents.html(first)
    assert "L-2026-0001" in page and "marzo" in page
    assert "Principal that has not fallen due" in page
    assert first.facts["total"] == str(figures(loan, TODAY)[1].payoff.amount)


def test_rule_P9_a_day_that_cannot_be_asked_for(loan):
    with bad_input("on"):
        payoffs.quote_for(loan, DAY - timedelta(1), on=TODAY)
    with bad_input("on"):
        payoffs.quote_for(loan, TODAY + timedelta(400), on=TODAY)


def test_rule_P9_a_loan_that_owes_nothing_has_no_figure(loan):
    story.pay(loan, figures(loan, TODAY)[1].payoff.amount, TODAY, prepayment="lower_instalment")
    with refused("P-9"):
        payoffs.quote_for(story.fresh(loan), TODAY, on=TODAY)
    with refused("P-9"):
        payoffs.quote_for(story.drafted(approved()), TODAY, on=TODAY)


class TestPages:
    @pytest.fixture(autouse=True)
    def _day(self, monkeypatch):
        for module in ("loans", "payoffs"):
            monkeypatch.setattr(f"loans.views.{module}.today", lambda: TODAY)

    def test_the_firm_sees_the_figure_of_today_and_of_another_day(self, client, loan):
        client.force_login(person("lupe"))
        address = reverse("loans:payoff", args=[loan.ref])
        assert address in client.get(loan.get_absolute_url()).content.decode()
        for day in (TODAY, TODAY + timedelta(5)):
            page = client.get(address, {"on": day.isoformat()}).content.decode()
            total = figures(loan, day)[1].payoff.amount
            assert f"{total:,.2f}" in page or f"{total:,.2f}".replace(",", "\u202f") in page

    def test_a_button_makes_the_paper(self, client, loan):
        client.force_login(person("lupe"))
        answer = client.post(reverse("loans:payoff", args=[loan.ref]), {"on": TODAY.isoformat()})
        paper = IssuedDocument.objects.get(kind="payoff")
        assert answer.headers["Location"] == reverse("loans:paper", args=[loan.ref, paper.number])

    def test_a_day_that_cannot_be_is_said_beside_the_field(self, client, loan):
        client.force_login(person("carmen"))
        page = client.get(reverse("loans:payoff", args=[loan.ref]), {"on": "2025-01-01"})
        assert page.status_code == 200
        assert "ask for that day or a later one" in page.content.decode()

    def test_a_stranger_learns_nothing(self, client, loan):
        client.force_login(person("ana"))
        assert client.get(reverse("loans:payoff", args=[loan.ref])).status_code == 404
