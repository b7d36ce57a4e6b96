"""Rule D-3: a loan is paid out in the parts that its contract says, a later one on proof of use of the one before."""

from collections import Counter
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Notice
from fund import capital, chart, ledger
from fund.models import Line
from loans import contracts, disbursements, payout_accounts, proofs
from loans.account_statements import statement_of
from loans.balances import position
from loans.models import Disbursement, Loan, ProofOfUse, ScheduleVersion
from loans.payout_plan import next_number, opening_fee
from tests.loans.builders import approved, findings, money_to_lend
from tests.loans.in_parts import HALVES, first_half, later, missing, whole
from tests.stories import loans as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend()


# what a contract may plan


@pytest.mark.parametrize(
    ("amounts", "days", "sentence"),
    [
        (("70000.00", "40000.00"), (), "The payouts add up to"),
        (("70000.00", "60000.00"), (), "The payouts add up to"),
        (("110000.00",), (), "The payouts add up to"),
        (HALVES, (None, date(2029, 1, 1)), "every payout has to come before it"),
        (HALVES, (later(60), later(30)), "cannot be due before the one before it"),
        (["10000.00"] * 12 + ["0.00"], (), ""),
        ([D("9230.00")] * 12 + [D("9240.00")], (), "12 parts at most"),
    ],
)
def test_rule_D3_a_plan_sums_to_the_loan_and_keeps_its_days(amounts, days, sentence):
    application = approved("120000.00")
    if D("0.00") in [D(str(amount)) for amount in amounts]:
        with bad_input("payouts", "above zero"):
            story.drafted(application, payouts=story.plan(*amounts, days=days))
    else:
        with refused("D-3", sentence):
            story.drafted(application, payouts=story.plan(*amounts, days=days))
    assert not Loan.objects.exists()


def test_rule_D3_a_payout_is_above_zero_and_in_whole_cents():
    application = approved("120000.00")
    for amounts in (("120000.00", "0.00"), ("130000.00", "-10000.00"), ("60000.005", "59999.995")):
        with bad_input("payouts", "above zero in whole cents"):
            contracts.offer(application, on=DAY, payouts=story.plan(*amounts))


def test_rule_D3_one_payout_of_all_is_no_plan():
    loan = story.drafted(approved("120000.00"), payouts=story.plan("120000.00"))
    assert loan.payout_plan == []
    assert next_number(loan) == 1


def test_rule_D1_the_contract_prints_its_plan():
    planned = story.plan(*HALVES, days=(None, later(30)), milestones=("", "The drum stands"))
    loan = story.drafted(approved("120000.00"), payouts=planned)
    assert [part["amount"] for part in loan.contract.facts["payouts"]] == list(HALVES)
    assert loan.contract.facts["payouts"][1]["milestone"] == "The drum stands"
    assert sum(D(row["principal"]) for row in loan.contract.facts["rows"]) == D("120000.00")


# the first payout, and what is missing for the second


def test_rule_D3_the_first_payout_is_the_first_part_and_keeps_the_rest_reserved():
    loan = first_half()
    assert (loan.state, loan.drawn, loan.balance) == (Loan.State.ACTIVE, D("70000.00"), D("70000.00"))
    assert ledger.balance(chart.LOANS, currency="MXN", loan=loan.ref) == D("70000.00")
    assert sum(row.principal for row in story.rows(loan)) == D("70000.00")
    assert sum(money.amount for money in capital.reserved(loan.application.ref)) == D("50000.00")
    assert findings(DAY) == []


def test_rule_D3_a_later_payout_needs_an_accepted_proof():
    loan, day = first_half(), later(40)
    assert missing(loan, day) == ["proof"]
    with refused("D-2", "Nobody has shown yet what payout 1 was used for"):
        disbursements.prepare(loan=loan, by=person("carmen"), on=day)
    proof = proofs.hand_in(loan=loan, note="Invoice 118", by=person("lupe"), on=day)
    assert missing(loan, day) == ["proof"]
    with refused("D-2", "waits for somebody to look at it"):
        disbursements.prepare(loan=loan, by=person("carmen"), on=day)
    proofs.accept(proof=proof, by=person("rosa"), on=day)
    assert missing(loan, day) == []
    assert disbursements.prepare(loan=loan, by=person("carmen"), on=day).number == 2


