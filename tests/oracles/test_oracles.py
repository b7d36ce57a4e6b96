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
from tests.oracles.params import orders_of
from tests.oracles.words import Words

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
        {"unit": "WEEKS", "every": 2, "interest_period": "same_as_repayment_period"},
        {"interest_on_past_due_principal": False, "recalculation_rest": "same_as_repayment_period"},
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


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n": "3.5"}, "n: 3.5 is no whole number"),
        ({"annual_rate_pct": None}, "neither annual_rate_pct nor rate_pct is given"),
        ({"disbursement_date": None}, "'disbursement_date' is missing"),
        ({"grace_principal": 1}, "the progressive generator knows no grace"),
    ],
)
def test_what_cannot_be_computed_fails_and_says_why(changes: dict[str, Any], said: str) -> None:
    outcome = run(case(**changes))
    assert not outcome.passed
    assert outcome.remark.startswith(said)
    assert f"X failed: {said}" in report([outcome])


UNKNOWN = [
    ({"colour": "blue"}, "colour: nobody reads it"),
    ({"interest_period": "now and then"}, "interest_period: now and then is none of daily"),
    ({"rounding": "sideways"}, "rounding: sideways is none of half_up"),
    ({"generator": None, "due_order": None, "colour": "blue"}, "colour: nobody reads it"),
]


@pytest.mark.parametrize(("changes", "said"), UNKNOWN)
def test_what_nobody_knows_of_a_case_is_named_and_its_figures_decide(
    changes: dict[str, Any], said: str
) -> None:
    good = case(**changes) | {"expected": {"rows": [{"n": 1, "interest": "10.00", "total": "340.02"}]}}
    outcome = run(good)
    assert outcome.passed
    assert said in outcome.remark
    assert f"X: {outcome.remark}" in report([outcome])
    wrong = run(good | {"expected": {"rows": [{"n": 1, "interest": "10.01"}]}})
    assert not wrong.passed
    assert f"X failed: {outcome.remark}" in report([wrong])


def test_an_event_that_is_not_known_or_not_read_is_named() -> None:
    chargeback = case() | {"events": [{"type": "chargeback", "date": "2026-02-01", "amount": "5.00"}]}
    assert "no rule is known for the event chargeback" in run(chargeback).remark
    payment = {"type": "repayment", "date": "2026-02-01", "amount": "5.00", "waived": "1.00"}
    assert run(case() | {"events": [payment]}).remark == "waived: nobody reads it"


def test_numbers_may_be_text_and_null_counts_as_missing() -> None:
    expected = {"rows": [{"n": 1, "interest": "10.00", "days": 31}], "total_interest": 20.07}
    numbers = case(principal=1000, annual_rate_pct=12.0, n="3", every="1", decimals="2", leap_rule=None)
    assert run(numbers | {"expected": expected}).passed


def test_figures_are_written_out_and_never_minus_zero() -> None:
    expected = {"a": "0.000000000000", "b": "0.00", "c": 3, "d": "12"}
    found = {"a": Decimal(0), "b": Decimal("-0.001"), "c": Decimal("3.2"), "d": 12}
    assert shaped(expected, found) == expected
    assert same({"due": "2026-01-01"}, {"due": "2026-01-01"}, Decimal("0.02"))
    assert not same({"due": "2026-01-01"}, {"due": "2026-01-02"}, Decimal("0.02"))


@pytest.mark.parametrize(
    ("strategy", "order"),
    [
        ("DUE_PENALTY_INTEREST_PRINCIPAL_FEE_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST", "pipf"),
        ("INTEREST_PRINCIPAL_PENALTIES_FEES_ORDER", "ippf"),
    ],
)
def test_the_order_of_a_payment_is_read_from_its_name(strategy: str, order: str) -> None:
    due, _advance = orders_of(Words({"payment_strategy": strategy}))
    assert "".join(kind[0] for kind in due) == order
    assert orders_of(Words({"due_order": "interest_then_principal"}))[0] == (
        "penalty",
        "fee",
        "interest",
        "principal",
    )


def rate(method: str, events: list[dict[str, Any]], **params: Any) -> Any:
    story = {"id": "R", "kind": "apr", "params": {"method": method, **params}, "events": events}
    outcome = run(story | {"expected": {"apr_pct": "0.00"}})
    assert not outcome.remark
    return outcome.actual["apr_pct"]


