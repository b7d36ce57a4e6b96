"""Which of a machine's interpreters runs the system."""

import subprocess
from pathlib import Path

import pytest

FINDER = Path(__file__).resolve().parents[2] / "fiprev" / "local" / "pythons.sh"


def found(function: str, *folders: Path) -> list[str]:
    path = ":".join(map(str, folders))
    done = subprocess.run(
        ["/bin/sh", "-euc", f". {FINDER}; {function}"],
        env={"PATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


@pytest.fixture
def machine(tmp_path):
    """Folders of the PATH, each with an interpreter that answers as told: is it new enough, is it in one piece?"""

    def folder(name: str, *, is_new: bool = True, is_whole: bool = False) -> Path:
        place = tmp_path / name
        place.mkdir()
        python = place / "python3"
        python.write_text(
            "#!/bin/sh\n"
            f'case "$2" in *version_info*) exit {int(not is_new)};; *libpython*) exit {int(not is_whole)};; esac\n'
        )
        python.chmod(0o755)
        return place

    return folder


def test_the_shells_own_comes_first_and_an_old_one_not_at_all(machine):
    old, own, other = machine("old", is_new=False), machine("own"), machine("other")
    assert found("pythons", old, own, other) == [f"{own}/python3", f"{other}/python3"]
    assert found("pythons", old) == []


def test_one_in_one_piece_is_taken_before_one_that_loads_its_library(machine):
    own, whole, later = machine("own"), machine("whole", is_whole=True), machine("later", is_whole=True)
    assert found("quicker_python", own, whole, later) == [f"{whole}/python3"]


def test_where_none_is_in_one_piece_none_is_preferred(machine):
    assert found("quicker_python", machine("own")) == []
    assert found("quicker_python") == []
