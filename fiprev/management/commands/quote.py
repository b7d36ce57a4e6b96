"""A quote: JSON on stdin, JSON on stdout."""

import json
import sys
from decimal import Decimal
from typing import Any

from accounts.commands import BAD_INPUT, FundCommand
from loans.arithmetic.problems import TermsError, refuse
from loans.arithmetic.quoting import errors, quote


class Command(FundCommand):
    help = "Computes a loan's schedule, totals and CAT (rules S-3, S-6) from JSON on stdin. Exit 2 for bad input."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Needs no person, no date and no database; --by, --on and --json are taken as everywhere."""
        try:
            answer = quote(_question(sys.stdin.read()))
        except TermsError as error:
            self.stdout.write(_text(errors(error)))
            sys.exit(BAD_INPUT)
        self.stdout.write(_text(answer))


def _question(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise refuse("", text[:40], "not_json", reason=str(error)) from None


def _text(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=1)
