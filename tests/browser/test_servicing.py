"""A loan from its first instalment to the last peso, in browsers, through all that may come in between (P-2 to P-8).

A late month, a transfer typed after a later one, a reversal, a prepayment, a restructuring, the pay-off. The clock is
moved, never the records: every step happens through its own page, and the page explains its figures.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from accounts import registries
from loans import payoffs
from loans.models import Loan, LoanChange, Payment
from tests.browser.hands import START, Trip, fill, press
from tests.browser.visitor import Visitor
from tests.stories import committee, fund, projects
from tests.stories import loans as story
from tests.world import everybody

Open = Callable[..., Visitor]
DUE = [date(2026, month, 2) for month in range(4, 13)]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def loan(trip: Trip) -> Loan:
    """400,000 pesos for twelve months, decided by the committee and paid out on the first day of the story."""
    begun = START - 3 * committee.NOTICE
    fund.dollar(since=begun - timedelta(days=1), until=DUE[-1])
    committee.seated(since=begun - timedelta(days=30))
    everybody()
    application = projects.completed("lupe", on=begun, term_months=12, grace_months=0)
    committee.evaluated(application, on=begun)
    committee.recommended(application, on=begun + committee.NOTICE)
    committee.decided(application, on=begun + 2 * committee.NOTICE)
    return story.paid_out(application, on=START)


def lived(trip: Trip, day: date) -> None:
    """The fund's daily run happened until the day; sessions of weeks ago have ended, so people sign in anew."""
    call_command("run_day", on=day.isoformat(), verbosity=0)
    trip.go(day)


def record(cashier: Visitor, loan: Loan, *, value_on: date, amount: str = "", choice: str = "") -> Payment:
    """Typed, shown, recorded; the amount is what the page offers unless another one is given."""
    page = cashier.open(f"/loans/{loan.ref}/payment/")
    fill(page, value_on=value_on.isoformat(), **({"amount": amount} if amount else {}))
    press(page, "main button[name=show]")
    if choice:
        fill(page, prepayment=choice)
    cashier.check()
    press(page, "main button[name=record]")
    return Payment.objects.latest("pk")


def words(page: Page) -> str:
    return page.locator("main").inner_text()


def balance(loan: Loan) -> D:
    return D(Loan.objects.get(pk=loan.pk).balance)


def test_a_loan_is_served_to_its_last_peso(regulars: Open, trip: Trip, loan: Loan):
    instalment = story.rows(loan)[0].total

    # A late month: the page adds late interest and says from which day.
    lived(trip, DUE[0] + timedelta(days=12))
    cashier = regulars("carmen")
    page = cashier.open(f"/loans/{loan.ref}/")
    cashier.check()
    assert "days late" in words(page)
    late = record(cashier, loan, value_on=trip.day)
    assert late.amount > instalment
    assert late.allocations.filter(part__startswith="late").exists()

    # May arrives, typed at once; then a transfer of the first days of April comes to light: April was on time.
    lived(trip, DUE[1])
    cashier = regulars("carmen")
    may = record(cashier, loan, value_on=trip.day)
    lived(trip, DUE[1] + timedelta(days=6))
    cashier = regulars("carmen")
    earlier = record(cashier, loan, value_on=DUE[0], amount=f"{instalment:.2f}")
    live = late.allocations.filter(ended_on=None)
    assert not live.filter(part__startswith="late").exists()
    assert earlier.allocations.filter(ended_on=None, n=1).exists()

    # That transfer was another firm's after all: reversed with its reason, and all stands as before it.
    page = regulars("teresa").open(f"/payments/{earlier.number}/reverse/")
    fill(page, reason="The transfer belonged to another firm")
    press(page)
    assert "belonged to another firm" in words(page)
    assert late.allocations.filter(ended_on=None, part__startswith="late").exists()
    assert may.allocations.filter(ended_on=None, n=2).exists()

    # More than is due in June, and the firm wants a shorter term.
    lived(trip, DUE[2])
    cashier = regulars("carmen")
    before = balance(loan)
    record(cashier, loan, value_on=trip.day, amount="150000.00", choice="shorter_term")
    assert balance(loan) < before - 100_000
    assert loan.versions.count() == 2

    # July is too hard: more instalments, proposed, resolved by the committee, booked by the signatory.
    lived(trip, DUE[3])
    cashier = regulars("carmen")
    page = regulars("rosa").open(f"/loans/{loan.ref}/change/extra_terms/")
    fill(page, value_on=trip.day.isoformat(), count="3", reason="Sales fell in June")
    press(page, "main button[name=show]")
    assert "before" in words(page)
    press(page, "main button[name=propose]")
    change = LoanChange.objects.get()
    session = trip.day + committee.NOTICE
    matter = {
        "kind": "restructuring",
        "reference": change.ref,
        "title": f"{loan.ref}: three more instalments",
    }
    lived(trip, session)
    committee.resolved("CT", matter, on=session)
    signatory = regulars("dario")
    page = signatory.open(f"/changes/{change.ref}/")
    signatory.check()
    signatory.open(f"/changes/{change.ref}/approve/")
    press(page)
    cashier = regulars("carmen")
    page = cashier.open(f"/loans/{loan.ref}/")
    cashier.check()
    assert "Schedules this loan has had" in words(page)

    # What closes the loan, and the closing.
    record(cashier, loan, value_on=trip.day)
    lived(trip, DUE[4])
    cashier = regulars("carmen")
    page = cashier.open(f"/loans/{loan.ref}/payoff/")
    cashier.check()
    closing = story.fresh(loan)
    payoff = payoffs.quote_for(closing, trip.day, on=trip.day).payoff.amount
    assert f"{payoff:,.2f}" in words(page)
    record(cashier, loan, value_on=trip.day, amount=f"{payoff:.2f}", choice="shorter_term")
    closing.refresh_from_db()
    assert (closing.state, closing.balance) == (Loan.State.PAID_OFF, 0)
    page = cashier.open(f"/loans/{loan.ref}/")
    assert "Paid off" in words(page)
    assert registries.run_checks(on=trip.day) == []
