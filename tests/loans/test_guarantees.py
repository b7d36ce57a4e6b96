"""Rule D-5: guarantors and pledges, released at pay-off."""

from decimal import Decimal as D

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from loans import guarantees
from loans.models import Guarantee, Loan
from tests.loans.builders import approved, money_to_lend
from tests.loans.test_identity import at, text  # noqa: F401 - the fixture
from tests.stories import loans as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend("9000000.00")


def added(loan, by="rosa", **changes):
    said = {
        "kind": "pledge",
        "giver": "Curtidos La Paloma",
        "what": "Drum no. 4, serial 88-112",
        "value": D("90000"),
    }
    return guarantees.add(loan=loan, by=person(by), on=DAY, **said | changes)


def release(guarantee, by="dario"):
    return guarantees.release(guarantee=guarantee, note="Handed back", by=person(by), on=DAY)


def test_rule_D5_a_pledge_is_written_down_with_its_paper():
    loan = story.drafted(approved())
    made = added(loan, upload=story.scan("factura.pdf"))
    assert made.money.amount == 90000
    assert made.paper.name == "factura.pdf"
    assert AuditEvent.objects.filter(verb="guarantee.added", object=made.audit_ref).exists()


def test_rule_D5_it_holds_until_the_loan_is_paid_off():
    loan = story.paid_out(approved("12000.00", term=6))
    made = added(loan)
    with refused("D-5", "is not paid off"):
        release(made)
    Loan.objects.filter(pk=loan.pk).update(state="paid_off")
    assert list(guarantees.to_release()) == [made]
    assert release(made).released_on == DAY
    assert release(made).released_by == person("dario")  # twice is once
    assert not guarantees.to_release()
    assert AuditEvent.objects.filter(verb="guarantee.released").count() == 1


def test_rule_D5_paying_off_puts_the_guarantee_on_the_list():
    loan = story.paid_out(approved("12000.00", term=6))
    made = added(loan)
    for n in range(1, 7):
        story.pay_row(loan, n)
    assert list(guarantees.to_release()) == [made]


def test_rule_D5_a_loan_that_has_ended_takes_none():
    loan = story.drafted(approved())
    Loan.objects.filter(pk=loan.pk).update(state="cancelled")
    with refused("D-5", "has ended"):
        added(loan)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kind": "handshake"}, "kind"), ({"giver": " "}, "giver"), ({"what": ""}, "what"), ({"value": D(0)}, "value"),
     ({"value": D("1.005")}, "value")],
)  # fmt: skip
def test_rule_D5_what_cannot_be_is_named(changes, field):
    with bad_input(field):
        added(story.drafted(approved()), **changes)


@pytest.mark.parametrize("name", ["carmen", "teresa", "aldo", "lupe"])
def test_rule_X1_guarantees_are_written_by_the_officer_and_released_by_the_signatory(name):
    loan = story.drafted(approved())
    made = added(loan)
    with denied():
        added(loan, by=name)
    with denied():
        release(made, by=name)


def test_rule_D5_pages(at):  # noqa: F811
    loan = story.paid_out(approved("12000.00", term=6))
    new = reverse("loans:guarantee_new", args=[loan.ref])
    typed = {"kind": "guarantor", "giver": "Inés Torres", "what": "Calle Río 14, León", "value": "120,000.00"}
    assert "must be above zero" in text(at("rosa").post(new, typed | {"value": "0"}))
    assert at("rosa").post(new, typed).status_code == 302
    made = Guarantee.objects.get()
    undo = reverse("loans:guarantee_release", args=[made.pk])
    assert "is not paid off" in text(at("dario").post(undo, {"note": ""}))
    Loan.objects.filter(pk=loan.pk).update(state="paid_off")
    assert at("dario").post(undo, {"note": ""}).status_code == 302
    assert "Released" in text(at("rosa").get(reverse("loans:guarantees", args=[loan.ref])))
    assert at("lupe").get(new).status_code == 403
