"""Each refusal by rule says what is not possible and what would change it, in the reader's language (A-2 to A-4)."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from projects.eligibility import Purpose, refusals
from projects.reasons import size_words, told
from projects.sizing import Activity, size_of
from tests.projects.rules_of_size import MEXICO
from tests.projects.test_eligibility import GOOD, LIMITS

D = Decimal


def plain(text):
    return str(text).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def said(*, limits=LIMITS, **changes):
    (reason,) = refusals(replace(GOOD, **changes), limits=limits)
    return told(reason)


CASES = [
    ({"purpose": Purpose.END_OF_PIPE}, "treatment at the end of the pipe alone", "can be financed"),
    ({"amount": D(49_999), "investment": None}, "begins at 50,000.00 MXN", "Ask for at least that"),
    ({"amount": D(900_001), "investment": None}, "goes up to 900,000.00 MXN", "Ask for at most that"),
    (
        {"amount": D(400_001)},
        "at most 80 % of the investment",
        "500,000.00 MXN the loan can be up to 400,000.00 MXN",
    ),
    ({"term_months": 49}, "longer than this kind of loan has", "at most 48 months"),
    ({"term_months": 5}, "shorter than this kind of loan has", "at least 6 months"),
    ({"grace_months": 13}, "time before repaying principal is longer", "at most 12 months"),
]


@pytest.mark.parametrize(("changes", "text", "change"), CASES)
def test_rules_A3_A4_a_refusal_names_the_limit_and_what_would_change_it(changes, text, change):
    found = said(**changes)
    assert found.rule in ("A-3", "A-4")
    assert text in plain(found.text)
    assert change in plain(found.change)


@pytest.mark.parametrize(
    ("because", "text"), [("base", "its share of the fund's capital"), ("cap", "a fixed amount")]
)
def test_rule_A4_the_room_left_under_each_limit_is_said(because, text):
    found = said(limits=replace(LIMITS, room=D("120000.00"), room_rule=because))
    assert text in found.text
    assert "may still borrow 120,000.00 MXN" in plain(found.change)


@pytest.mark.parametrize(
    ("changes", "change"),
    [({"grace_months": 2}, "at most 1 month."), ({"term_months": 2, "grace_months": 0}, "at most 1 month.")],
)
def test_rule_A4_one_month_is_said_in_the_singular(changes, change):
    short = replace(LIMITS, grace_max=1, term_min=1, term_max=1 if "term_months" in changes else 48)
    assert change in said(limits=short, **changes).change


@pytest.mark.parametrize("language", ["es", "fr"])
@pytest.mark.parametrize("case", range(len(CASES)))
def test_rule_G2_a_refusal_is_said_in_the_language_of_the_reader(catalogues, case, language):
    changes, text, change = CASES[case]
    with translation.override(language):
        found = said(**changes)
    assert text not in plain(found.text) and change not in plain(found.change)
    assert not re.search(r"%\(|months|loan|Choose", str(found))


def large(workers, sales):
    sizing = size_of(MEXICO, activity=Activity.INDUSTRY, workers=workers, sales=D(sales))
    (reason,) = refusals(GOOD, sizing=sizing, limits=LIMITS)
    return told(reason)


def test_rule_A2_a_large_firm_reads_the_figure_and_the_sales_that_would_make_it_medium():
    found = large(200, "400000000")
    assert "The firm counts as large: 380, where the limit is 250." in found.text
    assert "With 200 workers, yearly sales up to" in found.change and "MXN would be medium." in plain(
        found.change
    )


def test_rule_A2_of_so_many_workers_no_sales_make_a_medium_firm():
    found = large(2_600, "1000000")
    assert "With 2,600 workers no yearly sales would make it medium." in found.change
    assert (
        size_words(size_of(MEXICO, activity=Activity.INDUSTRY, workers=2_600, sales=D(1))) == "A large firm"
    )
