"""Locked by hash, and naming no registry: the same packages on every machine, from whatever index it uses."""

import re
from pathlib import Path

import pytest

from fiprev.local.places import ROOT

LOCKS = [ROOT / "requirements" / name for name in ("runtime.txt", "test.txt")]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(\[[a-z0-9,_-]+\])?==(\S+)( ; .+?)? \\$")


def pins(lock: Path) -> dict[str, str]:
    """Each package's line with the lines of hashes that follow it."""
    found: dict[str, str] = {}
    current = ""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            current = line
            found[current] = ""
        elif "--hash=" in line:
            found[current] += line
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_and_has_hashes(lock: Path):
    for line, hashes in pins(lock).items():
        assert PIN.match(line), f"{line!r} is no pin"
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", hashes), f"{line} has no hash"


@pytest.mark.parametrize("file", sorted((ROOT / "requirements").iterdir()), ids=lambda file: file.name)
def test_no_requirements_file_names_a_host_or_a_path(file: Path):
    text = file.read_text(encoding="utf-8")
    for word in ("://", "--index", "--extra-index", "--find-links", "--trusted-host", "file:", " @ "):
        assert word not in text, f"{file.name} names {word}"


def test_the_lock_of_the_tests_holds_the_whole_of_the_runtime():
    runtime, test = (pins(lock) for lock in LOCKS)
    assert runtime.items() <= test.items()


def test_every_wish_is_locked():
    for name in ("runtime", "test"):
        locked = {re.split(r"[=\[]", line)[0] for line in pins(ROOT / "requirements" / f"{name}.txt")}
        for line in (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines():
            wish = re.match(r"^([A-Za-z0-9._-]+)", line)
            if wish and not line.startswith("-"):
                assert wish[1].lower().replace("_", "-").replace(".", "-") in locked, f"lock {wish[1]} anew"


def test_locks_that_record_hosts_stay_out():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert "uv.lock" in ignored
    assert not (ROOT / "pylock.toml").exists()
