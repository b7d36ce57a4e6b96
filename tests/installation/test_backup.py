"""The backup of docs/operations.md, performed: dumped, restored beside, and the trail still whole."""

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from accounts import audit
from accounts.models import AuditEvent, User
from fiprev.local.places import ROOT, VAR, Place
from fiprev.local.postgres import Postgres
from tests.world import DAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
RESTORED = "fiprev_restored"


@pytest.fixture
def database(environ: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment with an empty database of its own to restore into."""
    admin = environ["DATABASE_URL"].replace(f"/{connection.settings_dict['NAME']}?", "/postgres?")
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {RESTORED}")
        server.execute(f"CREATE DATABASE {RESTORED}")
        yield {**environ, "DATABASE_URL": admin.replace("/postgres?", f"/{RESTORED}?")}
        server.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)")


def test_a_dump_is_restored_with_a_trail_that_verifies(environ, database, tmp_path):
    system = User.objects.system()
    for number in range(5):
        audit.record("test.happened", f"test:{number}", by=system, on=DAY)
    audit.seal()
    programs, dump = Postgres(Place(VAR)).programs, tmp_path / "fiprev.dump"
    subprocess.run([programs / "pg_dump", "-Fc", "-f", dump, environ["DATABASE_URL"]], check=True)
    subprocess.run(
        [
            programs / "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "-d",
            database["DATABASE_URL"],
            dump,
        ],
        check=True,
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_trail"],
        cwd=ROOT,
        env=database,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(database["DATABASE_URL"]) as restored:
        (count,) = restored.execute("SELECT count(*) FROM accounts_auditevent").fetchone() or (0,)
        assert count == AuditEvent.objects.count()
        with pytest.raises(psycopg.errors.RestrictViolation):  # the refusal of the books came along
            restored.execute("DELETE FROM accounts_auditevent")
    assert dump.stat().st_size > 10_000
