"""What the pages of loans are opened with."""

import pytest

from tests.world import person


@pytest.fixture
def open_as(client):
    """The client, signed in as somebody of the cast who reads English."""

    def sign_in(name):
        user = person(name)
        user.language = "en"
        user.save(update_fields=["language"])
        client.force_login(user)
        return client

    return sign_in
