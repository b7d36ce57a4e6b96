"""People at their browsers: a client signed in as one of the cast."""

import pytest
from django.test import Client

from projects import applications
from tests.stories.projects import draft, funded, registered_firm
from tests.world import DAY, english, person


@pytest.fixture
def as_(db):
    """`as_("lupe")` is a client signed in as her, reading English."""

    def signed_in(name):
        client = Client()
        client.force_login(english(name))
        return client

    return signed_in


@pytest.fixture(autouse=True)
def _the_fund_is_in_march(monkeypatch):
    """Pages ask the clock: in these tests it is the day of the stories."""

    for module in (
        "apply",
        "checks",
        "documents",
        "file",
        "firms",
        "mine",
        "review",
        "steps",
        "filling",
        "people",
    ):
        monkeypatch.setattr(f"projects.views.{module}.today", lambda: DAY)


@pytest.fixture
def begun():
    return applications.start(firm=registered_firm(), by=person("lupe"), on=DAY)


@pytest.fixture
def whole():
    """A draft that may be submitted as it is."""
    funded()
    return draft(registered_firm())
