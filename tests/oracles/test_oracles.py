"""The oracle command, and figures of other systems that our engine gives too (rules S-1 to S-7)."""

import csv
import json
import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from loans.arithmetic.cat import cat
from loans.arithmetic.quoting import quote, terms_of
from tests.oracles.__main__ import main, report, run, tolerance_of
from tests.oracles.figures import same, shaped

WORKED = Path(__file__).parents[1] / "worked"
CASES = os.environ.get("FIPREV_ORACLES", "")


@pytest.mark.skipif(not CASES, reason="FIPREV_ORACLES names no file of oracle cases")
def test_every_reproducible_case_comes_out_to_the_cent() -> None:
    cases = json.loads(Path(CASES).read_text(encoding="utf-8"))["cases"]
    outcomes = [run(case) for case in cases]
    failing = {
        outcome.id: outcome.actual for outcome in outcomes if not outcome.passed and not outcome.reason
    }
    assert failing == {}
    assert len(outcomes) == len(cases)


def worked_schedules() -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    with (WORKED / "schedules.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            found[line["source"]].append(line)
    return found


@pytest.mark.parametrize(("source", "lines"), worked_schedules().items(), ids=list(worked_schedules()))
def test_rule_S1_worked_schedules_of_other_systems(source: str, lines: list[dict[str, str]]) -> None:
    """Our own engine, in the conventions that it shares with the source."""
    rows = quote(json.loads(lines[0]["terms"]))["rows"]
    assert len(rows) == len(lines)
    for line, row in zip(lines, rows, strict=True):
        figures = {key: line[key] for key in ("due", "principal", "interest", "balance")}
        assert {key: row[key] for key in figures} == figures


def case(**changes: Any) -> dict[str, Any]:
    params = {
        "principal": "1000.00", "annual_rate_pct": "12", "disbursement_date": "2026-01-01", "n": 3, "every": 1,
        "unit": "MONTHS", "amortization": "level", "interest_method": "declining_balance", "days_in_year": "360",
        "days_in_month": "30", "decimals": 2, "generator": "progressive", "interest_recalculation": True,
        "due_order": "interest_then_principal", "future_instalments": "next", "recalculation_rest": "daily",
    }  # fmt: skip
    return {"id": "X", "kind": "schedule", "params": params | changes, "events": [], "expected": {}}


def test_the_comparison_asks_for_every_expected_figure() -> None:
    expected = {"rows": [{"n": 2, "interest": "6.70"}], "total_interest": "20.07", "tolerance": "0.1"}
    actual = shaped(
        expected, {"rows": [{"n": 1}, {"n": 2, "interest": Decimal("6.699")}], "total_interest": None}
    )
    assert actual == {"rows": [{"n": 2, "interest": "6.70"}], "total_interest": None, "tolerance": "0.1"}
    assert not same(expected, actual)
    assert same({"apr_pct": "28.50"}, {"apr_pct": "28.51"}, Decimal("0.02"))
    assert not same({"rows": [{"n": 1}, {"n": 2}]}, {"rows": [{"n": 1}]})


@pytest.mark.parametrize("future", ["next", "last", "next_then_last", "reamortise"])
@pytest.mark.parametrize("rest", ["till_preclose_date", "till_rest_frequency_date"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"interest_method": "flat", "interest_recalculation": False},
        {"generator": "cumulative", "interest_recalculation": False, "instalment_multiple": "1"},
        {"days_in_year": "actual", "days_in_month": "actual", "year_boundary": "1-Jan", "unit": "WEEKS"},
        {"days_in_year": "364", "days_in_month": "actual", "unit": "DAYS", "every": 15},
        {"down_payment_pct": "25", "annual_rate_pct": "0"},
    ],
)
def test_whatever_is_paid_a_migrated_loan_repays_its_principal(changes: dict, rest: str, future: str) -> None:
    """Every way of servicing that a source knows, with events in an awkward order."""
    story = case(kind="servicing", future_instalments=future, preclosure_interest=rest, **changes)
    story["kind"] = "servicing"
    story["events"] = [
        {"type": "repayment", "date": "2026-01-20", "amount": "100.00"},
        {"type": "repayment", "date": "2026-03-05", "amount": "250.00"},
        {"type": "repayment", "date": "2026-01-10", "amount": "0.37"},
        {"type": "payoff", "date": "2026-03-20", "amount": "2000.00"},
    ]
    story["expected"] = {
        "checkpoints": [
            {"after_event": k, "as_of": day, "rows": [{"n": n, "principal": "0.00"} for n in (1, 2, 3)]}
            for k, day in ((0, "2026-01-01"), (1, "2026-02-10"), (3, "2026-03-05"), (4, "2026-04-01"))
        ]
    }
    del story["params"]["kind"]
    outcome = run(story)
    down = Decimal(changes.get("down_payment_pct", 0)) * 10
    for point in outcome.actual["checkpoints"]:
        total = sum(Decimal(row["principal"]) for row in point["rows"])
        assert total <= Decimal(1000)
        if not down:
            assert total == Decimal(1000)


def test_the_report_names_what_failed_and_why_a_case_is_no_bar() -> None:
    wrong = case() | {"id": "WRONG", "expected": {"total_interest": "1.00"}}
    no_bar = case() | {
        "id": "ODD",
        "reproduced": False,
        "why_not": "a misprint",
        "expected": {"total_interest": "1.00"},
    }
    other = case() | {"id": "BOOKS", "kind": "journal"}
    text = report([run(wrong), run(no_bar), run(other), run(case() | {"id": "GOOD"})])
    assert "schedule    1/2 WRONG" in text
    assert "ODD no bar: a misprint" in text
    assert "BOOKS no bar" in text
    assert text.endswith("all         1/2")


def test_a_case_that_cannot_be_read_fails_and_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "error" in run(case(n=None) | {"expected": {"total_interest": "1.00"}}).actual


def test_the_command_reads_a_file_and_answers_by_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.json"
    good = case() | {"expected": {"rows": [{"n": 1, "interest": "10.00", "total": "340.02"}]}}
    file.write_text(json.dumps({"cases": [good]}))
    monkeypatch.setattr("sys.argv", ["oracles", str(file), "--actual"])
    assert main() == 0
    assert json.loads(capsys.readouterr().out) == [{"id": "X", "actual": good["expected"]}]
    file.write_text(json.dumps({"cases": [good | {"expected": {"rows": [{"n": 1, "interest": "10.01"}]}}]}))
    monkeypatch.setattr("sys.argv", ["oracles", str(file)])
    assert main() == 1
    file.write_text("no json")
    assert main() == 2


def test_a_tolerance_is_given_or_written_into_the_rounding() -> None:
    assert tolerance_of({"expected": {"tolerance": "0.005"}, "params": {}}) == Decimal("0.005")
    assert tolerance_of({"expected": {}, "params": {"rounding": "none, tolerance 0.02"}}) == Decimal("0.02")
    assert tolerance_of({"expected": {}, "params": {"rounding": "half_up"}}) is None


def test_rule_S6_a_mexican_cat_with_the_opening_fee() -> None:
    """5,000 against 24 payments of 230: 9.69 % nominal (12 CFR 1026, Appendix J (c)(1)(i)) is 10.1 % effective."""
    terms = terms_of(
        {
            "principal": "5000",
            "annual_rate_pct": "9.6857",
            "n": 24,
            "disbursement_date": "1978-01-10",
            "calendar": "",
        }
    )
    assert cat(terms).pct == Decimal("10.1")
