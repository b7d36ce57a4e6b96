"""Pages of loans that take something back, or say why they cannot (rules D-1, D-2, G-5, K-3, P-2, P-9)."""

import pytest
import time_machine
from django.urls import reverse

from fund import chart, documents, ledger
from fund.models import Contribution
from loans import bank_lines, payments
from loans.models import BankMatch, LoanChange
from tests.kept import kept
from tests.loans.builders import approved, firm
from tests.projects.reading import text_of
from tests.stories import banking, fund, servicing
from tests.stories import loans as story
from tests.world import DAY, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]

told, loan = kept(lambda: story.one_paid_out("9000000.00"))


def url(name, *args):
    return reverse(f"loans:{name}", args=args)


def said(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return text_of(answer)


@pytest.fixture
def drafted(loan):
    return story.drafted(approved("10000.00", of=firm("memo")))


# Contracts ---------------------------------------------------------------------------------------


def test_rule_G5_a_contract_is_cancelled_with_a_reason_and_its_number_stays(open_as, drafted):
    rosa, page = open_as("rosa"), url("contract_cancel", drafted.ref)
    shown = said(rosa.get(page))
    assert "10,000.00 MXN" in shown and "can then get a new contract under a new number" in shown
    assert "This field is required." in said(rosa.post(page, {"reason": " "}))
    answer = rosa.post(page, {"reason": "The firm asks for less."}, follow=True)
    assert f"{drafted} is cancelled; its number stays visible." in said(answer)
    assert "The firm asks for less." in said(rosa.post(page, {"reason": "The firm asks for less."}))
    assert "(rule D-1)" in said(rosa.post(page, {"reason": "Once more"}))


def test_rule_D1_a_contract_that_both_sides_signed_is_not_cancelled(open_as, loan):
    page = said(open_as("rosa").post(url("contract_cancel", loan.ref), {"reason": "Too late"}))
    assert "Both sides have signed; the contract cannot be cancelled any more. (rule D-1)" in page
    assert "Too late" in page


def test_rule_X1_only_who_drafts_contracts_cancels_them(open_as, drafted):
    for name in ("carmen", "dario", "lupe"):
        answer = open_as(name).post(url("contract_cancel", drafted.ref), {"reason": "x"})
        assert answer.status_code in (403, 404)
    drafted.refresh_from_db()
    assert drafted.state == "drafted"


def test_rule_P9_a_paper_opens_under_its_own_loan_only(open_as, loan, drafted):
    assert open_as("rosa").get(url("paper", drafted.ref, loan.contract.number)).status_code == 404
    assert open_as("rosa").get(url("paper", loan.ref, "L-1999-0001-C")).status_code == 404


def test_rule_P9_without_the_means_to_draw_a_pdf_the_page_says_so(open_as, loan, monkeypatch):
    def none(*_args, **_options):
        raise documents.NoRenderer("PDFs cannot be made on this machine.")

    monkeypatch.setattr(documents, "pdf", none)
    answer = open_as("lupe").get(url("paper", loan.ref, loan.contract.number), follow=True)
    assert answer.redirect_chain[-1][0] == loan.get_absolute_url()
    assert "PDFs cannot be made on this machine." in said(answer)


# Accounts and disbursements ----------------------------------------------------------------------


def test_rule_D2_before_an_account_is_seen_it_is_typed(open_as, drafted):
    answer = open_as("carmen").get(url("account_seen", drafted.ref))
    assert answer.url == url("account", drafted.ref)


def test_rule_D2_an_account_is_confirmed_once(open_as, loan):
    answer = open_as("teresa").post(url("account_seen", loan.ref), {"csrf": "-"}, follow=True)
    assert "The account is confirmed." in said(answer)
    assert loan.accounts.get().seen_by == person("carmen"), "who saw it first stays"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("1234", "with 5 to 34 letters and digits"),
        ("9" * 35, "with 5 to 34 letters and digits"),
        ("12345", ""),
    ],
)
def test_rule_D2_an_account_abroad_has_5_to_34_signs(open_as, drafted, number, sentence):
    type(drafted.firm).objects.filter(pk=drafted.firm_id).update(country="CL")
    typed = {"number": number, "bank": "Banco de Chile", "holder": "Fundidora"}
    answer = open_as("rosa").post(url("account", drafted.ref), typed)
    assert (sentence in said(answer)) if sentence else answer.status_code == 302
    assert drafted.accounts.exists() is not bool(sentence)


