"""The compose file and the image, as far as they can be tried without an engine."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fiprev.local import probe
from fiprev.local.places import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def section(name: str) -> dict[str, str]:
    """The blocks below a top-level key, by their names: the file keeps to two spaces of indentation."""
    body = re.search(rf"^{name}:\n((?:  .*\n|\n)*)", COMPOSE + "\n", re.MULTILINE)
    assert body
    parts = re.split(r"^  ([a-z]+): *\n", body[1], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


SERVICES = section("services")


def test_the_services_of_an_installation():
    assert list(SERVICES) == ["db", "redis", "migrate", "web", "worker", "beat", "proxy"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_every_service_that_stays_says_whether_it_is_well_and_comes_back(name: str):
    assert "healthcheck:" in SERVICES[name]
    assert "restart: unless-stopped" in SERVICES[name] or "<<: *app" in SERVICES[name]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_our_programs_wait_for_the_migration(name: str):
    assert "migrate: {condition: service_completed_successfully}" in SERVICES[name]


def test_what_must_last_lies_in_a_declared_volume():
    declared = set(section("volumes"))
    used = {
        word for block in SERVICES.values() for word in re.findall(r"^ +- ([a-z]+):/", block, re.MULTILINE)
    }
    used |= set(re.findall(r"^    - ([a-z]+):/", COMPOSE, re.MULTILINE))
    assert used == declared


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, block in SERVICES.items() if "ports:" in block] == ["proxy"]


def test_no_secret_stands_in_the_file():
    for name, value in re.findall(r"^\s+(\w*(?:PASSWORD|SECRET|TOKEN)\w*):\s*(.+)$", COMPOSE, re.MULTILINE):
        assert value.startswith("${"), name


def test_scaling_is_not_hindered():
    """A fixed name or port would keep a second web or worker from starting."""
    assert "container_name" not in COMPOSE


def steps(word: str) -> list[str]:
    text = re.sub(r"\\\n", " ", DOCKERFILE)
    return [
        " ".join(line.removeprefix(word).split()) for line in text.splitlines() if line.startswith(f"{word} ")
    ]


def command() -> list[str]:
    (line,) = steps("CMD")
    return [str(word) for word in eval(line)]


def test_the_image_installs_the_lock_by_hash_and_runs_as_a_plain_user():
    assert any("--require-hashes" in step and "requirements/runtime.txt" in step for step in steps("RUN"))
    assert steps("USER") == ["fiprev"]
    assert steps("ENV")[-1].startswith("PRODUCTION=yes")


def test_the_image_has_the_libraries_of_pdfs():
    from fiprev.local.system import PANGO

    assert all(package in DOCKERFILE for package in PANGO.values())


def test_the_image_takes_no_local_state_along():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".env", ".venv", "var"} <= set(ignored)


@pytest.mark.nightly
@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_the_commands_of_the_image_run_in_order_in_a_clean_folder(tmp_path: Path, environ: dict[str, str]):
    """All but what belongs to the base system: apt and the making of a user."""
    from tests.local.test_run import copy_to

    home = tmp_path / "srv"
    copy_to(home)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    clean = {"PATH": f"{tmp_path}/venv/bin:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    clean |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    for step in steps("RUN"):
        if not step.startswith(("apt-get", "useradd")):
            subprocess.run(["/bin/sh", "-c", step], cwd=home, env=clean, check=True)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    live = {
        **clean,
        **{name: environ[name] for name in ("DATABASE_URL", "REDIS_URL")},
        "PRODUCTION": "yes",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "fund.example",
        "MEDIA_ROOT": str(tmp_path / "media"),
    }
    migrate = re.search(r"command: (\[.*prepare.*\])", COMPOSE)
    assert migrate
    subprocess.run([str(word) for word in eval(migrate[1])], cwd=home, env=live, check=True)
    words = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in command()]
    web = subprocess.Popen(shlex.split(shlex.join(words)), cwd=home, env=live)
    try:
        until = time.monotonic() + 60
        while probe.status(f"http://127.0.0.1:{port}/healthz", host="fund.example") != 200:
            assert web.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
    finally:
        web.terminate()
        web.wait(30)
