"""A body's dated rule set (rules C-3, C-4): which one holds on a day, and which majority a kind needs."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee.rules import RuleSet, in_force
from committee.voting import Majority

FIRST = RuleSet(1, date(1996, 9, 1), 2, frozenset({"write_off", "rule_change"}))
SECOND = RuleSet(2, date(2026, 1, 1), 1)


def test_rule_C4_loans_by_majority_and_write_offs_by_two_thirds():
    assert FIRST.majority("application") is Majority.SIMPLE
    assert FIRST.majority("write_off") is Majority.TWO_THIRDS


def test_rule_C8_the_rules_of_the_day_hold():
    both = [SECOND, FIRST]
    assert in_force(both, date(1996, 8, 31)) is None
    assert in_force(both, date(1996, 9, 1)) == FIRST
    assert in_force(both, date(2025, 12, 31)) == FIRST
    assert in_force(both, date(2026, 1, 1)) == SECOND


def test_rule_C8_a_correction_of_the_same_day_is_the_later_version():
    corrected = RuleSet(3, SECOND.since, 2)
    assert in_force([corrected, SECOND], SECOND.since) == corrected


@given(
    st.integers(1, 99),
    st.dates(),
    st.integers(0, 2),
    st.frozensets(st.sampled_from(["write_off", "donation", "credit_line", "rule_change"])),
)
def test_rule_C8_property_a_stored_rule_set_reads_back_as_itself(version, since, heads, kinds):
    rules = RuleSet(version, since, heads, kinds)
    assert RuleSet.from_dict(rules.to_dict()) == rules


@given(st.lists(st.dates(), min_size=1, max_size=8), st.dates())
def test_rule_C8_property_exactly_the_youngest_begun_holds(days, day):
    sets = [RuleSet(n, since, 1) for n, since in enumerate(days, 1)]
    found = in_force(sets, day)
    if found is None:
        assert all(since > day for since in days)
    else:
        assert found.since <= day
        assert not [s for s in sets if found.since < s.since <= day]
    assert in_force(sets, max(days) + timedelta(days=1)) if max(days) < date.max else True
