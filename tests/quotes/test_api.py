"""`/api/v1/quotes`: the figures of the calculator for programs, open to everybody (rules S-3, S-6)."""

import json
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fiprev.api import api as site
from fund.models import Product
from loans.api import BY_TERMS
from tests.arithmetic.test_quoting import QUESTION
from tests.world import DAY

pytestmark = pytest.mark.django_db
QUOTES = "/api/v1/quotes"
ASKED = {"product": "good-housekeeping", "amount": "100000.00", "term_months": "12", "start": "2026-03-02"}


def post(client, question, **more):
    body = question if isinstance(question, str | bytes) else json.dumps(question)
    return client.post(QUOTES, body, content_type="application/json", **more)


def wrong(answer):
    """Field and sentence of each error."""
    return [(error["field"], error["message"]) for error in answer.json()["errors"]]


def test_rule_S6_a_program_gets_rows_totals_and_cat_with_its_flows(client):
    answer = post(client, QUESTION)
    assert answer.status_code == 200
    told = answer.json()
    assert told["cat_pct"] == "27.3"
    assert told["rows"][0]["total"] == "41001.09"
    assert told["totals"]["to_pay"] == "125577.36"
    assert told["cat_flows"][0] == {"t_years": "0", "amount": "-117600.00"}


def test_rule_S6_an_address_asks_the_same_question(client):
    by_address = client.get(QUOTES, {name: str(value) for name, value in QUESTION.items()})
    assert by_address.json() == post(client, QUESTION).json()


def test_rule_S1_a_product_brings_its_terms(client):
    told = post(client, ASKED).json()
    assert len(told["rows"]) == 12
    assert told["terms"]["annual_rate_pct"] == "13"
    assert told["terms"]["vat_pct"] == "16"
    assert sum(D(row["principal"]) for row in told["rows"]) == D("100000.00")
    assert told == client.get(QUOTES, ASKED).json()


def test_rule_S1_what_the_question_leaves_out_is_the_products_usual(client):
    told = post(client, {"product": "cleaner-process", "amount": "250000"}).json()
    assert len(told["rows"]) == 36
    assert [row["principal"] for row in told["rows"][:4]].count("0.00") == 3
    assert told["terms"]["disbursed_on"] == "2026-03-02"


def test_rule_S6_the_calculator_says_the_same(client):
    client.cookies["django_language"] = "en"
    told = post(client, ASKED | {"grace_months": "0"}).json()
    page = client.get("/calculator/", ASKED | {"grace_months": "0"}).content.decode()
    assert f"{D(told['totals']['to_pay']):,}" in page
    assert told["cat_pct"] in page
    assert f"{D(told['rows'][0]['interest']):,}" in page


def test_rule_M1_no_figure_of_an_answer_is_a_float(client):
    def floats(value):
        if isinstance(value, dict):
            return any(floats(part) for part in value.values())
        return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)

    assert not floats(post(client, ASKED).json())
    assert not floats(post(client, QUESTION).json())


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"amount": "9999.99"}, "amount", "lends from"),
        ({"amount": "120000.01"}, "amount", "lends from"),
        ({"amount": "-1"}, "amount", "lends from"),
        ({"amount": "1,000"}, "amount", "Write a number with a decimal point"),
        ({"amount": "NaN"}, "amount", "Write a number with a decimal point"),
        ({"amount": ""}, "amount", "This value is needed."),
        ({"amount": "50000.001"}, "amount", "write no more than those"),
        ({"term_months": "0"}, "term_months", "runs from"),
        ({"term_months": "19"}, "term_months", "runs from"),
        ({"term_months": "12.5"}, "term_months", "Write a whole number."),
        ({"grace_months": "3"}, "grace_months", "at most"),
        ({"grace_months": "-1"}, "grace_months", "at most"),
        ({"start": "02/03/2026"}, "start", "Write a date as year-month-day"),
        ({"first_due": "2026-03-01"}, "first_due", "must fall due after the disbursement"),
        ({"start": "1990-01-01"}, "", "is not offered on that day"),
        ({"product": "gold"}, "", "is not offered on that day"),
        ({"colour": "green"}, "colour", "There is no term of that name."),
    ],
)
def test_rule_S1_what_a_product_does_not_offer_is_named_by_field(client, change, field, sentence):
    answer = post(client, ASKED | change)
    assert answer.status_code == 422
    (error,) = wrong(answer)
    assert error[0] == field
    assert sentence in error[1]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"n": "0"}, "n"),
        ({"grace_principal": "3"}, "grace_principal"),
        ({"annual_rate_pct": "-0.01"}, "annual_rate_pct"),
        ({"annual_rate_pct": "1001"}, "annual_rate_pct"),
        ({"first_due": "2026-01-15"}, "first_due"),
        ({"instalment_multiple": "1000000"}, "instalment_multiple"),
        ({"principal": "0"}, "principal"),
        ({"currency": "XYZ"}, "currency"),
    ],
)
def test_rule_S1_impossible_terms_are_named_by_field(client, change, field):
    answer = post(client, QUESTION | change)
    assert answer.status_code == 422
    assert field in [name for name, _ in wrong(answer)]


