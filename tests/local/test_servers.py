"""The embedded servers end with their last user, however that one ends."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from fiprev.local import servers
from fiprev.local.guard import guard_lock
from fiprev.local.places import ROOT, LocalError, Place
from fiprev.local.postgres import Postgres
from fiprev.local.processes import command_of, end_leftover
from fiprev.local.valkey import Valkey

pytestmark = pytest.mark.processes
USER = """
import sys, time
from pathlib import Path
from fiprev.local import servers
holds = servers.use([sys.argv[2]], var=Path(sys.argv[1]), fast=True)
print(holds[0].server.url, flush=True)
time.sleep(60)
"""


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "var"


@pytest.fixture
def user(var: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []

    def begin(server: str = "valkey") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", USER, str(var), server], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline()  # it is up
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
    until_gone(var)


def servers_of(var: Path) -> list[int]:
    """Guards and servers whose command line names this folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            command = command_of(int(entry.name))
            if str(var) in command and "-c" not in command.split()[1:2]:
                found.append(int(entry.name))
    return found


def until_gone(var: Path, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while left := servers_of(var):
        assert time.monotonic() < until, [command_of(pid) for pid in left]
        time.sleep(0.05)


def test_postgres_starts_keeps_what_was_written_and_stops(var):
    for turn in (1, 2):
        (hold,) = servers.use(["postgres"], var=var)
        with psycopg.connect(hold.server.url) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
            connection.execute("INSERT INTO kept VALUES (%s)", [turn])
            rows = connection.execute("SELECT count(*) FROM kept").fetchone()
            settings = connection.execute(
                "SELECT current_setting('fsync'), current_setting('TimeZone'), current_setting('listen_addresses')"
            ).fetchone()
        assert rows == (turn,)
        assert settings == ("on", "UTC", "")
        hold.release()
        assert servers_of(var) == []


def test_only_tests_give_up_safety_for_speed(var):
    assert "fsync=off" in Postgres(Place(var), fast=True).command()
    assert "fsync=off" not in Postgres(Place(var)).command()
    assert "yes" in Valkey(Place(var)).command()  # what is queued survives a crash


def test_a_killed_user_leaves_no_server_behind(user, var):
    process = user()
    assert servers_of(var)
    process.kill()
    until_gone(var)


def test_two_users_share_one_server_and_the_last_one_ends_it(user, var):
    first, second = user(), user()
    together = servers_of(var)
    assert len(together) == 2  # one guard, one server
    first.kill()
    first.wait()
    time.sleep(0.3)
    assert servers_of(var) == together
    second.kill()
    until_gone(var)


def test_a_killed_guard_takes_its_server_along(user, var):
    user("postgres")
    guard = next(pid for pid in servers_of(var) if "fiprev.local.guard" in command_of(pid))
    os.kill(guard, signal.SIGKILL)
    until_gone(var)


def test_after_a_killed_guard_the_next_one_starts_on_the_same_data(user, var):
    user("postgres")
    guard = next(pid for pid in servers_of(var) if "fiprev.local.guard" in command_of(pid))
    os.kill(guard, signal.SIGKILL)
    (hold,) = servers.use(["postgres"], var=var, fast=True)
    with psycopg.connect(hold.server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    hold.release()


def test_many_that_start_at_once_get_one_server(var):
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", USER, str(var), "valkey"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    try:
        addresses = {process.stdout.readline() for process in starters if process.stdout}
        assert len(addresses) == 1
        assert sum("valkey-server" in command_of(pid) for pid in servers_of(var)) == 1
    finally:
        for process in starters:
            process.kill()
            process.communicate()
    until_gone(var)


def test_a_server_that_cannot_start_says_where_the_reason_is(var):
    place = Place(var)
    place.make()
    (var / "postgres").mkdir()
    (var / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(LocalError, match="holds PostgreSQL 16 data, the installed server is 18"):
        servers.use(["postgres"], var=var)
    until_gone(var)


def test_nothing_runs_where_nothing_was_asked_for(var):
    place = Place(var)
    place.make()
    hold = servers.Hold(Valkey(place))
    assert not hold.up()
    assert not hold.guarded()
    assert guard_lock(hold.server).exists()
    hold.release()


def test_a_leftover_is_ended_only_if_it_is_ours():
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "mark-of-ours"])
    try:
        end_leftover(sleeper.pid, "another mark", signal.SIGTERM, patience=0.2)
        assert sleeper.poll() is None
        code = f"""
import signal
from fiprev.local.processes import end_leftover
end_leftover({sleeper.pid}, "mark-of-ours", signal.SIGTERM, patience=1)
"""
        stopper = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
        assert sleeper.wait(10) == -signal.SIGTERM
        stopper.wait(10)
    finally:
        sleeper.kill()
