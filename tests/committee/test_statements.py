"""What a step of a session asks of the database: as much for a long agenda or a full table as for a short one."""

import pytest

from accounts.models import AuditEvent
from accounts.once import remembering
from committee import decisions, evaluations, minutes, readings, reference, sessions
from committee.models import Ballot, Criterion
from tests.asking import asked
from tests.committee.conftest import FREE
from tests.committee.votes import cast, open_vote
from tests.stories import committee as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


def signed_by(session, *names):
    for name in names:
        session = minutes.sign(session=session, by=person(name), on=DAY)
    return session


def with_items(count):
    """A session open with so many free matters."""
    story.seated("CT")
    matters = [{**FREE, "reference": f"NOTE-{n}"} for n in range(count)]
    return story.opened(story.called("CT", *matters, held_on=DAY))


def closed(session):
    for item in session.items.all():
        story.voted(item, {"carlos": "for", "claire": "for", "nora": "for"})
        decisions.close_item(item=item, by=person("sofia"), on=DAY)
    return sessions.close_session(session=session, by=person("sofia"), on=DAY)


def test_a_vote_is_opened_by_two_readings_the_item_and_the_table(item):
    sofia = person("sofia")
    with asked(2):
        decisions.open_vote(item=item, by=sofia, on=DAY)


@pytest.mark.parametrize("names", [("carlos",), ("carlos", "claire", "nora", "quinn")])
def test_a_roll_call_reads_the_same_for_one_seat_as_for_many(item, names):
    open_vote(item)
    votes = {story.seat("CT", story.SEAT_OF[name]).pk: "for" for name in names}
    sofia = person("sofia")
    with asked(2):
        made = decisions.record_roll_call(item=item, votes=votes, by=sofia, on=DAY)
    assert {ballot.person.email for ballot in made} == {person(name).email for name in names}


def test_rule_C4_a_roll_call_over_ballots_keeps_one_each_and_the_trail_says_what_changed(item):
    open_vote(item)
    cast(item, "quinn", "for")
    cast(item, "nora", "against")
    before = AuditEvent.objects.filter(verb="ballot.cast").count()
    votes = {story.seat("CT", story.SEAT_OF[name]).pk: "against" for name in ("quinn", "nora", "claire")}
    decisions.record_roll_call(item=item, votes=votes, by=person("sofia"), on=DAY)
    assert sorted(Ballot.objects.values_list("vote", "by_roll_call")) == [("against", True)] * 3
    trail = list(AuditEvent.objects.filter(verb="ballot.cast").order_by("pk"))[before:]
    assert [(row.before, row.after["vote"]) for row in trail] == [
        ({"vote": "for", "person": person("quinn").email}, "against"),
        ({}, "against"),
    ], "the ballot that stays as it was leaves no line"


def test_a_free_matter_is_closed_by_two_readings(item):
    story.voted(item, {"carlos": "for", "claire": "for", "nora": "for"})
    sofia = person("sofia")
    with asked(2):
        first = decisions.close_item(item=item, by=sofia, on=DAY)
    with asked(2):
        assert decisions.close_item(item=item, by=sofia, on=DAY) == first, "closing twice gives the one"


def test_presence_is_noted_by_two_readings_and_once_per_person(session):
    vera, sofia, seat = person("vera"), person("sofia"), story.seat("CT", story.SEAT_OF["vera"])
    for present, remote in ((False, False), (True, True)):
        with asked(2):
            noted = sessions.mark_present(
                session=session, seat=seat, person=vera, present=present, remote=remote, by=sofia, on=DAY
            )
    row = session.attendances.get(person=vera)
    assert (row.pk, row.present, row.remote) == (noted.pk, True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_rule_C9_minutes_are_drafted_and_sealed_by_as_many_readings_for_any_agenda(count):
    session, sofia = closed(with_items(count)), person("sofia")
    with asked(5):
        drafted = minutes.draft(session=session, by=sofia, on=DAY)
    signed_by(drafted, "carlos")
    claire = person("claire")
    with asked(3):
        sealed = minutes.sign(session=drafted, by=claire, on=DAY)
    assert len(minutes.issued(sealed)) == 6
    assert len(sealed.minutes["items"]) == len(minutes.extract(sealed)["items"]) == count


def test_rule_R3_another_matter_about_an_application_tells_nothing_of_its_firm(application):
    story.seated("CT")
    about = {**FREE, "reference": application.ref, "title": "A complaint"}
    session = closed(story.opened(story.called("CT", about, held_on=DAY)))
    (item,) = minutes.extract(session)["items"]
    assert not {"sector", "state", "size"} & set(item)


def test_a_reading_asks_for_the_criteria_once_in_a_request_and_again_after_they_were_loaded(application):
    evaluation, _other = story.assigned(application)
    tomas = evaluation.evaluator
    with remembering():
        evaluations.declare(evaluation=evaluation, conflict=False, by=tomas, on=DAY)
        codes = [row.code for row in readings.criteria_of(evaluation.rubric_id)]
        scores = dict.fromkeys(codes, (4, "Seen in the file"))
        with asked(2):
            evaluations.score(evaluation=evaluation, scores=scores, by=tomas, on=DAY)
        Criterion.objects.filter(code=codes[0]).update(weight=1)
        assert readings.criteria_of(evaluation.rubric_id)[0].weight != 1
        reference.load()
        with asked(1):
            assert readings.criteria_of(evaluation.rubric_id)[0].weight == 30
