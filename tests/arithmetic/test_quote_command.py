"""`manage.py quote`: JSON in, JSON out, exit 2 for bad input. It asks no database."""

import io
import json

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.arithmetic.test_quoting import QUESTION

pytestmark = pytest.mark.skipif(not settings.configured, reason="runs with Django only")


def ask(text: str, monkeypatch: pytest.MonkeyPatch) -> dict:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    call_command("quote", stdout=out)
    return json.loads(out.getvalue())


def refused(text: str, monkeypatch: pytest.MonkeyPatch) -> dict:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    with pytest.raises(SystemExit) as end:
        call_command("quote", stdout=out)
    assert end.value.code == 2
    return json.loads(out.getvalue())


def test_rule_S6_the_command_answers_with_rows_and_cat(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask(json.dumps(QUESTION), monkeypatch)
    assert answer["cat_pct"] == "27.3"
    assert len(answer["rows"]) == 3


def test_wrong_values_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = refused(json.dumps(QUESTION | {"n": 0}), monkeypatch)
    sentence = "There must be at least one instalment."
    assert answer == {"errors": [{"field": "n", "value": "0", "message": sentence}]}


def test_what_is_no_json_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    (error,) = refused("{", monkeypatch)["errors"]
    assert error["message"].startswith("This is not JSON: ")
