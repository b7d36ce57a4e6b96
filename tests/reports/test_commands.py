"""B-6 from the command line: roll up, close, check; exit 1 on findings, 2 on bad input."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from reports.models import RollupFigure, RollupYear
from tests.stories import benefits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def measured():
    return benefits.verified(benefits.operating("lupe"))


def run(capsys, name: str, **options: object):
    call_command(name, on="2026-06-01", json=True, **options)
    return json.loads(capsys.readouterr().out)


def test_rule_B6_the_rollup_says_what_it_did_and_may_run_again(capsys):
    first = run(capsys, "rollup_benefits", year=2025)
    assert first["figures"] > 0
    assert "W1" in first["computed"]
    again = run(capsys, "rollup_benefits", year=2025)
    assert again["figures"] == first["figures"]
    assert again["computed"] == []


def test_rule_B6_a_closed_year_cannot_be_closed_again(capsys):
    assert run(capsys, "close_year", by="bruno@fiprev.example", year=2025)["year"] == 2025
    assert RollupYear.objects.get(year=2025).is_closed
    with pytest.raises(CommandError, match="closed already") as refused:
        call_command("close_year", by="bruno@fiprev.example", year=2025, on="2026-06-01")
    assert refused.value.returncode == 2


def test_rule_B6_a_rollup_that_differs_from_a_recount_is_a_finding(capsys):
    run(capsys, "rollup_benefits", year=2025)
    assert run(capsys, "check_benefits")["findings"] == []
    RollupFigure.objects.filter(year=2025).update(achieved=1)
    with pytest.raises(SystemExit) as stopped:
        call_command("check_benefits", on=date(2026, 6, 1).isoformat())
    assert stopped.value.code == 1
    assert "recount" in capsys.readouterr().out
