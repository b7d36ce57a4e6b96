"""Rule A-2: the worked figures of the regulation and of the law, and the edges between the classes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.sizing import Activity, SizeClass, size_of
from tests.projects.rules_of_size import CHILE, MEXICO, PESOS


def mexican(workers, millions, activity=Activity.INDUSTRY):
    return size_of(MEXICO, activity=activity, workers=workers, sales=Decimal(millions) * PESOS)


@pytest.mark.parametrize(
    ("workers", "millions", "score", "size"),
    [
        (10, "4.0", "4.60", SizeClass.MICRO),
        (12, "3", "3.90", SizeClass.MICRO),
        (40, "60", "58.00", SizeClass.SMALL),
        (50, "100", "95.00", SizeClass.SMALL),
        (51, "100", "95.10", SizeClass.MEDIUM),
        (250, "250", "250.00", SizeClass.MEDIUM),
        (250, "251", "250.90", SizeClass.LARGE),
        (0, "0", "0.00", SizeClass.MICRO),
    ],
)
def test_rule_A2_the_score_decides_the_class(workers, millions, score, size):
    sizing = mexican(workers, millions)
    assert (sizing.figure, sizing.size) == (Decimal(score), size)


def test_rule_A2_the_arithmetic_is_shown_term_by_term():
    sizing = mexican(40, "60")
    assert (sizing.workers_part, sizing.sales_part, sizing.cap) == (4, 54, 95)
    assert sizing.workers_part + sizing.sales_part == sizing.figure


@pytest.mark.parametrize(
    ("activity", "millions", "size"),
    [
        (Activity.INDUSTRY, "100", SizeClass.SMALL),
        (Activity.SERVICES, "100", SizeClass.SMALL),
        (Activity.TRADE, "100", SizeClass.SMALL),
        (Activity.TRADE, "104", SizeClass.MEDIUM),
        (Activity.SERVICES, "260", SizeClass.MEDIUM),
        (Activity.SERVICES, "262", SizeClass.LARGE),
        (Activity.INDUSTRY, "262", SizeClass.MEDIUM),
    ],
)
def test_rule_A2_the_caps_differ_by_activity(activity, millions, size):
    assert mexican(1, millions, activity).size == size


def test_rule_A2_where_workers_and_score_disagree_both_are_shown():
    sizing = mexican(12, "3")
    assert sizing.size == SizeClass.MICRO
    assert sizing.by_workers == SizeClass.SMALL
    assert sizing.disagrees
    assert not mexican(40, "60").disagrees


def test_rule_A2_a_large_firm_is_told_the_sales_that_would_change_it():
    sizing = mexican(250, "251")
    assert not sizing.eligible
    assert sizing.sales_limit == Decimal("250000000.00")
    assert mexican(250, sizing.sales_limit / PESOS).eligible


def test_rule_A2_with_too_many_workers_no_sales_would_help():
    assert mexican(3000, "1").sales_limit == 0


def test_rule_G4_an_indexed_country_counts_sales_in_its_unit():
    sizing = size_of(CHILE, activity=Activity.INDUSTRY, workers=30, sales=Decimal(39_000 * 20_000))
    assert (sizing.figure, sizing.size, sizing.by_workers) == (20_000, SizeClass.SMALL, None)
    assert sizing.sales_limit == 39_000 * 100_000
    assert sizing.workers_part == 0


def test_rule_A2_negative_figures_are_our_own_mistake():
    with pytest.raises(ValueError, match="negative"):
        mexican(-1, "1")


ORDER = list(SizeClass)


@given(
    workers=st.integers(0, 2000),
    cents=st.integers(0, 40_000_000_000),
    more=st.integers(1, 1_000_000_000),
    activity=st.sampled_from(Activity),
)
def test_rule_A2_more_sales_never_make_a_smaller_firm(workers, cents, more, activity):
    sales = Decimal(cents) / 100
    smaller = size_of(MEXICO, activity=activity, workers=workers, sales=sales)
    larger = size_of(MEXICO, activity=activity, workers=workers, sales=sales + more)
    assert ORDER.index(smaller.size) <= ORDER.index(larger.size)
    assert smaller.eligible == (smaller.figure <= MEXICO.caps[activity].medium)
