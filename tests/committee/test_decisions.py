"""Rules C-3 to C-5, C-8, C-9 and D-4: interest, vote, result, and what it sets in motion."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from djmoney.money import Money

from accounts.models import AuditEvent
from committee import bodies, conditions, decisions, sessions
from committee.models import Ballot, Declaration, Resolution
from fund import capital
from tests.committee.conftest import FREE
from tests.stories import committee as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


def open_vote(item, on=DAY):
    decisions.open_vote(item=item, by=person("sofia"), on=on)
    item.refresh_from_db()


def cast(item, name, vote="for", on=DAY):
    return decisions.cast_vote(item=item, vote=vote, by=person(name), on=on)


def close(item, on=DAY, **options):
    return decisions.close_item(item=item, by=person("sofia"), on=on, **options)


def leave(item, *names):
    for name in names:
        sessions.mark_present(
            session=item.session, seat=story.seat("CT", story.SEAT_OF[name]), person=person(name),
            present=False, by=person("sofia"), on=DAY,
        )  # fmt: skip


def alternate(seat, name, since=DAY - timedelta(days=30)):
    bodies.appoint(
        seat=story.seat("CT", seat),
        person=person(name),
        alternate=True,
        since=since,
        by=person("sofia"),
        on=DAY,
    )


def step_back(item, name, reason_class="business", by=None):
    return decisions.declare_interest(
        item=item, reason_class=reason_class, person=person(name), by=person(by or name), on=DAY
    )


# Quorum ------------------------------------------------------------------------------------------


def test_rule_C3_no_vote_without_quorum(item):
    leave(item, "nora", "pablo", "quinn")
    with refused("C-3", "3 of the 6 seats that count are present, 4 are needed"):
        open_vote(item)
    story_back(item, "nora")
    open_vote(item)
    assert item.quorum == {
        "counted": 6, "needed": 4, "present": 4, "presiding_needed": 2, "presiding": 2, "met": True,
    }  # fmt: skip


def story_back(item, name):
    sessions.mark_present(
        session=item.session, seat=story.seat("CT", story.SEAT_OF[name]), person=person(name),
        by=person("sofia"), on=DAY,
    )  # fmt: skip


def test_rule_C3_both_co_chairs_are_needed(item):
    leave(item, "claire")
    with refused("C-3", "presiding seats present, 2 needed"):
        open_vote(item)


def test_rule_C3_an_alternate_sits_for_an_absent_co_chair(item):
    leave(item, "claire")
    alternate("CEC", "julia")
    sessions.mark_present(
        session=item.session, seat=story.seat("CT", "CEC"), person=person("julia"), by=person("sofia"), on=DAY
    )
    open_vote(item)
    assert cast(item, "julia").seat == story.seat("CT", "CEC")


def test_rule_C3_if_quorum_falls_the_item_waits(item):
    open_vote(item)
    cast(item, "carlos")
    leave(item, "nora", "pablo", "quinn")
    with refused("C-3"):
        close(item)
    sessions.put_off(item=item, reason="Quorum fell.", by=person("sofia"), on=DAY)
    assert not Resolution.objects.exists()


def test_rule_C3_the_commission_needs_one_of_its_heads(seated):
    item = story.opened(story.called("CE", FREE, held_on=DAY), absent=("hector",)).items.get()
    open_vote(item)
    other = {**FREE, "reference": "NOTE-2"}
    item = story.opened(story.called("CE", other, held_on=DAY), absent=("hector", "julia")).items.get()
    with refused("C-3", "presiding"):
        open_vote(item)


# Interest ----------------------------------------------------------------------------------------


def test_rule_C5_a_member_with_an_interest_does_not_vote(item):
    open_vote(item)
    cast(item, "vera")
    step_back(item, "vera")
    with refused("C-5", "do not vote"):
        cast(item, "vera")


def test_rule_C5_a_vote_given_before_does_not_count(item):
    story.voted(item, {"carlos": "for", "claire": "for", "vera": "against"})
    step_back(item, "vera")
    assert not Ballot.objects.filter(item=item, person=person("vera")).exists()
    assert AuditEvent.objects.filter(verb="ballot.withdrawn").get().before == {"vote": "against"}
    assert close(item).tally["against"] == 0


def test_rule_C5_the_record_says_who_and_the_class_only(item):
    decisions.declare_interest(
        item=item, reason_class="family", statement="My cousin owns it.", by=person("vera"), on=DAY
    )
    story.voted(item, {"carlos": "for", "claire": "for"})
    resolution = close(item)
    assert resolution.recusals == [
        {"seat": "WEC", "person": str(person("vera").pk), "name": "Vera Luna", "class": "family"}
    ]
    assert "cousin" not in str(resolution.presence) + str(resolution.recusals)


def test_rule_C5_the_recused_leave_both_sides_of_the_count(item):
    step_back(item, "vera")
    open_vote(item)
    assert (item.quorum["counted"], item.quorum["present"]) == (5, 5)


def test_rule_C5_the_alternate_may_act_for_a_recused_holder(item):
    alternate("WEC", "hector")
    step_back(item, "vera")
    sessions.mark_present(
        session=item.session,
        seat=story.seat("CT", "WEC"),
        person=person("hector"),
        by=person("sofia"),
        on=DAY,
    )
    open_vote(item)
    assert item.quorum["counted"] == 6
    assert cast(item, "hector").seat.code == "WEC"


def test_rule_C5_a_recused_co_chair_does_not_block(item):
    step_back(item, "claire")
    open_vote(item)
    assert (item.quorum["presiding_needed"], item.quorum["presiding"]) == (1, 1)


def test_rule_C5_the_secretary_records_what_a_member_says(item):
    step_back(item, "vera", by="sofia")
    assert Declaration.objects.get(matter=item.matter).person == person("vera")
    with denied():
        step_back(item, "nora", by="pablo")


def test_rule_C5_an_interest_names_its_class_and_only_members_declare(item):
    with bad_input("reason_class"):
        step_back(item, "vera", reason_class="secret")
    with denied("members of the body"):
        step_back(item, "hector")


def test_rule_C5_a_closed_item_takes_no_more_declarations(item):
    story.voted(item, story.unanimous("CT"))
    close(item)
    with refused("C-5", "closed"):
        step_back(item, "vera")


def test_rule_E1_a_conflict_of_the_evaluation_holds_in_the_committee(on_agenda):
    assert not Declaration.objects.filter(matter=on_agenda.matter, conflict=True).exists()
    decisions.declare_interest(item=on_agenda, reason_class="family", by=person("nora"), on=DAY)
    open_vote(on_agenda, on=on_agenda.session.held_on)
    with refused("C-5"):
        cast(on_agenda, "nora", on=on_agenda.session.held_on)


# Votes -------------------------------------------------------------------------------------------


def test_rule_C4_nobody_votes_before_the_vote_is_open(item):
    with refused("C-4", "not open"):
        cast(item, "carlos")
    open_vote(item)
    cast(item, "carlos")


def test_rule_C4_a_member_votes_once_and_may_change_until_it_is_closed(item):
    open_vote(item)
    cast(item, "carlos", "for")
    cast(item, "carlos", "against")
    cast(item, "carlos", "against")
    assert Ballot.objects.get(item=item).vote == "against"
    trail = AuditEvent.objects.filter(verb="ballot.cast").order_by("pk")
    assert [row.after["vote"] for row in trail] == ["for", "against"]


@pytest.mark.parametrize("name", ["hector", "sofia", "tomas", "rosa"])
def test_rule_X2_who_is_no_member_does_not_vote(item, name):
    open_vote(item)
    with denied():
        cast(item, name)


def test_rule_C3_an_absent_member_does_not_vote(item):
    leave(item, "vera")
    open_vote(item)
    with denied("present"):
        cast(item, "vera")


def test_rule_C4_a_seat_has_one_vote_whoever_sits_in_it(item):
    alternate("UNAM", "ines")
    open_vote(item)
    cast(item, "quinn")
    leave(item, "quinn")
    sessions.mark_present(
        session=item.session, seat=story.seat("CT", "UNAM"), person=person("ines"), by=person("sofia"), on=DAY
    )
    with refused("C-4", "One seat, one vote"):
        cast(item, "ines", "against")
    assert Ballot.objects.filter(item=item).count() == 1


def test_rule_C4_the_holder_speaks_while_both_are_here(item):
    alternate("UNAM", "ines")
    sessions.mark_present(
        session=item.session, seat=story.seat("CT", "UNAM"), person=person("ines"), by=person("sofia"), on=DAY
    )
    open_vote(item)
    with denied():
        cast(item, "ines")
    cast(item, "quinn")


def test_rule_C4_a_vote_is_for_against_or_an_abstention(item):
    open_vote(item)
    with bad_input("vote"):
        cast(item, "carlos", "perhaps")


def test_rule_C1_a_seat_with_voice_does_not_vote(item):
    seat = story.seat("CT", "WEC")
    type(seat).objects.filter(pk=seat.pk).update(votes=False)
    open_vote(item)
    with refused("C-1", "voice"):
        cast(item, "vera")


def test_rule_C4_the_secretary_records_a_roll_call_marked_so(item):
    open_vote(item)
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
    leave(item, "quinn")
    step_back(item, "vera")
    open_vote(item)
    for seat, rule in (("UNAM", "C-3"), ("FUNTEC", "C-3"), ("WEC", "C-5")):
        with refused(rule):
            decisions.record_vote(
                item=item, seat=story.seat("CT", seat), vote="for", by=person("sofia"), on=DAY
            )
    with refused("C-1"):
        decisions.record_vote(item=item, seat=story.seat("CE", "IPN"), vote="for", by=person("sofia"), on=DAY)


def test_rule_C4_one_vote_for_all_present_leaves_those_who_voted_and_the_recused(item):
    """The chair asks “all in favour?”: whoever voted keeps the vote, whoever stepped back has none."""
    step_back(item, "vera")
    open_vote(item)
    cast(item, "quinn", "against")
    ballots = decisions.record_roll_call(item=item, votes="for", by=person("sofia"), on=DAY)
    assert ballots
    assert all(ballot.by_roll_call and ballot.vote == "for" for ballot in ballots)
    votes = dict(Ballot.objects.filter(item=item).values_list("person__email", "vote"))
    assert votes.pop(person("quinn").email) == "against"
    assert person("vera").email not in votes
    assert len(votes) == len(ballots)


def test_rule_C4_a_vote_for_all_is_a_vote_and_the_secretarys_to_write(item):
    open_vote(item)
    with bad_input("vote", "Vote for, against, or abstain"):
        decisions.record_roll_call(item=item, votes="perhaps", by=person("sofia"), on=DAY)
    with denied():
        decisions.record_roll_call(item=item, votes="for", by=person("carlos"), on=DAY)
    assert not Ballot.objects.filter(item=item).exists()


def test_the_database_refuses_a_ballot_for_another_without_a_roll_call(item):
    open_vote(item)
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
    assert close(first).number == "CT-2026-01-R01"
    open_vote(second)
    with refused("C-4"):
        close(second)
    sessions.put_off(item=second, reason="Nobody spoke.", by=person("sofia"), on=DAY)
    story.voted(third, story.unanimous("CT"))
    assert close(third).number == "CT-2026-01-R02"
    session = story.opened(story.called("CE", {**FREE, "reference": "NOTE-9"}, held_on=DAY))
    story.voted(session.items.get(), story.unanimous("CE"))
    assert close(session.items.get()).number == "CE-2026-01-A01"


def test_rule_C4_no_vote_cast_decides_nothing(item):
    story.voted(item, story.unanimous("CT", "abstain"))
    with refused("C-4", "nothing is decided"):
        close(item)
    assert not Resolution.objects.exists()


def test_rule_C4_two_thirds_for_a_rule_change(seated):
    matter = {**FREE, "kind": "rule_change"}
    session = story.opened(story.called("CT", matter, held_on=DAY))
    votes = dict.fromkeys(("carlos", "claire", "nora"), "for") | dict.fromkeys(("pablo", "quinn"), "against")
    item = story.voted(session.items.get(), votes)
    resolution = close(item)
    assert (resolution.outcome, resolution.tally["majority"]) == ("rejected", "two_thirds")


def test_rule_C4_a_tie_is_deferred_once_then_needs_two_thirds(on_agenda):
    held_on, reference = on_agenda.session.held_on, on_agenda.reference
    tie = {"carlos": "for", "claire": "for", "nora": "against", "pablo": "against"}
    story.voted(on_agenda, tie)
    first = close(on_agenda, on=held_on)
    application = application_of(reference)
    assert (first.outcome, application.state) == ("deferred", "deferred")
    assert capital.reserved(reference) == []
    sessions.close_session(session=on_agenda.session, by=person("sofia"), on=held_on)

    again = held_on + story.NOTICE
    item = story.opened(story.called("CT", application, held_on=again)).items.get()
    assert item.deferred_before
    story.voted(item, {**tie, "quinn": "for"})
    second = close(item, on=again, grounds=story.GROUNDS)
    assert (second.outcome, second.tally["majority"]) == ("rejected", "two_thirds")
    assert application_of(reference).state == "rejected"


def application_of(reference):
    from projects.models import Application

    return Application.objects.get(ref=reference)


def test_rule_C4_the_co_chairs_opposed_defer(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, {**story.unanimous("CT"), "claire": "against"})
    resolution = close(on_agenda, on=held_on)
    assert (resolution.outcome, resolution.tally["chairs_opposed"]) == ("deferred", True)


def test_rule_D4_an_approval_reserves_capital_and_writes_the_letter(on_agenda):
    held_on, reference = on_agenda.session.held_on, on_agenda.reference
    story.voted(on_agenda, story.unanimous("CT"))
    resolution = close(on_agenda, on=held_on)
    assert capital.reserved(reference) == [Money("400000.00", "MXN")]
    letter = person("lupe").notices.get(kind="decision-letter")
    assert letter.state == "waiting"
    assert letter.facts["resolution"] == resolution.number
    assert person("lupe").notices.filter(kind__contains="decision").count() == 1, "one letter, not two"


def test_rule_C6_a_rejection_reserves_nothing(on_agenda):
    story.voted(on_agenda, story.unanimous("CT", "against"))
    resolution = close(on_agenda, on=on_agenda.session.held_on, grounds=story.GROUNDS)
    assert resolution.amount is None
    assert capital.reserved(on_agenda.reference) == []
    assert decisions.resolution_for(on_agenda.reference) is None


def test_rule_A10_a_rejection_says_why_since_a_review_asks_for_new_facts(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, story.unanimous("CT", "against"))
    for nothing in ("", "   "):
        with bad_input("grounds", "the firm reads it in its letter"):
            close(on_agenda, on=held_on, grounds=nothing)
    on_agenda.refresh_from_db()
    assert on_agenda.state == "voting"
    resolution = close(on_agenda, on=held_on, grounds=f" {story.GROUNDS} ")
    assert resolution.grounds == story.GROUNDS
    letter = person("lupe").notices.get(kind="decision-letter")
    assert letter.facts["grounds"] == story.GROUNDS


def test_an_approval_needs_no_reasons_and_may_have_some(on_agenda):
    story.voted(on_agenda, story.unanimous("CT"))
    assert close(on_agenda, on=on_agenda.session.held_on, grounds="Buen ejemplo").grounds == "Buen ejemplo"


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
    assert close(item, on=day).outcome == "deferred"
    application.refresh_from_db()
    assert application.state == "evaluating"


def test_rule_D1_less_than_asked_may_be_approved_more_may_not(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, story.unanimous("CT"))
    for wrong in (Money("400000.01", "MXN"), Money("0", "MXN"), Money("-5", "MXN"), Money("400000", "USD")):
        with bad_input("amount"):
            close(on_agenda, on=held_on, amount=wrong)
    resolution = close(on_agenda, on=held_on, amount=Money("350000.00", "MXN"))
    assert resolution.amount == Money("350000.00", "MXN")
    assert capital.reserved(on_agenda.reference) == [Money("350000.00", "MXN")]


def test_a_doubled_close_gives_one_resolution(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, story.unanimous("CT"))
    first, second = close(on_agenda, on=held_on), close(on_agenda, on=held_on)
    assert first == second
    assert Resolution.objects.filter(item=on_agenda).count() == 1
    assert len(capital.reserved(on_agenda.reference)) == 1


def test_rule_C8_a_closed_vote_does_not_change(item):
    story.voted(item, story.unanimous("CT"))
    resolution = close(item)
    with refused("C-8", "does not change"):
        cast(item, "carlos", "against")
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
    step_back(item, "vera")
    leave(item, "quinn")
    story.voted(item, {"carlos": "for", "claire": "for", "nora": "abstain"})
    resolution = close(item)
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
    resolution = close(item)
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


def test_rule_A8_the_decision_on_an_application_is_not_withdrawn(on_agenda):
    story.voted(on_agenda, story.unanimous("CT"))
    resolution = close(on_agenda, on=on_agenda.session.held_on)
    with refused("A-8"):
        decisions.withdraw_resolution(resolution=resolution, reason="x", by=person("sofia"), on=DAY)


def test_rule_C10_an_approval_with_conditions_says_so(on_agenda):
    held_on = on_agenda.session.held_on
    story.voted(on_agenda, story.unanimous("CT"))
    draft = conditions.NewCondition(
        text="Insure the drums.", due_on=held_on + timedelta(days=30), proof="Policy of insurance"
    )
    resolution = close(on_agenda, on=held_on, conditions=[draft])
    application = application_of(on_agenda.reference)
    assert application.state == "approved_with_conditions"
    assert [row.ref for row in conditions.open_precedents(application.ref)] == [f"{resolution.number}-C1"]
    assert (
        person("lupe").notices.get(kind="decision-letter").facts["conditions"][0]["text"]
        == "Insure the drums."
    )