def test_rule_D3_the_second_part_does_not_come_before_the_first():
    loan = story.ready(approved("120000.00"), payouts=story.plan(*HALVES))
    made = disbursements.prepare(loan=loan, by=person("carmen"), on=DAY)
    assert (made.number, made.amount) == (1, D("70000.00"))
    Disbursement.objects.filter(pk=made.pk).update(number=2, amount=D("50000.00"))
    with refused("D-3", "The contract plans"):
        disbursements.approve(disbursement=made, by=person("teresa"), on=DAY)


def test_rule_D3_no_more_leaves_than_the_contract_plans():
    loan = first_half()
    story.proved(loan, on=later(40))
    made = disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=later(40))
    Disbursement.objects.filter(pk=made.pk).update(amount=D("50000.01"))
    with refused("D-3", "as payout 2"):
        disbursements.approve(disbursement=made, by=person("teresa"), on=later(40))
    with pytest.raises(IntegrityError, match="drawn_within_principal"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(drawn=D("120000.01"))


def test_rule_D3_when_all_has_left_nothing_more_does():
    loan = whole()
    with refused("D-3", "lets leave has left"):
        disbursements.prepare(loan=loan, by=person("carmen"), on=later(60))
    with refused("D-3", "needs no proof of use"):
        proofs.hand_in(loan=loan, note="Invoice", by=person("lupe"), on=later(60))


def test_rule_D3_the_earliest_day_and_the_milestone_of_the_contract():
    planned = story.plan(*HALVES, days=(None, later(50)), milestones=("", "The drum stands"))
    loan = story.paid_out(approved("120000.00"), payouts=planned)
    assert missing(loan, later(50)) == ["proof", "day"]  # whoever accepts the proof sees that the drum stands
    story.proved(loan, on=later(10))
    assert missing(loan, later(49)) == ["day"]
    with refused("D-2", "The drum stands; not before"):
        disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=later(49))
    assert missing(loan, later(50)) == []
    assert story.paid_more(loan, value_on=later(50), proof=False).drawn == D("120000.00")


@pytest.mark.parametrize(
    ("days", "sentence"), [(19, "before the proof of use of payout 1"), (41, "not come")]
)
def test_rule_D3_the_day_lies_after_the_proof_and_not_ahead(days, sentence):
    loan = first_half()
    story.proved(loan, on=later(20))
    made = disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=later(40))
    with refused("D-3" if days == 19 else "D-2", sentence):
        disbursements.approve(disbursement=made, by=person("teresa"), on=later(40), value_on=later(days))


def test_rule_D3_no_payout_after_the_last_due_date():
    loan = first_half()
    last = story.rows(loan)[-1].due_on
    story.proved(loan, on=later(20))
    made = disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=later(20))
    with refused("D-3", "No instalment is still to come"):
        disbursements.approve(disbursement=made, by=person("teresa"), on=last)
    disbursements.cancel(disbursement=made, reason="Too late", by=person("teresa"), on=last)
    with refused("D-3", "No instalment is still to come"):
        disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=last)


def test_rule_D2_everything_else_is_asked_again():
    loan = first_half()
    story.proved(loan, on=later(20))
    Loan.objects.filter(pk=loan.pk).update(signed_copy=None)
    payout_accounts.type_account(
        loan=story.fresh(loan),
        number="002010077777777771",
        bank="B",
        holder="H",
        by=person("rosa"),
        on=later(20),
    )
    assert missing(loan, later(20)) == ["signed_copy", "account"]


def test_rule_K3_a_later_payout_needs_capital_too():
    loan = first_half()
    story.proved(loan, on=later(20))
    free = capital.lendable(later(20), currency="MXN").total
    capital.reserve(project="F-OTHER", amount=free, by=person("teresa"), on=later(20))
    assert missing(loan, later(20)) == []  # the rest is reserved for this very loan
    capital.reserve(project="F-MORE", amount=free, by=person("teresa"), on=later(20))
    assert missing(loan, later(20)) == ["capital"]


# proofs


