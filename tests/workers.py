"""Real servers and workers for the few tests that need them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from fiprev.local import servers
from fiprev.local.places import ROOT


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    (hold,) = servers.use(["valkey"], var=tmp_path_factory.mktemp("broker"), fast=True)
    yield hold.server.url
    hold.release()


@pytest.fixture
def environ(transactional_db: None, broker: str) -> dict[str, str]:
    """The environment of a process of ours that works on the test database."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    keep = {name: value for name, value in os.environ.items() if name not in {"DEMO", "PRODUCTION"}}
    return {**keep, "DJANGO_SETTINGS_MODULE": "fiprev.settings", "DATABASE_URL": url, "REDIS_URL": broker}


Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(environ: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """start("celery", "-A", ..., NAME="value") runs one of our programs; all are killed when the test ends."""
    running: list[subprocess.Popen[bytes]] = []

    def launch(module: str, *words: str, **more: str) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{module}-{len(running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                cwd=ROOT,
                env={**environ, **more},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        running.append(process)
        return process

    yield launch
    for process in running:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the whole session: the worker and the children of its pool."""
    try:
        os.killpg(process.pid, 9)
    except ProcessLookupError:
        return
    process.wait(10)
