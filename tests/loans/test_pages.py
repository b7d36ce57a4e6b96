"""Pages of the loans: who opens them, what they show, how they refuse, how many queries they take."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from loans import accruals, disbursements
from loans.models import Disbursement, Loan, Payment
from tests.loans.builders import approved, firm, money_to_lend
from tests.stories import loans as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db
NOON = f"{DAY}T18:00:00Z"


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(NOON, tick=False), translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend("9000000.00")


def text(answer):
    return answer.content.decode()


def running():
    return story.paid_out(approved("120000.00", term=12))


def test_rule_X2_an_outsider_learns_of_no_loan(open_as):
    loan = running()
    assert open_as("memo").get(loan.get_absolute_url()).status_code == 404
    assert open_as("memo").get("/loans/L-2026-0999/").status_code == 404
    assert open_as("diana").get(loan.get_absolute_url()).status_code == 403
    assert open_as("lupe").get(loan.get_absolute_url()).status_code == 200
    assert open_as("carmen").get(loan.get_absolute_url()).status_code == 200


def test_rule_X2_a_person_who_left_the_firm_is_an_outsider(open_as):
    loan = running()
    loan.firm.members.update(left_on=DAY)
    assert open_as("lupe").get(loan.get_absolute_url()).status_code == 404


def test_the_firm_sees_its_loan_and_no_staff_actions(open_as):
    loan = running()
    page = text(open_as("lupe").get(loan.get_absolute_url()))
    assert "120,000.00" in page
    assert loan.numeric_reference in page
    for words in ("Record a payment", "Cancel the contract", "Rosa Méndez", "Darío Salas"):
        assert words not in page
    assert "Record a payment" in text(open_as("carmen").get(loan.get_absolute_url()))
    assert loan.ref in text(open_as("lupe").get(reverse("loans:mine")))
    assert "You have no loan yet" in text(open_as("memo").get(reverse("loans:mine")))


@pytest.mark.parametrize("on", ["2026-03-01", "2026-03-02", "2026-09-30", "2030-01-01"])
def test_rule_P7_the_loan_on_any_day(open_as, on):
    answer = open_as("carmen").get(running().get_absolute_url(), {"on": on})
    assert answer.status_code == 200
    assert ("The money had not left yet" in text(answer)) == (on == "2026-03-01")


@pytest.mark.parametrize("on", ["yesterday", "2026-13-01", "31/02/2026", "9999999-01-01"])
def test_a_day_that_is_none_is_said_so(open_as, on):
    page = open_as("carmen").get(running().get_absolute_url(), {"on": on})
    assert page.status_code == 200
    assert "Enter a valid date" in text(page)


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


def pay_data(**changes):
    return {
        "amount": "5,000.00",
        "value_on": str(DAY),
        "method": "transfer",
        "note": "",
        "key": "k-1",
    } | changes


def test_a_payment_is_previewed_then_recorded_once(open_as):
    loan = running()
    url = reverse("loans:pay", args=[loan.ref])
    carmen = open_as("carmen")
    assert 'name="key"' in text(carmen.get(url))
    preview = text(carmen.post(url, pay_data(show="1")))
    assert "Kept as credit" in preview
    assert not Payment.objects.exists()
    for _ in range(2):  # a doubled click
        answer = carmen.post(url, pay_data(record="1"))
    assert Payment.objects.count() == 1
    assert "5,000.00" in text(carmen.get(answer.url))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("amount", "0", "Write an amount above zero."),
        ("amount", "-1", "below zero"),
        ("amount", "abc", "abc"),
        ("amount", "1e9", "1e9"),
        ("amount", "5.000,001", "5.000,001"),
        ("amount", "", "This field is required."),
        ("amount", "99999999999999999", "more than the most"),
        ("value_on", "2026-03-03", "lies in the future"),
        ("value_on", "2026-03-01", "before 2026-03-02"),
        ("value_on", "2026-02-30", "Enter a valid date."),
        ("value_on", "", "This field is required."),
        ("method", "barter", "Select a valid choice."),
        ("key", "", "This field is required."),
    ],
)
def test_a_wrong_payment_is_said_beside_its_field_and_kept(open_as, field, value, sentence):
    loan = running()
    answer = open_as("carmen").post(
        reverse("loans:pay", args=[loan.ref]), pay_data(**{field: value, "record": "1"})
    )
    assert answer.status_code == 200
    assert sentence in text(answer), text(answer)[:0]
    assert not Payment.objects.exists()


def test_a_decimal_comma_is_understood(open_as):
    loan = running()
    open_as("carmen").post(reverse("loans:pay", args=[loan.ref]), pay_data(amount="1.234,56", record="1"))
    assert Payment.objects.get().amount == D("1234.56")


def test_rule_X1_who_records_and_who_reverses(open_as):
    loan = running()
    url = reverse("loans:pay", args=[loan.ref])
    for name in ("rosa", "aldo", "lupe"):
        assert open_as(name).post(url, pay_data(record="1")).status_code == 403
    payment = story.pay(loan, "500.00", DAY)
    reverse_url = reverse("loans:payment_reverse", args=[payment.number])
    assert open_as("carmen").get(reverse_url).status_code == 403
    assert "open again" in text(open_as("teresa").get(reverse_url))
    open_as("teresa").post(reverse_url, {"reason": "Wrong loan"})
    page = text(open_as("lupe").get(reverse("loans:payment", args=[payment.number])))
    assert "Wrong loan" in page
    assert "Teresa" not in page


@pytest.mark.parametrize("text_of", [lambda loan: loan.ref, lambda loan: loan.numeric_reference,
                                     lambda loan: " ".join(loan.reference), lambda loan: loan.ref.lower()])  # fmt: skip
def test_rule_P1_the_loan_is_found_by_any_reference(open_as, text_of):
    loan = running()
    answer = open_as("carmen").get(reverse("loans:payments"), {"reference": text_of(loan)})
    assert answer.url == reverse("loans:pay", args=[loan.ref])
    missed = text(open_as("carmen").get(reverse("loans:payments"), {"reference": "RF00 1234"}))
    assert "No loan bears this number" in missed


def test_rule_P9_contract_and_receipt_as_pdf(open_as):
    loan = running()
    payment = story.pay(loan, "500.00", DAY)
    for number in (f"{loan.ref}-C", payment.number):
        url = reverse("loans:paper", args=[loan.ref, number])
        answer = open_as("lupe").get(url)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert open_as("lupe").get(url).content == answer.content
        assert open_as("memo").get(url).status_code == 404
    other = story.paid_out(approved(of=firm("memo")))
    assert open_as("lupe").get(reverse("loans:paper", args=[loan.ref, f"{other.ref}-C"])).status_code == 404


@pytest.mark.parametrize("arrears", ["", "late", "30", "60", "90", "current"])
def test_rule_P7_the_portfolio_filters_by_arrears(open_as, arrears):
    late, current = running(), story.paid_out(approved("60000.00", of=firm("memo")))
    row = story.rows(late)[0]
    day = row.pay_on + timedelta(45)
    with time_machine.travel(f"{day}T18:00:00Z", tick=False):
        story.pay(current, "30000.00", day)
        accruals.fall_due(on=day, by=person("carmen"))
        page = text(open_as("carmen").get(reverse("loans:loans"), {"arrears": arrears}))
    assert (f">{late.ref}<" in page) == (arrears in ("", "late", "30"))
    assert (f">{current.ref}<" in page) == (arrears in ("", "current"))


def test_the_portfolio_exports(open_as):
    running()
    answer = open_as("carmen").get(reverse("loans:loans"), {"export": "csv"})
    assert "L-2026-0001" in b"".join(answer).decode() if answer.streaming else text(answer)


def test_rule_P7_the_portfolio_of_a_past_day(open_as):
    running()
    page = text(open_as("carmen").get(reverse("loans:loans"), {"on": "2026-03-01"}))
    assert "No loan was running on that day" in page
    future = text(open_as("carmen").get(reverse("loans:loans"), {"on": "2027-03-01"}))
    assert '<time datetime="2026-03-02">' in future  # a day that has not come is today


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


def test_a_loan_takes_the_same_queries_however_many_payments(open_as, django_assert_max_num_queries):
    loan = running()
    story.pay(loan, "500.00", DAY)
    for who in ("lupe", "carmen"):
        client = open_as(who)
        client.get("/work/")  # the first page of a session writes when it was seen
        with django_assert_max_num_queries(12) as few:
            client.get(loan.get_absolute_url())
    for n in range(8):
        story.pay(loan, "50.00", DAY, key=f"more-{n}")
    with django_assert_max_num_queries(len(few)):
        client.get(loan.get_absolute_url())


def test_a_payment_page_and_the_firms_list_take_few_queries(open_as, django_assert_max_num_queries):
    loan = running()
    payment = story.pay(loan, "500.00", DAY)
    client = open_as("lupe")
    with django_assert_max_num_queries(12):
        client.get(reverse("loans:payment", args=[payment.number]))
    with django_assert_max_num_queries(12):
        client.get(reverse("loans:mine"))
    client = open_as("carmen")
    with django_assert_max_num_queries(12):
        client.get(reverse("loans:pay", args=[loan.ref]))


def test_the_day_of_a_list_is_the_day_of_mexico(open_as):
    running()
    with time_machine.travel("2026-03-03T05:30:00Z", tick=False):  # still 2 March in Mexico
        assert date(2026, 3, 2).strftime("%Y-%m-%d") in text(open_as("carmen").get(reverse("loans:loans")))
