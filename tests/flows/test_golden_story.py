"""The published figures of November 2002, loan by loan through the real verbs (design, section 7).

The story is played once for this module, in one transaction that is taken back at its end.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test import override_settings

from accounts import audit, registries
from accounts.models import Notice, User
from committee import letters
from committee.models import Condition, Session
from fiprev.demo import abroad, firms, loans, results
from fiprev.demo.story import Played, nobody_here, play
from fund import capital, chart, documents, ledger
from fund.lending import position
from fund.models import IssuedDocument
from fund.rates import converted
from loans.models import Disbursement, Funding, Loan, Payment
from projects import offers, reviews
from projects.duplicates import shared_with
from projects.models import Application, Measurement
from projects.returns import answered, open_returns
from reports import benefit_figures, donor_report, figures
from tests.conftest import empty_tables
from tests.world import refused

END = date(2002, 11, 30)
TODAY = date(2026, 3, 2)
HALF_PERCENT = D("0.005")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    media = Path(tmp_path_factory.mktemp("story"))
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        empty_tables()  # the cast of the other tests leaves the stage
        played = play(on=TODAY)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield played
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def report(story: Played) -> donor_report.DonorReport:
    return donor_report.facts(year=2002, on=END)


@pytest.fixture(scope="module")
def story_loans(story: Played) -> list[Loan]:
    return list(
        Loan.objects.filter(currency="USD").select_related("firm__sector").order_by("disbursed_on", "pk")
    )


# What was published


def test_48_loans_of_1_150_000_dollars(report):
    (total,) = report.totals
    assert (total.currency, total.loans, total.amount) == ("USD", 48, D("1150000.00"))
    assert total.mean == D("23958.33")


def test_loans_per_year_are_1_4_4_13_13_13(report):
    assert [(row.key, row.loans) for row in report.loan_years] == [
        ("1997", 1), ("1998", 4), ("1999", 4), ("2000", 13), ("2001", 13), ("2002", 13)
    ]  # fmt: skip
    for row in report.loan_years:
        assert abs(row.amount / row.loans / D("23958.33") - 1) < HALF_PERCENT, row.key


def test_35_of_48_are_tanneries_and_the_rest_in_the_seven_published_trades(report):
    by_sector = {row.key: row.loans for row in report.sectors}
    assert by_sector.pop("tanning") == 35
    assert sum(by_sector.values()) == 13
    trades = {"food", "foundry", "electroplating", "dry", "ceramics", "chemicals", "metalwork"}
    assert {key.partition("-")[0] for key in by_sector} == trades


def test_all_of_what_fell_due_is_repaid_about_550_000_and_176_000(report):
    (row,) = report.repayment
    assert row.repaid_pct == 100
    assert row.principal_paid == row.principal_due
    assert row.interest_paid == row.interest_due
    assert abs(row.principal_paid / 550_000 - 1) <= HALF_PERCENT
    assert abs(row.interest_paid / 176_000 - 1) <= HALF_PERCENT
    assert row.outstanding == 1_150_000 - row.principal_paid
    assert row.at_risk_pct == {"30": 0, "60": 0, "90": 0}


def test_the_published_benefits_match_exactly(report):
    sums = {row.code: row.cumulative for row in report.benefits}
    assert sums == {"W1": 185_100, "Q4": 3_547, "M1": 1_360_000}
    assert all(row.declared_cumulative == 0 for row in report.benefits)


def test_the_benefits_come_from_74_loan_years(story):
    reports = results.loan_years()
    assert len(reports) == 74
    for code in ("W1", "Q4", "M1"):
        assert (
            sum(item.saved[code] for item in reports) == {"W1": 185_100, "Q4": 3_547, "M1": 1_360_000}[code]
        )
    assert (
        Measurement.objects.filter(period_to__lte=END).values("application", "period_from").distinct().count()
        == 74
    )


def test_the_capital_came_from_cec_and_funtec(report):
    received = {row.code: row.received for row in report.capital}
    assert received == {"cec": 650_000, "funtec": 350_000, "economia": 0}
    assert next(row for row in report.capital if row.code == "economia").pledged == 265_000
    assert [(day, amount) for day, _code, amount in loans.CAPITAL] == [
        (date(1996, 12, 10), 500_000), (date(1998, 6, 1), 200_000),
        (date(2000, 1, 10), 150_000), (date(2001, 3, 1), 150_000),
    ]  # fmt: skip
    (line,) = report.credit_lines
    assert (line.code, line.ceiling, line.signed) == ("nafin", 1_000_000, False)
    assert report.revolutions == {"USD": D("1.15")}


def test_the_targets_of_2003_to_2005_stand_with_their_rules(report):
    plan = {(row.year, row.code): row.target for row in report.targets}
    assert [plan[year, "F1"] for year in (2003, 2004, 2005)] == [60, 80, 120]
    assert [plan[year, "W1"] for year in (2003, 2004, 2005)] == [123_000, 146_000, 238_000]
    assert [plan[year, "R1"] for year in (2003, 2004, 2005)] == [2_700, 3_200, 7_200]
    assert [plan[year, "M1"] for year in (2003, 2004, 2005)] == [1_700_000, 2_300_000, 3_400_000]
    assert {row.rule for row in report.targets} == {"A", "O"}


def test_the_target_of_waste_is_never_measured_by_discharges(report):
    assert {row.code for row in report.benefits} == {"W1", "Q4", "M1"}


def test_rule_R1_the_report_of_2002_is_sealed_and_says_that_it_is_illustrative(story, report):
    sealed = IssuedDocument.objects.filter(kind="donor-report", issued_on=END)
    assert sorted(row.language for row in sealed) == ["en", "es", "fr"]
    facts = sealed.first().facts
    assert facts["illustrative"] is True
    assert {row["code"]: D(row["cumulative"]) for row in facts["benefits"]} == {
        "W1": 185_100, "Q4": 3_547, "M1": 1_360_000
    }  # fmt: skip
    assert facts["totals"][0]["loans"] == 48
    assert report.illustrative


# That the story obeys the rules


def test_rule_A4_each_loan_is_within_five_per_cent_of_the_capital_base_of_its_day(story_loans):
    for loan in story_loans:
        base = capital.base(loan.disbursed_on, currency="USD")
        assert loan.principal <= base * D("0.05"), loan.ref


def test_rule_K3_cash_is_never_below_zero(story_loans):
    for loan in story_loans:
        assert ledger.balance(chart.CASH, currency="USD", on=loan.disbursed_on) > 0


def test_rule_K2_every_loan_names_the_capital_that_paid_it(story):
    assert Funding.objects.filter(loan__currency="USD").aggregate(total=Sum("amount"))["total"] == 1_150_000


def test_rule_G6_two_pairs_of_eyes_everywhere(story):
    assert all(loan.prepared_by_id != loan.signed_by_id for loan in Loan.objects.exclude(signed_by=None))
    assert all(
        row.prepared_by_id != row.approved_by_id for row in Disbursement.objects.exclude(approved_by=None)
    )
    assert all(
        row.reported_by_id != row.verified_by_id for row in Measurement.objects.exclude(verified_by=None)
    )


def test_the_rest_is_repaid_on_schedule_over_the_bridge(story_loans):
    assert {loan.state for loan in story_loans} == {"paid_off"}
    (row,) = [row for row in figures.repayment(date(2005, 12, 31)) if row.currency == "USD"]
    assert (row.principal_paid, row.outstanding, row.repaid_pct) == (1_150_000, 0, 100)


def test_the_books_the_results_and_the_trail_are_clean(story):
    assert registries.run_checks(TODAY) == []
    audit.seal(limit=100_000)
    assert audit.verify().broken is None


def test_firms_are_invented_once(story):
    ids = {firm.tax_id for firm in firms.firms()}
    assert len(ids) == 48


def test_the_demonstration_needs_an_empty_installation(story):
    assert not nobody_here()
    with refused("G-1", "empty installation"):
        play(on=TODAY)


# Today


def test_every_step_of_the_chain_has_something_waiting(story):
    states = Counter(Application.objects.filter(currency="MXN").values_list("state", flat=True))
    for state in (
        "draft", "submitted", "returned", "complete", "evaluating", "on_agenda", "approved",
        "approved_with_conditions", "rejected",
    ):  # fmt: skip
        assert states[state] >= 1, state
    assert Session.objects.filter(state="called").count() == 1
    assert Counter(Loan.objects.filter(currency="MXN").values_list("state", flat=True)) == {
        "active": 4, "signed": 1, "drafted": 1
    }  # fmt: skip
    assert Disbursement.objects.filter(state="prepared").count() == 1


def test_one_loan_is_late_and_the_others_are_current(story):
    late = Loan.objects.late(TODAY, more_than=4)
    assert [str(loan.firm) for loan in late] == ["Galvanoplastia Celaya"]


def test_one_loan_is_paid_out_in_parts_and_its_proof_waits(story):
    (loan,) = Loan.objects.exclude(payout_plan=[])
    assert (str(loan.firm), loan.principal, loan.drawn) == ("Aceites del Bajío", 540_000, 450_000)
    first, second = loan.disbursements.left().order_by("number")
    assert [proof.state for proof in first.proofs.all()] == ["accepted"]
    assert [proof.state for proof in second.proofs.all()] == ["handed_in"]
    assert not Disbursement.objects.filter(loan=loan, state="prepared").exists()


def test_the_firms_that_sign_in_find_what_waits_for_them(story):
    """A letter with its reasons and a review to ask for, a condition with its day, fields to change."""
    rejected, conditioned, returned = (
        Application.objects.get(firm__members__user__email=f"{name}@fiprev.example")
        for name in ("rejected", "conditions", "returned")
    )
    assert reviews.open_until(rejected, TODAY) is not None
    assert "doce" in letters.paper(rejected, language="es").facts["grounds"]
    assert letters.released_letter(conditioned) is not None
    first, second, third = Condition.objects.filter(resolution__number=conditioned.resolution)
    assert [row.waits_for_the_fund for row in (first, second, third)] == [False, True, False]
    assert TODAY < second.due_on < first.due_on < third.due_on
    assert set(open_returns(returned)) == {"firm.phone", "project.summary", "budget.lines"}
    assert returned.messages.get().section == "budget"


def test_one_letter_of_decision_waits_for_the_secretary(story):
    (letter,) = Notice.objects.filter(kind="decision-letter", state="waiting")
    assert letter.facts["firm"] == "Química Verde"


def test_rule_A7_an_answered_return_shows_what_was_changed_and_what_stayed(story):
    application = Application.objects.get(firm__legal_name="Tenería Nueva Imagen")
    kept, changed = answered(application)
    assert (kept.change, changed.change is not None) == (None, True)
    assert "trae el de la oficina" in kept.flag.answer


def test_rule_A9_two_firms_share_a_telephone(story):
    firm = Application.objects.get(firm__legal_name="Tenería Nueva Imagen").firm
    assert [(row.value, row.firm.legal_name) for row in shared_with(firm)] == [
        (firm.phone, "Tenería Hermanos Vega")
    ]


def test_measurements_wait_the_unusual_one_first(story):
    waiting = list(Measurement.objects.waiting())
    assert [row.implausible for row in waiting] == [True, False]


def test_rule_G4_a_firm_of_each_country_is_offered_a_loan_in_its_own_currency(story):
    """Invented and said so; reuse on site, the day the demonstration is of."""
    for currency in ("CLP", "COP", "PEN"):
        (one,) = offers.offers(purpose="reuse", currency=currency, cost=None, on=TODAY)
        assert (one.product.currency, one.product.illustrative) == (currency, True)
        assert set(one.product.names) == {"es", "en", "fr"}
    assert {
        one.product.currency for one in offers.offers(purpose="reuse", currency="MXN", cost=None, on=TODAY)
    } == {"MXN"}


def test_rule_M4_their_limits_are_those_of_small_firms_in_dollars(story):
    for one in abroad.OFFERS:
        least, most = (converted(D(amount), one.currency, "USD", TODAY) for amount in (one.least, one.most))
        assert 1_000 <= least <= 1_500, one.code
        assert 40_000 <= most <= 50_000, one.code


def test_rule_K3_they_bring_no_money_with_them(story):
    money = position(TODAY)
    assert money.currencies == ["MXN", "USD"]
    for one in abroad.OFFERS:
        assert money.lendable(one.currency).total.amount == 0


def test_nothing_of_the_past_is_mailed_today(story):
    assert Notice.objects.filter(state="due").count() < 60
    assert Payment.objects.filter(value_on__gt=TODAY).count() == 0


def test_the_sign_ins_cover_every_role(story):
    text = "\n".join(story.sign_ins)
    for role in (
        "cashier",
        "treasurer",
        "signatory",
        "auditor",
        "secretary",
        "donor representative",
        "co chair",
    ):
        assert role in text
    for firm in ("firm", "applicant", "returned", "conditions", "rejected", "porvenir"):
        assert f"{firm}@fiprev.example" in text
        assert User.objects.get(email=f"{firm}@fiprev.example").has_usable_password()


def test_rule_R1_the_report_is_drawn_as_a_pdf(story):
    document = IssuedDocument.objects.get(number="DR-2002-01-EN")
    assert documents.pdf(document).startswith(b"%PDF")


def test_the_public_headline_takes_v2_and_above(story):
    rows = {row.code: row for row in benefit_figures.benefit_rows(TODAY.year)}
    assert rows["W1"].cumulative == 185_100
    assert rows["W1"].declared_cumulative > 0
