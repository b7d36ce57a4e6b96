"""Rules C-3 and C-5: no vote without a quorum, none by whoever has an interest."""

import pytest

from accounts.models import AuditEvent
from committee import decisions, sessions
from committee.models import Ballot, Declaration, Resolution
from tests.committee import votes
from tests.committee.conftest import FREE
from tests.stories import committee as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


# Quorum ------------------------------------------------------------------------------------------


def test_rule_C3_no_vote_without_quorum(item):
    votes.leave(item, "nora", "pablo", "quinn")
    with refused("C-3", "3 of the 6 seats that count are present, 4 are needed"):
        votes.open_vote(item)
    votes.come_back(item, "nora")
    votes.open_vote(item)
    assert item.quorum == {
        "counted": 6, "needed": 4, "present": 4, "presiding_needed": 2, "presiding": 2, "met": True,
    }  # fmt: skip


def test_rule_C3_both_co_chairs_are_needed(item):
    votes.leave(item, "claire")
    with refused("C-3", "presiding seats present, 2 needed"):
        votes.open_vote(item)


def test_rule_C3_an_alternate_sits_for_an_absent_co_chair(item):
    votes.leave(item, "claire")
    votes.alternate("CEC", "julia")
    sessions.mark_present(
        session=item.session, seat=story.seat("CT", "CEC"), person=person("julia"), by=person("sofia"), on=DAY
    )
    votes.open_vote(item)
    assert votes.cast(item, "julia").seat == story.seat("CT", "CEC")


def test_rule_C3_if_quorum_falls_the_item_waits(item):
    votes.open_vote(item)
    votes.cast(item, "carlos")
    votes.leave(item, "nora", "pablo", "quinn")
    with refused("C-3"):
        votes.close(item)
    sessions.put_off(item=item, reason="Quorum fell.", by=person("sofia"), on=DAY)
    assert not Resolution.objects.exists()


def test_rule_C3_the_commission_needs_one_of_its_heads(seated):
    item = story.opened(story.called("CE", FREE, held_on=DAY), absent=("hector",)).items.get()
    votes.open_vote(item)
    other = {**FREE, "reference": "NOTE-2"}
    item = story.opened(story.called("CE", other, held_on=DAY), absent=("hector", "julia")).items.get()
    with refused("C-3", "presiding"):
        votes.open_vote(item)


# Interest ----------------------------------------------------------------------------------------


def test_rule_C5_a_member_with_an_interest_does_not_vote(item):
    votes.open_vote(item)
    votes.cast(item, "vera")
    votes.step_back(item, "vera")
    with refused("C-5", "do not vote"):
        votes.cast(item, "vera")


def test_rule_C5_a_vote_given_before_does_not_count(item):
    story.voted(item, {"carlos": "for", "claire": "for", "vera": "against"})
    votes.step_back(item, "vera")
    assert not Ballot.objects.filter(item=item, person=person("vera")).exists()
    assert AuditEvent.objects.filter(verb="ballot.withdrawn").get().before == {"vote": "against"}
    assert votes.close(item).tally["against"] == 0


def test_rule_C5_the_record_says_who_and_the_class_only(item):
    decisions.declare_interest(
        item=item, reason_class="family", statement="My cousin owns it.", by=person("vera"), on=DAY
    )
    story.voted(item, {"carlos": "for", "claire": "for"})
    resolution = votes.close(item)
    assert resolution.recusals == [
        {"seat": "WEC", "person": str(person("vera").pk), "name": "Vera Luna", "class": "family"}
    ]
    assert "cousin" not in str(resolution.presence) + str(resolution.recusals)


def test_rule_C5_the_recused_leave_both_sides_of_the_count(item):
    votes.step_back(item, "vera")
    votes.open_vote(item)
    assert (item.quorum["counted"], item.quorum["present"]) == (5, 5)


def test_rule_C5_the_alternate_may_act_for_a_recused_holder(item):
    votes.alternate("WEC", "hector")
    votes.step_back(item, "vera")
    sessions.mark_present(
        session=item.session,
        seat=story.seat("CT", "WEC"),
        person=person("hector"),
        by=person("sofia"),
        on=DAY,
    )
    votes.open_vote(item)
    assert item.quorum["counted"] == 6
    assert votes.cast(item, "hector").seat.code == "WEC"


def test_rule_C5_a_recused_co_chair_does_not_block(item):
    votes.step_back(item, "claire")
    votes.open_vote(item)
    assert (item.quorum["presiding_needed"], item.quorum["presiding"]) == (1, 1)


def test_rule_C5_the_secretary_records_what_a_member_says(item):
    votes.step_back(item, "vera", by="sofia")
    assert Declaration.objects.get(matter=item.matter).person == person("vera")
    with denied():
        votes.step_back(item, "nora", by="pablo")


def test_rule_C5_an_interest_names_its_class_and_only_members_declare(item):
    with bad_input("reason_class"):
        votes.step_back(item, "vera", reason_class="secret")
    with denied("members of the body"):
        votes.step_back(item, "hector")


def test_rule_C5_a_closed_item_takes_no_more_declarations(item):
    story.voted(item, story.unanimous("CT"))
    votes.close(item)
    with refused("C-5", "closed"):
        votes.step_back(item, "vera")


def test_rule_E1_a_conflict_of_the_evaluation_holds_in_the_committee(on_agenda):
    assert not Declaration.objects.filter(matter=on_agenda.matter, conflict=True).exists()
    decisions.declare_interest(item=on_agenda, reason_class="family", by=person("nora"), on=DAY)
    votes.open_vote(on_agenda, on=on_agenda.session.held_on)
    with refused("C-5"):
        votes.cast(on_agenda, "nora", on=on_agenda.session.held_on)
