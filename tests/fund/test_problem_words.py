"""What the arithmetic refuses, as a page says it: days and figures in the reader's form (rules G-2, S-1)."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.utils import translation

from accounts.errors import BadInput
from fund.problem_words import Said, first_problem, problem_text
from loans.arithmetic.problems import SENTENCES, Problem, TermsError, refuse

NBSP = "\N{NO-BREAK SPACE}"


def said(language, code, **params):
    with translation.override(language):
        return problem_text(Problem("principal", "", code, params)).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("language", "day", "credit"),
    [
        ("es", "1 mar 2026", "12,345.50"),
        ("en", "1 Mar 2026", "12,345.50"),
        ("fr", "1er mars 2026", "12 345,50"),
    ],
)
def test_rule_G2_days_and_figures_are_the_readers(language, day, credit):
    text = said(language, "refund_above_credit", on=date(2026, 3, 1), credit=D("12345.50"), currency="MXN")
    assert text == f"On {day} the firm has a credit of {credit} MXN, not more."


@pytest.mark.parametrize(
    ("value", "text"),
    [(D("100"), "100"), (D("1000"), "1,000"), (D("1E+3"), "1,000"), (D("60.00"), "60.00"), (D("0.5"), "0.5")],
)
def test_a_figure_keeps_the_decimals_it_has(value, text):
    assert said("en", "rate_too_high", limit=value) == f"The rate cannot be above {text} %."


def test_years_counts_and_names_stay_as_they_are():
    assert said("fr", "spacing_too_wide", limit=2100).endswith("after the year 2100.")
    assert said("en", "too_many_instalments", limit=1200) == "There can be at most 1200 instalments."
    assert (
        said("en", "event_twice", key="L-2026-0001:P001") == "Two events bear the same key L-2026-0001:P001."
    )


def test_a_sentence_without_places_is_itself():
    assert said("en", "amount_negative") == SENTENCES["amount_negative"]


def test_the_first_problem_is_told_beside_the_forms_field():
    error = TermsError(
        Problem("n", "0", "no_instalments"), Problem("principal", "-1", "principal_not_positive")
    )
    assert first_problem(error) == Said("n", "0", "There must be at least one instalment.")
    assert first_problem(error, {"n": "term"}).field == "term"
    assert first_problem(error, {"principal": "amount"}).field == "n"


def test_what_is_told_is_what_a_form_takes():
    error = BadInput(*first_problem(refuse("n", 0, "no_instalments"), {"n": "term"}))
    assert (error.field, error.value) == ("term", "0")
    assert error.message == "There must be at least one instalment."
