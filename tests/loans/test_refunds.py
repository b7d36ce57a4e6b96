"""Rules P-4 and G-6: credit of a firm goes back to it, prepared by one person and approved by another."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEvent
from fund import chart, ledger
from fund.models import Entry
from loans import changes, payments
from loans.change_queues import refunds_and_losses
from loans.models import Allocation, Loan, LoanChange
from tests.kept import kept
from tests.loans.builders import findings
from tests.stories import loans as story
from tests.world import bad_input, denied, person, refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 20)


def one_with_credit():
    """Nothing has fallen due, and the firm has sent 9,000.00."""
    made = story.one_paid_out()
    story.pay(made, "9000.00", DAY)
    return story.fresh(made)


told, loan = kept(one_with_credit)


def proposed(loan, amount="4000.00", *, on=DAY, by="carmen"):
    return changes.propose(
        loan=loan, kind="refund", value_on=on, amount=D(amount), reason="Paid twice", by=person(by), on=on
    )


def refunded(loan, amount="4000.00", *, on=DAY):
    return changes.approve(change=proposed(loan, amount, on=on), by=person("teresa"), on=on)


def credit(loan):
    return -ledger.balance(chart.FIRM_CREDITS, currency="MXN", loan=loan.ref)


def test_rule_P4_a_refund_lowers_the_credit_and_the_cash_held(loan):
    cash = ledger.balance(chart.CASH, currency="MXN", tranche=chart.HELD)
    change = refunded(loan)
    assert credit(loan) == D("5000.00")
    assert ledger.balance(chart.CASH, currency="MXN", tranche=chart.HELD) == cash - 4000
    assert Entry.objects.get(source=f"{loan.ref}:refund:{change.ref}").value_on == DAY
    assert change.ref == "L-2026-0001-X01"
    assert findings(DAY) == []


def test_rule_P4_what_was_refunded_is_a_part_of_its_payment(loan):
    refunded(loan)
    parts = dict(Allocation.objects.filter(ended_on=None).values_list("part", "amount"))
    assert parts == {"credit": D("5000.00"), "refunded": D("4000.00")}


def test_rule_G6_nothing_leaves_before_a_second_person_approves(loan):
    change = proposed(loan)
    assert credit(loan) == D("9000.00")
    with denied():
        changes.approve(change=change, by=person("carmen"), on=DAY)
    with denied():
        changes.approve(change=change, by=person("dario"), on=DAY)
    changes.approve(change=change, by=person("teresa"), on=DAY)
    assert AuditEvent.objects.filter(verb="loanchange.approved").count() == 1


def test_rule_G6_the_database_refuses_one_person_for_both(loan):
    change = proposed(loan)
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        LoanChange.objects.filter(pk=change.pk).update(
            state="approved", approved_by=person("carmen"), approved_on=DAY
        )


def test_rule_G5_a_change_is_kept_by_the_database(loan):
    change = refunded(loan)
    with pytest.raises(IntegrityError, match="rule G-5"), transaction.atomic():
        LoanChange.objects.filter(pk=change.pk).update(amount=D("1.00"))
    with pytest.raises(IntegrityError, match="rule G-5"), transaction.atomic():
        change.delete()


def test_rule_L2_approving_twice_gives_one_refund(loan):
    change = refunded(loan)
    changes.approve(change=change, by=person("teresa"), on=DAY)
    assert credit(loan) == D("5000.00")
    assert Entry.objects.filter(source__contains=":refund:").count() == 1


def test_rule_P4_more_than_the_credit_cannot_go_back(loan):
    with bad_input("amount"):
        proposed(loan, "9000.01")
    for amount in ("0", "-1.00", "1.001"):
        with bad_input("amount"):
            proposed(loan, amount)


def test_rule_P4_not_before_the_money_came_nor_tomorrow(loan):
    for day in (DAY - timedelta(1), DAY + timedelta(1)):
        with bad_input("amount" if day < DAY else "value_on"):
            changes.propose(
                loan=loan, kind="refund", value_on=day, amount=D(100), reason="x", by=person("carmen"), on=DAY
            )


def test_rule_G5_a_proposal_is_withdrawn_with_a_reason_and_stays(loan):
    change = proposed(loan)
    with bad_input("reason"):
        changes.withdraw(change=change, reason=" ", by=person("carmen"), on=DAY)
    changes.withdraw(change=change, reason="The firm keeps it", by=person("carmen"), on=DAY)
    assert LoanChange.objects.get(pk=change.pk).state == "withdrawn"
    with refused("P-8"):
        changes.approve(change=change, by=person("teresa"), on=DAY)
    assert credit(loan) == D("9000.00")


def test_rule_P8_one_proposal_at_a_time(loan):
    proposed(loan)
    with refused("P-8", "proposed already"):
        proposed(loan, "1.00")


def test_rule_P5_a_payment_whose_money_was_refunded_cannot_be_reversed(loan):
    refunded(loan)
    payment = loan.payments.get()
    with refused("S-5", "credit"):
        payments.reverse_payment(payment=payment, reason="Wrong loan", by=person("teresa"), on=DAY)
    assert not loan.payments.get().is_reversed
    assert findings(DAY) == []


def test_rule_P4_a_credit_left_after_the_last_instalment_goes_back(loan):
    story.pay(loan, "150000.00", DAY, prepayment="shorter_term")
    loan = story.fresh(loan)
    assert loan.state == Loan.State.PAID_OFF
    left = credit(loan)
    assert left > 0
    refunded(loan, left)
    assert credit(loan) == 0
    assert ledger.balance(chart.CASH, currency="MXN", tranche=chart.HELD, loan=loan.ref) == -ledger.balance(
        chart.VAT_OWED, currency="MXN", loan=loan.ref
    )
    assert findings(DAY) == []


def test_rule_P4_refunds_wait_for_the_treasurer(loan):
    change = proposed(loan)
    assert list(refunds_and_losses(person("teresa"))) == [change]
    assert list(refunds_and_losses(person("carmen"))) == []


class TestPages:
    @pytest.fixture(autouse=True)
    def _day(self, monkeypatch):
        for module in ("loans", "changes"):
            monkeypatch.setattr(f"loans.views.{module}.today", lambda: DAY)

    def test_without_money_held_for_the_firm_there_is_nothing_to_give_back(self, client, loan, monkeypatch):
        monkeypatch.setattr("loans.views.changes.position", lambda *_: None)
        client.force_login(person("carmen"))
        page = client.get(reverse("loans:change_choose", args=[loan.ref])).content.decode()
        assert reverse("loans:change_new", args=[loan.ref, "refund"]) not in page
        assert "Nothing of this loan can be changed by you" in page

    def test_from_the_loan_to_the_money_back(self, client, loan):
        client.force_login(person("carmen"))
        assert (
            reverse("loans:change_choose", args=[loan.ref])
            in client.get(loan.get_absolute_url()).content.decode()
        )
        chooser = client.get(reverse("loans:change_choose", args=[loan.ref])).content.decode()
        address = reverse("loans:change_new", args=[loan.ref, "refund"])
        assert address in chooser and "write_off" not in chooser
        typed = {"value_on": DAY.isoformat(), "amount": "4,000.00", "reason": "Paid twice"}
        assert "What goes back" in client.post(address, typed | {"show": "1"}).content.decode()
        assert not LoanChange.objects.exists()
        answer = client.post(address, typed | {"propose": "1"})
        change = LoanChange.objects.get()
        assert answer.headers["Location"] == change.get_absolute_url()
        assert (
            reverse("loans:change_approve", args=[change.ref])
            not in client.get(change.get_absolute_url()).content.decode()
        )
        client.force_login(person("teresa"))
        approve = reverse("loans:change_approve", args=[change.ref])
        assert approve in client.get(change.get_absolute_url()).content.decode()
        assert client.post(approve, {}).status_code == 302
        assert credit(loan) == D("5000.00")

    def test_too_much_is_said_beside_the_field(self, client, loan):
        client.force_login(person("carmen"))
        page = client.post(
            reverse("loans:change_new", args=[loan.ref, "refund"]),
            {"value_on": DAY.isoformat(), "amount": "99999", "reason": "x", "show": "1"},
        ).content.decode()
        assert "credit of 9,000.00 MXN, not more" in page

    def test_the_firm_sees_a_refund_once_it_is_approved(self, client, loan):
        change = proposed(loan)
        client.force_login(person("lupe"))
        assert client.get(change.get_absolute_url()).status_code == 404
        assert change.ref not in client.get(loan.get_absolute_url()).content.decode()
        changes.approve(change=change, by=person("teresa"), on=DAY)
        assert client.get(change.get_absolute_url()).status_code == 200
        client.force_login(person("ana"))
        assert client.get(change.get_absolute_url()).status_code == 404

    def test_the_list_of_changes(self, client, loan):
        proposed(loan)
        client.force_login(person("teresa"))
        assert "L-2026-0001-X01" in client.get(reverse("loans:changes")).content.decode()

    def test_an_unknown_kind_is_not_there(self, client, loan):
        client.force_login(person("carmen"))
        assert client.get(reverse("loans:change_new", args=[loan.ref, "gift"])).status_code == 404
