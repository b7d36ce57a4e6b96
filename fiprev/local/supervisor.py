"""./run: the embedded servers, the database brought up to date, web, worker and beat; all stopped again in order."""

import argparse
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from fiprev.local import probe, servers
from fiprev.local.guard import open_lock
from fiprev.local.places import ROOT, VAR, LocalError, Place, make_var
from fiprev.local.processes import end_leftover, start, stop

WEB_PATIENCE = 60.0


class Ended(BaseException):
    """Somebody asked us to stop: Ctrl-C or SIGTERM."""


def options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run", description="Starts Fiprev on this machine; Ctrl-C stops it."
    )
    parser.add_argument("--port", type=int, default=8000, help="where the pages are served (default: 8000)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 serves other machines too (default: this one)"
    )
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        help="play the demonstration (default: once, on the embedded database while nobody is in it)",
    )
    return parser.parse_args(words)


class Supervisor:
    """Starts things in order and stops them in the reverse order, whatever happens in between."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        self.embedded = not os.environ.get("DATABASE_URL")
        self.holds: list[servers.Hold] = []
        self.children: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.address = (
            f"http://{'localhost' if chosen.host in {'127.0.0.1', '0.0.0.0'} else chosen.host}:{chosen.port}"  # noqa: S104
        )

    def run(self) -> int:
        self.alone()
        self.free_port()
        self.end_leftovers()
        try:
            self.servers()
            self.prepare()
            self.programs()
            self.wait_for_web()
            self.greet()
            self.watch()
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            self.stop_all()
        return 0

    # Before anything is started ------------------------------------------------------------------

    def alone(self) -> None:
        """One system per folder: the lock goes with us, however we end."""
        make_var(VAR)
        Place(VAR).make()
        self.lock = open_lock(VAR / "locks" / "run")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = os.pread(self.lock, 200, 0).decode() or "another terminal"
            raise LocalError(f"Fiprev already runs from this folder: {where}.") from None
        os.ftruncate(self.lock, 0)
        os.pwrite(self.lock, self.address.encode(), 0)

    def free_port(self) -> None:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((self.chosen.host, self.chosen.port))
            except OSError as error:
                busy = error.errno == errno.EADDRINUSE
                why = "is used by another program" if busy else f"cannot be used ({error.strerror})"
                raise LocalError(
                    f"Port {self.chosen.port} {why}: choose another one, as in ./run --port {self.chosen.port + 1}."
                ) from None
            except OverflowError:
                raise LocalError(f"{self.chosen.port} is no port: choose one from 1024 to 65535.") from None

    @property
    def pid_file(self) -> Path:
        return VAR / "locks" / "children"

    def end_leftovers(self) -> None:
        """Where the kernel does not end children with their parent (not Linux), an earlier run may have left some."""
        if self.pid_file.exists():
            for line in self.pid_file.read_text(encoding="utf-8").split():
                end_leftover(int(line), str(ROOT), signal.SIGTERM)
            self.pid_file.unlink()

    # In order ------------------------------------------------------------------------------------

    def servers(self) -> None:
        place = Place(VAR)
        if self.embedded and place.moved:
            tell(f"Only root may enter this folder: the database lies in {place.home}.")
        self.holds = servers.serve_environment()

    def prepare(self) -> None:
        asked = self.chosen.demo
        demo = "yes" if asked else "if-empty" if asked is None and self.embedded else "no"
        os.environ.setdefault("SITE_URL", self.address)
        preparing = start([sys.executable, "manage.py", "prepare", "--demo", demo], log=None, cwd=ROOT)
        self.children.append(("preparing", preparing))
        if preparing.wait():
            raise LocalError("The database could not be brought up to date; the reason stands above.")
        self.children.clear()
        if (VAR / "demo-signins.txt").exists() and (self.embedded or asked):
            os.environ.setdefault("DEMO", "yes")

    def programs(self) -> None:
        self.clear_metrics()
        self.child("web", "gunicorn", "fiprev.wsgi", *self.web_options())
        # It has no others to listen to, and would not end while it tells a queue that has gone its heartbeat.
        alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        pool = ("--pool", "prefork", "--concurrency", "2")
        self.child("worker", "celery", "-A", "fiprev", "worker", *pool, *alone)
        self.child("beat", *("celery", "-A", "fiprev", "beat", "-s", str(VAR / "beat"), "--pidfile", ""))

    def web_options(self) -> list[str]:
        return [
            *("--bind", f"{self.chosen.host}:{self.chosen.port}", "--workers", "2", "--threads", "4"),
            *("--worker-class", "gthread", "--no-control-socket", "--access-logfile", "-"),
        ]

    def clear_metrics(self) -> None:
        """Each process writes its figures into a file; those of the last run are over."""
        folder = VAR / "metrics"
        folder.mkdir(exist_ok=True)
        for file in folder.glob("*.db"):
            file.unlink()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)

    def child(self, name: str, module: str, *arguments: str) -> None:
        with (VAR / "log" / f"{name}.log").open("ab") as log:
            process = start([sys.executable, "-m", module, *arguments], log=log, cwd=ROOT)
        self.children.append((name, process))
        self.pid_file.write_text(
            "\n".join(str(child.pid) for _name, child in self.children), encoding="utf-8"
        )

    def wait_for_web(self) -> None:
        until = time.monotonic() + WEB_PATIENCE
        while probe.status(f"{self.address}/healthz") != 200:
            self.all_alive()
            if time.monotonic() > until:
                raise LocalError(f"The web server does not answer; see {VAR / 'log' / 'web.log'}.")
            time.sleep(0.1)

    def greet(self) -> None:
        tell(f"\nFiprev is ready: {self.address}\n")
        signins = VAR / "demo-signins.txt"
        if os.environ.get("DEMO") == "yes" and signins.exists():
            tell(signins.read_text(encoding="utf-8").rstrip() + "\n")
        tell(f"Mail is printed to {(VAR / 'log' / 'worker.log').relative_to(ROOT)}. Ctrl-C stops everything.")

    def watch(self) -> None:
        while True:
            self.all_alive()
            time.sleep(0.5)

    def all_alive(self) -> None:
        for name, process in self.children:
            if process.poll() is not None:
                raise LocalError(f"The {name} process has ended; see {VAR / 'log' / (name + '.log')}.")
        for hold in self.holds:
            if not hold.guarded():
                raise LocalError(
                    f"{hold.server.label} has ended; see {VAR / 'log' / (hold.server.name + '.log')}."
                )

    def stop_all(self) -> None:
        if self.children or self.holds:
            tell("\nStopping ...")
        for _name, process in reversed(self.children):
            stop(process, signal.SIGTERM, patience=20)
        self.pid_file.unlink(missing_ok=True)
        for hold in reversed(self.holds):
            hold.release()


def tell(text: str) -> None:
    print(text, flush=True)


def end(signum: int, frame: FrameType | None) -> None:
    raise Ended


def main(words: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        return Supervisor(options(words)).run()
    except LocalError as error:
        print(f"Fiprev: {error}", file=sys.stderr, flush=True)
        return 1
    except Ended:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
