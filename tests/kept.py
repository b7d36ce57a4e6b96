"""A story that many tests of a module begin with, told once: each test takes back only what it did itself.

Only for modules all of whose tests run in a transaction. Tests of the module that do not ask for the story see its
rows all the same.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model


def kept(tell: Callable[[], Model]) -> Any:
    """The fixture of module scope that tells the story; `read` in a fixture of each test reads its record."""

    @pytest.fixture(scope="module")
    def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[Model]:
        with django_db_blocker.unblock(), transaction.atomic():
            yield tell()
            transaction.set_rollback(True)

    return told


def read(told: Model) -> Any:
    """The record as stored, in an object of the test's own."""
    return type(told)._default_manager.get(pk=told.pk)
