"""Rules C-4, C-8, C-9 and D-4: votes, result, and what it sets in motion."""

import pytest
from django.db import DatabaseError, connection, transaction
from djmoney.money import Money

from accounts.models import AuditEvent
from committee import decisions, sessions
from committee.models import Ballot, Resolution
from fund import capital
from tests.committee import votes
from tests.committee.conftest import FREE
from tests.stories import committee as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


# Votes -------------------------------------------------------------------------------------------


def test_rule_C4_nobody_votes_before_the_vote_is_open(item):
    with refused("C-4", "not open"):
        votes.cast(item, "carlos")
    votes.open_vote(item)
    votes.cast(item, "carlos")


def test_rule_C4_a_member_votes_once_and_may_change_until_it_is_closed(item):
    votes.open_vote(item)
    votes.cast(item, "carlos", "for")
    votes.cast(item, "carlos", "against")
    votes.cast(item, "carlos", "against")
    assert Ballot.objects.get(item=item).vote == "against"
    trail = AuditEvent.objects.filter(verb="ballot.cast").order_by("pk")
    assert [row.after["vote"] for row in trail] == ["for", "against"]


@pytest.mark.parametrize("name", ["hector", "sofia", "tomas", "rosa"])
def test_rule_X2_who_is_no_member_does_not_vote(item, name):
    votes.open_vote(item)
    with denied():
        votes.cast(item, name)


def test_rule_C3_an_absent_member_does_not_vote(item):
    votes.leave(item, "vera")
    votes.open_vote(item)
    with denied("present"):
        votes.cast(item, "vera")


def test_rule_C4_a_seat_has_one_vote_whoever_sits_in_it(item):
    votes.alternate("UNAM", "ines")
    votes.open_vote(item)
    votes.cast(item, "quinn")
    votes.leave(item, "quinn")
    sessions.mark_present(
        session=item.session, seat=story.seat("CT", "UNAM"), person=person("ines"), by=person("sofia"), on=DAY
    )
    with refused("C-4", "One seat, one vote"):
        votes.cast(item, "ines", "against")
    assert Ballot.objects.filter(item=item).count() == 1


def test_rule_C4_the_holder_speaks_while_both_are_here(item):
    votes.alternate("UNAM", "ines")
    sessions.mark_present(
        session=item.session, seat=story.seat("CT", "UNAM"), person=person("ines"), by=person("sofia"), on=DAY
    )
    votes.open_vote(item)
    with denied():
        votes.cast(item, "ines")
    votes.cast(item, "quinn")


def test_rule_C4_a_vote_is_for_against_or_an_abstention(item):
    votes.open_vote(item)
    with bad_input("vote"):
        votes.cast(item, "carlos", "perhaps")


def test_rule_C1_a_seat_with_voice_does_not_vote(item):
    seat = story.seat("CT", "WEC")
    type(seat).objects.filter(pk=seat.pk).update(votes=False)
    votes.open_vote(item)
    with refused("C-1", "voice"):
        votes.cast(item, "vera")


def test_rule_C4_the_secretary_records_a_roll_call_marked_so(item):
    votes.open_vote(item)
    ballot = decisions.record_vote(
        item=item, seat=story.seat("CT", "UNAM"), vote="abstain", by=person("sofia"), on=DAY
    )
    assert (ballot.person, ballot.by_roll_call, ballot.recorded_by) == (
        person("quinn"),
        True,
        person("sofia"),
    )
    with denied():
        decisions.record_vote(
            item=item, seat=story.seat("CT", "UNAM"), vote="for", by=person("carlos"), on=DAY
        )


def test_rule_C4_a_roll_call_asks_only_who_may_vote(item):
    votes.leave(item, "quinn")
    votes.step_back(item, "vera")
    votes.open_vote(item)
    for seat, rule in (("UNAM", "C-3"), ("FUNTEC", "C-3"), ("WEC", "C-5")):
        with refused(rule):
            decisions.record_vote(
                item=item, seat=story.seat("CT", seat), vote="for", by=person("sofia"), on=DAY
            )
    with refused("C-1"):
        decisions.record_vote(item=item, seat=story.seat("CE", "IPN"), vote="for", by=person("sofia"), on=DAY)


def test_rule_C4_one_vote_for_all_present_leaves_those_who_voted_and_the_recused(item):
    """The chair asks “all in favour?”: whoever voted keeps the vote, whoever stepped back has none."""
    votes.step_back(item, "vera")
    votes.open_vote(item)
    votes.cast(item, "quinn", "against")
    ballots = decisions.record_roll_call(item=item, votes="for", by=person("sofia"), on=DAY)
    assert ballots
    assert all(ballot.by_roll_call and ballot.vote == "for" for ballot in ballots)
    said = dict(Ballot.objects.filter(item=item).values_list("person__email", "vote"))
    assert said.pop(person("quinn").email) == "against"
    assert person("vera").email not in said
    assert len(said) == len(ballots)


def test_rule_C4_a_vote_for_all_is_a_vote_and_the_secretarys_to_write(item):
    votes.open_vote(item)
    with bad_input("vote", "Vote for, against, or abstain"):
        decisions.record_roll_call(item=item, votes="perhaps", by=person("sofia"), on=DAY)
    with denied():
        decisions.record_roll_call(item=item, votes="for", by=person("carlos"), on=DAY)
    assert not Ballot.objects.filter(item=item).exists()


def test_the_database_refuses_a_ballot_for_another_without_a_roll_call(item):
    votes.open_vote(item)
    with pytest.raises(DatabaseError), transaction.atomic():
        Ballot.objects.create(
            item=item, seat=story.seat("CT", "UNAM"), person=person("quinn"), vote="for",
            recorded_by=person("sofia"), cast_on=DAY,
        )  # fmt: skip


