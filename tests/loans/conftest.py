"""What the pages of loans are opened with."""

import pytest
import time_machine
from django.utils import translation

from tests.world import DAY, english


@pytest.fixture
def open_as(client):
    """The client, signed in as somebody of the cast who reads English."""

    def sign_in(name):
        client.force_login(english(name))
        return client

    return sign_in


@pytest.fixture
def on_the_day():
    """Noon of the day of the stories, in English."""
    with time_machine.travel(f"{DAY}T18:00:00Z", tick=False), translation.override("en"):
        yield
