"""The gate's closing line says what ran."""

import sys
from pathlib import Path

from tests.conftest import LONGEST
from tests.gate import counted, quietly

REPORT = """<testsuites><testsuite name="pytest" tests="{tests}" failures="{failures}" errors="{errors}"
skipped="{skipped}"/></testsuites>"""


def test_the_last_line_counts_what_passed_failed_and_was_left_out(tmp_path):
    path = tmp_path / "tests.xml"
    path.write_text(REPORT.format(tests=10, failures=1, errors=1, skipped=2))
    assert counted(path) == "6 passed, 2 failed, 2 skipped"


def test_a_run_that_wrote_no_report_passed_nothing(tmp_path):
    assert counted(tmp_path / "none.xml") == "0 passed, 0 failed"


def test_the_files_that_begin_first_are_there():
    assert [name for name in LONGEST if not Path(name).is_file()] == []


def test_a_check_beside_another_says_all_of_it_in_one_piece(capsys):
    code, _seconds = quietly("a check", [sys.executable, "-c", "print('it says why'); raise SystemExit(3)"])
    assert (code, capsys.readouterr().out) == (3, "== a check\nit says why\n")
