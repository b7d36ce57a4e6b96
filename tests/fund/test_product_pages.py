"""The treasurer's pages of products: list, history, new terms and new products behind a sample schedule."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from accounts.clock import today
from accounts.formats import day_text
from accounts.models import User
from fund.models import Product
from tests.fund.test_pages import TODAY, confirm, text_of
from tests.projects.reading import text_of as seen
from tests.world import person

pytestmark = pytest.mark.django_db
CHANGE = "/policy/products/cleaner-process/change/"
TERMS = {
    "in_force_from": TODAY, "amount_min": "50,000.00", "amount_max": "900,000.00", "annual_rate_pct": "14",
    "amortization": "level", "day_count": "1/12", "holiday_rule": "modified_following", "term_min": "12",
    "term_default": "36", "term_max": "48", "grace_default": "3", "grace_max": "6", "opening_fee_pct": "1",
    "every": "1", "unit": "MONTHS", "broken_period": "spread", "grace_kind": "grace_principal", "rounding": "half_up",
    "allocation_order": "interest_first", "prepayment": "keep_credit", "margin_pct": "0", "fee_per_instalment": "0",
}  # fmt: skip


@pytest.fixture
def at(client):
    def sign_in(name):
        User.objects.filter(pk=person(name).pk).update(language="en")
        client.force_login(User.objects.get(pk=person(name).pk))
        return client

    return sign_in


def typed(**more):
    product = Product.objects.get(code="cleaner-process")
    words = {f"name_{language}": text for language, text in product.names.items()}
    words |= {f"summary_{language}": text for language, text in product.summaries.items()}
    return TERMS | words | more


def test_rule_S1_a_product_shows_terms_versions_and_a_schedule_of_its_own(at):
    page = text_of(at("nora").get("/policy/products/cleaner-process/"))
    for words in (
        "900,000.00",
        "Schedule of the example",
        "Interest is paid, principal waits",
        "In force",
        "Total to pay",
    ):
        assert words in page
    assert "Illustrative" in text_of(at("nora").get("/policy/products/prevention-usd/"))


def test_rule_S1_the_list_says_what_is_offered_and_what_no_longer_is(at):
    page = text_of(at("nora").get("/policy/products/"))
    assert "Cleaner process loan" in page
    assert "No longer offered" in page  # the product of the first years
    assert "Offer a new product" not in page
    assert "Offer a new product" in text_of(at("teresa").get("/policy/products/"))


def test_rule_S1_new_terms_are_shown_with_a_sample_before_they_are_offered(at):
    first, second = confirm(at("teresa"), CHANGE, typed(annual_rate_pct="13.5"))
    page = text_of(first)
    assert "What changes" in page
    assert "14 %" in page
    assert "13.5 %" in page
    assert "Under the terms before, the same sample cost in all" in page
    assert page.count('<th scope="row" class="num">') == 36
    assert second.status_code == 302
    versions = Product.objects.filter(code="cleaner-process")
    assert [version.annual_rate_pct for version in versions] == [D("13.5"), D("14")]
    history = text_of(at("teresa").get("/policy/products/cleaner-process/"))
    assert "yearly rate" in history
    assert "Teresa" in history


def test_what_was_typed_can_be_changed_after_the_preview(at):
    browser = at("teresa")
    browser.post(CHANGE, typed(annual_rate_pct="13.5"))
    page = text_of(browser.post(CHANGE, typed(annual_rate_pct="15") | {"confirmed": ""}))
    assert "15 %" in page
    assert Product.objects.filter(code="cleaner-process").count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"amount_max": "10"}, "The largest amount is at least the smallest"), ({}, "Nothing was changed."),
     ({"grace_max": "48"}, "The usual grace is at most the longest"), ({"term_min": "0"}, "is less than the least"),
     ({"annual_rate_pct": "61"}, "at most 60 %, the policy&#x27;s ceiling"),
     ({"annual_rate_pct": "-1"}, "is below zero"), ({"multiple": "90000"}, "is larger than the instalment"),
     ({"name_fr": ""}, "This field is required"), ({"every": "0"}, "is less than the least"),
     ({"unit": "QUARTERS", "term_max": "47"}, "a multiple of 3"),
     ({"in_force_from": "2020-01-01", "term_max": "60"}, "in force from today or a later day")],
)  # fmt: skip
def test_rule_S1_terms_that_cannot_be_are_refused_with_what_was_typed(at, change, sentence):
    first, answer = confirm(at("teresa"), CHANGE, typed(**change))
    assert sentence in text_of(first)
    assert sentence in text_of(answer)
    assert Product.objects.filter(code="cleaner-process").count() == 1


def test_rule_S1_a_new_product_reaches_the_calculator(at, client):
    asked = typed(
        code="water", purpose="prevention", currency="MXN", name_es="Crédito de agua", name_en="Water loan",
        name_fr="Prêt pour l’eau", annual_rate_pct="11",
    )  # fmt: skip
    first, second = confirm(at("teresa"), "/policy/products/new/", asked)
    assert "Offer this product?" in text_of(first)
    assert second["Location"].endswith("/policy/products/water/")
    client.logout()
    client.cookies["django_language"] = "en"
    assert "Water loan" in text_of(client.get("/calculator/"))
    again, _ = confirm(at("teresa"), "/policy/products/new/", asked)
    assert "is taken" in text_of(again)


@pytest.mark.parametrize("name", ["rosa", "carmen", "ada", "aldo", "lupe"])
def test_rule_X1_only_the_treasurer_edits_products(at, name):
    assert at(name).get(CHANGE).status_code == 403
    assert at(name).post("/policy/products/new/", typed()).status_code == 403
    assert at(name).get("/policy/products/none/change/").status_code in (403, 404)


@pytest.mark.parametrize("url", ["/policy/products/", "/policy/products/cleaner-process/", CHANGE])
def test_pages_take_few_queries(at, url, django_assert_max_num_queries):
    browser = at("teresa")
    with django_assert_max_num_queries(12):
        assert browser.get(url).status_code == 200


def test_rule_S1_terms_that_are_still_coming_are_marked_so_in_the_history(at):
    confirm(at("teresa"), CHANGE, typed(annual_rate_pct="13.5", in_force_from=today() + timedelta(days=40)))
    page = seen(at("nora").get("/policy/products/cleaner-process/"))
    assert "Coming" in page and "In force" in page
    assert "14 %" in page, "what holds today is what the page shows"


def test_rule_S1_a_product_that_is_offered_only_later_is_listed_as_coming(at):
    asked = typed(
        code="water", purpose="prevention", currency="MXN", name_es="Crédito de agua", name_en="Water loan",
        name_fr="Prêt pour l’eau", in_force_from=today() + timedelta(days=40),
    )  # fmt: skip
    confirm(at("teresa"), "/policy/products/new/", asked)
    at("teresa").get("/policy/products/")
    page = seen(at("nora").get("/policy/products/"))
    assert "Coming" in page[page.index("Water loan") :][:300]
    assert at("nora").get("/policy/products/water/").status_code == 200


def test_rule_S1_the_preview_says_each_change_in_words_and_not_in_codes(at):
    last = today() + timedelta(days=400)
    change = typed(
        name_en="Clean process loan", summary_fr="Un prêt", in_force_until=last, prepayment="lower_instalment",
        opening_fee_pct="1.25",
    )  # fmt: skip
    first, second = confirm(at("teresa"), CHANGE, change)
    page = seen(first)
    for words in ("Clean process loan", "Un prêt", day_text(last).replace("\xa0", " "), "1.25 %", "none"):
        assert words in page.replace("\xa0", " "), words
    changes = page[page.index("What changes") :]
    for code in ("keep_credit", "lower_instalment", str(last), "in_force_until", "opening_fee_pct"):
        assert code not in changes.split("Schedule")[0], code
    assert second.status_code == 302
    history = seen(at("teresa").get("/policy/products/cleaner-process/"))
    for words in ("name", "description", "offered until"):
        assert words in history, words