# Results -----------------------------------------------------------------------------------------


def test_rule_C9_resolutions_are_numbered_by_body_year_and_session_without_gaps(seated):
    matters = [{**FREE, "reference": f"NOTE-{n}"} for n in range(3)]
    session = story.opened(story.called("CT", *matters, held_on=DAY))
    first, second, third = session.items.all()
    story.voted(first, story.unanimous("CT"))
    assert votes.close(first).number == "CT-2026-01-R01"
    votes.open_vote(second)
    with refused("C-4"):
        votes.close(second)
    sessions.put_off(item=second, reason="Nobody spoke.", by=person("sofia"), on=DAY)
    story.voted(third, story.unanimous("CT"))
    assert votes.close(third).number == "CT-2026-01-R02"
    session = story.opened(story.called("CE", {**FREE, "reference": "NOTE-9"}, held_on=DAY))
    story.voted(session.items.get(), story.unanimous("CE"))
    assert votes.close(session.items.get()).number == "CE-2026-01-A01"


def test_rule_C4_no_vote_cast_decides_nothing(item):
    story.voted(item, story.unanimous("CT", "abstain"))
    with refused("C-4", "nothing is decided"):
        votes.close(item)
    assert not Resolution.objects.exists()


def test_rule_C4_two_thirds_for_a_rule_change(seated):
    matter = {**FREE, "kind": "rule_change"}
    session = story.opened(story.called("CT", matter, held_on=DAY))
    split = dict.fromkeys(("carlos", "claire", "nora"), "for") | dict.fromkeys(("pablo", "quinn"), "against")
    item = story.voted(session.items.get(), split)
    resolution = votes.close(item)
    assert (resolution.outcome, resolution.tally["majority"]) == ("rejected", "two_thirds")


def test_rule_E4_the_commission_recommends_and_reserves_nothing(seated, application):
    story.evaluated(application)
    agreement = story.recommended(application, amount=Money("300000.00", "MXN"))
    assert (agreement.number, application.state) == ("CE-2026-01-A01", "recommended")
    assert capital.reserved(application.ref) == []


def test_rule_E4_the_commission_may_not_recommend_and_the_committee_decides(seated, application):
    story.evaluated(application)
    story.recommended(application, vote="against")
    assert application.state == "not_recommended"
    story.decided(application)
    assert application.state == "approved"


def test_rule_E4_a_commission_that_defers_leaves_the_application_where_it_is(seated, application):
    story.evaluated(application)
    day = DAY + story.NOTICE
    session = story.opened(story.called("CE", application, held_on=day))
    item = story.voted(session.items.get(), {"hector": "for", "julia": "against", "ines": "for"})
    assert votes.close(item, on=day).outcome == "deferred"
    application.refresh_from_db()
    assert application.state == "evaluating"


def test_rule_C8_a_closed_vote_does_not_change(item):
    story.voted(item, story.unanimous("CT"))
    resolution = votes.close(item)
    with refused("C-8", "does not change"):
        votes.cast(item, "carlos", "against")
    for statement in (
        "UPDATE committee_ballot SET vote = 'against'",
        "DELETE FROM committee_ballot",
        (
            "INSERT INTO committee_ballot (item_id, seat_id, person_id, vote, by_roll_call, recorded_by_id, cast_on, "
            "cast_at) SELECT item_id, seat_id + 100, person_id, vote, by_roll_call, recorded_by_id, cast_on, cast_at "
            "FROM committee_ballot LIMIT 1"
        ),
        "UPDATE committee_resolution SET outcome = 'rejected'",
        "UPDATE committee_resolution SET tally = '{}'",
        "DELETE FROM committee_resolution",
        "UPDATE committee_agendaitem SET state = 'voting'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    resolution.refresh_from_db()
    assert resolution.outcome == "approved"


def test_rule_C8_the_record_holds_all_it_was_taken_under(item):
    votes.step_back(item, "vera")
    votes.leave(item, "quinn")
    story.voted(item, {"carlos": "for", "claire": "for", "nora": "abstain"})
    resolution = votes.close(item)
    assert resolution.tally["in_favour"] == 2
    assert resolution.tally["abstained"] == 1
    seats = {row["seat"]: row for row in resolution.presence}
    assert (seats["CONCAMIN"]["acting"], seats["CONCAMIN"]["vote"]) == ("Carlos Vega", "for")
    assert (seats["USCIB"]["acting"], seats["USCIB"]["vote"]) == ("Pablo Soto", "")
    assert (seats["WEC"]["recused"], seats["UNAM"]["acting"], seats["FUNTEC"]["people"]) == (True, "", [])
    assert resolution.paper_hash == item.paper_hash
    assert resolution.rules["presiding_needed"] == 2


def test_rule_C9_a_withdrawn_number_stays_visible(item):
    story.voted(item, story.unanimous("CT"))
    resolution = votes.close(item)
    with bad_input("reason"):
        decisions.withdraw_resolution(resolution=resolution, reason="", by=person("sofia"), on=DAY)
    with denied():
        decisions.withdraw_resolution(resolution=resolution, reason="x", by=person("carlos"), on=DAY)
    decisions.withdraw_resolution(
        resolution=resolution, reason="Taken by mistake.", by=person("sofia"), on=DAY
    )
    resolution.refresh_from_db()
    assert (resolution.withdrawn_on, resolution.number) == (DAY, "CT-2026-01-R01")
    assert decisions.resolution_for(item.reference) is None
    with refused("C-9"):
        decisions.withdraw_resolution(resolution=resolution, reason="again", by=person("sofia"), on=DAY)
