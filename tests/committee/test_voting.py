"""Rules C-3 and C-4 as pure arithmetic: no database, worked figures first, properties after."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.voting import Chair, Majority, Outcome, Vote, carries, quorum, tally

FOR, AGAINST, ABSTAIN = Vote.FOR, Vote.AGAINST, Vote.ABSTAIN


def seats(filled, *, present, heads=2, votes=True):
    """`filled` seats, of which the first `present` are in the room; the first `heads` preside."""
    return [
        Chair(
            f"s{n}",
            (f"p{n}",),
            (f"p{n}",) if n < present else (),
            votes,
            presides=n < heads,
        )
        for n in range(filled)
    ]


@pytest.mark.parametrize(
    ("filled", "needed"),
    [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4), (8, 5), (12, 7)],
)
def test_rule_C3_quorum_is_half_of_the_filled_seats_rounded_down_plus_one(filled, needed):
    heads = min(2, filled)
    enough = quorum(seats(filled, present=needed, heads=heads), recused=(), presiding_needed=2)
    short = quorum(seats(filled, present=needed - 1, heads=heads), recused=(), presiding_needed=2)
    assert (enough.needed, enough.is_met) == (needed, True)
    assert (short.needed, short.is_met) == (needed, False)


def test_rule_C3_no_filled_seat_makes_no_quorum():
    assert not quorum([], recused=(), presiding_needed=0).is_met
    assert not quorum([Chair("empty", ())], recused=(), presiding_needed=0).is_met


def test_rule_C3_a_vacant_seat_is_not_counted():
    chairs = [*seats(6, present=4), Chair("vacant", ())]
    assert quorum(chairs, recused=(), presiding_needed=2).counted == 6


def test_rule_C3_a_seat_with_voice_only_makes_no_quorum():
    voice = Chair("donor", ("d",), ("d",), votes=False)
    result = quorum([*seats(6, present=3), voice], recused=(), presiding_needed=2)
    assert (result.counted, result.present, result.is_met) == (6, 3, False)


def test_rule_C3_the_technical_committee_needs_both_co_chairs():
    chairs = seats(7, present=7)
    one_away = [Chair("s0", ("p0",), (), True, True), *chairs[1:]]
    assert quorum(chairs, recused=(), presiding_needed=2).is_met
    result = quorum(one_away, recused=(), presiding_needed=2)
    assert (result.present, result.presiding, result.is_met) == (6, 1, False)


def test_rule_C3_the_commission_needs_one_of_its_two_heads():
    chairs = seats(6, present=6)
    one_away = [Chair("s0", ("p0",), (), True, True), *chairs[1:]]
    both_away = [*one_away[:1], Chair("s1", ("p1",), (), True, True), *chairs[2:]]
    assert quorum(one_away, recused=(), presiding_needed=1).is_met
    assert not quorum(both_away, recused=(), presiding_needed=1).is_met


def test_rule_C3_an_alternate_sits_for_the_holder():
    chair = Chair("s0", ("holder", "alternate"), ("alternate",), True, True)
    assert chair.acting(()) == "alternate"
    assert quorum([chair], recused=(), presiding_needed=1).is_met


def test_rule_C3_the_holder_speaks_when_both_are_in_the_room():
    assert Chair("s0", ("holder", "alternate"), ("alternate", "holder")).acting(()) == "holder"


def test_rule_C3_a_seat_is_recused_only_if_nobody_of_it_may_act():
    chair = Chair("s0", ("holder", "alternate"), ("holder",))
    assert not chair.is_recused({"holder"})
    assert chair.is_recused({"holder", "alternate"})
    assert chair.acting({"holder"}) is None, "the alternate may act, but is not here"
    assert not Chair("vacant", ()).is_recused({"holder"})


def test_rule_C3_the_recused_leave_both_sides_of_the_count():
    chairs = seats(7, present=5)
    before = quorum(chairs, recused=(), presiding_needed=2)
    after = quorum(chairs, recused={"p4"}, presiding_needed=2)
    assert (before.counted, before.needed, before.present) == (7, 4, 5)
    assert (after.counted, after.needed, after.present) == (6, 4, 4)


def test_rule_C3_quorum_can_fall_by_a_recusal():
    chairs = seats(6, present=4)
    assert quorum(chairs, recused=(), presiding_needed=2).is_met
    fallen = quorum(chairs, recused={"p2"}, presiding_needed=2)
    assert (fallen.counted, fallen.needed, fallen.present, fallen.is_met) == (
        5,
        3,
        3,
        True,
    )
    assert not quorum(chairs, recused={"p2", "p3"}, presiding_needed=2).is_met


def test_rule_C3_a_recused_co_chair_does_not_block_but_an_absent_one_does():
    chairs = seats(7, present=7)
    recused = quorum(chairs, recused={"p0"}, presiding_needed=2)
    assert (recused.presiding_needed, recused.presiding, recused.is_met) == (1, 1, True)
    other_away = [chairs[0], Chair("s1", ("p1",), (), True, True), *chairs[2:]]
    assert not quorum(other_away, recused={"p0"}, presiding_needed=2).is_met
    both = quorum(chairs, recused={"p0", "p1"}, presiding_needed=2)
    assert (both.presiding_needed, both.is_met) == (0, True)


def test_rule_C3_a_vacant_co_chair_seat_blocks():
    chairs = [Chair("s0", (), (), True, True), *seats(7, present=7)[1:]]
    assert not quorum(chairs, recused=(), presiding_needed=2).is_met


def test_rule_C3_the_figures_are_kept_with_the_decision():
    figures = quorum(seats(7, present=5), recused={"p6"}, presiding_needed=2).to_dict()
    assert figures == {
        "counted": 6,
        "needed": 4,
        "present": 5,
        "presiding_needed": 2,
        "presiding": 2,
        "met": True,
    }


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=12),
    st.integers(0, 2),
)
def test_rule_C3_property_nobody_counts_twice_and_the_met_quorum_is_more_than_half(rows, heads_needed):
    chairs = [
        Chair(
            f"s{n}",
            (f"p{n}",) if filled else (),
            (f"p{n}",) if present else (),
            True,
            n < 2,
        )
        for n, (filled, present, _) in enumerate(rows)
    ]
    recused = {f"p{n}" for n, (_, _, out) in enumerate(rows) if out}
    result = quorum(chairs, recused=recused, presiding_needed=heads_needed)
    assert result.present <= result.counted <= len(chairs)
    if result.is_met:
        assert 2 * result.present > result.counted
    everyone = [Chair(c.code, c.people, c.people, c.votes, c.presides) for c in chairs]
    assert quorum(everyone, recused=recused, presiding_needed=heads_needed).present == result.counted


@pytest.mark.parametrize(
    ("votes", "majority", "expected"),
    [
        ([FOR, FOR, AGAINST], Majority.SIMPLE, Outcome.APPROVED),
        ([FOR, AGAINST, AGAINST], Majority.SIMPLE, Outcome.REJECTED),
        ([FOR, AGAINST], Majority.SIMPLE, Outcome.DEFERRED),
        ([FOR, ABSTAIN, ABSTAIN, ABSTAIN], Majority.SIMPLE, Outcome.APPROVED),
        ([ABSTAIN, ABSTAIN, ABSTAIN], Majority.SIMPLE, Outcome.UNDECIDED),
        ([], Majority.SIMPLE, Outcome.UNDECIDED),
        ([FOR, FOR, AGAINST], Majority.TWO_THIRDS, Outcome.APPROVED),
        ([FOR, FOR, FOR, AGAINST, AGAINST], Majority.TWO_THIRDS, Outcome.REJECTED),
        ([FOR] * 4 + [AGAINST] * 2, Majority.TWO_THIRDS, Outcome.APPROVED),
        ([FOR, AGAINST], Majority.TWO_THIRDS, Outcome.DEFERRED),
        ([AGAINST], Majority.TWO_THIRDS, Outcome.REJECTED),
    ],
)
def test_rule_C4_what_a_count_decides(votes, majority, expected):
    cast = {f"s{n}": vote for n, vote in enumerate(votes)}
    assert tally(cast, majority=majority).outcome is expected


def test_rule_C4_the_co_chairs_opposed_defer_even_a_clear_majority():
    votes = {"concamin": FOR, "cec": AGAINST, "unam": FOR, "wec": FOR, "ccib": FOR}
    assert tally(votes, presiding=("concamin", "cec")).outcome is Outcome.DEFERRED
    again = tally(votes, presiding=("concamin", "cec"), deferred_before=True)
    assert (again.outcome, again.majority, again.chairs_opposed) == (
        Outcome.APPROVED,
        Majority.TWO_THIRDS,
        True,
    )


def test_rule_C4_a_co_chair_who_abstains_opposes_nobody():
    votes = {"concamin": FOR, "cec": ABSTAIN, "unam": FOR, "wec": AGAINST}
    result = tally(votes, presiding=("concamin", "cec"))
    assert (result.outcome, result.chairs_opposed) == (Outcome.APPROVED, False)


@pytest.mark.parametrize(
    ("in_favour", "against", "expected"),
    [
        (2, 2, Outcome.REJECTED),
        (3, 2, Outcome.REJECTED),
        (2, 1, Outcome.APPROVED),
        (0, 3, Outcome.REJECTED),
    ],
)
def test_rule_C4_after_one_deferral_two_thirds_or_rejected(in_favour, against, expected):
    votes = {f"f{n}": FOR for n in range(in_favour)} | {f"a{n}": AGAINST for n in range(against)}
    assert tally(votes, deferred_before=True).outcome is expected


def test_rule_C8_a_tally_is_kept_as_figures():
    kept = tally({"a": FOR, "b": ABSTAIN, "c": AGAINST, "d": FOR}).to_dict()
    assert kept == {
        "in_favour": 2,
        "against": 1,
        "abstained": 1,
        "cast": 3,
        "majority": "simple",
        "chairs_opposed": False,
        "deferred_before": False,
        "outcome": "approved",
    }


ballots = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(list(Vote)))


@given(ballots, st.sampled_from(list(Majority)))
def test_rule_C4_property_the_second_vote_always_decides(votes, majority):
    result = tally(votes, presiding="ab", majority=majority, deferred_before=True)
    assert result.outcome is not Outcome.DEFERRED
    assert (result.outcome is Outcome.UNDECIDED) == (result.cast == 0)


@given(ballots, st.sampled_from(list(Majority)), st.booleans())
def test_rule_C4_property_abstentions_change_nothing(votes, majority, before):
    without = {seat: vote for seat, vote in votes.items() if vote is not ABSTAIN}
    kwargs = {"presiding": "ab", "majority": majority, "deferred_before": before}
    assert tally(votes, **kwargs).outcome is tally(without, **kwargs).outcome


@given(ballots, st.sampled_from(list(Majority)), st.booleans())
def test_rule_C4_property_one_more_vote_in_favour_never_hurts(votes, majority, before):
    """Votes that tie nothing and oppose no co-chair: what carried before carries with one more."""
    kwargs = {"majority": majority, "deferred_before": before}
    if tally(votes, **kwargs).outcome is Outcome.APPROVED:
        assert tally(votes | {"extra": FOR}, **kwargs).outcome is Outcome.APPROVED


def test_rule_C4_two_thirds_are_whole_numbers_for_every_small_count():
    for in_favour, against in product(range(40), repeat=2):
        cast = in_favour + against
        expected = cast > 0 and in_favour * 3 >= cast * 2
        assert carries(in_favour, against, Majority.TWO_THIRDS) is expected
        assert carries(in_favour, against, Majority.SIMPLE) is (in_favour > against)