def test_rule_D3_a_proof_is_not_closed_by_who_handed_it_in():
    loan = first_half()
    proof = proofs.hand_in(loan=loan, note="Invoice 118", by=person("rosa"), on=later(9))
    for close in (proofs.accept, lambda **who: proofs.give_back(reason="Blurred", **who)):
        with denied("Whoever handed in a proof"):
            close(proof=proof, by=person("rosa"), on=later(9))
        with denied():
            close(proof=proof, by=person("lupe"), on=later(9))
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        ProofOfUse.objects.update(state="accepted", decided_by=person("rosa"), decided_on=later(9))
    assert proofs.accept(proof=proof, by=person("dario"), on=later(9)).state == ProofOfUse.State.ACCEPTED
    assert proofs.accept(proof=proof, by=person("dario"), on=later(10)).decided_on == later(9)


def test_rule_D3_a_returned_proof_is_followed_by_another():
    loan = first_half()
    proof = proofs.hand_in(loan=loan, note="A photo", by=person("lupe"), on=later(9), upload=story.scan())
    with refused("D-3", "handed in already"):
        proofs.hand_in(loan=loan, note="Again", by=person("lupe"), on=later(9))
    with bad_input("reason", "what is missing"):
        proofs.give_back(proof=proof, reason=" ", by=person("rosa"), on=later(9))
    proofs.give_back(proof=proof, reason="The invoice is missing", by=person("rosa"), on=later(9))
    assert Notice.objects.get(kind="proof-returned").facts["reason"] == "The invoice is missing"
    with refused("D-3"):
        proofs.accept(proof=proof, by=person("rosa"), on=later(9))
    story.proved(loan, on=later(11))
    assert ProofOfUse.objects.count() == 2


def test_rule_D3_who_may_hand_in_and_what_is_needed():
    loan = first_half()
    for stranger in ("memo", "carmen", "aldo"):
        with denied("hands in the proof of use"):
            proofs.hand_in(loan=loan, note="Invoice", by=person(stranger), on=later(9))
    with bad_input("note"):
        proofs.hand_in(loan=loan, note=" ", by=person("lupe"), on=later(9))
    with refused("D-3", "needs no proof"):
        one = story.paid_out(approved("50000.00"))
        proofs.hand_in(loan=one, note="Invoice", by=person("rosa"), on=later(9))


def test_rule_G5_a_proof_is_kept():
    story.proved(first_half(), on=later(9))
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        ProofOfUse.objects.update(note="Something else")
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        ProofOfUse.objects.all().delete()


# what a later payout does


def test_rule_S4_interest_runs_on_what_is_drawn_from_its_day():
    loan = whole(40)
    with_both = position(loan, later(61)).state
    first = story.paid_out(approved("70000.00"))
    second_row = with_both.fallen[1].row
    alone = position(first, later(61)).state.fallen[1].row
    assert with_both.fallen[0].row == position(first, later(61)).state.fallen[0].row
    assert second_row.interest > alone.interest
    rate, days = loan.terms.yearly_rate, (second_row.due - later(40)).days
    extra = (D("50000.00") * rate * days / 360).quantize(D("0.01"))
    assert abs(second_row.interest - alone.interest - extra) <= D("0.01")
    assert with_both.plan[-1].balance == 0


def test_rule_S5_a_later_payout_makes_a_version_of_the_schedule():
    loan = whole(40)
    versions = list(
        ScheduleVersion.objects.filter(loan=loan).values_list("number", "reason", "in_force_from")
    )
    assert versions == [(1, "disbursement", DAY), (2, "tranche", later(40))]
    assert sum(row.principal for row in story.rows(loan)) == loan.principal == loan.drawn
    assert [row.due_on for row in story.rows(loan)] == [
        row.due_on for row in loan.versions.get(number=1).instalments.order_by("n")
    ]


def test_rule_L2_a_later_payout_is_posted_and_nothing_stays_reserved():
    loan = whole(40)
    assert ledger.balance(chart.LOANS, currency="MXN", loan=loan.ref) == D("120000.00")
    assert sum(share.amount for share in loan.funding.all()) == D("120000.00")
    assert capital.reserved(loan.application.ref) == []
    assert findings(later(40)) == []
    disbursement = loan.disbursements.get(number=2)
    disbursements.approve(disbursement=disbursement, by=person("teresa"), on=later(41))
    assert story.fresh(loan).drawn == D("120000.00")


