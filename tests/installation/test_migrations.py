"""The migrations lead back as they led here, and know a database that was migrated before they took others' place."""

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db

MADE = """
SELECT relname::text FROM pg_class WHERE relname LIKE 'reports%'
UNION ALL SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger
    WHERE tgrelid::regclass::text LIKE 'reports%' AND NOT tgisinternal
"""


def made_for_reports() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(MADE)
        return {name for (name,) in cursor.fetchall()}


def migrate(*target: str) -> None:
    call_command("migrate", *target, verbosity=0)


def as_it_was(without: frozenset[str] = frozenset()) -> None:
    """What a database says that the replaced migrations have made."""
    rows = MigrationRecorder.Migration.objects
    for app, name in MigrationLoader(connection).replacements:
        rows.filter(app=app, name=name).delete()
    rows.filter(name__in=without).delete()


def test_an_app_goes_and_comes_back_whole():
    before = made_for_reports()
    assert "reports_restatement.kept" in before
    migrate("reports", "zero")
    assert not made_for_reports()
    migrate()
    assert made_for_reports() == before


def test_a_database_that_has_what_was_replaced_is_taken_as_migrated():
    as_it_was()
    call_command("migrate", check_unapplied=True, verbosity=0)  # would exit with 1


def test_a_database_that_stopped_on_the_way_is_refused():
    as_it_was(without=frozenset({"0010_leaner_still", "0011_on_record"}))
    with pytest.raises(ProgrammingError, match=r"loans_loan.* already exists"):
        migrate()
