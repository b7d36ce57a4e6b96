"""`manage.py seed_demo [--on DATE]`: play the demonstration on an empty installation."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from fiprev.demo.story import play

SIGN_INS = "demo-signins.txt"


class Command(FundCommand):
    help = "Play the demonstration through the real verbs; refuses a database with any person in it"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--sign-ins", metavar="FILE", help="where to write the sign-ins (default: var/)")

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        started = monotonic()
        done = play(on=on, tell=lambda line: self.stderr.write(line))
        path = Path(options["sign_ins"] or settings.BASE_DIR / "var" / SIGN_INS)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(done.sign_ins) + "\n", encoding="utf-8")
        summary = (
            f"{done.applications} applications, {done.loans} loans, {done.measurements} measurements "
            f"in {monotonic() - started:.0f} s, act 1 of it in {done.seconds:.0f} s"
        )
        return Outcome(lines=[summary, "", *done.sign_ins], data={"sign_ins": done.sign_ins})
