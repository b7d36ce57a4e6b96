"""Rules P-2 to P-7, L-2: payments typed in any order, once each, and the books that follow them."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from fund import chart, ledger
from fund.models import Entry, Line
from loans import accruals, balances, bookkeeping, payments
from loans.arithmetic.allocation import Bucket
from loans.models import Allocation, Loan, Payment, Posting
from tests.kept import kept
from tests.loans.builders import approved, findings, money_to_lend, mxn, usd
from tests.stories import loans as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db

told, loan = kept(lambda: story.one_paid_out(parts=3))


def net(account, loan, on=None):
    return ledger.balance(account, currency=loan.currency, loan=loan.ref, on=on)


def live(loan):
    """What is allocated, whoever paid it and in whichever order it was typed."""
    rows = Allocation.objects.filter(payment__loan=loan, ended_on=None)
    return Counter(
        (row.payment.value_on, row.payment.amount, row.n, row.part, row.value_on, row.amount)
        for row in rows.select_related("payment")
    )


def ledger_of(loan):
    """Net per account, tranche and value date."""
    table = Counter()
    for line in Line.objects.filter(loan=loan.ref):
        table[line.account_id, line.tranche, line.value_on] += line.debit - line.credit
    return {key: amount for key, amount in table.items() if amount}


def test_rule_P4_an_instalment_paid_on_its_day(loan):
    row = story.rows(loan)[0]
    payment = story.pay_row(loan, 1)
    parts = dict(payment.allocations.values_list("part", "amount"))
    assert parts == {"interest": row.interest, "interest_vat": row.vat, "principal": row.principal}
    loan = story.fresh(loan)
    assert loan.balance == D(120000) - row.principal == net(chart.LOANS, loan)
    assert net(chart.INTEREST_DUE, loan) == net(chart.VAT_DUE, loan) == net(chart.VAT_TO_COLLECT, loan) == 0
    assert net(chart.VAT_OWED, loan) == -row.vat
    assert net(chart.INTEREST_INCOME, loan) == -row.interest
    assert findings(payment.value_on) == []


def test_rule_K2_principal_returns_to_the_tranches_that_lent_it(loan):
    for n in range(1, 13):
        story.pay_row(loan, n)
    for share in loan.funding.all():
        assert ledger.balance(chart.LOANS, currency="MXN", tranche=share.tranche) == 0
    loan = story.fresh(loan)
    last = story.rows(loan)[-1].pay_on
    assert (loan.state, loan.balance, loan.paid_off_on) == (Loan.State.PAID_OFF, 0, last)
    assert findings(last) == []


def test_rule_P6_paid_late_it_bears_late_interest(loan):
    row = story.rows(loan)[0]
    day = row.pay_on + timedelta(10)
    payment = story.pay(loan, row.total, day)
    parts = {a.part: a.amount for a in payment.allocations.all()}
    late = (row.principal * D("0.195") * 10 / 360).quantize(D("0.01"))
    assert parts["late_interest"] == late
    assert parts["late_vat"] == (late * D("0.16")).quantize(D("0.01"))
    assert parts["principal"] == row.principal - late - parts["late_vat"]
    assert net(chart.LATE_INTEREST_INCOME, loan) == -late
    assert story.fresh(loan).days_past_due(day) == 10
    assert findings(day) == []


def test_rule_P6_three_days_late_costs_nothing(loan):
    payment = story.pay_row(loan, 1, days=3)
    assert not payment.allocations.filter(part="late_interest").exists()


def test_rule_P4_too_much_is_kept_as_credit_and_pays_the_next_instalment(loan):
    first, second = story.rows(loan)[:2]
    story.pay(loan, first.total + second.total, first.pay_on)
    assert net(chart.FIRM_CREDITS, loan) == -second.total
    assert Allocation.objects.get(part="credit", ended_on=None).amount == second.total
    accruals.fall_due(on=second.due_on, by=person("carmen"))
    assert net(chart.FIRM_CREDITS, loan) == 0
    assert not Allocation.objects.filter(part="credit", ended_on=None).exists()
    assert findings(second.due_on) == []


def test_rule_P3_a_back_dated_payment_is_as_if_typed_in_order(loan):
    """Three payments typed in order on one loan, and out of order on another: the same in every figure."""
    other = story.paid_out(approved("120000.00", term=12))
    end = date(2026, 6, 20)
    figures = [
        (date(2026, 4, 2), D("9000.00")),
        (date(2026, 4, 28), D("4000.00")),
        (date(2026, 6, 5), D("15000.00")),
    ]
    for day, amount in figures:
        story.pay(loan, amount, day, on=end)
    for day, amount in (figures[2], figures[0], figures[1]):
        story.pay(other, amount, day, on=end)
    loan, other = story.fresh(loan), story.fresh(other)
    assert live(loan) == live(other)
    assert ledger_of(loan) == ledger_of(other)
    assert (loan.balance, loan.unpaid_since) == (other.balance, other.unpaid_since)
    assert findings(end) == []


def test_rule_L1_what_a_back_dated_payment_changes_is_reversed_by_name(loan):
    story.pay(loan, "15000.00", date(2026, 6, 5))
    before = Entry.objects.count()
    story.pay(loan, "9000.00", date(2026, 4, 2), on=date(2026, 6, 6))
    reversals = Entry.objects.filter(pk__gt=before, reverses__isnull=False)
    assert reversals.exists()
    assert all(entry.source == f"{entry.reverses.source}:reversed" for entry in reversals)
    assert Posting.objects.filter(event="payment:L-2026-0001-P001", ended_on=None).get().round == 2
    assert Allocation.objects.exclude(ended_on=None).exists()
    assert findings(date(2026, 6, 6)) == []


def test_rule_P3_typed_day_by_day_or_all_at_the_end_is_the_same(loan):
    other = story.paid_out(approved("120000.00", term=12))
    figures = [(date(2026, 4, 10), D("5000.00")), (date(2026, 5, 30), D("22000.00"))]
    end = date(2026, 9, 30)
    for day, amount in figures:
        accruals.fall_due(on=day, by=person("carmen"))
        story.pay(loan, amount, day)
    for number in range(DAY.toordinal(), end.toordinal() + 1, 7):
        accruals.fall_due(on=date.fromordinal(number), by=person("carmen"))
    accruals.fall_due(on=end, by=person("carmen"))
    for day, amount in figures:
        story.pay(other, amount, day, on=end)
    assert ledger_of(loan) == ledger_of(other)
    assert live(loan) == live(other)
    assert findings(end) == []


def test_rule_P5_a_reversed_payment_never_was(loan):
    end = date(2026, 5, 20)
    story.pay_row(loan, 1)
    accruals.fall_due(on=end, by=person("carmen"))
    before = ledger_of(loan)
    wrong = story.pay(loan, "20000.00", date(2026, 4, 20), on=end)
    assert ledger_of(loan) != before
    payments.reverse_payment(payment=wrong, reason="Another firm's transfer", by=person("teresa"), on=end)
    assert ledger_of(loan) == before
    assert findings(end) == []
    wrong.refresh_from_db()
    assert (wrong.is_reversed, wrong.reversal_reason) == (True, "Another firm's transfer")


def test_rule_P5_a_reversal_opens_a_paid_off_loan_again(loan):
    for n in range(1, 13):
        last = story.pay_row(loan, n)
    assert story.fresh(loan).state == Loan.State.PAID_OFF
    payments.reverse_payment(payment=last, reason="Cheque bounced", by=person("teresa"), on=last.value_on)
    loan = story.fresh(loan)
    assert (loan.state, loan.paid_off_on) == (Loan.State.ACTIVE, None)
    assert loan.balance == story.rows(loan)[-1].principal
    assert findings(last.value_on) == []


def test_rule_P5_reversing_twice_reverses_once(loan):
    payment = story.pay_row(loan, 1)
    for _ in range(2):
        payments.reverse_payment(
            payment=payment, reason="Wrong loan", by=person("teresa"), on=payment.value_on
        )
    assert AuditEvent.objects.filter(verb="payment.reversed").count() == 1


def test_rule_P5_only_the_treasurer_reverses_and_says_why(loan):
    payment = story.pay_row(loan, 1)
    with denied():
        payments.reverse_payment(payment=payment, reason="No", by=person("carmen"), on=payment.value_on)
    with bad_input("reason", "Say why"):
        payments.reverse_payment(payment=payment, reason=" ", by=person("teresa"), on=payment.value_on)


def test_rule_P5_the_same_key_gives_the_same_payment(loan):
    first = story.pay(loan, "5000.00", date(2026, 4, 2), key="form-1")
    assert story.pay(loan, "5000.00", date(2026, 4, 2), key="form-1") == first
    assert Payment.objects.count() == 1
    with refused("P-5", "used already"):
        story.pay(loan, "6000.00", date(2026, 4, 2), key="form-1")
    with bad_input("key"):
        payments.record_payment(
            loan=loan, amount=mxn(1), value_on=DAY, key="", by=person("carmen"), on=date(2026, 4, 2)
        )


def test_rule_P5_the_database_keeps_a_payment_as_it_was_typed(loan):
    payment = story.pay(loan, "5000.00", date(2026, 4, 2))
    for change in ({"amount": D("50.00")}, {"value_on": DAY}, {"key": "x"}, {"note": "x"}):
        with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**change)
    with pytest.raises(IntegrityError, match="nothing is deleted"), transaction.atomic():
        Allocation.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("amount", "day", "sentence"),
    [
        (mxn("0.00"), date(2026, 4, 2), "above zero"),
        (mxn("-5.00"), date(2026, 4, 2), "above zero"),
        (mxn("5.001"), date(2026, 4, 2), "fewer decimals"),
        (usd("5.00"), date(2026, 4, 2), "This loan is in MXN"),
        (mxn("5.00"), date(2026, 4, 3), "in the future"),
        (mxn("5.00"), DAY - timedelta(1), "paid out"),
    ],
)
def test_rule_P2_an_impossible_payment_is_refused(loan, amount, day, sentence):
    field = "amount" if "2026-04-02" in str(day) else "value_on"
    with bad_input(field, sentence):
        payments.record_payment(
            loan=loan, amount=amount, value_on=day, key="k", by=person("carmen"), on=date(2026, 4, 2)
        )
    assert not Payment.objects.exists()


def test_rule_P2_nothing_is_paid_back_before_it_was_paid_out():
    money_to_lend()
    with refused("P-3", "Nothing has been paid out"):
        story.pay(story.signed(approved()), "100.00", DAY)


def test_rule_P2_nothing_is_paid_on_a_loan_that_is_paid_off(loan):
    for n in range(1, 13):
        last = story.pay_row(loan, n)
    with refused("P-5", "cannot be recorded"):
        story.pay(loan, "10.00", last.value_on)


def test_rule_X1_only_who_records_payments_records_them(loan):
    with denied():
        story.pay(loan, "100.00", date(2026, 4, 2), by="rosa")


def test_rule_M1_an_amount_typed_with_fewer_digits_is_the_same_amount(loan):
    """What was posted for 4500.5 is what a later replay, which reads 4500.50, would post."""
    payment = story.pay(loan, D("4500.5"), DAY + timedelta(20))
    posted = Posting.objects.count()
    loan = Loan.objects.get(pk=loan.pk)
    bookkeeping.bring_up_to(loan, by=person("carmen"), on=loan.booked_to)
    assert Posting.objects.count() == posted
    assert str(payment.amount) == "4500.50"
    assert '"4500.50"' in payment.receipt.facts_text


def test_rule_P9_the_receipt_says_what_was_paid(loan):
    row = story.rows(loan)[0]
    receipt = story.pay_row(loan, 1).receipt
    assert receipt.number == "L-2026-0001-P001"
    assert {part["part"]: D(part["amount"]) for part in receipt.facts["parts"]} == {
        "interest": row.interest, "interest_vat": row.vat, "principal": row.principal,
    }  # fmt: skip
    assert D(receipt.facts["balance_after"]) == D(120000) - row.principal


def test_rule_P4_the_preview_is_what_is_then_recorded(loan):
    day = date(2026, 4, 20)
    seen = payments.preview(loan, amount=mxn("12000.00"), value_on=day, on=day)
    assert not Payment.objects.exists()
    payment = story.pay(loan, "12000.00", day)
    parts = {(a.part, a.n): a.amount for a in payment.allocations.exclude(part="credit")}
    assert {(part, n): amount for part, n, amount in seen.parts} == parts
    assert seen.after.balance == story.fresh(loan).balance
    assert (
        seen.replays,
        payments.preview(story.fresh(loan), amount=mxn(1), value_on=DAY, on=day).replays,
    ) == (0, 1)


def test_rule_L2_falling_due_posts_once_however_often_it_runs(loan):
    row = story.rows(loan)[0]
    carmen = person("carmen")
    eve = row.due_on - timedelta(1)
    assert accruals.fall_due(on=eve, by=carmen) == 1  # the accrual of March is taken back on 1 April
    assert accruals.fall_due(on=eve, by=carmen) == 0
    assert accruals.fall_due(on=row.due_on, by=carmen) == 1
    assert accruals.fall_due(on=row.due_on, by=carmen) == 0
    assert net(chart.INTEREST_DUE, loan) == row.interest
    assert net(chart.VAT_TO_COLLECT, loan) == -row.vat
    assert Entry.objects.filter(source__contains=":due:").count() == 1
    assert findings(row.due_on) == []


def test_rule_P7_from_day_91_interest_goes_to_suspense(loan):
    row = story.rows(loan)[0]
    day = row.pay_on + timedelta(91)
    accruals.fall_due(on=day, by=person("carmen"))
    assert net(chart.INTEREST_INCOME, loan) == net(chart.LATE_INTEREST_INCOME, loan) == 0
    assert net(chart.SUSPENDED_INTEREST, loan) < 0
    assert findings(day) == []


def test_rule_P7_the_position_of_any_day(loan):
    row = story.rows(loan)[0]
    story.pay_row(loan, 1, days=5)
    loan = story.fresh(loan)
    assert balances.position(loan, DAY - timedelta(1)) is None
    assert balances.position(loan, DAY).principal == mxn("120000.00")
    then = balances.position(loan, row.pay_on + timedelta(4))
    assert (then.days_past_due, then.bucket) == (4, "1-30")
    assert then.late.amount > row.total
    now = balances.position(loan, row.pay_on + timedelta(5))
    assert now.state.open(Bucket.INTEREST) == 0


def test_rule_P7_par_of_today_and_of_a_past_day_agree(loan):
    late = story.paid_out(approved("60000.00", term=12))
    end = date(2026, 6, 8)
    for n in (1, 2, 3):
        story.pay_row(loan, n)
    accruals.fall_due(on=end, by=person("carmen"))
    (today,) = balances.portfolio(end, today=end)
    (replayed,) = balances.portfolio(end, today=end + timedelta(1))
    assert today == replayed
    assert (today.loans, today.late_loans) == (2, 1)
    assert today.risks[0].at_risk == today.risks[1].at_risk == late.principal
    assert today.risks[2].at_risk == 0


STORY = st.lists(
    st.tuples(st.integers(0, 150), st.integers(100, 3_000_000), st.booleans()), min_size=1, max_size=5
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STORY, st.randoms())
def test_rule_P3_any_story_in_any_order_leaves_clean_books(loan, events, random):
    """Payments, some reversed again, typed shuffled: the replay, the allocations and the ledger agree."""
    end = date(2026, 8, 31)
    with transaction.atomic():
        for n in random.sample(range(len(events)), len(events)):
            days, cents, taken_back = events[n]
            if story.fresh(loan).state != Loan.State.ACTIVE:
                break
            payment = story.pay(loan, D(cents) / 100, DAY + timedelta(days), on=end, key=f"{n}")
            if taken_back:
                payments.reverse_payment(payment=payment, reason="Test", by=person("teresa"), on=end)
        assert findings(end) == []
        kept = story.fresh(loan)
        assert net(chart.LOANS, kept) == kept.balance
        transaction.set_rollback(True)
