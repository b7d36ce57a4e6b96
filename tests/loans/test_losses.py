"""Rules P-7, P-8 and L-2: money set aside for late loans, loans given up, and what comes back of them."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal as D
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.formats import amount_text
from fund import chart, ledger
from fund.models import Entry, Line
from loans import accruals, balances, changes, payments, payoffs
from loans.arithmetic.allocation import Bucket
from loans.models import Loan
from loans.story import ProvisionRates
from tests.kept import kept
from tests.loans.builders import approved, findings
from tests.stories import loans as story
from tests.stories import servicing
from tests.world import denied, person, refused

pytestmark = pytest.mark.django_db

told, loan = kept(lambda: story.one_paid_out(parts=2))


def net(account, loan, on=None):
    return ledger.balance(account, currency="MXN", loan=loan.ref, on=on)


def booked(on):
    accruals.fall_due(on=on, by=person("carmen"))


def late(loan, days):
    """The day so many days after the first pay date, everything booked."""
    day = story.rows(loan)[0].pay_on + timedelta(days)
    booked(day)
    return day


def ledger_of(loan):
    table = Counter()
    for line in Line.objects.filter(loan=loan.ref):
        table[line.account_id, line.tranche, line.value_on] += line.debit - line.credit
    return {key: amount for key, amount in table.items() if amount}


# Accruals ------------------------------------------------------------------------------------------


def test_rule_L2_at_months_end_the_interest_earned_is_accrued_and_taken_back(loan):
    end = date(2026, 3, 31)
    booked(end)
    earned = balances.position(loan, end).state.accrued
    assert earned > 0
    assert net(chart.ACCRUED_INTEREST, loan) == -net(chart.INTEREST_INCOME, loan) == earned
    assert findings(end) == []
    booked(end + timedelta(1))
    assert net(chart.ACCRUED_INTEREST, loan) == net(chart.INTEREST_INCOME, loan) == 0
    assert net(chart.ACCRUED_INTEREST, loan, end) == earned
    assert Entry.objects.filter(source__contains=":accrual:").count() == 2
    assert findings(end + timedelta(1)) == []


def test_rule_L2_a_payment_with_an_earlier_day_changes_the_accrual(loan):
    end = date(2026, 4, 30)
    booked(end + timedelta(5))
    before = net(chart.ACCRUED_INTEREST, loan, end)
    story.pay(loan, "60000.00", date(2026, 3, 20), on=end + timedelta(5), prepayment="lower_instalment")
    assert net(chart.ACCRUED_INTEREST, loan, end) < before
    assert findings(end) == findings(end + timedelta(5)) == []


def test_rule_L2_no_accrual_without_the_day_by_day_run_either(loan):
    other = story.paid_out(approved("120000.00", term=12))
    for number in range(date(2026, 3, 2).toordinal(), date(2026, 6, 5).toordinal()):
        accruals._one(loan.pk, on=date.fromordinal(number), by=person("carmen"))
    accruals._one(other.pk, on=date(2026, 6, 4), by=person("carmen"))
    assert ledger_of(loan) == ledger_of(other)


def test_rule_P7_a_suspended_loan_accrues_nothing(loan):
    end = date(2026, 7, 31)
    late(loan, 116)
    booked(end)
    assert balances.position(loan, end).days_past_due > 90
    assert net(chart.ACCRUED_INTEREST, loan, end) == 0
    assert findings(end) == []


# Provisions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "share"),
    [
        (date(2026, 3, 31), "0"),
        (date(2026, 4, 30), "0.05"),
        (date(2026, 5, 31), "0.20"),
        (date(2026, 6, 30), "0.50"),
        (date(2026, 7, 31), "1"),
    ],
)
def test_rule_P7_at_months_end_a_share_of_the_principal_is_set_aside(loan, end, share):
    booked(end)
    assert -net(chart.ALLOWANCE, loan) == net(chart.PROVISIONS, loan) == D(120000) * D(share)
    assert findings(end) == []


def test_rule_P7_what_is_set_aside_is_set_free_when_the_loan_is_current_again(loan):
    booked(date(2026, 5, 31))
    day = date(2026, 6, 1)
    owed = balances.position(loan, day).due.amount
    story.pay(loan, owed, day)
    assert net(chart.ALLOWANCE, loan) == D(-24000)
    booked(date(2026, 6, 30))
    booked(date(2026, 7, 1))
    standing = balances.position(loan, date(2026, 6, 30))
    share = D("0.05") if standing.days_past_due else D(0)
    assert -net(chart.ALLOWANCE, loan) == (standing.principal.amount * share).quantize(D("0.01"))


def test_rule_P7_a_paid_off_loan_has_nothing_set_aside(loan):
    booked(date(2026, 5, 31))
    day = date(2026, 6, 3)
    story.pay(loan, balances.position(loan, day).payoff.amount, day, prepayment="shorter_term")
    assert story.fresh(loan).state == Loan.State.PAID_OFF
    assert net(chart.ALLOWANCE, loan) == net(chart.PROVISIONS, loan) == 0
    assert findings(day) == []


def test_rule_P7_the_shares_are_those_of_the_policy_of_the_day(db):
    rates = ProvisionRates()
    assert list(rates(date(2026, 3, 2))) == [D("0"), D("0.05"), D("0.20"), D("0.50"), D("1")]
    assert rates.known is not None


# Write-off -----------------------------------------------------------------------------------------


def test_rule_P8_a_write_off_clears_the_loan_from_the_books_and_not_from_the_firm(loan):
    day = late(loan, 100)
    owed = balances.position(loan, day)
    change = servicing.done(loan, "write_off", day)
    loan = story.fresh(loan)
    assert (loan.state, loan.written_off_on, loan.balance) == (Loan.State.WRITTEN_OFF, day, D("120000.00"))
    for account in (
        chart.LOANS, chart.INTEREST_DUE, chart.LATE_INTEREST_DUE, chart.VAT_DUE, chart.VAT_TO_COLLECT,
        chart.SUSPENDED_INTEREST, chart.ALLOWANCE, chart.ACCRUED_INTEREST,
    ):  # fmt: skip
        assert net(account, loan) == 0, account
    set_aside = D(120000) * D("0.5")
    assert net(chart.PROVISIONS, loan) == set_aside
    assert net(chart.WRITE_OFFS, loan) == D(120000) - set_aside
    assert net(chart.INTEREST_INCOME, loan) == 0
    assert balances.position(loan, day + timedelta(30)).payoff > owed.payoff
    assert change.resolution
    assert findings(day) == findings(day + timedelta(40)) == []


def test_rule_K2_a_write_off_lowers_the_tranches_in_their_shares(loan):
    story.pay_row(loan, 1)
    day = story.rows(loan)[1].pay_on + timedelta(100)
    booked(day)
    servicing.done(loan, "write_off", day)
    for share in loan.funding.all():
        assert ledger.balance(chart.LOANS, currency="MXN", tranche=share.tranche) == 0
    gone = Line.objects.filter(loan=loan.ref, account=chart.LOANS, entry__source=f"{loan.ref}:write-off")
    assert sum(line.credit for line in gone) == D(120000) - story.rows(loan)[0].principal


def test_rule_P8_a_write_off_needs_two_thirds_for_this_very_matter(loan):
    day = late(loan, 100)
    change = servicing.proposed(loan, "write_off", day)
    with refused("P-8", "No resolution"):
        changes.approve(change=change, by=person("teresa"), on=day)
    servicing.resolved(change, day, kind="restructuring")
    with refused("P-8", "No resolution"):
        changes.approve(change=change, by=person("teresa"), on=day)


def test_rule_G6_a_write_off_is_proposed_and_approved_by_two(loan):
    day = late(loan, 100)
    change = servicing.proposed(loan, "write_off", day)
    servicing.resolved(change, day)
    for name in ("rosa", "carmen", "dario", "aldo"):
        with denied():
            changes.approve(change=change, by=person(name), on=day)
    changes.approve(change=change, by=person("teresa"), on=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(written_off_on=None)


def test_rule_P8_a_loan_without_debts_is_not_written_off(loan):
    day = date(2026, 3, 20)
    story.pay(loan, "500.00", day)
    with refused("P-8", "refund it first"):
        servicing.proposed(loan, "write_off", day)
    story.pay(loan, "130000.00", day, prepayment="shorter_term")
    with refused("P-8"):
        servicing.proposed(story.fresh(loan), "write_off", day)


def test_rule_P8_what_comes_later_is_a_recovery(loan):
    day = late(loan, 100)
    servicing.done(loan, "write_off", day)
    then = day + timedelta(20)
    payment = story.pay(story.fresh(loan), "50000.00", then)
    parts = Counter()
    for part in payment.allocations.filter(ended_on=None):
        parts[part.part] += part.amount
    vat = sum(amount for part, amount in parts.items() if part.endswith("_vat"))
    assert vat > 0
    assert -net(chart.RECOVERIES, loan) == D(50000) - vat
    assert -net(chart.VAT_OWED, loan) == vat
    assert net(chart.LOANS, loan) == 0
    assert story.fresh(loan).balance == D(120000) - parts["principal"]
    own = Line.objects.filter(loan=loan.ref, account=chart.CASH, value_on=then, tranche=chart.OWN).get()
    assert own.debit == D(50000) - vat
    assert findings(then) == []


def test_rule_P8_a_recovery_is_reversed_like_a_payment(loan):
    day = late(loan, 100)
    servicing.done(loan, "write_off", day)
    then = day + timedelta(20)
    payment = story.pay(story.fresh(loan), "50000.00", then)
    payments.reverse_payment(payment=payment, reason="Bounced", by=person("teresa"), on=then)
    assert net(chart.RECOVERIES, loan) == net(chart.VAT_OWED, loan) == 0
    assert findings(then) == []


def test_rule_P8_all_of_it_recovered_and_more(loan):
    day = late(loan, 100)
    servicing.done(loan, "write_off", day)
    then = day + timedelta(20)
    total = balances.position(story.fresh(loan), then).payoff.amount
    story.pay(story.fresh(loan), total + 100, then, prepayment="shorter_term")
    loan = story.fresh(loan)
    assert (loan.state, loan.balance) == (Loan.State.WRITTEN_OFF, 0)
    assert -net(chart.FIRM_CREDITS, loan) == D(100)
    servicing.done(loan, "refund", then, amount="100.00")
    assert net(chart.FIRM_CREDITS, loan) == 0
    assert findings(then) == []


def test_rule_P3_a_payment_of_before_the_write_off_typed_after_it(loan):
    """The same three facts in any order of typing: one and the same ledger."""
    end = story.rows(loan)[0].pay_on + timedelta(150)
    gone, early, after = end - timedelta(40), end - timedelta(80), end - timedelta(10)
    facts = [
        lambda one: story.pay(one, "7000.00", early, on=end),
        lambda one: servicing.done(one, "write_off", gone, booked=end),
        lambda one: story.pay(one, "9000.00", after, on=end),
    ]
    loans = [loan, *(story.paid_out(approved("120000.00", term=12)) for _ in range(5))]
    seen = []
    for one, order in zip(loans, permutations(facts), strict=True):
        for happen in order:
            happen(story.fresh(one))
        seen.append((ledger_of(one), story.fresh(one).balance))
    assert all(found == seen[0] for found in seen[1:])
    assert findings(end) == []


def test_rule_P7_a_loan_written_off_is_in_no_figure_of_risk(loan):
    story.paid_out(approved("60000.00", term=12))
    day = late(loan, 100)
    servicing.done(loan, "write_off", day)
    for today in (day, day + timedelta(1)):
        (book,) = balances.portfolio(day, today=today)
        assert (book.loans, book.principal) == (1, D("60000.00"))
    (before,) = balances.portfolio(day - timedelta(1), today=day)
    assert before.principal == D("180000.00")


def test_rule_P8_nothing_more_falls_due_in_the_books(loan):
    day = late(loan, 100)
    servicing.done(loan, "write_off", day)
    entries = Entry.objects.count()
    for days in (10, 40, 70):
        booked(day + timedelta(days))
    assert Entry.objects.count() == entries
    state = balances.position(story.fresh(loan), day + timedelta(70)).state
    assert state.open(Bucket.LATE_INTEREST) > 0


def test_the_page_of_a_write_off_shows_what_leaves_the_books(client, loan, monkeypatch):
    day = late(loan, 100)
    for module in ("loans", "changes"):
        monkeypatch.setattr(f"loans.views.{module}.today", lambda: day)
    client.force_login(person("rosa"))
    address = reverse("loans:change_new", args=[loan.ref, "write_off"])
    typed = {"value_on": day.isoformat(), "reason": "The firm closed"}
    page = client.post(address, typed | {"show": "1"}).content.decode()
    assert "What leaves the books" in page
    shown = page[page.index("What leaves the books") :]
    for part in payoffs.parts_of(balances.position(loan, day).state):
        assert part.label in shown and amount_text(part.amount, "MXN") in shown
    servicing.done(loan, "write_off", day)
    page = client.get(loan.get_absolute_url()).content.decode()
    assert "leaves the books; the firm still owes it" in page and "Written off" in page
    assert "booked as a recovery" in page


def test_rule_P8_the_cashier_is_told_that_a_payment_is_a_recovery(client, loan, monkeypatch):
    day = late(loan, 100)
    client.force_login(person("carmen"))
    address = reverse("loans:pay", args=[loan.ref])
    monkeypatch.setattr("loans.views.payments.today", lambda: day)
    assert "booked as a recovery" not in client.get(address).content.decode()
    servicing.done(loan, "write_off", day)
    assert "booked as a recovery" in client.get(address).content.decode()
