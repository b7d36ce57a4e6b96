"""The guard of one embedded server: starts it, and stops it when the last process that uses it has gone.

Users hold a shared lock on a file; the kernel lets go of it however they end, even by SIGKILL. The guard waits for
that lock alone, so nothing is left behind and two commands may share one server.
"""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from fiprev.local.places import LocalError, Place
from fiprev.local.postgres import Postgres
from fiprev.local.processes import end_leftover, start, stop
from fiprev.local.valkey import Valkey

Server = Postgres | Valkey
SERVERS: dict[str, type[Postgres] | type[Valkey]] = {"postgres": Postgres, "valkey": Valkey}
START_PATIENCE = 60.0
STOP_PATIENCE = 30.0


def users_lock(server: Server) -> Path:
    return server.place.folder("locks") / f"{server.name}.users"


def guard_lock(server: Server) -> Path:
    return server.place.folder("locks") / f"{server.name}.guard"


def error_file(server: Server) -> Path:
    return server.place.folder("locks") / f"{server.name}.error"


def log_file(server: Server) -> Path:
    return server.place.folder("log") / f"{server.name}.log"


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def taken(lock: int, kind: int) -> bool:
    """Try for a lock without waiting."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def taken_soon(lock: int) -> bool:
    """The guard's own lock; users that look whether there is a guard have it for a blink."""
    for _ in range(50):
        if taken(lock, fcntl.LOCK_EX):
            return True
        time.sleep(0.02)
    return False


def launch(server: Server) -> subprocess.Popen[bytes]:
    """The server, ready for connections, or the reason in one sentence."""
    server.prepare()
    if (pid := server.leftover()) is not None:
        end_leftover(pid, server.mark, server.stop_signal)
    with log_file(server).open("ab") as log:
        process = start(
            server.command(),
            log=log,
            stop_signal=server.stop_signal,
            cwd=Path("/"),
            environ=server.environ,
            uid=server.uid,
        )
    until = time.monotonic() + START_PATIENCE
    while not server.ready():
        if process.poll() is not None or time.monotonic() > until:
            stop(process, server.stop_signal, patience=STOP_PATIENCE)
            raise LocalError(
                f"{server.label} does not start; the reason is at the end of {log_file(server)}."
            )
        time.sleep(0.02)
    return process


def main(kind: str, var: str, speed: str) -> int:
    server = SERVERS[kind](Place(Path(var)), fast=speed == "fast")
    mine = open_lock(guard_lock(server))
    if not taken_soon(mine):
        return 0  # another guard was quicker
    os.ftruncate(mine, 0)
    try:
        process = launch(server)
    except LocalError as error:
        error_file(server).write_text(str(error), encoding="utf-8")
        return 1

    def end(*_: object) -> None:
        if process.poll() is None:
            process.send_signal(server.stop_signal)

    def wait_for_users() -> None:
        fcntl.flock(users, fcntl.LOCK_EX)
        signal.pthread_kill(main_thread, signal.SIGTERM)  # it alone can be woken from its wait

    users, main_thread = open_lock(users_lock(server)), threading.get_ident()
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    threading.Thread(target=wait_for_users, daemon=True).start()
    os.pwrite(mine, b"ready", 0)
    process.wait()
    os.ftruncate(mine, 0)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