def test_rule_P9_the_statement_of_account_tells_each_payout():
    loan = whole(40)
    movements = statement_of(loan, DAY, later(45), on=later(45)).movements
    assert [(item.on, item.label, item.charged) for item in movements if item.code == "disbursement"] == [
        (DAY, "Money paid out", D("70000.00")),
        (later(40), "Payout 2", D("50000.00")),
    ]


def test_rule_K2_principal_returns_only_to_what_had_been_drawn():
    """The second half comes from another contribution: what was repaid before it left does not go there."""
    application = approved("120000.00")
    old = money_to_lend("70000.00", on=date(2024, 1, 2))[0]
    loan = story.paid_out(application, payouts=story.plan(*HALVES))
    assert {share.tranche for share in loan.funding.all()} == {old}
    story.pay_row(loan, 1)
    back = ledger.balance(chart.LOANS, currency="MXN", tranche=old)
    story.paid_more(loan, value_on=later(40))
    story.pay_row(loan, 2)
    shares = Counter()
    for line in Line.objects.filter(loan=loan.ref, account_id=chart.LOANS):
        shares[line.tranche, line.value_on < later(40)] += line.debit - line.credit
    assert shares[old, True] == back
    assert all(amount == 0 for (name, before), amount in shares.items() if before and name != old)
    assert findings(story.rows(loan)[1].pay_on) == []


def test_rule_P3_a_payment_typed_late_replays_right_over_a_later_payout():
    early, late = first_half(), first_half()
    row = story.rows(early)[0]
    story.pay(early, row.total, row.pay_on, key="early")
    story.paid_more(early, value_on=later(45))
    story.paid_more(late, value_on=later(45))
    story.pay(late, row.total, row.pay_on, on=later(45), key="late")
    for loan in (early, late):
        assert [one.row for one in story.rows(loan)] == [one.row for one in story.rows(early)]
        assert position(story.fresh(loan), later(45)).state.balance == D("120000.00") - row.principal
    assert findings(later(45)) == []


def test_rule_P3_a_payout_typed_late_replays_the_payments_after_it():
    early, late = first_half(), first_half()
    row = story.rows(late)[1]
    for loan in (early, late):
        story.pay_row(loan, 1)
    story.paid_more(early, value_on=later(45))
    story.proved(late, on=later(45))
    for loan in (early, late):
        story.pay(loan, row.total, row.pay_on, key=loan.ref)
    story.paid_more(late, value_on=later(45), on=row.pay_on, proof=False)
    first, second = (position(story.fresh(loan), row.pay_on).state for loan in (early, late))
    assert [state.row for state in first.fallen] == [state.row for state in second.fallen]
    assert first.payoff == second.payoff
    assert findings(row.pay_on) == []


def test_rule_S6_the_opening_fee_is_shared_by_the_payouts():
    application = approved("100000.00", product="cleaner-process", term=24)
    parts = story.plan("33333.33", "33333.33", "33333.34")
    loan = story.paid_out(application, payouts=parts)
    assert sum(opening_fee(loan, number) for number in (1, 2, 3)) == D("1000.00")
    for days in (40, 80):
        loan = story.paid_more(loan, value_on=later(days))
    assert ledger.balance(chart.FEE_INCOME, currency="MXN", loan=loan.ref) <= D("-1000.00")
    fees = Line.objects.filter(
        loan=loan.ref, account_id=chart.FEE_INCOME, entry__source__contains="disbursement"
    )
    assert sum(line.credit for line in fees) == D("1000.00")
    assert findings(later(80)) == []


def test_rule_N1_the_firm_is_told_of_each_payout():
    whole(40)
    assert Notice.objects.get(kind="loan-paid-out").facts["amount"] == "70000.00"
    told = Notice.objects.get(kind="payout-left")
    assert (told.facts["number"], told.facts["amount"]) == (2, "50000.00")


def test_rule_G5_a_prepared_payout_is_cancelled_and_prepared_again():
    loan = first_half()
    story.proved(loan, on=later(20))
    made = disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=later(20))
    with refused("D-2", "already prepared"):
        disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=later(20))
    disbursements.cancel(disbursement=made, reason="Bank holiday", by=person("carmen"), on=later(20))
    again = disbursements.prepare(loan=story.fresh(loan), by=person("carmen"), on=later(20))
    assert (again.number, again.amount) == (2, D("50000.00"))
