"""Rule D-3 on the pages: the plan in the contract, the proof of use, the next payout, giving up the rest."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from accounts import emails
from accounts.models import Notice
from loans import disbursements, proofs
from loans.models import Loan, ProofOfUse
from loans.queues import proofs as to_look_at
from loans.queues import to_prepare
from tests.loans.builders import approved, money_to_lend
from tests.stories import loans as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db
HALVES = ("70000.00", "50000.00")


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(f"{DAY}T18:00:00Z", tick=False), translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend("9000000.00")


def text(answer):
    return answer.content.decode()


def first_half():
    return story.paid_out(
        approved("120000.00"), payouts=story.plan(*HALVES, milestones=("", "The drum stands"))
    )


def page_of(name, *args):
    return reverse(f"loans:{name}", args=args)


def plan_data(**changes):
    return {
        "amount": "120,000.00", "term_months": "12", "first_due": "", "draft": "1",
        "amount_1": "70,000.00", "amount_2": "50,000.00", "text_2": "The drum stands",
        "day_2": str(DAY + timedelta(30)),
    } | changes  # fmt: skip


def test_rule_D1_a_contract_with_payouts_is_drafted_on_its_page(open_as):
    url = page_of("contract_new", approved("120000.00").uid)
    assert "Pay it out in parts" in text(open_as("rosa").get(url))
    wrong = text(open_as("rosa").post(url, plan_data(amount_2="40,000.00")))
    assert "The payouts add up to" in wrong
    assert "70,000.00" in wrong
    assert "Write how much this payout is" in text(open_as("rosa").post(url, plan_data(amount_2="")))
    assert "must be above zero" in text(open_as("rosa").post(url, plan_data(amount_2="0")))
    assert not Loan.objects.exists()
    assert open_as("rosa").post(url, plan_data()).status_code == 302
    loan = Loan.objects.get()
    assert [part["milestone"] for part in loan.payout_plan] == ["", "The drum stands"]
    assert "Payouts" in text(open_as("rosa").get(loan.get_absolute_url()))


def test_rule_D1_a_contract_without_parts_is_as_before(open_as):
    url = page_of("contract_new", approved("120000.00").uid)
    empty = {f"{name}_{n}": "" for name in ("amount", "day", "text") for n in range(1, 5)}
    assert open_as("rosa").post(url, plan_data(**empty)).status_code == 302
    loan = Loan.objects.get()
    assert loan.payout_plan == []
    assert "payouts-title" not in text(open_as("rosa").get(loan.get_absolute_url()))


def test_rule_D3_from_proof_to_payout_page_by_page(open_as):
    loan = first_half()
    page = text(open_as("lupe").get(loan.get_absolute_url()))
    assert "Hand in the proof of use" in page
    assert "Nobody has shown yet" in page
    hand_in = page_of("proof_hand_in", loan.ref)
    assert "This field is required" in text(open_as("lupe").post(hand_in, {"note": ""}))
    open_as("lupe").post(hand_in, {"note": "Invoice 118", "upload": story.scan()})
    proof = ProofOfUse.objects.get()
    look = page_of("proof", proof.pk)
    assert "Proofs of use to look at" in text(open_as("rosa").get(page_of("contracts")))
    assert "Invoice 118" in text(open_as("rosa").get(look))
    assert "Say what is missing" in text(open_as("rosa").post(look, {"decision": "return", "reason": ""}))
    assert "next payout waits" not in text(open_as("carmen").get(page_of("disbursements")))
    assert open_as("rosa").post(look, {"decision": "accept", "reason": ""}).status_code == 302
    prepare = page_of("disbursement_new", loan.ref)
    assert "payout 2 of 2" in text(open_as("carmen").get(prepare))
    made = open_as("carmen").post(prepare).url
    assert "2 of 2" in text(open_as("teresa").get(made))
    assert open_as("teresa").post(made, {"value_on": str(DAY)}).status_code == 302
    assert story.fresh(loan).drawn == D("120000.00")
    page = text(open_as("lupe").get(loan.get_absolute_url()))
    assert "Later payout" in page
    assert "Hand in the proof of use" not in page


def test_rule_D3_the_proof_is_looked_at_beside_what_the_contract_says(open_as):
    loan = first_half()
    page = text(open_as("lupe").get(page_of("proof_hand_in", loan.ref)))
    assert "The drum stands" in page
    assert "50,000.00" in page
    proof = proofs.hand_in(loan=loan, note="Invoice 118", by=person("lupe"), on=DAY)
    look = text(open_as("rosa").get(page_of("proof", proof.pk)))
    assert "The drum stands" in look
    assert "50,000.00" in look
    assert "has seen that what the contract says is reached" in look
    proofs.give_back(proof=proof, reason="The photo is dark", by=person("rosa"), on=DAY)
    assert "The photo is dark" in text(open_as("lupe").get(page_of("proof_hand_in", loan.ref)))
    again = text(open_as("rosa").get(page_of("proof", proof.pk)))
    assert "has seen that what the contract says" not in again


def test_rule_D3_the_loan_page_leads_to_what_this_person_does_next(open_as):
    loan = first_half()
    hand_in = page_of("proof_hand_in", loan.ref)

    def actions(name):
        return text(open_as(name).get(loan.get_absolute_url())).split("<h2", 1)[0]

    assert hand_in in actions("lupe")
    assert hand_in not in actions("carmen")
    proof = proofs.hand_in(loan=loan, note="Invoice 118", by=person("lupe"), on=DAY)
    look = page_of("proof", proof.pk)
    assert look in actions("rosa")
    assert look in actions("dario")
    for name in ("lupe", "carmen"):
        assert look not in actions(name)
    proofs.accept(proof=proof, by=person("rosa"), on=DAY)
    assert look not in actions("dario")


def test_rule_D3_what_happened_tells_of_a_later_payout(open_as):
    loan = first_half()
    assert "Later payout left" not in text(open_as("lupe").get(loan.get_absolute_url()))
    story.paid_more(loan, value_on=DAY)
    assert "Later payout left" in text(open_as("lupe").get(loan.get_absolute_url()))


def test_rule_D3_the_queue_says_what_is_missing(open_as):
    loan = first_half()
    page = text(open_as("carmen").get(page_of("disbursements")))
    assert loan.ref in page
    assert "payout 2 of 2" in page
    assert "Nobody has shown yet what payout 1 was used for" in page
    assert "50,000.00" in page
    assert not to_prepare(person("carmen")).exists()
    proof = proofs.hand_in(loan=loan, note="Invoice", by=person("rosa"), on=DAY)
    assert not to_look_at(person("rosa")).exists()
    assert to_look_at(person("dario")).get() == proof
    proofs.accept(proof=proof, by=person("dario"), on=DAY)
    assert to_prepare(person("carmen")).get() == loan
    disbursements.prepare(loan=loan, by=person("carmen"), on=DAY)
    assert not to_prepare(person("carmen")).exists()


def test_rule_X2_who_opens_these_pages(open_as):
    loan = first_half()
    hand_in, rest = page_of("proof_hand_in", loan.ref), page_of("rest", loan.ref)
    for name, status in (("memo", 404), ("carmen", 403), ("lupe", 200), ("rosa", 200)):
        assert open_as(name).get(hand_in).status_code == status
    for name, status in (("lupe", 403), ("rosa", 403), ("dario", 200)):
        assert open_as(name).get(rest).status_code == status
    proof = proofs.hand_in(loan=loan, note="Invoice", by=person("rosa"), on=DAY)
    look = page_of("proof", proof.pk)
    assert "Keep the decision" not in text(open_as("rosa").get(look))
    assert open_as("rosa").post(look, {"decision": "accept"}).status_code == 403
    assert open_as("lupe").get(look).status_code == 403


def test_rule_D4_the_rest_is_given_up_on_its_page(open_as):
    loan = first_half()
    assert "Give up the rest" in text(open_as("dario").get(loan.get_absolute_url()))
    url = page_of("rest", loan.ref)
    assert "This field is required" in text(open_as("dario").post(url, {"reason": ""}))
    assert open_as("dario").post(url, {"reason": "Cheaper than planned"}).status_code == 302
    page = text(open_as("dario").get(loan.get_absolute_url()))
    assert "Given up" in page
    assert "The rest is not paid out any more" in page


def test_rule_N1_the_firm_is_told_that_the_rest_does_not_come(open_as):
    loan = first_half()
    disbursements.give_up_rest(loan=loan, reason="A cheaper drum", by=person("dario"), on=DAY)
    notice = Notice.objects.get(kind="rest-given-up")
    message = emails.render(notice)
    assert "50,000.00" in message.text
    assert "A cheaper drum" in message.text
    assert "A cheaper drum" in message.html


def test_rule_D3_the_list_of_loans_shows_what_has_left(open_as):
    first_half()
    page = text(open_as("carmen").get(page_of("loans")))
    assert "70,000.00" in page
    assert "120,000.00" not in page


def test_pages_of_payouts_take_few_queries(open_as, django_assert_max_num_queries):
    loan = first_half()
    proofs.hand_in(loan=loan, note="Invoice", by=person("lupe"), on=DAY)
    for who, url in (
        ("lupe", loan.get_absolute_url()),
        ("carmen", loan.get_absolute_url()),
        ("carmen", page_of("disbursements")),
        ("rosa", page_of("contracts")),
        ("rosa", page_of("proof", ProofOfUse.objects.get().pk)),
        ("lupe", page_of("proof_hand_in", loan.ref)),
    ):
        client = open_as(who)
        client.get("/work/")  # the first page of a session writes when it was seen
        with django_assert_max_num_queries(12):
            client.get(url)


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_rule_G2_the_mails_of_payouts_render(language):
    loan = first_half()
    proof = proofs.hand_in(loan=loan, note="Photo", by=person("lupe"), on=DAY)
    proofs.give_back(proof=proof, reason="The invoice is missing", by=person("rosa"), on=DAY)
    story.paid_more(loan, value_on=DAY, on=date(2026, 3, 20))
    rest = first_half()
    disbursements.give_up_rest(loan=rest, reason="A cheaper drum", by=person("dario"), on=DAY)
    for kind in ("proof-returned", "payout-left", "rest-given-up"):
        notice = Notice.objects.get(kind=kind)
        notice.language = language
        message = emails.render(notice)
        ref = notice.facts["loan"]
        assert ref in message.subject
        assert f"/loans/{ref}/" in message.text
        assert "{{" not in message.subject + message.text + message.html


def test_rule_N1_the_mail_of_a_payout_asks_for_its_proof_while_more_is_to_come():
    loan = first_half()
    first = emails.render(Notice.objects.get(kind="loan-paid-out"))
    assert "used for" in first.text
    assert "used for" in first.html
    story.paid_more(loan, value_on=DAY)
    assert "used for" not in emails.render(Notice.objects.get(kind="payout-left")).text
    story.paid_out(approved("50000.00"))
    other = Notice.objects.filter(kind="loan-paid-out").order_by("pk").last()
    assert "used for" not in emails.render(other).text
