"""Quotes are asked for on the story's day, and nobody has asked too often yet."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache

from tests.world import DAY


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    cache.delete("throttle_quotes_127.0.0.1")
    with time_machine.travel(f"{DAY}T18:00:00Z", tick=False):
        yield
