"""Rules D-2, G-6, K-2, L-2: money leaves once, when nothing is missing, by two people."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Notice
from committee import conditions
from committee.models import Condition
from fund import capital, chart, ledger
from fund.models import Entry, Institution, Sector
from loans import disbursements, payout_accounts, payout_checks
from loans.models import Disbursement, Funding, Loan, ScheduleVersion
from tests.loans.builders import approved, findings, firm, money_to_lend, mxn
from tests.stories import loans as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend()


def missing(loan, on=DAY):
    loan = story.fresh(loan)
    return [check.code for check in payout_checks.missing(loan, payout_checks.money_for(loan, on))]


def test_rule_D2_everything_in_place_and_the_money_leaves():
    application = approved("120000.00")
    loan = story.paid_out(application)
    assert (loan.state, loan.disbursed_on, loan.balance) == (Loan.State.ACTIVE, DAY, D("120000.00"))
    assert ledger.balance(chart.LOANS, currency="MXN", loan=loan.ref) == D("120000.00")
    assert ledger.exposure(loan.firm.party, on=DAY) == {"MXN": D("120000.00")}
    assert findings(DAY) == []


def test_rule_D2_names_exactly_what_is_missing():
    loan = story.drafted(approved(conditions=["Water permit"]))
    assert missing(loan) == ["signature", "signed_copy", "conditions", "identity", "account"]
    loan = story.signed(approved(conditions=["Water permit", "Insurance"]))
    with refused("D-2", "Still open: Water permit"):
        disbursements.prepare(loan=loan, by=person("carmen"), on=DAY)
    assert missing(loan) == ["conditions", "identity", "account"]


def test_rule_D2_a_condition_met_no_longer_blocks():
    loan = story.ready(approved(conditions=["Water permit"]))
    assert missing(loan) == ["conditions"]
    conditions.meet(condition=Condition.objects.get(), proof="Permit 12/2026", by=person("rosa"), on=DAY)
    assert missing(loan) == []


def test_rule_D2_an_account_is_seen_by_another_person():
    loan = story.signed(approved())
    story.identified(loan.firm)
    rosa = person("rosa")
    payout_accounts.type_account(loan=loan, number=story.CLABE, bank="B", holder="H", by=rosa, on=DAY)
    assert missing(loan) == ["account"]
    with denied("typed an account"):
        payout_accounts.see_account(loan=loan, by=rosa, on=DAY)
    payout_accounts.see_account(loan=loan, by=person("carmen"), on=DAY)
    assert missing(loan) == []
    with denied():
        payout_accounts.see_account(loan=loan, by=person("aldo"), on=DAY)


def test_rule_G6_the_database_refuses_one_pair_of_eyes_on_an_account():
    loan = story.ready(approved())
    account = payout_accounts.current_account(loan)
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        type(account).objects.filter(pk=account.pk).update(seen_by=person("rosa"))


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("03218000011835971", "has 17"),
        ("032180000118359718", "does not fit"),
        ("", "has 0"),
        ("03218000011835971X", "18 digits"),
    ],
)  # fmt: skip
def test_rule_D2_a_clabe_is_checked(number, sentence):
    loan = story.signed(approved())
    with bad_input("number", sentence):
        payout_accounts.type_account(
            loan=loan, number=number, bank="B", holder="H", by=person("rosa"), on=DAY
        )


@pytest.mark.parametrize("field", ["bank", "holder"])
def test_rule_D2_bank_and_holder_are_needed(field):
    loan = story.signed(approved())
    texts = {"bank": "B", "holder": "H"} | {field: " "}
    with bad_input(field):
        payout_accounts.type_account(loan=loan, number=story.CLABE, by=person("rosa"), on=DAY, **texts)


def test_rule_G5_a_new_account_has_to_be_seen_again():
    loan = story.ready(approved())
    payout_accounts.type_account(
        loan=loan, number="002010077777777771", bank="B", holder="H", by=person("rosa"), on=DAY
    )
    assert missing(loan) == ["account"]
    assert loan.accounts.count() == 2


def test_rule_D2_no_account_changes_after_the_money_left():
    loan = story.paid_out(approved())
    with refused("D-2", "has left already"):
        payout_accounts.type_account(
            loan=loan, number=story.CLABE, bank="B", holder="H", by=person("rosa"), on=DAY
        )


def test_rule_D2_an_account_changed_since_it_was_prepared_stops_the_approval():
    disbursement = story.prepared(approved())
    payout_accounts.type_account(
        loan=disbursement.loan, number="002010077777777771", bank="B", holder="H", by=person("rosa"), on=DAY
    )
    payout_accounts.see_account(loan=disbursement.loan, by=person("carmen"), on=DAY)
    with refused("D-2", "account has changed"):
        disbursements.approve(disbursement=disbursement, by=person("teresa"), on=DAY)


def test_rule_D2_an_approval_that_lapsed_lets_no_money_leave():
    loan = story.ready(approved())
    type(loan.application).objects.filter(pk=loan.application_id).update(state="lapsed")
    assert missing(loan) == ["approval"]
    with refused("D-2", "its approval no longer stands"):
        disbursements.prepare(loan=loan, by=person("carmen"), on=DAY)


def test_rule_K3_without_capital_no_money_leaves():
    teresa, application = person("teresa"), approved("120000.00")
    loan = story.ready(application)
    capital.reserve(project="F-OTHER", amount=capital.lendable(DAY, currency="MXN").total, by=teresa, on=DAY)
    assert missing(loan) == []  # what is reserved for this very loan still covers it
    capital.reserve(project="F-ANOTHER", amount=application.amount / 2, by=teresa, on=DAY)
    assert missing(loan) == ["capital"]
    with refused("D-2", "Lendable capital is"):
        disbursements.prepare(loan=loan, by=person("carmen"), on=DAY)


def test_rule_G6_prepared_by_one_approved_by_another():
    disbursement = story.prepared(approved())
    Disbursement.objects.filter(pk=disbursement.pk).update(prepared_by=person("teresa"))
    with denied("prepared a disbursement"):
        disbursements.approve(disbursement=disbursement, by=person("teresa"), on=DAY)
    with denied():
        disbursements.approve(disbursement=disbursement, by=person("carmen"), on=DAY)


def test_rule_G6_the_database_refuses_approval_by_whoever_prepared():
    disbursement = story.prepared(approved())
    with pytest.raises(IntegrityError, match="two_pairs_of_eyes"), transaction.atomic():
        Disbursement.objects.filter(pk=disbursement.pk).update(approved_by=person("carmen"), approved_on=DAY)
    with pytest.raises(IntegrityError, match="leaves_only_approved"), transaction.atomic():
        Disbursement.objects.filter(pk=disbursement.pk).update(state="approved")


def test_rule_D2_a_doubled_approval_pays_once():
    disbursement = story.prepared(approved("100000.00"))
    for _ in range(2):
        disbursements.approve(disbursement=disbursement, by=person("teresa"), on=DAY)
    assert Entry.objects.filter(source__contains="disbursement").count() == 1
    assert Funding.objects.count() == 1
    assert ledger.balance(chart.LOANS, currency="MXN") == D("100000.00")


def test_rule_D2_prepared_once_at_a_time():
    disbursement = story.prepared(approved())
    with refused("D-2", "already prepared"):
        disbursements.prepare(loan=disbursement.loan, by=person("carmen"), on=DAY)
    with refused("D-2", "Say why"):
        disbursements.cancel(disbursement=disbursement, reason="", by=person("carmen"), on=DAY)
    disbursements.cancel(disbursement=disbursement, reason="Bank holiday", by=person("carmen"), on=DAY)
    assert disbursements.prepare(loan=disbursement.loan, by=person("carmen"), on=DAY).number == 1


def test_rule_D2_only_a_signed_loan_is_paid_out():
    with refused("D-2", "Only a signed loan"):
        disbursements.prepare(loan=story.drafted(approved()), by=person("carmen"), on=DAY)
    with denied():
        disbursements.prepare(loan=story.ready(approved()), by=person("rosa"), on=DAY)


@pytest.mark.parametrize(("days", "sentence"), [(1, "has not come"), (-1, "before the contract")])
def test_rule_D2_the_day_the_money_left_is_a_possible_one(days, sentence):
    disbursement = story.prepared(approved())
    with refused("D-2", sentence):
        disbursements.approve(
            disbursement=disbursement, by=person("teresa"), on=DAY, value_on=DAY + timedelta(days)
        )


def test_rule_K2_the_oldest_contribution_pays_first_and_each_tranche_is_named():
    second = money_to_lend("50000.00", on=date(2025, 1, 2))[0]
    loan = story.paid_out(approved("120000.00"))
    shares = {share.tranche: share.amount for share in loan.funding.all()}
    assert shares[second] == D("50000.00")
    assert sum(shares.values()) == D("120000.00")
    for tranche, amount in shares.items():
        assert ledger.balance(chart.LOANS, currency="MXN", tranche=tranche) == amount
    assert sum(share.reporting_amount for share in loan.funding.all()) == D("6000.00")


def test_rule_D4_the_reservation_is_freed():
    application = approved()
    assert capital.reserved(application.ref)
    story.paid_out(application)
    assert capital.reserved(application.ref) == []


def test_rule_S2_the_schedule_counts_from_the_day_the_money_left():
    application = approved(term=12)
    loan = story.ready(application)
    later = DAY + timedelta(9)
    disbursement = disbursements.prepare(loan=loan, by=person("carmen"), on=later)
    disbursements.approve(disbursement=disbursement, by=person("teresa"), on=later)
    loan = story.fresh(loan)
    rows = story.rows(loan)
    assert loan.terms.disbursed_on == later
    assert rows[0].due_on == date(2026, 4, 11)
    assert sum(row.principal for row in rows) == loan.principal
    assert ScheduleVersion.objects.get(loan=loan).number == 1


def test_rule_S2_an_agreed_first_due_date_stands():
    loan = story.paid_out(approved(term=6), first_due=date(2026, 4, 15))
    assert [row.due_on.day for row in story.rows(loan)] == [15] * 6


def test_rule_S6_an_opening_fee_is_kept_back():
    loan = story.paid_out(approved("100000.00", product="cleaner-process", term=24))
    assert ledger.balance(chart.FEE_INCOME, currency="MXN", loan=loan.ref) == D("-1000.00")
    assert ledger.balance(chart.VAT_OWED, currency="MXN", loan=loan.ref) == D("-160.00")
    assert ledger.balance(chart.CASH, currency="MXN", loan=loan.ref) == D("-98840.00")
    assert findings(DAY) == []


def test_rule_N1_the_firm_is_told_with_its_first_instalment():
    loan = story.paid_out(approved())
    notice = Notice.objects.get(kind="loan-paid-out")
    assert notice.recipient == person("lupe")
    assert notice.facts["first_total"] == str(story.rows(loan)[0].total)


def test_rule_K2_a_case_that_earmarked_money_does_not_fit_leaves_it_alone():
    bound = capital.pledge(
        institution=Institution.objects.get(code="unam"), amount=mxn("500000.00"), by=person("teresa"),
        on=date(2025, 1, 2), earmark=capital.Earmark(sector=Sector.objects.get(code="food-oil")),
    )  # fmt: skip
    capital.receive(contribution=bound, amount=mxn("500000.00"), by=person("teresa"), on=date(2025, 1, 2))
    loan = story.paid_out(approved(of=firm()))
    assert bound.ref not in [share.tranche for share in loan.funding.all()]
