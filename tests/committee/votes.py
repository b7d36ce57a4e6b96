"""A vote as the tests play it: opened and closed by the secretary, with members who come, go, step back and vote."""

from datetime import timedelta

from committee import bodies, decisions, sessions
from tests.stories import committee as story
from tests.world import DAY, person


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


def come_back(item, name):
    sessions.mark_present(
        session=item.session, seat=story.seat("CT", story.SEAT_OF[name]), person=person(name),
        by=person("sofia"), on=DAY,
    )  # fmt: skip