def test_rule_K3_the_page_of_a_disbursement_opens_where_no_money_covers_it_any_more(open_as, loan):
    prepared = story.prepared(approved("100000.00", of=firm("memo")))
    given = Contribution.objects.get().ref
    cash = ledger.balance(chart.CASH, currency="MXN", tranche=given)
    fund.entry("test:gone", str(cash), debit=chart.OPERATING_COST, credit=chart.CASH, tranche=given)
    page = said(open_as("teresa").get(url("disbursement", prepared.pk)))
    assert "Lendable capital is" in page
    answer = open_as("teresa").post(url("disbursement", prepared.pk), {"value_on": str(DAY)})
    assert "(rule D-2)" in said(answer)
    prepared.refresh_from_db()
    assert prepared.state == "prepared"


def test_rule_D2_a_cancelled_disbursement_is_not_cancelled_again(open_as, loan):
    prepared = story.prepared(approved("10000.00", of=firm("memo")))
    page = url("disbursement_cancel", prepared.pk)
    shown = said(open_as("carmen").get(page))
    assert "10,000.00 MXN" in shown
    answer = open_as("carmen").post(page, {"reason": "Wrong day"}, follow=True)
    assert "The disbursement is cancelled; it can be prepared again." in said(answer)
    again = said(open_as("carmen").post(page, {"reason": "Wrong day again"}))
    assert "Wrong day again" in again and "(rule D-2)" in again


# Changes -----------------------------------------------------------------------------------------


def test_rule_P4_a_refund_whose_money_is_gone_says_so_on_its_page(open_as, loan):
    payment = story.pay(loan, "9000.00", DAY)
    change = servicing.proposed(loan, "refund", DAY, amount="4000.00")
    assert "4,000.00 MXN of the firm's credit goes back to it." in said(
        open_as("teresa").get(change.get_absolute_url())
    )
    payments.reverse_payment(payment=payment, reason="Another loan's", by=person("teresa"), on=DAY)
    page = said(open_as("teresa").get(change.get_absolute_url()))
    assert "On 2 Mar 2026 the firm has a credit of 0.00 MXN, not more." in page


def test_rule_G5_a_proposal_is_withdrawn_with_a_reason_and_stays(open_as, loan):
    change = servicing.proposed(loan, "extra_terms", DAY, count=3)
    page = url("change_withdraw", change.ref)
    assert "3 more instalments." in said(open_as("rosa").get(page))
    assert "This field is required." in said(open_as("rosa").post(page, {"reason": ""}))
    answer = open_as("rosa").post(page, {"reason": "The firm paid."}, follow=True)
    assert f"{change.ref} is withdrawn and stays visible." in said(answer)
    again = said(open_as("rosa").post(page, {"reason": "Once more"}))
    assert "(rule" in again and "Once more" in again
    assert LoanChange.objects.get().state == "withdrawn"


# Payments and statements -------------------------------------------------------------------------


def test_payments_are_filtered_by_what_stands_and_exported(open_as, loan):
    kept_one, gone = story.pay(loan, "500.00", DAY), story.pay(loan, "700.00", DAY)
    payments.reverse_payment(payment=gone, reason="Twice", by=person("teresa"), on=DAY)
    rows = {
        state: said(open_as("carmen").get(url("payments"), {"state": state}))
        for state in ("received", "reversed")
    }
    assert kept_one.number in rows["received"] and gone.number not in rows["received"]
    assert gone.number in rows["reversed"] and kept_one.number not in rows["reversed"]
    export = open_as("carmen").get(url("payments"), {"export": "csv"})
    sheet = b"".join(export.streaming_content if export.streaming else [export.content]).decode()
    assert kept_one.number in sheet and "500.00" in sheet


def test_the_lists_of_bank_statements_and_of_unmatched_money_are_exported(open_as, loan):
    statement = banking.taken_in(banking.row(DAY, "3000.00", "DEPOSITO"))
    banking.posted(statement)
    for name, words in (("bank", "estado.csv"), ("bank_unmatched", "DEPOSITO")):
        export = open_as("carmen").get(url(name), {"export": "csv"})
        sheet = b"".join(export.streaming_content if export.streaming else [export.content]).decode()
        assert words in sheet, name


def test_rule_P2_a_decision_from_a_page_left_open_is_refused_and_says_so(open_as, loan):
    """The line was posted meanwhile."""
    statement = banking.taken_in(banking.row(DAY, "3000.00", "X"))
    (match,) = banking.matches(statement)
    bank_lines.decide(match=match, decision="pay", loan=loan, reason="", by=person("carmen"), on=DAY)
    banking.posted(statement)
    answer = open_as("carmen").post(url("bank_line", match.pk), {"decision": "ignore", "reason": "Our own"})
    assert "(rule P-2)" in said(answer)
    assert BankMatch.objects.get().payment is not None


def test_before_the_first_product_the_calculator_says_that_nothing_is_offered(client, loan):
    client.cookies["django_language"] = "en"
    with time_machine.travel("1993-03-02T18:00:00Z", tick=False):
        page = said(client.get(url("calculator")))
    assert "What would a loan cost?" in page, page
