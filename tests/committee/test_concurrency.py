"""Two people at once: one ballot per seat, one resolution per item, no gap in the numbers."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.errors import Denied, Refusal
from committee import bodies, decisions, sessions
from committee.models import Ballot, Resolution
from fund import capital
from tests.committee.conftest import FREE
from tests.stories import committee as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls together; what each returned, or the refusal it met."""
    gate = Barrier(len(calls))

    def run(call):
        try:
            gate.wait()
            return call()
        except (Refusal, Denied) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_rule_C4_holder_and_roll_call_at_once_give_one_ballot():
    story.seated("CT")
    item = story.opened(story.called("CT", FREE, held_on=DAY)).items.get()
    decisions.open_vote(item=item, by=person("sofia"), on=DAY)
    quinn, sofia, seat = person("quinn"), person("sofia"), story.seat("CT", "UNAM")
    at_once(
        *[lambda: decisions.cast_vote(item=item, vote="for", by=quinn, on=DAY)] * 4,
        *[lambda: decisions.record_vote(item=item, seat=seat, vote="against", by=sofia, on=DAY)] * 4,
    )
    assert Ballot.objects.filter(item=item, seat=seat).count() == 1


def test_rule_C4_two_people_of_one_seat_vote_at_once_and_one_is_counted():
    story.seated("CT")
    bodies.appoint(
        seat=story.seat("CT", "UNAM"), person=person("ines"), alternate=True, since=DAY,
        by=person("sofia"), on=DAY,
    )  # fmt: skip
    item = story.opened(story.called("CT", FREE, held_on=DAY)).items.get()
    decisions.open_vote(item=item, by=person("sofia"), on=DAY)
    seat, sofia = story.seat("CT", "UNAM"), person("sofia")
    decisions.cast_vote(item=item, vote="for", by=person("quinn"), on=DAY)
    sessions.mark_present(
        session=item.session, seat=seat, person=person("quinn"), present=False, by=sofia, on=DAY
    )
    sessions.mark_present(session=item.session, seat=seat, person=person("ines"), by=sofia, on=DAY)
    ines, quinn = person("ines"), person("quinn")
    results = at_once(
        lambda: decisions.cast_vote(item=item, vote="against", by=ines, on=DAY),
        lambda: decisions.cast_vote(item=item, vote="against", by=quinn, on=DAY),
    )
    assert all(isinstance(result, Refusal | Denied) for result in results)
    assert Ballot.objects.get(item=item, seat=seat).vote == "for"


def test_a_close_pressed_eight_times_gives_one_resolution():
    application = story.evaluated(story.complete_application())
    story.recommended(application)
    held_on = DAY + 2 * story.NOTICE
    story.seated("CT")
    item = story.opened(story.called("CT", application, held_on=held_on)).items.get()
    story.voted(item, story.unanimous("CT"))
    sofia = person("sofia")
    results = at_once(*[lambda: decisions.close_item(item=item, by=sofia, on=held_on)] * 8)
    assert {str(result) for result in results} == {"CT-2026-01-R01"}
    assert Resolution.objects.filter(item=item).count() == 1
    assert len(capital.reserved(application.ref)) == 1


def test_rule_C9_items_closed_at_once_are_numbered_without_gaps():
    story.seated("CT")
    matters = [{**FREE, "reference": f"NOTE-{n}"} for n in range(4)]
    items = list(story.opened(story.called("CT", *matters, held_on=DAY)).items.all())
    for item in items:
        story.voted(item, {"carlos": "for", "claire": "for"})
    sofia = person("sofia")
    at_once(*[lambda item=item: decisions.close_item(item=item, by=sofia, on=DAY) for item in items])
    numbers = sorted(Resolution.objects.values_list("number", flat=True))
    assert numbers == [f"CT-2026-01-R{n:02d}" for n in range(1, 5)]
