"""Pages of the loans: who opens them, what they show, how they refuse, how many queries they take."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loans import disbursements
from loans.models import Disbursement, Loan
from tests.loans.builders import approved, firm, money_to_lend
from tests.stories import loans as story
from tests.world import DAY, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend("9000000.00")


def text(answer):
    return answer.content.decode()


def test_rule_D2_the_page_says_what_is_missing_before_money_moves(open_as):
    loan = story.signed(approved(conditions=["Water permit"]))
    page = text(open_as("rosa").get(loan.get_absolute_url()))
    assert "Still open: Water permit" in page
    assert "The account to pay to has not been written down." in page


def test_contract_from_page_to_page(open_as):
    application = approved("120000.00", term=12)
    url = reverse("loans:contract_new", args=[application.uid])
    rosa = open_as("rosa")
    assert "CAT without VAT" in text(rosa.get(url))
    data = {"amount": "100.000,00", "term_months": "10", "first_due": ""}
    shown = text(rosa.post(url, data | {"show": "1"}))
    assert "100,000.00" in shown
    assert not Loan.objects.exists()
    refusal = text(rosa.post(url, data | {"amount": "120000.01", "draft": "1"}))
    assert "the contract cannot exceed it" in refusal
    assert 'value="120000.01"' in refusal
    answer = rosa.post(url, data | {"draft": "1"})
    loan = Loan.objects.get()
    assert answer.url == loan.get_absolute_url()
    sign = reverse("loans:contract_sign", args=[loan.ref])
    assert open_as("rosa").get(sign).status_code == 403
    assert "Drafted by" in text(open_as("dario").get(sign))
    open_as("dario").post(sign)
    assert Loan.objects.get().state == "signed"
    upload = reverse("loans:signed_copy", args=[loan.ref])
    assert open_as("memo").get(upload).status_code == 404
    assert "not one of the kinds" in text(open_as("lupe").post(upload, {"file": story.scan(content=b"MZ")}))
    open_as("lupe").post(upload, {"file": story.scan()})
    application.refresh_from_db()
    assert application.state == "contracted"


def test_an_application_that_is_not_approved_has_no_contract_page(open_as):
    application = approved()
    type(application).objects.update(state="withdrawn")
    answer = open_as("rosa").get(reverse("loans:contract_new", args=[application.uid]))
    assert answer.status_code == 302


def test_paying_out_from_page_to_page(open_as):
    loan = story.signed(approved("120000.00"))
    account = reverse("loans:account", args=[loan.ref])
    wrong = text(open_as("rosa").post(account, {"number": "032180000118359718", "bank": "B", "holder": "H"}))
    assert "does not fit the others" in wrong
    open_as("rosa").post(account, {"number": story.CLABE, "bank": "Banco del Bajío", "holder": "Curtidos"})
    seen = reverse("loans:account_seen", args=[loan.ref])
    assert open_as("rosa").post(seen).status_code == 403
    open_as("carmen").post(seen)
    story.identified(loan.firm)
    new = reverse("loans:disbursement_new", args=[loan.ref])
    assert "Lendable capital is" in text(open_as("carmen").get(new))
    answer = open_as("carmen").post(new)
    found = Disbursement.objects.get()
    assert answer.url == reverse("loans:disbursement", args=[found.pk])
    assert "Approve: the money leaves" not in text(open_as("carmen").get(answer.url))
    assert "K-2025-01" in text(open_as("teresa").get(answer.url))
    future = text(open_as("teresa").post(answer.url, {"value_on": str(DAY + timedelta(1))}))
    assert "has not come" in future
    for _ in range(2):  # a doubled click
        assert open_as("teresa").post(answer.url, {"value_on": str(DAY)}).status_code == 302
    assert Loan.objects.get().state == "active"
    assert Disbursement.objects.count() == 1


def test_rule_D2_the_preparing_page_refuses_with_the_list(open_as):
    loan = story.signed(approved(conditions=["Water permit"]))
    page = text(open_as("carmen").post(reverse("loans:disbursement_new", args=[loan.ref])))
    assert "No money leaves yet." in page
    assert "Water permit" in page
    assert not Disbursement.objects.exists()


def test_a_disbursement_is_cancelled_with_a_reason(open_as):
    found = story.prepared(approved())
    url = reverse("loans:disbursement_cancel", args=[found.pk])
    assert "This field is required" in text(open_as("carmen").post(url, {"reason": ""}))
    open_as("carmen").post(url, {"reason": "Wrong day"})
    found.refresh_from_db()
    assert found.state == "cancelled"
    assert disbursements.prepare(loan=found.loan, by=person("carmen"), on=DAY)


def test_anybody_may_calculate(client):
    client.cookies["django_language"] = "en"
    url = reverse("loans:calculator")
    page = text(client.get(url))
    assert "What would a loan cost?" in page
    asked = {"product": "good-housekeeping", "amount": "100,000", "term_months": "12", "grace_months": "0"}
    shown = text(client.get(url, asked))
    assert "13.8" in shown
    assert shown.count('<th scope="row"') == 13 + 13  # instalments and their sum, flows of the CAT


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("amount", "0", "must be above zero"),
        ("amount", "120000.01", "lends from"),
        ("amount", "9999", "lends from"),
        ("amount", "x", "x"),
        ("term_months", "0", "less than the least"),
        ("term_months", "19", "runs from"),
        ("term_months", "1000000", "more than the most"),
        ("grace_months", "3", "at most"),
        ("grace_months", "-1", "below zero"),
        ("product", "gold", "Select a valid choice"),
    ],
)
def test_a_quote_that_is_not_offered_is_said_beside_its_field(client, field, value, sentence):
    client.cookies["django_language"] = "en"
    asked = {"product": "good-housekeeping", "amount": "100000", "term_months": "12", "grace_months": "0"}
    page = client.get(reverse("loans:calculator"), asked | {field: value})
    assert page.status_code == 200
    assert sentence in text(page)


def some_more(count):
    """Loans in every state that the lists show."""
    for _ in range(count):
        loan = story.paid_out(approved("10000.00", of=firm("memo")))
        story.signed(approved("10000.00", of=firm("ana"), conditions=["Permit"]))
        story.drafted(approved("10000.00", of=firm("ana")))
        story.prepared(approved("10000.00", of=firm("ana")))
        approved("10000.00", of=firm("ana"))
        story.pay(loan, "500.00", DAY)


def test_lists_take_the_same_queries_however_many_rows(open_as, django_assert_max_num_queries):
    lists = {"loans": "carmen", "payments": "carmen", "contracts": "rosa", "disbursements": "carmen"}
    some_more(2)
    few = {}
    for name, who in lists.items():
        client = open_as(who)
        client.get("/work/")  # the first page of a session writes when it was seen
        with django_assert_max_num_queries(12) as queries:
            client.get(reverse(f"loans:{name}"))
        few[name] = len(queries)
    some_more(3)
    for name, who in lists.items():
        client = open_as(who)
        client.get("/work/")
        with django_assert_max_num_queries(few[name]):
            client.get(reverse(f"loans:{name}"))
