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
    """Two fixtures, `told, loan = kept(one_paid_out)`: the story of the module, and for each test its record as stored.

    The first one must be called `told`; the second gives every test an object of its own.
    """

    @pytest.fixture(scope="module")
    def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[Model]:
        with django_db_blocker.unblock(), transaction.atomic():
            yield tell()
            transaction.set_rollback(True)

    @pytest.fixture
    def record(told: Model, db: None) -> Model:
        return type(told)._default_manager.get(pk=told.pk)

    return told, record