def test_a_single_payment_counts_days_whole_months_or_years() -> None:
    """12 CFR 1026, Appendix J (b)(5): the term is the unit period, from a year on the unit period is a year."""
    advance = {"amount": "1000.00", "advance_date": "1978-01-17"}

    def nominal(due: str, amount: str) -> Any:
        return rate("us_reg_z_single_payment", [{"date": due, "amount": amount}], **advance)

    assert nominal("1978-01-27", "1010.00") == "36.50"
    assert nominal("1978-04-17", "1044.00") == "17.60"
    assert nominal("1979-07-17", "1155.00") == "10.00"
    assert nominal("1980-01-17", "1210.00") == "10.00"
    advance["unit_periods_per_year"] = "2"
    assert nominal("1978-07-18", "1050.00") == "10.00"
    assert nominal("1980-01-17", "1210.00") == "10.00"


def test_dated_flows_come_in_any_order() -> None:
    flows = [{"date": "2027-01-01", "amount": "1100"}, {"date": "2026-01-01", "amount": "-1000"}]
    assert rate("xirr", flows) == "10.00"
    assert rate("xirr", flows[:1], amount="1000", advance_date="2026-01-01") == "10.00"


def grace(**changes: Any) -> Any:
    params = {
        "principal": "1000.00", "annual_rate_pct": "12", "rate_type": "nominal", "n": 3, "every": 1, "unit": "MONTHS",
        "amortization": "level", "interest_period": "equal months (1/12 year)", "rounding": "none, tolerance 0.02",
        "grace_instalments": 1, "grace_type": "capitalised",
    }  # fmt: skip
    row = {"n": 1, "total": "0.00", "interest": "0.00", "principal": "0.00", "balance": "0.00"}
    expected = {"rows": [row], "total_interest": "0.00", "total_paid": "0.00"}
    return run({"id": "G", "kind": "grace", "params": params | changes, "events": [], "expected": expected})


def test_a_capitalised_row_shows_the_interest_that_it_adds() -> None:
    """1,010 in two instalments of 512.588 at 1 %: 1,025.18 in all, of which 25.18 is interest."""
    assert grace().actual == {
        "rows": [{"n": 1, "total": "0.00", "interest": "10.00", "principal": "0.00", "balance": "1010.00"}],
        "total_interest": "25.18",
        "total_paid": "1025.18",
    }
    assert "grace_type: odd" in grace(grace_type="odd").remark
    assert "interest_period: daily" in grace(interest_period="daily").remark


def test_frappe_spreads_the_interest_of_a_broken_first_period() -> None:
    """12,000 at 36.5 %: five odd days cost 60.00, a share of 5.00; February costs 336.00 besides."""
    params = {
        "principal": "12000.00", "annual_rate_pct": "36.5", "n": 12, "every": 1, "unit": "MONTHS",
        "disbursement_date": "2026-01-27", "first_due": "2026-03-01", "days_in_year": "365",
        "days_in_month": "actual", "broken_period": "spread_over_tenure",
    }  # fmt: skip
    story = {"id": "F", "kind": "frappe", "params": params, "events": []}
    rows = [{"n": 1, "interest": "0.00", "due": ""}, {"n": 12, "balance": "0.00", "due": ""}]

    def first(**changes: Any) -> Any:
        return run(story | {"params": params | changes, "expected": {"rows": rows}})

    assert first().actual["rows"] == [
        {"n": 1, "interest": "341.00", "due": "2026-03-01"},
        {"n": 12, "balance": "0.00", "due": "2027-02-01"},
    ]
    assert first(broken_period=None).actual["rows"][0]["interest"] == "396.00"
    assert "broken_period: odd" in first(broken_period="odd").remark
    assert "actual days over 365" in first(days_in_year="12 months").remark


def test_frappe_dates_have_names() -> None:
    params = {"n": 3, "every": 1, "repayment_start": "2026-01-17", "principal": "1"}
    found = {
        kind: run(
            {
                "id": "F",
                "kind": "frappe",
                "params": params | {"schedule_type": kind},
                "expected": {"last_due": ""},
            }
        )
        for kind in ("start_of_next_month", "End of the current month", "odd")
    }
    assert found["start_of_next_month"].actual == {"last_due": "2026-04-01"}
    assert found["End of the current month"].actual == {"last_due": "2026-03-31"}
    assert found["odd"].remark.startswith("schedule_type: odd is none of")


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
