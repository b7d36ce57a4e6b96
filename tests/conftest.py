"""What every test stands on: a database with reference data, and a flush that immutable tables allow."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation
from django.utils.translation import trans_real
from hypothesis import HealthCheck, settings

from fiprev.catalogues import compile_all
from fiprev.local import system
from tests.world import everybody

NIGHTLY = bool(os.environ.get("FIPREV_NIGHTLY"))
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}

settings.register_profile("gate", max_examples=40, deadline=None, derandomize=True)
settings.register_profile(
    "nightly", max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("nightly" if NIGHTLY else "gate")


# With several workers a file is one piece of work: whichever begins last must not be a long one.
LONGEST = (
    "tests/browser/test_chain.py",
    "tests/access/test_every_url.py",
    "tests/browser/test_answering.py",
    "tests/browser/test_applying.py",
    "tests/loans/test_any_story.py",
    "tests/flows/test_golden_story.py",
    "tests/browser/test_look.py",
    "tests/local/test_run.py",
    "tests/browser/test_servicing.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chromium = system.browser()
    for item in items:
        if item.get_closest_marker("nightly") and not NIGHTLY:
            item.add_marker(pytest.mark.skip(reason="full size: ./test nightly"))
        if item.get_closest_marker("browser") and not chromium:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
    if hasattr(config, "workerinput"):
        items.sort(key=turn_of([item.nodeid.partition("::")[0] for item in items]))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is imported by now stays, so the collector passes over it, as in the web process, and comes less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def turn_of(files: list[str]) -> Callable[[pytest.Item], tuple[int, int, str]]:
    """The long files as listed, then those of many tests; within a file everything stays in its order."""
    named = {name: place for place, name in enumerate(LONGEST)}
    many = Counter(files)

    def turn(item: pytest.Item) -> tuple[int, int, str]:
        file = item.nodeid.partition("::")[0]
        return named.get(file, len(named)), -many[file], file

    return turn


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with the rows that the apps cannot work without, and the cast of the tests."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
        everybody()
        keep_tables()


STAGE: dict[str, bytes] = {}  # table -> its rows when the first test begins


def keep_tables() -> None:
    with connections["default"].cursor() as cursor:
        for table in tables(cursor):
            with cursor.copy(f"COPY {table} TO STDOUT") as rows:
                STAGE[table] = b"".join(rows)


def tables(cursor: Any) -> list[str]:
    """Every table that tests write to, quoted."""
    connection = connections["default"]
    names = connection.introspection.table_names(cursor)
    return [connection.ops.quote_name(name) for name in names if name not in KEPT_TABLES]


@contextmanager
def cleared() -> Iterator[Any]:
    """Every table emptied: in replica role the triggers of immutable ones rest. Tests only (see tests/house)."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(";".join(f"DELETE FROM {table}" for table in tables(cursor)))
        yield cursor
        cursor.execute("SET session_replication_role = origin")


def empty_tables() -> None:
    """Reference data only: the cast of the tests leaves the stage."""
    with cleared():
        pass
    call_command("load_reference", verbosity=0)


def restore_tables(self: TransactionTestCase) -> None:
    """Django's flush, for immutable tables: the stage as the first test found it."""
    with cleared() as cursor:
        for table, rows in STAGE.items():
            if rows:
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)


@pytest.fixture(autouse=True, scope="session")
def _flush_in_replica_role() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", restore_tables)
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
