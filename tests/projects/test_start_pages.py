"""The public page “May I apply?” and the start of an application, as people meet them."""

import pytest
from django.urls import reverse

from projects.models import Application, Firm
from tests.projects.reading import may_apply, post, read, step_url, text_of
from tests.stories.projects import (
    registered_firm,
)

pytestmark = pytest.mark.django_db


# May I apply? ------------------------------------------------------------------------------------


def test_rule_A2_the_public_page_says_the_size_with_its_arithmetic(client):
    page = may_apply(client)
    assert "Yes, you may apply" in page
    assert "0.10 × 40 workers + 0.90 × 60 million MXN of sales = 4.00 + 54.00 = 58.00" in page
    assert "Cleaner process loan" in page


def test_rule_A2_a_large_firm_reads_the_rule_and_what_would_change_it(client):
    page = may_apply(client, workers="250", yearly_sales="251000000")
    assert "The firm counts as large: 250.90, where the limit is 250." in page
    assert "yearly sales up to 250,000,000.00 MXN would be medium" in page
    assert "Start the application" not in page


def test_rule_A3_end_of_pipe_reads_the_rule_and_what_would_change_it(client):
    page = may_apply(client, purpose="end_of_pipe")
    assert "The fund does not lend for treatment at the end of the pipe alone." in page
    assert "rule A-3" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"workers": "-3"}, "-3 is below zero.".replace("-", "−")),
        ({"workers": "2.5"}, "“2.5” must be a whole number."),
        ({"workers": "many"}, "“many” is not a number we can read."),
        ({"workers": ""}, "This field is required."),
        ({"yearly_sales": "99999999999999999999"}, "is more than the most, 9,999,999,999,999.99."),
        ({"country": "FR"}, "Select a valid choice."),
        ({"sector": "banking"}, "Select a valid choice."),
        ({"purpose": ""}, "This field is required."),
    ],
)
def test_bad_answers_of_the_public_page(client, changes, sentence):
    assert sentence in may_apply(client, **changes)


def test_the_public_page_begins_empty_without_errors(client):
    assert "There is a problem" not in read(client, reverse("projects:may-apply"))


@pytest.mark.parametrize(("country", "sales", "unit"), [("CL", "900000000", "UF"), ("PE", "900000", "UIT")])
def test_rule_G4_other_countries_are_sized_by_their_index(client, country, sales, unit):
    page = may_apply(client, country=country, yearly_sales=sales)
    assert "A small firm" in page
    assert unit in page


def test_rule_A2_the_size_comes_as_a_fragment_while_one_types(client):
    url = reverse("projects:sizing")
    assert "appears here once" in text_of(client.get(url, {"country": "MX"}))
    answer = text_of(
        client.get(url, {"country": "MX", "sector": "tanning", "workers": "3", "yearly_sales": "1e6"})
    )
    assert "appears here once" in answer
    query = {"country": "MX", "sector": "tanning", "workers": "10", "yearly_sales": "4,000,000"}
    assert "4.60" in text_of(client.get(url, query))


@pytest.mark.parametrize(
    ("country", "sales", "paper"),
    [
        ("MX", "60,000,000", "Constancia de Situación Fiscal (SAT), not older than three months."),
        ("CL", "900,000,000", "e-RUT (SII), not older than three months."),
        ("CO", "5,000,000,000", "RUT (DIAN), not older than three months."),
        ("PE", "900,000", "Ficha RUC (SUNAT), not older than three months."),
    ],
)
def test_rule_G4_the_tax_paper_is_called_as_its_country_calls_it(client, country, sales, paper):
    assert paper in may_apply(client, country=country, yearly_sales=sales)


# Starting ----------------------------------------------------------------------------------------

START = {"country": "MX", "tax_id": "CPA950612QX1", "role": "owner"}


def test_rule_A1_starting_carries_the_answers_over(as_):
    lupe = as_("lupe")
    url = (
        reverse("projects:start")
        + "?country=MX&sector=tanning&workers=40&yearly_sales=24000000&purpose=reuse"
    )
    response = lupe.post(url, START)
    application = Application.objects.get()
    assert response.url == step_url(application, "firm")
    assert (application.firm.workers, application.firm.size_class, application.purpose) == (
        40,
        "small",
        "reuse",
    )


def test_rule_A1_a_doubled_click_starts_one_application(as_):
    lupe = as_("lupe")
    for _click in range(2):
        lupe.post(reverse("projects:start"), START)
    assert (Firm.objects.count(), Application.objects.count()) == (1, 1)


def test_rule_X2_naming_a_known_tax_id_reads_the_same(as_):
    registered_firm()
    ana = as_("ana")
    pages = []
    for tax_id in ("CPA950612QX1", "FUN880314AB4"):
        response = ana.post(reverse("projects:start"), {**START, "tax_id": tax_id}, follow=True)
        pages.append(text_of(response).replace(tax_id, "RFC"))
    assert pages[0].split("Your firm", 1)[1] == pages[1].split("Your firm", 1)[1]
    assert "Paloma" not in pages[0]


@pytest.mark.parametrize(
    ("tax_id", "sentence"),
    [
        ("", "Type the tax id of the firm, as on its tax certificate."),
        ("XAXX010101000", "XAXX010101000 is the generic RFC. Type the RFC of your own firm"),
        ("HOLA", "“HOLA” is not an RFC. A firm's has 12 characters"),
    ],
)
def test_bad_tax_ids_of_the_start(as_, tax_id, sentence):
    page = post(as_("lupe"), reverse("projects:start"), {**START, "tax_id": tax_id})
    assert sentence in page
    assert not Firm.objects.exists()


def test_rule_A1_a_wrong_check_digit_warns_on_the_firms_step(as_):
    lupe = as_("lupe")
    response = lupe.post(reverse("projects:start"), {**START, "tax_id": "CPA950612QX9"}, follow=True)
    assert "The check digit of CPA950612QX9 does not agree." in text_of(response)
