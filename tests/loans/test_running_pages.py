"""Pages of a loan that runs: who opens them, what they show, paying it, the lists it stands in, their queries."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse

from loans import accruals
from loans.models import Payment
from tests.kept import kept
from tests.loans.builders import approved, firm
from tests.stories import loans as story
from tests.world import DAY, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]

told, loan = kept(lambda: story.one_paid_out("9000000.00"))


def text(answer):
    return answer.content.decode()


def test_rule_X2_an_outsider_learns_of_no_loan(open_as, loan):
    assert open_as("memo").get(loan.get_absolute_url()).status_code == 404
    assert open_as("memo").get("/loans/L-2026-0999/").status_code == 404
    assert open_as("diana").get(loan.get_absolute_url()).status_code == 403
    assert open_as("lupe").get(loan.get_absolute_url()).status_code == 200
    assert open_as("carmen").get(loan.get_absolute_url()).status_code == 200


def test_rule_X2_a_person_who_left_the_firm_is_an_outsider(open_as, loan):
    loan.firm.members.update(left_on=DAY)
    assert open_as("lupe").get(loan.get_absolute_url()).status_code == 404


def test_the_firm_sees_its_loan_and_no_staff_actions(open_as, loan):
    page = text(open_as("lupe").get(loan.get_absolute_url()))
    assert "120,000.00" in page
    assert loan.numeric_reference in page
    for words in ("Record a payment", "Cancel the contract", "Rosa Méndez", "Darío Salas"):
        assert words not in page
    assert "Record a payment" in text(open_as("carmen").get(loan.get_absolute_url()))
    assert loan.ref in text(open_as("lupe").get(reverse("loans:mine")))
    assert "You have no loan yet" in text(open_as("memo").get(reverse("loans:mine")))


@pytest.mark.parametrize("on", ["2026-03-01", "2026-03-02", "2026-09-30", "2030-01-01"])
def test_rule_P7_the_loan_on_any_day(open_as, loan, on):
    answer = open_as("carmen").get(loan.get_absolute_url(), {"on": on})
    assert answer.status_code == 200
    assert ("The money had not left yet" in text(answer)) == (on == "2026-03-01")


@pytest.mark.parametrize("on", ["yesterday", "2026-13-01", "31/02/2026", "9999999-01-01"])
def test_a_day_that_is_none_is_said_so(open_as, loan, on):
    page = open_as("carmen").get(loan.get_absolute_url(), {"on": on})
    assert page.status_code == 200
    assert "Enter a valid date" in text(page)


def pay_data(**changes):
    return {
        "amount": "5,000.00",
        "value_on": str(DAY),
        "method": "transfer",
        "note": "",
        "key": "k-1",
    } | changes


def test_a_payment_is_previewed_then_recorded_once(open_as, loan):
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
def test_a_wrong_payment_is_said_beside_its_field_and_kept(open_as, loan, field, value, sentence):
    answer = open_as("carmen").post(
        reverse("loans:pay", args=[loan.ref]), pay_data(**{field: value, "record": "1"})
    )
    assert answer.status_code == 200
    assert sentence in text(answer), text(answer)[:0]
    assert not Payment.objects.exists()


def test_a_decimal_comma_is_understood(open_as, loan):
    open_as("carmen").post(reverse("loans:pay", args=[loan.ref]), pay_data(amount="1.234,56", record="1"))
    assert Payment.objects.get().amount == D("1234.56")


def test_rule_X1_who_records_and_who_reverses(open_as, loan):
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
def test_rule_P1_the_loan_is_found_by_any_reference(open_as, loan, text_of):
    answer = open_as("carmen").get(reverse("loans:payments"), {"reference": text_of(loan)})
    assert answer.url == reverse("loans:pay", args=[loan.ref])
    missed = text(open_as("carmen").get(reverse("loans:payments"), {"reference": "RF00 1234"}))
    assert "No loan bears this number" in missed


def test_rule_P9_contract_and_receipt_as_pdf(open_as, loan):
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
def test_rule_P7_the_portfolio_filters_by_arrears(open_as, loan, arrears):
    late, current = loan, story.paid_out(approved("60000.00", of=firm("memo")))
    row = story.rows(late)[0]
    day = row.pay_on + timedelta(45)
    with time_machine.travel(f"{day}T18:00:00Z", tick=False):
        story.pay(current, "30000.00", day)
        accruals.fall_due(on=day, by=person("carmen"))
        page = text(open_as("carmen").get(reverse("loans:loans"), {"arrears": arrears}))
    assert (f">{late.ref}<" in page) == (arrears in ("", "late", "30"))
    assert (f">{current.ref}<" in page) == (arrears in ("", "current"))


def test_the_portfolio_exports(open_as, loan):
    answer = open_as("carmen").get(reverse("loans:loans"), {"export": "csv"})
    assert "L-2026-0001" in b"".join(answer).decode() if answer.streaming else text(answer)


def test_rule_P7_the_portfolio_of_a_past_day(open_as, loan):
    page = text(open_as("carmen").get(reverse("loans:loans"), {"on": "2026-03-01"}))
    assert "No loan was running on that day" in page
    future = text(open_as("carmen").get(reverse("loans:loans"), {"on": "2027-03-01"}))
    assert '<time datetime="2026-03-02">' in future  # a day that has not come is today


def test_a_loan_takes_the_same_queries_however_many_payments(open_as, loan, django_assert_max_num_queries):
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


def test_a_payment_page_and_the_firms_list_take_few_queries(open_as, loan, django_assert_max_num_queries):
    payment = story.pay(loan, "500.00", DAY)
    client = open_as("lupe")
    with django_assert_max_num_queries(12):
        client.get(reverse("loans:payment", args=[payment.number]))
    with django_assert_max_num_queries(12):
        client.get(reverse("loans:mine"))
    client = open_as("carmen")
    with django_assert_max_num_queries(12):
        client.get(reverse("loans:pay", args=[loan.ref]))


def test_the_day_of_a_list_is_the_day_of_mexico(open_as, loan):
    with time_machine.travel("2026-03-03T05:30:00Z", tick=False):  # still 2 March in Mexico
        assert date(2026, 3, 2).strftime("%Y-%m-%d") in text(open_as("carmen").get(reverse("loans:loans")))
