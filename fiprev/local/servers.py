"""Use of the embedded servers: whoever needs one holds it, the last one to leave lets it stop."""

import atexit
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from fiprev.local.guard import (
    SERVERS,
    START_PATIENCE,
    Server,
    error_file,
    guard_lock,
    log_file,
    open_lock,
    taken,
    users_lock,
)
from fiprev.local.places import ROOT, VAR, LocalError, Place

VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}


class Hold:
    """Our use of one server; ends with us, whatever ends us."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.guard: subprocess.Popen[bytes] | None = None
        self.lock = open_lock(users_lock(server))
        fcntl.flock(self.lock, fcntl.LOCK_SH)  # waits while a guard is just stopping

    def up(self) -> bool:
        """A guard is there and has its server ready."""
        guard = open_lock(guard_lock(self.server))
        try:
            if taken(guard, fcntl.LOCK_SH):
                return False
            return os.pread(guard, 5, 0) == b"ready" and self.server.ready()
        finally:
            os.close(guard)

    def guarded(self) -> bool:
        guard = open_lock(guard_lock(self.server))
        try:
            return not taken(guard, fcntl.LOCK_SH)
        finally:
            os.close(guard)

    def start(self) -> None:
        """Set a guard unless there is one; if another process sets one at the same moment, one of the two yields."""
        if self.up():
            return
        error_file(self.server).unlink(missing_ok=True)
        speed = "fast" if self.server.fast else "safe"
        with log_file(self.server).open("ab") as log:
            self.guard = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "fiprev.local.guard",
                    self.server.name,
                    str(self.server.place.var),
                    speed,
                ],
                cwd=ROOT,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Returns when the server takes connections; whose guard started it does not matter."""
        until = time.monotonic() + START_PATIENCE + 5
        while not self.up():
            failed = self.guard.poll() if self.guard else 0
            if failed and error_file(self.server).exists():
                raise LocalError(error_file(self.server).read_text(encoding="utf-8"))
            if failed or time.monotonic() > until:
                raise LocalError(f"{self.server.label} did not start.")
            time.sleep(0.02)

    def release(self, patience: float = 15.0) -> None:
        """Let go, and wait for the stop unless somebody else still uses the server."""
        if self.lock < 0:
            return
        fcntl.flock(self.lock, fcntl.LOCK_UN)
        until = time.monotonic() + patience
        while self._ours_to_await() and time.monotonic() < until:
            time.sleep(0.02)
        os.close(self.lock)
        self.lock = -1

    def _ours_to_await(self) -> bool:
        """Whether the guard is about to end, because nobody else holds its server."""
        if not self.guarded():
            return False  # it has gone
        if taken(self.lock, fcntl.LOCK_EX):
            fcntl.flock(self.lock, fcntl.LOCK_UN)
            return True  # nobody has it: the guard is just being woken
        if taken(self.lock, fcntl.LOCK_SH):
            fcntl.flock(self.lock, fcntl.LOCK_UN)
            return False  # another user has it
        return True  # the guard has it: it is stopping


def use(names: Iterable[str] = ("postgres", "valkey"), *, var: Path = VAR, fast: bool = False) -> list[Hold]:
    """The servers, up, started together if need be; they stop when the last user has gone."""
    place = Place(var)
    place.make()
    holds = [Hold(SERVERS[name](place, fast=fast)) for name in names]
    for hold in holds:
        hold.start()
    for hold in holds:
        hold.wait()
    return holds


def serve_environment(*, var: Path = VAR) -> list[Hold]:
    """For a program without DATABASE_URL or REDIS_URL: the embedded servers, named in its environment."""
    missing = [name for name, variable in VARIABLES.items() if not os.environ.get(variable)]
    holds = use(missing, var=var)
    for hold in holds:
        os.environ[VARIABLES[hold.server.name]] = hold.server.url
        keep(hold)
    return holds


def keep(hold: Hold) -> None:
    """Held until this program ends."""
    atexit.register(hold.release)
