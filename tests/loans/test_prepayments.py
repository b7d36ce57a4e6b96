"""Rules S-5 and P-4: money beyond the dues, and what the firm chose to have done with it."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal as D
from itertools import permutations

import pytest
from django.urls import reverse

from fund import chart, ledger
from fund.models import Line
from loans import accruals, payments, prepayments
from loans.models import Allocation, Loan, Payment, ScheduleVersion
from loans.presenting import previewed
from tests.kept import kept
from tests.loans.builders import approved, findings, mxn
from tests.stories import loans as story
from tests.world import bad_input, person, refused

pytestmark = pytest.mark.django_db
KEEP, LOWER, SHORTER = Payment.Choice.values
EARLY = date(2026, 3, 20)
"""Before the first instalment falls due: everything is beyond the dues."""


told, loan = kept(lambda: story.one_paid_out(parts=2))


def choices(loan, amount="40000.00", on=EARLY):
    found = prepayments.options(loan, amount=mxn(amount), value_on=on, on=on)
    return {option.choice: option for option in found}


def test_rule_S5_the_three_choices_side_by_side(loan):
    found = choices(loan)
    old = story.rows(loan)
    assert found[KEEP].outlook.rows == tuple(row.row for row in old)
    assert (found[KEEP].credit, found[KEEP].saved) == (D("40000.00"), 0)
    assert found[LOWER].outlook.count == 12
    assert found[LOWER].outlook.instalment < old[1].total
    assert found[SHORTER].outlook.count < 12
    first = found[SHORTER].outlook.rows[0]
    assert first.principal + first.interest == old[0].principal + old[0].interest
    assert found[SHORTER].saved > found[LOWER].saved > 0
    assert Payment.objects.count() == ScheduleVersion.objects.filter(number=2).count() == 0


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((7, 0), "instalment 7"), ((7,), "instalment 7"), ((3, 2, 0), "instalments 2, 3"), ((0,), "")],
)
def test_principal_paid_ahead_is_counted_as_no_instalment(numbers, words):
    ((_label, amount, where),) = previewed(("principal", n, D("10.00")) for n in numbers)
    assert (amount, where) == (10 * len(numbers), words)


def test_rule_S5_what_is_saved_is_the_difference_of_interest_with_its_vat(loan):
    found = choices(loan)
    for choice in (LOWER, SHORTER):
        cost = sum(row.interest + row.interest_vat for row in found[choice].outlook.rows)
        old = sum(row.interest + row.interest_vat for row in found[KEEP].outlook.rows)
        assert found[choice].saved == old - cost


def test_rule_P4_no_choice_where_nothing_is_left_beyond_the_dues(loan):
    first = story.rows(loan)[0]
    assert choices(loan, first.total, first.pay_on) == {}
    assert set(choices(loan, first.total + 1, first.pay_on)) == {KEEP, LOWER, SHORTER}


@pytest.mark.parametrize("choice", [LOWER, SHORTER])
def test_rule_S5_the_choice_makes_a_new_version_and_keeps_the_old_one(loan, choice):
    old = [row.row for row in story.rows(loan)]
    expected = choices(loan)[choice].outlook.rows
    payment = story.pay(loan, "40000.00", EARLY, prepayment=choice)
    assert payment.prepayment == choice
    first, second = loan.versions.order_by("number")
    assert (first.superseded_on, second.superseded_on) == (EARLY, None)
    assert (second.reason, second.in_force_from) == ("prepayment", EARLY)
    assert [row.row for row in first.instalments.all()] == old
    assert tuple(row.row for row in story.rows(loan)) == expected
    assert story.fresh(loan).balance == D("80000.00")
    assert sum(row.principal for row in story.rows(loan)) == D("80000.00")
    assert findings(EARLY) == []


def test_rule_P4_kept_as_a_credit_it_pays_what_falls_due_next(loan):
    story.pay(loan, "40000.00", EARLY, prepayment=KEEP)
    assert ledger.balance(chart.FIRM_CREDITS, currency="MXN", loan=loan.ref) == D("-40000.00")
    assert loan.versions.count() == 1
    assert story.fresh(loan).balance == D("120000.00")


def test_rule_K2_prepaid_principal_returns_to_its_tranches(loan):
    payment = story.pay(loan, "40000.00", EARLY, prepayment=LOWER)
    part = payment.allocations.get()
    assert (part.part, part.n, part.amount) == ("principal", 0, D("40000.00"))
    back = Line.objects.filter(loan=loan.ref, account=chart.CASH, debit__gt=0)
    assert {line.tranche for line in back} == {share.tranche for share in loan.funding.all()}
    assert sum(line.debit for line in back) == D("40000.00")


def test_rule_S7_choices_typed_in_any_order_give_the_same_books(loan):
    other = [story.paid_out(approved("120000.00", term=12)) for _ in range(5)]
    facts = [
        (EARLY, "30000.00", SHORTER),
        (date(2026, 4, 20), "30000.00", LOWER),
        (date(2026, 5, 11), "6000.00", KEEP),
    ]
    end = date(2026, 8, 31)
    seen = []
    for one, order in zip([loan, *other], permutations(facts), strict=True):
        for day, amount, choice in order:
            story.pay(one, amount, day, on=end, prepayment=choice)
        table = Counter()
        for line in Line.objects.filter(loan=one.ref):
            table[line.account_id, line.tranche, line.value_on] += line.debit - line.credit
        now = story.fresh(one)
        rows = [row.row for row in story.rows(one)]
        seen.append(({key: net for key, net in table.items() if net}, rows, now.balance, now.unpaid_since))
    assert all(found == seen[0] for found in seen[1:])
    assert findings(end) == []


def test_rule_S7_equal_payments_of_one_day_with_different_choices(loan):
    other = story.paid_out(approved("120000.00", term=12))
    for number, choice in enumerate((LOWER, SHORTER)):
        story.pay(loan, "30000.00", EARLY, prepayment=choice, key=f"a{number}")
    for number, choice in enumerate((SHORTER, LOWER)):
        story.pay(other, "30000.00", EARLY, prepayment=choice, key=f"b{number}")
    assert [row.row for row in story.rows(loan)] == [row.row for row in story.rows(other)]


def test_rule_S5_after_a_reversal_the_first_schedule_holds_again(loan):
    old = [row.row for row in story.rows(loan)]
    payment = story.pay(loan, "40000.00", EARLY, prepayment=SHORTER)
    payments.reverse_payment(payment=payment, reason="Wrong loan", by=person("teresa"), on=EARLY)
    assert [row.row for row in story.rows(loan)] == old
    assert [v.reason for v in loan.versions.order_by("number")] == [
        "disbursement",
        "prepayment",
        "correction",
    ]
    assert findings(EARLY) == []


def test_rule_S5_a_shorter_loan_is_paid_off_by_its_new_instalments(loan):
    story.pay(loan, "40000.00", EARLY, prepayment=SHORTER)
    for row in story.rows(loan):
        story.pay(loan, row.total, row.pay_on, key=f"row {row.n}")
    loan = story.fresh(loan)
    assert (loan.state, loan.balance) == (Loan.State.PAID_OFF, 0)
    assert ledger.balance(chart.LOANS, currency="MXN", loan=loan.ref) == 0
    assert findings(story.rows(loan)[-1].pay_on) == []


def test_rule_P9_money_for_all_of_it_closes_the_loan(loan):
    on = EARLY
    enough = "121000.00"
    found = prepayments.options(loan, amount=mxn(enough), value_on=on, on=on)
    assert prepayments.usual_choice(loan, found) == SHORTER
    story.pay(loan, enough, on, prepayment=SHORTER)
    loan = story.fresh(loan)
    assert (loan.state, loan.balance, loan.paid_off_on) == (Loan.State.PAID_OFF, 0, on)
    left = Allocation.objects.get(part="credit", ended_on=None)
    assert left.amount == -ledger.balance(chart.FIRM_CREDITS, currency="MXN", loan=loan.ref)
    accruals.fall_due(on=on + timedelta(60), by=person("carmen"))
    assert findings(on + timedelta(60)) == []


def test_rule_P5_the_same_key_with_another_choice_is_refused(loan):
    story.pay(loan, "40000.00", EARLY, prepayment=LOWER, key="one")
    assert story.pay(loan, "40000.00", EARLY, prepayment=LOWER, key="one").number.endswith("P001")
    with refused("P-5"):
        story.pay(loan, "40000.00", EARLY, prepayment=SHORTER, key="one")


def test_rule_S5_an_unknown_choice_is_named(loan):
    with bad_input("prepayment"):
        story.pay(loan, "40000.00", EARLY, prepayment="burn it")


class TestPages:
    @pytest.fixture
    def at(self, client, monkeypatch):
        monkeypatch.setattr("loans.views.payments.today", lambda: EARLY)
        monkeypatch.setattr("loans.views.loans.today", lambda: EARLY)
        client.force_login(person("carmen"))
        return client

    def typed(self, loan, **more):
        return {
            "amount": "40000.00", "value_on": EARLY.isoformat(), "method": "transfer", "key": "k-1", **more,
        }  # fmt: skip

    def test_the_choices_are_shown_before_anything_is_recorded(self, at, loan):
        page = at.post(reverse("loans:pay", args=[loan.ref]), self.typed(loan, show="1")).content.decode()
        for words in ("Keep it as a credit", "Lower the instalments", "Shorten the term", "side by side"):
            assert words in page
        assert f'value="{KEEP}" checked' in page
        assert not Payment.objects.exists()

    def test_the_choice_marked_is_the_one_recorded(self, at, loan):
        answer = at.post(
            reverse("loans:pay", args=[loan.ref]), self.typed(loan, record="1", prepayment=SHORTER)
        )
        payment = Payment.objects.get()
        assert answer.status_code == 302
        assert payment.prepayment == SHORTER
        assert "Shorten the term" in at.get(reverse("loans:payment", args=[payment.number])).content.decode()

    def test_the_loans_page_leads_to_both_schedules(self, at, loan):
        assert "Schedules this loan has had" not in at.get(loan.get_absolute_url()).content.decode()
        story.pay(loan, "40000.00", EARLY, prepayment=SHORTER)
        page = at.get(loan.get_absolute_url()).content.decode()
        assert "Schedules this loan has had" in page
        second = at.get(reverse("loans:schedule", args=[loan.ref, 2])).content.decode()
        assert "Prepayment" in second and "To pay, before" in second
        first = at.get(reverse("loans:schedule", args=[loan.ref, 1])).content.decode()
        assert "replaced on" in first and "To pay, before" not in first

    def test_a_stranger_finds_no_schedule(self, client, loan):
        client.force_login(person("ana"))
        assert client.get(reverse("loans:schedule", args=[loan.ref, 1])).status_code == 404
