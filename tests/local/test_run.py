"""The whole system by ./run, in a copy of what is committed: served, stopped, killed, started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from fiprev.local import probe
from fiprev.local.places import ROOT
from fiprev.local.processes import command_of
from tests.house.source import committed

pytestmark = pytest.mark.processes
MINE = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SITE_URL", "DEMO", "PROMETHEUS_MULTIPROC_DIR")
STARTED: list[subprocess.Popen[str]] = []


@pytest.fixture
def copy() -> Iterator[Path]:
    """What git would hand to somebody else."""
    with tempfile.TemporaryDirectory(prefix="fp") as folder:
        Path(folder).chmod(0o755)
        root = Path(folder) / "fiprev"
        copy_to(root)
        yield root
        for process in STARTED:
            process.kill()
            process.wait()
        until_gone(root)


def copy_to(root: Path) -> None:
    for file in committed():
        target = root / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def begin(root: Path, port: int, *command: str) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if name not in MINE}
    words = command or (sys.executable, "-m", "fiprev.local.supervisor", "--no-demo")
    with (root / "out").open("w") as out:
        process = subprocess.Popen(
            [*words, "--port", str(port)], cwd=root, env=environ, stdout=out, stderr=out, text=True
        )
    STARTED.append(process)
    return process


def until_served(process: subprocess.Popen[str], root: Path, port: int, seconds: float = 240) -> None:
    until = time.monotonic() + seconds
    while probe.status(f"http://localhost:{port}/healthz") != 200:
        assert process.poll() is None, (root / "out").read_text()
        assert time.monotonic() < until, (root / "out").read_text()
        time.sleep(0.2)


def until_said(root: Path, words: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while words not in (said := (root / "out").read_text()):
        assert time.monotonic() < until, said
        time.sleep(0.1)


def ours(root: Path) -> list[str]:
    """Every process that was started from the copy."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                where = (entry / "cwd").readlink()
            except OSError:
                continue
            command = command_of(int(entry.name))
            if str(root) in command or where == root:
                found.append(command)
    return found


def until_gone(root: Path, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while left := ours(root):
        assert time.monotonic() < until, left
        time.sleep(0.1)


def people(root: Path) -> str:
    """A command without DATABASE_URL: it uses the running server, or starts it for the call."""
    environ = {name: value for name, value in os.environ.items() if name not in MINE}
    code = "from accounts.models import User; print(User.objects.count())"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
        cwd=root, env=environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_system_starts_serves_is_killed_starts_again_and_stops(copy: Path):
    port = free_port()
    first = begin(copy, port)
    until_served(first, copy, port)
    assert people(copy) == "1"  # the system itself
    first.kill()
    first.wait()
    until_gone(copy)

    second = begin(copy, port)
    until_served(second, copy, port)
    ready = 0
    for _ in range(100):
        if (ready := probe.status(f"http://localhost:{port}/readyz")) == 200:
            break
        time.sleep(0.2)
    assert ready == 200, "database, broker and worker answer"
    with urllib.request.urlopen(f"http://localhost:{port}/healthz") as answer:
        assert answer.read() == b"ok\n"
    until_said(copy, f"Fiprev is ready: http://localhost:{port}")
    second.send_signal(signal.SIGINT)
    assert second.wait(40) == 0
    until_gone(copy, 1)
    said = (copy / "out").read_text()
    assert "Traceback" not in said

    assert people(copy) == "1"  # the data are kept, and the server was started for this call alone
    until_gone(copy, 1)


@pytest.mark.nightly
def test_a_fresh_machine_installs_and_serves(copy: Path):
    port = free_port()
    process = begin(copy, port, "./run", "--no-demo")
    until_served(process, copy, port, seconds=400)
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0
