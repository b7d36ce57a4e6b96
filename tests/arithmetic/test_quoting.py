"""Quotes in JSON: rules S-1, S-3, S-6 and bad input."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.arithmetic.problems import TermsError
from loans.arithmetic.quoting import errors, quote
from loans.arithmetic.reading import read_all
from loans.arithmetic.terms import Terms
from tests.arithmetic.builders import many

QUESTION = {
    "principal": "120000",
    "currency": "MXN",
    "annual_rate_pct": "12",
    "n": 3,
    "disbursement_date": "2026-01-15",
    "day_count": "ACT/360",
    "vat_pct": "16",
    "opening_fee_pct": "2",
}


def test_rule_S6_a_quote_has_rows_totals_and_cat_with_its_flows() -> None:
    answer = quote(QUESTION)
    assert answer["rows"][0] == {
        "n": 1, "due": "2026-02-15", "pay_date": "2026-02-16", "days": 31, "principal": "39562.69",
        "interest": "1240.00", "vat": "198.40", "fees": "0.00", "total": "41001.09", "balance": "80437.31",
    }  # fmt: skip
    assert answer["totals"]["to_pay"] == "125577.36"
    assert answer["cat_pct"] == "27.3"
    assert answer["cat_flows"][0] == {"t_years": "0", "amount": "-117600.00"}
    assert len(answer["cat_flows"]) == 4
    json.dumps(answer)


@pytest.mark.parametrize(
    ("changes", "pays"),
    [
        ({"interest_method": "flat"}, "41200.00"),
        ({"amortization": "equal_principal"}, "41240.00"),
        ({"day_count": "30/360"}, "40802.65"),
        ({"day_count": None, "days_in_year": "360", "days_in_month": "30"}, "40802.65"),
        ({"day_count": None, "days_in_year": "365", "days_in_month": "actual"}, "40791.66"),
        ({"annual_rate_pct": "12.68250301", "rate_type": "effective", "day_count": "1/12"}, "40802.65"),
        ({"annual_rate_pct": None, "rate_pct": "1", "rate_period": "month", "day_count": "1/12"}, "40802.65"),
        ({"grace_instalments": 1, "day_count": "1/12"}, "1200.00"),
        ({"grace_instalments": 1, "grace_type": "capitalised", "day_count": "1/12"}, "0.00"),
        ({"instalment_multiple": "100"}, "40800.00"),
        ({"unit": "WEEKS", "every": 2}, "40373.91"),
    ],
)
def test_a_question_may_be_put_in_several_words(changes: dict[str, Any], pays: str) -> None:
    question = {key: value for key, value in (QUESTION | changes).items() if value is not None}
    row = quote(question)["rows"][0]
    assert str(Decimal(row["principal"]) + Decimal(row["interest"])) == pays


NUMBER = "Write a number with a decimal point, such as 1234.50."
DAY = "Write a date as year-month-day, such as 2026-03-15."
RULES = "unadjusted, following, modified_following, preceding, modified_preceding"
WRONG = [
    ("n", "0", "There must be at least one instalment."),
    ("n", "x", NUMBER),
    ("n", 2.5, "Write a whole number."),
    ("principal", "1,5", NUMBER),
    ("principal", "NaN", NUMBER),
    ("annual_rate_pct", "-3", "The rate cannot be below zero."),
    ("disbursement_date", "15/01/2026", DAY),
    ("disbursement_date", None, DAY),
    ("first_due", "2026-01-10", "The first instalment must fall due after the disbursement on 2026-01-15."),
    ("grace_principal", 3, "Grace of 3 instalments leaves none of 3 to repay the loan."),
    ("instalment_multiple", "50000", "A multiple of 50000 is larger than the instalment of 40802.69."),
    ("holiday_rule", "never", f"Choose one of: {RULES}."),
    ("currency", "GBP", "Choose one of: MXN, USD, CAD, COP, PEN, EUR, CLP."),
    ("colour", "red", "There is no term of that name."),
]


@pytest.mark.parametrize(("field", "value", "sentence"), WRONG)
def test_a_wrong_value_is_named_with_its_field(field: str, value: object, sentence: str) -> None:
    with pytest.raises(TermsError) as refused:
        quote(QUESTION | {field: value})
    assert errors(refused.value) == {"errors": [{"field": field, "value": str(value), "message": sentence}]}


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(TermsError) as refused:
        quote({"principal": "-1", "n": "x", "annual_rate_pct": "12", "day_count": "lunar", "colour": "red"})
    fields = [error["field"] for error in errors(refused.value)["errors"]]
    assert fields == ["day_count", "colour", "n", "disbursement_date", "principal"]


@pytest.mark.parametrize("question", [None, [], "x", 5])
def test_a_question_is_an_object(question: object) -> None:
    with pytest.raises(TermsError, match="object with names"):
        quote(question)


plain = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 10**40), st.floats(), st.text(max_size=12), st.dates().map(str),
    st.decimals(allow_nan=True).map(str), st.lists(st.integers(), max_size=3),
)  # fmt: skip
OTHER_WORDS = """first_due grace_principal every unit decimals rate_pct rate_type amortization interest_method
    instalment_multiple principal_plan vat_changes late_rate_pct fee_per_instalment calendar rounding rate_period"""
words = st.sampled_from([*QUESTION, *OTHER_WORDS.split()])


@many
@given(st.dictionaries(words, plain, max_size=5), st.booleans())
def test_whatever_is_asked_the_answer_is_a_quote_or_named_problems(
    asked: dict[str, Any], whole: bool
) -> None:
    try:
        answer = quote((QUESTION if whole else {}) | asked)
    except TermsError as error:
        answer = errors(error)
        assert answer["errors"]
    json.dumps(answer)


def test_terms_kept_as_text_name_what_cannot_be_read() -> None:
    values, problems = read_all(Terms, {"n": "x", "first_due": "", "vat_changes": [["2010-01-01", "16"]]})
    assert values["first_due"] is None
    assert [problem.code for problem in problems] == [
        "missing",
        "missing",
        "missing",
        "not_a_number",
        "missing",
    ]
    with pytest.raises(TermsError):
        Terms.from_dict({"principal": "1"})
