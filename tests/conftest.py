"""What every test stands on: a database with reference data, and a flush that immutable tables allow."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from django.utils.translation import trans_real
from hypothesis import HealthCheck, settings

from fiprev.catalogues import compile_all
from tests.world import everybody

NIGHTLY = bool(os.environ.get("FIPREV_NIGHTLY"))
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}

settings.register_profile("gate", max_examples=40, deadline=None, derandomize=True)
settings.register_profile(
    "nightly", max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("nightly" if NIGHTLY else "gate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    for item in items:
        if item.get_closest_marker("nightly") and not NIGHTLY:
            item.add_marker(pytest.mark.skip(reason="full size: ./test nightly"))
        if item.get_closest_marker("browser") and not chromium:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with the rows that the apps cannot work without, and the cast of the tests."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
        everybody()


def empty_tables(self: TransactionTestCase) -> None:
    """Django's flush for immutable tables: in replica role their triggers rest. Tests only (see tests/house)."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in connection.introspection.table_names(cursor):
            if table not in KEPT_TABLES:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        cursor.execute("SET session_replication_role = origin")
    call_command("load_reference", verbosity=0)


@pytest.fixture(autouse=True, scope="session")
def _flush_in_replica_role() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def compiled() -> None:
    """The compiled catalogues; the gate makes them first, a run of single tests may not have."""
    compile_all()


@pytest.fixture
def catalogues(settings: Any, compiled: None) -> Iterator[None]:
    """Spanish and French as people read them; the tests' settings know the sentences of the source only."""
    settings.LOCALE_PATHS = [settings.BASE_DIR / "locale"]
    trans_real._translations.clear()
    yield
    trans_real._translations.clear()


@pytest.fixture(autouse=True)
def _sentences_of_the_source() -> None:
    """A page asked for by somebody who reads Spanish leaves that language to the thread: begin anew."""
    translation.activate("en")