def test_several_wrong_values_are_told_together(client):
    answer = post(client, {"product": "good-housekeeping", "amount": "x", "term_months": "y"})
    assert [field for field, _ in wrong(answer)] == ["amount", "term_months"]


@pytest.mark.parametrize(
    "body", ["", "{", "[1, 2]", "3", b"\xff\xfe", "[" * 5000, '{"n": "' + "9" * 30_000 + '"}', "null"]
)
def test_what_is_no_question_is_said_to_be_none(client, body):
    answer = post(client, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"]


def test_rule_G2_errors_are_in_the_language_asked_for(client, catalogues):
    answer = post(client, QUESTION | {"n": "0"}, headers={"accept-language": "es"})
    assert wrong(answer)[0][1] != "There must be at least one instalment."


def test_too_many_questions_from_one_address_wait(client, monkeypatch):
    for operation in operations():
        monkeypatch.setattr(operation.throttle_objects[0], "num_requests", 2)
    assert [post(client, ASKED).status_code for _ in range(3)] == [200, 200, 429]
    answer = post(client, ASKED)
    assert wrong(answer) == [("", "Too many questions from your address. Wait a moment and ask again.")]
    assert int(answer["Retry-After"]) <= 60


def operations():
    """The operations that count their questions."""
    for bound in site._get_bound_routers():
        for view in bound.path_operations.values():
            yield from (operation for operation in view.operations if operation.throttle_objects)


def test_the_description_names_every_word_and_every_answer(client):
    described = client.get("/api/v1/openapi.json").json()
    asked = described["paths"]["/api/v1/quotes"]
    words = {parameter["name"] for parameter in asked["get"]["parameters"]}
    body = asked["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert words == set(body["properties"]) >= {"product", "amount", "principal", "annual_rate_pct", "n"}
    assert set(asked["post"]["responses"]) == {"200", "400", "422", "429"}
    assert post(client, body["example"]).status_code == 200


def test_every_word_of_the_description_is_understood(client):
    answer = post(client, dict.fromkeys(BY_TERMS, "?"))
    assert "There is no term of that name." not in [sentence for _, sentence in wrong(answer)]


def test_rule_S1_programs_see_the_products_on_offer(client):
    listed = {product["code"]: product for product in client.get("/api/v1/products").json()}
    assert listed["cleaner-process"]["annual_rate_pct"] == "14"
    assert listed["cleaner-process"]["amount_max"] == "900000.00"
    assert "prevention-usd" not in listed  # offered until 2002
    assert len(listed) == Product.objects.in_force(DAY).count()


def test_no_key_is_asked_for_and_nothing_else_is_taken(client):
    assert client.put(QUOTES, "{}", content_type="application/json").status_code == 405
    assert client.get("/api/v1/").status_code == 404


WORDS = st.sampled_from(
    [*QUESTION, "product", "amount", "term_months", "grace_principal", "principal_plan", "x"]
)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.lists(st.text(max_size=3))
)


@given(st.dictionaries(WORDS, VALUES, max_size=8))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_the_answer_is_a_quote_or_a_sentence(client, monkeypatch, changes):
    for operation in operations():
        monkeypatch.setattr(operation.throttle_objects[0], "num_requests", 10**6)
    answer = post(client, json.dumps(QUESTION | changes))
    assert answer.status_code in (200, 400, 422)
    assert "rows" in answer.json() or answer.json()["errors"][0]["message"]
