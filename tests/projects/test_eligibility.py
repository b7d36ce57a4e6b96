"""Rules A-2 to A-4: each refusal names its rule and the figure that would change it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from projects.eligibility import Asked, Limits, Purpose, largest_loan, refusals, room_left, sector_share
from projects.sizing import Activity, size_of
from tests.projects.rules_of_size import MEXICO, PESOS

LIMITS = Limits(
    currency="MXN",
    minimum=Decimal(50_000),
    maximum=Decimal(900_000),
    loan_share_max=Decimal("0.80"),
    term_max=48,
    grace_max=12,
    term_min=6,
)
GOOD = Asked(
    purpose=Purpose.REUSE,
    amount=Decimal(400_000),
    investment=Decimal(500_000),
    term_months=36,
    grace_months=6,
)


def codes(asked, **kw):
    return [(reason.rule, reason.code) for reason in refusals(asked, limits=LIMITS, **kw)]


def test_rule_A4_at_the_limit_of_the_share_it_is_allowed():
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"purpose": Purpose.END_OF_PIPE}, ("A-3", "end_of_pipe")),
        ({"amount": Decimal("49999.99"), "investment": None}, ("A-4", "below_minimum")),
        ({"amount": Decimal("900000.01"), "investment": None}, ("A-4", "above_maximum")),
        ({"amount": Decimal("400000.01")}, ("A-4", "share_too_large")),
        ({"term_months": 49}, ("A-4", "term_too_long")),
        ({"term_months": 5}, ("A-4", "term_too_short")),
        ({"grace_months": 13}, ("A-4", "grace_too_long")),
    ],
)
def test_rules_A3_A4_one_thing_wrong_one_reason(change, reason):
    assert codes(replace(GOOD, **change)) == [reason]


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose != Purpose.END_OF_PIPE])
def test_rule_A3_prevention_and_audit_plans_are_eligible(purpose):
    assert codes(replace(GOOD, purpose=purpose)) == []


def test_rule_A2_a_large_firm_is_refused_first():
    large = size_of(MEXICO, activity=Activity.INDUSTRY, workers=250, sales=251 * PESOS)
    assert codes(replace(GOOD, purpose=Purpose.END_OF_PIPE), sizing=large) == [
        ("A-2", "large"),
        ("A-3", "end_of_pipe"),
    ]


def test_rule_A4_the_reason_bears_the_figure_that_would_change_it():
    (reason,) = refusals(replace(GOOD, amount=Decimal(450_000)), limits=LIMITS)
    assert (reason.field, reason.facts["limit"], reason.facts["share"]) == ("amount", 400_000, 80)


def test_what_is_not_said_yet_is_not_refused():
    assert codes(Asked()) == []


@pytest.mark.parametrize(
    ("investment", "largest"),
    [("500000", "400000.00"), ("0.01", "0.00"), ("33333.33", "26666.66")],
)
def test_rule_A4_the_largest_loan_is_rounded_down(investment, largest):
    assert largest_loan(Decimal(investment), Decimal("0.80")) == Decimal(largest)


@pytest.mark.parametrize(
    ("exposure", "base", "room", "which"),
    [
        ("0", "1000000", "50000", "cap"),
        ("0", "900000", "45000.00", "base"),
        ("20000", "900000", "25000.00", "base"),
        ("60000", "2000000", "-10000", "cap"),
    ],
)
def test_rule_A4_exposure_has_two_limits_and_the_nearer_one_counts(exposure, base, room, which):
    found = room_left(
        exposure=Decimal(exposure),
        base=Decimal(base),
        cap=Decimal(50_000),
        base_share=Decimal("0.05"),
    )
    assert found == (Decimal(room), which)


def test_rule_A4_beyond_the_room_names_the_nearer_limit():
    limits = replace(LIMITS, room=Decimal(300_000), room_rule="base")
    (reason,) = refusals(GOOD, limits=limits)
    assert (reason.code, reason.facts["limit"], reason.facts["because"]) == ("exposure", 300_000, "base")


def test_rule_A4_a_sector_counts_this_loan_too():
    share = sector_share(
        sector_usd=Decimal(700_000), portfolio_usd=Decimal(950_000), amount_usd=Decimal(50_000)
    )
    assert share == Decimal("0.7500")
    assert sector_share(sector_usd=Decimal(0), portfolio_usd=Decimal(0), amount_usd=Decimal(0)) == 0
