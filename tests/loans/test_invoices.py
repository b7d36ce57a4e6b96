"""Rule P-10: each charge and receipt keeps its invoice folio; the rest is a list."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.urls import reverse

from loans import accruals, invoices, payments
from loans.models import InvoiceFolio
from tests.loans.builders import approved, money_to_lend
from tests.loans.test_identity import at, text  # noqa: F401 - the fixture
from tests.projects.reading import text_of
from tests.stories import loans as story
from tests.world import bad_input, denied, person, refused

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 6)


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend("9000000.00")


@pytest.fixture
def loan():
    """With an opening fee, one instalment due and paid."""
    made = story.paid_out(approved("400000.00", product="cleaner-process", term=36))
    story.pay_row(made, 1)
    return made


def events():
    return [posting.event.partition(":")[0] for posting in invoices.to_invoice()]


def note(posting, folio="A-1", by="carmen", on=APRIL, issued_on=APRIL):
    return invoices.note(posting=posting, folio=folio, issued_on=issued_on, by=person(by), on=on)


def test_rule_P10_fee_interest_and_receipt_are_to_be_invoiced(loan):
    assert events() == ["disbursement", "due", "payment"]
    fee, due, receipt = invoices.to_invoice()
    assert (fee.base, fee.vat) == (D("4000.00"), D("640.00"))
    row = story.rows(loan)[0]
    assert (due.base, due.vat) == (row.interest, row.vat)
    assert receipt.received == row.total


def test_rule_P10_a_disbursement_without_a_fee_is_no_charge():
    story.paid_out(approved("50000.00"))
    assert events() == []


def test_rule_P10_a_folio_takes_the_charge_off_the_list(loan):
    fee, _due, _receipt = invoices.to_invoice()
    made = note(fee, " 5f1c-9 ")
    assert made.folio == "5F1C-9"
    assert events() == ["due", "payment"]
    assert note(fee, "5f1c-9") == made
    with refused("P-10", "another folio already"):
        note(fee, "other")


def test_rule_P10_a_folio_is_used_once(loan):
    fee, due, _receipt = invoices.to_invoice()
    note(fee, "X-1")
    with bad_input("folio", "belongs to another"):
        note(due, "x-1")
    with bad_input("folio", "Write the folio"):
        note(due, " ")
    with bad_input("issued_on", "in the future"):
        note(due, "X-2", issued_on=date(2026, 4, 7))


def test_rule_P10_a_receipt_that_is_reversed_is_no_longer_to_be_invoiced(loan):
    payment = loan.payments.get()
    payments.reverse_payment(payment=payment, reason="Other loan", by=person("teresa"), on=APRIL)
    assert events() == ["disbursement", "due"]


def test_rule_P10_a_charge_told_anew_is_to_be_invoiced_anew(loan):
    accruals.fall_due(on=date(2026, 6, 10), by=person("carmen"))
    late = next(item for item in invoices.to_invoice() if item.event.startswith("late:"))
    note(late, "L-1", on=date(2026, 6, 10), issued_on=date(2026, 6, 10))
    story.pay_row(loan, 2, on=date(2026, 6, 10))
    again = [item.event for item in invoices.to_invoice() if item.event.startswith("late:")]
    assert late.event not in again or InvoiceFolio.objects.get().posting_id != late.pk
    with refused("P-10", "no longer stands"):
        note(
            type(late).objects.filter(loan=loan).exclude(ended_on=None).exclude(pk=late.pk).first()
            or _ended(late)
        )


def _ended(posting):
    """The posting as it stands now, its folio taken for another one."""
    InvoiceFolio.objects.filter(posting=posting).delete()
    return type(posting).objects.get(pk=posting.pk)


@pytest.mark.parametrize("name", ["rosa", "aldo", "lupe", "dario"])
def test_rule_X1_folios_are_noted_by_whoever_records_payments(loan, name):
    with denied():
        note(invoices.to_invoice()[0], by=name)


def test_rule_P10_the_list_is_a_page_and_a_file(at, loan, django_assert_max_num_queries):  # noqa: F811
    browser = at("carmen")
    with django_assert_max_num_queries(12):
        page = text(browser.get(reverse("loans:invoices")))
    for words in ("Opening fee", "Interest of instalment 1", f"Receipt {loan.ref}-P001"):
        assert words in page
    listed = b"".join(browser.get(reverse("loans:invoices"), {"export": "csv"})).decode()
    assert loan.firm.tax_id in listed
    assert "4000.00" in listed
    first = invoices.to_invoice()[0]
    answer = browser.post(
        reverse("loans:invoice", args=[first.pk]), {"folio": "a-9", "issued_on": "2026-03-02"}
    )
    assert answer.status_code == 302
    assert InvoiceFolio.objects.get().folio == "A-9"
    assert at("rosa").get(reverse("loans:invoices")).status_code == 403


def test_rule_M1_the_list_and_the_page_say_the_currency_of_each_amount(at, loan):  # noqa: F811
    first = invoices.to_invoice()[0]
    for address in (reverse("loans:invoices"), reverse("loans:invoice", args=[first.pk])):
        assert "4,000.00 MXN" in text_of(at("carmen").get(address))


def test_rule_X1_who_may_only_read_the_list_gets_no_link_that_refuses(at, loan):  # noqa: F811
    address = reverse("loans:invoice", args=[invoices.to_invoice()[0].pk])
    assert address in at("carmen").get(reverse("loans:invoices")).content.decode()
    assert address not in at("aldo").get(reverse("loans:invoices")).content.decode()
