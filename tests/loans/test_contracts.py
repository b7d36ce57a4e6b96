"""Rule D-1: from the resolution to a contract signed by both sides."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Notice
from fund import documents
from loans import contracts
from loans.models import Loan
from loans.references import is_creditor_reference, is_numeric_reference
from tests.loans.builders import approved, firm, money_to_lend, mxn, usd
from tests.stories import loans as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend()


def test_rule_D1_a_contract_is_drafted_from_the_resolution():
    application = approved("120000.00", term=12, grace=2)
    loan = story.drafted(application)
    assert loan.ref == "L-2026-0001"
    assert (loan.amount, loan.terms.n, loan.terms.grace_principal) == (mxn("120000.00"), 12, 2)
    assert loan.terms.annual_rate_pct == D(13)
    assert loan.terms.vat_pct == D(16)
    assert loan.resolution == application.resolution
    assert loan.state == Loan.State.DRAFTED


def test_rule_D1_the_contract_cannot_exceed_the_resolution():
    application = approved("100000.00", term=12)
    with refused("D-1", "cannot exceed it"):
        story.drafted(application, amount=mxn("100000.01"))
    with refused("D-1", "cannot exceed them"):
        story.drafted(application, term_months=13)
    assert story.drafted(application, amount=mxn("90000.00"), term_months=10).terms.n == 10


def test_rule_D1_the_resolution_sets_term_and_rate():
    application = approved("100000.00", term=18, terms={"term_months": 9, "annual_rate_pct": "10.5"})
    terms = story.drafted(application).terms
    assert (terms.n, terms.annual_rate_pct, terms.late_rate_pct) == (9, D("10.5"), D("15.75"))


def test_rule_D1_conditions_are_copied_into_the_contract():
    loan = story.drafted(approved(conditions=["Water permit", "Insurance"]))
    assert [condition["text"] for condition in loan.conditions] == ["Water permit", "Insurance"]
    assert [c["text"] for c in loan.contract.facts["conditions"]] == ["Water permit", "Insurance"]


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "lapsed", "on_agenda", "contracted"])
def test_rule_D1_only_an_approved_application_gets_a_contract(state):
    application = approved()
    type(application).objects.filter(pk=application.pk).update(state=state)
    with refused("D-1", "needs an approving resolution"):
        story.drafted(application)


def test_rule_D1_one_contract_per_application_until_it_is_cancelled():
    application = approved()
    first = story.drafted(application)
    with refused("D-1", "is this application's contract"):
        story.drafted(application)
    contracts.cancel(loan=first, reason="Wrong address", by=person("rosa"), on=DAY)
    assert story.drafted(application).ref == "L-2026-0002"


def test_rule_D1_drafting_needs_the_right():
    with denied():
        contracts.draft(application=approved(), by=person("carmen"), on=DAY)


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_rule_D1_an_amount_above_zero(amount):
    with bad_input("amount", "above zero"):
        story.drafted(approved(), amount=mxn(amount))


def test_rule_D1_another_currency_is_no_amount_of_this_resolution():
    with bad_input("amount", "currency of the resolution"):
        story.drafted(approved(), amount=usd("100.00"))


def test_rule_S2_a_first_due_date_before_the_money_is_refused():
    with bad_input("first_due"):
        story.drafted(approved(), first_due=DAY)
    assert story.drafted(approved(), first_due=date(2026, 4, 15)).terms.first_due == date(2026, 4, 15)


def test_rule_A4_the_limit_of_the_day_of_the_contract_holds():
    """With 6,000,000 pesos of capital one firm may owe 5 %: 300,000 pesos, of which it already owes a part."""
    lupe = firm()
    story.paid_out(approved("120000.00", of=lupe))
    story.paid_out(approved("119000.00", of=lupe))
    with refused("A-4", "61,000.00"):
        story.drafted(approved("61000.01", of=lupe))
    assert story.drafted(approved("61000.00", of=lupe))


def test_rule_A4_without_a_rate_of_the_day_nothing_is_drafted():
    with refused("M-4"):
        story.drafted(approved(), on=date(2028, 6, 1))


def test_rule_P1_the_contract_bears_both_references():
    loan = story.drafted(approved())
    assert is_creditor_reference(loan.reference)
    assert is_numeric_reference(loan.numeric_reference)
    assert loan.contract.facts["reference"].replace(" ", "") == loan.reference


def test_rule_D1_the_cover_sheet_says_what_it_costs():
    loan = story.drafted(approved("120000.00", term=12))
    cover = loan.contract.facts["cover"]
    assert D(cover["total"]) == D(cover["principal"]) + D(cover["interest"]) + D(cover["vat"]) + D(
        cover["fees"]
    )
    assert len(loan.contract.facts["rows"]) == 12
    assert loan.cat_pct == D(cover["cat_pct"]) == D("13.8")
    assert cover["late_rate_pct"] == "19.5"


def test_rule_G6_whoever_drafted_does_not_sign():
    loan = story.drafted(approved())
    Loan.objects.filter(pk=loan.pk).update(prepared_by=person("dario"))
    with denied("drafted"):
        contracts.sign(loan=loan, by=person("dario"), on=DAY)
    with denied():
        contracts.sign(loan=loan, by=person("carmen"), on=DAY)


def test_rule_G6_the_database_refuses_one_pair_of_eyes():
    loan = story.drafted(approved())
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(signed_by=person("rosa"), signed_on=DAY)
    with pytest.raises(IntegrityError, match="loan_signed_by_and_on"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(signed_by=person("dario"))


def test_rule_D1_both_sides_have_signed_in_either_order():
    application = approved()
    loan = story.drafted(application)
    loan = contracts.upload_signed_copy(loan=loan, upload=story.scan(), by=person("lupe"), on=DAY)
    application.refresh_from_db()
    assert application.state == "approved"
    contracts.sign(loan=loan, by=person("dario"), on=DAY)
    application.refresh_from_db()
    assert (application.state, application.loan) == ("contracted", loan.ref)


def test_rule_D1_the_firm_is_told_that_the_contract_is_signed():
    story.signed(approved())
    notice = Notice.objects.get(kind="contract-signed")
    assert notice.recipient == person("lupe")


def test_rule_D1_only_the_owner_or_the_staff_bring_the_signed_copy():
    loan = story.drafted(approved())
    for name in ("memo", "carmen"):
        with denied():
            contracts.upload_signed_copy(loan=loan, upload=story.scan(), by=person(name), on=DAY)


def test_rule_D1_a_file_of_another_kind_is_no_contract():
    loan = story.drafted(approved())
    with bad_input("file", "not one of the kinds"):
        contracts.upload_signed_copy(
            loan=loan, upload=story.scan(content=b"MZ\x90"), by=person("lupe"), on=DAY
        )


def test_rule_D1_a_contract_signed_by_both_cannot_be_cancelled():
    loan = story.signed(approved())
    with refused("D-1", "Both sides have signed"):
        contracts.cancel(loan=loan, reason="Changed our mind", by=person("rosa"), on=DAY)


def test_rule_G5_cancelling_needs_a_reason():
    loan = story.drafted(approved())
    with bad_input("reason"):
        contracts.cancel(loan=loan, reason="  ", by=person("rosa"), on=DAY)


def test_rule_G2_the_contract_is_in_the_language_of_the_contact():
    assert story.drafted(approved(of=firm("lupe"))).language == "es"


def test_rule_S6_the_contract_and_the_loans_page_show_cat_flows_total_and_effective_rate(client):
    loan = story.paid_out(approved("120000.00", term=12))
    facts = loan.contract.facts
    first, *paid = facts["cat_flows"]
    assert D(first["years"]) == 0 and D(first["received"]) == D("120000.00")
    assert [D(flow["paid"]) for flow in paid] == [D(row["total"]) - D(row["vat"]) for row in facts["rows"]], (
        "without VAT"
    )
    rate = 1 + D(facts["cover"]["cat_pct"]) / 100
    worth = sum(D(flow["paid"]) / rate ** D(flow["years"]) for flow in paid)
    assert abs(worth - 120000) < 60, "the CAT has one decimal: half of it is worth so much"
    assert D("13.7") < D(facts["cover"]["effective_pct"]) < D("13.9"), "13 % monthly, compounded"
    client.force_login(person("rosa"))
    page = client.get(loan.get_absolute_url()).content.decode()
    assert "Flows of the CAT" in page and "Effective yearly rate of the interest alone" in page
    printed = documents.html(loan.contract)
    assert "Flows of the CAT" in printed and "Effective yearly rate of the interest alone" in printed


def test_rule_X2_a_loan_that_does_not_exist_is_404_to_whoever_may_read_loans(client):
    client.force_login(person("rosa"))
    assert client.get("/loans/L-2026-9999/").status_code == 404
    client.force_login(person("lupe"))
    assert client.get("/loans/L-2026-9999/").status_code == 404
