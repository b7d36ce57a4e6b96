"""Rule A-5: of two people in one field the second sees the first one's value. Pure."""

from decimal import Decimal
from itertools import product
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from projects.merging import Verdict, mark, packed, plain, unpacked, verdict

VALUES = st.one_of(st.text(max_size=8), st.integers(-5, 5), st.none(), st.booleans())


def test_equal_contents_have_one_mark():
    assert mark(Decimal("1.50")) == mark(Decimal("1.5")) == mark("1.5")
    assert mark(None) == mark("") == mark("  ")
    assert mark("one\r\ntwo") == mark("one\ntwo")
    assert mark(Decimal("100")) == mark(100)
    assert mark(Decimal("-0.0")) == mark(0)
    assert mark(SimpleNamespace(amount=Decimal("5.00"))) == mark(5)
    assert mark(SimpleNamespace(pk=3)) != mark(3)


def test_different_contents_have_different_marks():
    seen = ["", "0", 0.5, False, True, "a", "A", [1, 2], [2, 1], {"a": 1}, {"a": 2}, {"b": 1}]
    marks = [mark(value) for value in seen]
    assert len(set(marks)) == len(marks)


def test_rows_are_one_value_and_their_order_counts():
    lines = [{"concept": "Tank", "amount": Decimal("10.00")}, {"concept": "Pump", "amount": Decimal("5")}]
    same = [{"amount": Decimal("10"), "concept": "Tank "}, {"amount": Decimal("5.0"), "concept": "Pump"}]
    assert plain(lines) == plain(same)
    assert mark(lines) != mark(lines[::-1])


def test_rule_A5_the_second_saver_of_a_field_is_asked():
    assert verdict(shown=mark("a"), mine="b", theirs="c") is Verdict.CLASH
    assert verdict(shown=mark("a"), mine="b", theirs="c", accepted=mark("c")) is Verdict.WRITE
    assert verdict(shown=mark("a"), mine="b", theirs="d", accepted=mark("c")) is Verdict.CLASH


def test_rule_A5_who_touched_nothing_overwrites_nothing():
    assert verdict(shown=mark("a"), mine="a", theirs="c") is Verdict.KEEP
    assert verdict(shown=mark("a"), mine="b", theirs="a") is Verdict.WRITE
    assert verdict(shown=mark("a"), mine="b", theirs="b") is Verdict.SAME
    assert verdict(shown=None, mine="b", theirs="c") is Verdict.WRITE


@given(shown=VALUES, mine=VALUES, theirs=VALUES)
def test_rule_A5_nothing_unseen_is_ever_overwritten(shown, mine, theirs):
    found = verdict(shown=mark(shown), mine=mine, theirs=theirs)
    if found is Verdict.WRITE:
        assert mark(theirs) == mark(shown)
    if mark(mine) == mark(shown):
        assert found in (Verdict.SAME, Verdict.KEEP)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=1, max_size=12))
def test_rule_A5_every_value_that_was_replaced_had_been_seen(saves):
    """Two people with pages of their own, saving in any order: a value goes only under the eyes of its successor."""
    stored, shown = "", dict.fromkeys("abc", mark(""))
    for who, value in saves:
        found = verdict(shown=shown[who], mine=value, theirs=stored)
        if found is Verdict.WRITE:
            assert shown[who] == mark(stored)
            stored = value
        if found is not Verdict.KEEP:  # the page shows what stands, or asks
            shown[who] = mark(stored)


@given(st.dictionaries(st.sampled_from(["title", "rows", "workers", "state"]), VALUES.map(mark)))
def test_marks_travel_in_one_hidden_field(marks):
    assert unpacked(packed(marks)) == marks


def test_a_broken_hidden_field_is_no_memory():
    assert unpacked("") == unpacked("nonsense") == {}
    for text, name in product(("title:", "title:zz,,x"), ("title",)):
        assert name in unpacked(text)
