"""May I apply? (rules A-2 to A-4): which loans fit, what they would cost, which papers; answers carry over."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fund.models import Product
from fund.products import terms_for
from loans.arithmetic.schedule import schedule
from projects.models import Application, BudgetLine
from projects.offers import fitting, offers
from tests.projects import reading
from tests.projects.reading import text_of
from tests.stories.projects import budget_of, registered_firm, save
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


ASKED = {**reading.ASKED, "cost": "500,000"}


def page(**changes):
    return reading.may_apply(Client(), **{**ASKED, **changes})


def found(cost, purpose="reuse", currency="MXN"):
    said = offers(purpose=purpose, currency=currency, cost=None if cost is None else Decimal(cost), on=DAY)
    return {offer.product.code: offer for offer in said}


def test_rule_A4_at_most_four_fifths_of_the_cost_are_lent():
    offer = found("500000")["cleaner-process"]
    assert offer.amount == Decimal("400000.00")
    assert found("5000000")["cleaner-process"].amount == Decimal("900000.00")


def test_rule_A4_what_a_loan_cannot_reach_is_said_with_the_rule_and_comes_last():
    said = found("30000")
    assert [refusal.rule for refusal in said["cleaner-process"].refusals] == ["A-4"]
    assert said["cleaner-process"].preview is None
    assert list(said)[-1] == "cleaner-process"
    assert said["good-housekeeping"].amount == Decimal("24000.00")


def test_rule_S1_the_figures_are_those_of_the_funds_own_arithmetic():
    offer = found("500000")["cleaner-process"]
    product = offer.product
    rows = schedule(terms_for(product, principal=Decimal("400000.00"), disbursed_on=DAY))
    assert offer.preview.total == sum(row.total for row in rows)
    assert offer.preview.instalment == rows[product.grace_default].total


def test_without_a_cost_there_is_no_figure():
    offer = found(None)["cleaner-process"]
    assert (offer.amount, offer.preview, offer.refusals) == (None, None, ())


def test_a_cost_in_another_currency_is_not_held_against_the_loan():
    for offer in found("500000", currency="CLP").values():
        assert offer.amount is None


@pytest.mark.parametrize(
    ("purpose", "codes"),
    [
        ("reuse", {"cleaner-process", "good-housekeeping"}),
        ("audit_plan", {"audit-upgrade"}),
        ("end_of_pipe", set()),
    ],
)
def test_rule_A3_the_loans_are_those_of_the_purpose(purpose, codes):
    assert {product.code for product in fitting(purpose, "MXN", DAY)} == codes


def test_the_page_says_why_what_and_how_much():
    said = page()
    assert "A small firm: the fund lends to micro, small and medium firms. (rule A-2)" in said
    assert "it prevents pollution where it arises. (rule A-3)" in said
    assert "Loan of up to 400,000.00 MXN" in said
    assert "Quotes for the investment" in said
    assert "Every instalment, and what it costs in all" in said


def test_the_page_leads_to_the_calculator_with_these_numbers():
    client = Client(headers={"accept-language": "en"})
    body = client.get(reverse("projects:may-apply"), ASKED).content.decode()
    address = body.split('href="/calculator/?')[1].split('"')[0].replace("&amp;", "&")
    assert "amount=400000.00" in address
    assert "Total" in text_of(client.get("/calculator/?" + address))


def test_rule_G4_a_firm_of_another_country_reads_in_which_currency_the_loans_are():
    assert "has no loan in CLP yet. These are in MXN" in page(country="CL", yearly_sales="180000000", cost="")
    assert "has no loan in" not in page()


def test_rule_A7_each_loan_lists_its_own_papers():
    assert "Action plan of the environmental audit" in page(purpose="audit_plan")
    assert "Action plan of the environmental audit" not in page()


def test_rule_A2_a_large_firm_reads_what_would_change_it():
    said = page(workers="250", yearly_sales="251000000")
    assert (
        "What would change it: With 250 workers, yearly sales up to 250,000,000.00 MXN would be medium."
        in said
    )
    assert "Loan of up to" not in said


@pytest.mark.parametrize(
    ("cost", "sentence"),
    [
        ("0", "0 must be above zero."),
        ("-1", "must be above zero."),
        ("much", "“much” is not a number we can read."),
    ],
)
def test_bad_costs(cost, sentence):
    assert sentence in page(cost=cost).replace("−", "-")


def test_the_page_takes_few_queries(django_assert_max_num_queries):
    client = Client(headers={"accept-language": "en"})
    with django_assert_max_num_queries(12):
        client.get(reverse("projects:may-apply"), ASKED)


# Carried over ------------------------------------------------------------------------------------

START = {"country": "MX", "tax_id": "CPA950612QX1", "role": "owner"}


def started(client, **changes):
    query = "&".join(f"{name}={value}" for name, value in {**ASKED, **changes}.items())
    client.post(f"{reverse('projects:start')}?{query}", START)
    return Application.objects.get()


def test_rule_A1_the_cost_becomes_the_first_line_of_the_budget(as_):
    application = started(as_("lupe"))
    line = BudgetLine.objects.get()
    assert (line.concept, line.amount) == ("The whole project, estimated", Decimal("500000.00"))
    assert application.investment.amount == Decimal("500000.00")
    assert (application.purpose, application.product) == ("reuse", None)


def test_rule_A1_the_only_loan_that_fits_is_chosen(as_):
    application = started(as_("lupe"), purpose="audit_plan")
    assert application.product == Product.objects.filter(code="audit-upgrade").latest("in_force_from")


def test_rule_A5_starting_again_overwrites_nothing(as_):
    firm = registered_firm()
    lupe = as_("lupe")
    query = "?country=MX&purpose=process&cost=100000"
    lupe.post(reverse("projects:start") + query, {"firm": firm.pk, **START})
    application = Application.objects.get()
    save(application, "budget", budget_of(), person("lupe"))
    lupe.post(reverse("projects:start") + query, {"firm": firm.pk, **START})
    assert [line.concept for line in application.budget_lines.all()] == [
        "Tanques y filtro prensa",
        "Instalación y tubería",
    ]
