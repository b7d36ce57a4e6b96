"""What every command of the fund shares: who acts, for which date, text or JSON, and three exit codes."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from accounts.clock import today
from accounts.errors import Denied, Refusal
from accounts.models import User

GOOD, FINDINGS, BAD_INPUT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command found: lines for people, data for programs, and whether anything is wrong."""

    lines: list[str] = field(default_factory=list)
    data: Any = None
    wrong: bool = False


class FundCommand(BaseCommand):
    """Adds --by, --on and --json; `act` does the work. Exit 0 good, 1 findings, 2 bad input."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", metavar="EMAIL", help="who acts (default: the system)")
        parser.add_argument("--on", metavar="DATE", help="the date it is for, YYYY-MM-DD (default: today)")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        by, on, as_json = options.pop("by"), options.pop("on"), options.pop("json")
        try:
            outcome = self.act(by=_person(by), on=_day(on), **options)
        except (Refusal, Denied) as refusal:
            raise CommandError(str(refusal), returncode=BAD_INPUT) from refusal
        if as_json:
            self.stdout.write(json.dumps(outcome.data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        else:
            for line in outcome.lines:
                self.stdout.write(line)
        if outcome.wrong:
            self.stdout.flush()
            sys.exit(FINDINGS)


def _person(email: str | None) -> User:
    if not email:
        return User.objects.system()
    try:
        return User.objects.by_email(email)
    except User.DoesNotExist:
        raise CommandError(f"--by {email}: nobody here has this e-mail", returncode=BAD_INPUT) from None


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError:
        raise CommandError(f"--on {text}: write the date as 2026-03-31", returncode=BAD_INPUT) from None
