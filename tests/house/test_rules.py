"""Every rule of docs/rules.md is cited by the name of a test: C-5 by test_rule_C5_..."""

import re

from fiprev.local.places import ROOT
from tests.house import source

HEADING = re.compile(r"^#+ ([A-Z]-\d+)\b", re.MULTILINE)
NAME = re.compile(r"def (test_\w*rule_\w+)")
CITED = re.compile(r"_([A-Z])(\d+)(?=_|$)")


def ruled() -> set[str]:
    document = ROOT / "docs" / "rules.md"
    return set(HEADING.findall(document.read_text(encoding="utf-8"))) if document.exists() else set()


def cited() -> set[str]:
    names = [
        name
        for path in source.python_files("tests")
        for name in NAME.findall(path.read_text(encoding="utf-8"))
    ]
    return {f"{letter}-{number}" for name in names for letter, number in CITED.findall(name)}


def test_every_rule_of_the_fund_is_tested():
    assert ruled(), "docs/rules.md states no rule"
    missing = ruled() - cited()
    assert not missing, f"no test cites {sorted(missing)}"
