"""What most tests of this folder start from."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.clock import today
from tests.stories import committee as story
from tests.world import DAY, person

FREE = {
    "kind": "free",
    "reference": "NOTE-1",
    "title": "Calendar of the year",
    "paper": {"text": "Four sessions."},
}


@pytest.fixture
def sofia(db):
    return person("sofia")


@pytest.fixture
def seated(db):
    story.seated()


def one_open():
    """An open session of the Technical Committee with one free matter; all six members are there."""
    story.seated("CT")
    return story.opened(story.called("CT", FREE, held_on=DAY))


@pytest.fixture
def session(db):
    return one_open()


@pytest.fixture
def item(session):
    return session.items.get()


@pytest.fixture
def application(db):
    return story.complete_application()


@pytest.fixture
def on_agenda(db):
    """The item of an application before the Technical Committee, session open."""
    return story.on_agenda()


def one_before_the_committee():
    """An application before the committee in a session open today."""
    day = today()
    application = story.evaluated(story.complete_application(on=day - timedelta(days=20)), on=day)
    application.refresh_from_db()
    story.recommended(application, on=day)
    session = story.opened(story.called("CT", application, held_on=day, planned_on=day - timedelta(days=8)))
    return session.items.get()


@pytest.fixture
def visit(client):
    """visit("nora", "session", "CT-2026-01") opens that page as her."""

    def go(name, url, *args, data=None, **options):
        if name:
            client.force_login(person(name))
        path = url if url.startswith("/") else reverse(f"committee:{url}", args=args)
        return client.get(path, **options) if data is None else client.post(path, data, **options)

    return go
