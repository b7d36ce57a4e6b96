"""./test: every check of the house in one go, and what of it did not run."""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPORT = Path("var/tests.xml")
MANAGE = [sys.executable, "manage.py"]
TOOL = [sys.executable, "-m"]
TEMPLATE = "test database"
Step = tuple[str, list[str]]
# Two rows of checks beside each other; the tests follow the second, whose database they copy.
SOURCE: list[Step] = [
    ("format", [*TOOL, "ruff", "format", "--check", "-q", "."]),
    ("lint", [*TOOL, "ruff", "check", "-q", "."]),
    ("imports", ["lint-imports"]),
    ("types", [*TOOL, "mypy"]),
]
INSTALLATION: list[Step] = [
    ("catalogues compiled", [*MANAGE, "messages", "compile"]),
    ("catalogues complete", [*MANAGE, "messages", "check"]),
    ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
    ("system checks", [*MANAGE, "check", "--fail-level", "WARNING"]),
    (TEMPLATE, [*TOOL, "tests.template"]),
]
TESTS = [*TOOL, "pytest", "-q", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--durations=10"]


def main(words: Sequence[str]) -> int:
    from tests import plugin

    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")  # noqa: PTH120
    if list(words) == ["nightly"]:
        os.environ["FIPREV_NIGHTLY"] = "1"
        words = ()
    if words:
        return subprocess.call([*TOOL, "pytest", *words])
    plugin.serve()
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.unlink(missing_ok=True)
    began = time.monotonic()
    with ThreadPoolExecutor() as beside:
        source = beside.submit(checked, SOURCE)
        installation = checked(INSTALLATION)
        os.environ["FIPREV_TEST_TEMPLATE"] = (
            "yes" if (TEMPLATE, 0) in {row[:2] for row in installation} else ""
        )
        tests = ("tests", *timed("tests", [*TESTS, f"--junit-xml={REPORT}"]))
    results = [*source.result(), *installation, tests]
    print("\nWhat ran:")
    for name, code, seconds in results:
        print(f"  {'failed' if code else 'good  '}  {name} ({seconds:.0f} s)")
    size = "full sizes" if os.environ.get("FIPREV_NIGHTLY") else "the gate's sizes; full ones: ./test nightly"
    print(f"  {time.monotonic() - began:.0f} s in all, {size}")
    print(counted(REPORT))
    return int(any(code for _name, code, _seconds in results))


def counted(report: Path) -> str:
    """How many tests passed, failed and were skipped, as the last line of the gate."""
    if not report.is_file():
        return "0 passed, 0 failed"
    suites = list(ET.parse(report).getroot().iter("testsuite"))
    total, bad, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites for name in names)
        for names in (("tests",), ("failures", "errors"), ("skipped",))
    )
    return f"{total - bad - skipped} passed, {bad} failed, {skipped} skipped"


def checked(row: list[Step]) -> list[tuple[str, int, float]]:
    """One check after the other; what each says is printed when it ends."""
    return [(name, *quietly(name, command)) for name, command in row]


def quietly(name: str, command: list[str]) -> tuple[int, float]:
    began = time.monotonic()
    ended = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    print(f"== {name}\n{ended.stdout}", end="", flush=True)
    return ended.returncode, time.monotonic() - began


def timed(name: str, command: list[str]) -> tuple[int, float]:
    print(f"== {name}", flush=True)
    began = time.monotonic()
    code = subprocess.call(command)
    return code, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
