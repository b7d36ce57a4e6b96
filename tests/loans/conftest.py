"""What the pages of loans are opened with."""

import pytest

from tests.world import english


@pytest.fixture
def open_as(client):
    """The client, signed in as somebody of the cast who reads English."""

    def sign_in(name):
        client.force_login(english(name))
        return client

    return sign_in
