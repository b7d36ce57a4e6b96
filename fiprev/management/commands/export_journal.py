"""Write the whole journal to stdout or a file."""

from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts.commands import BAD_INPUT, FundCommand, Outcome
from accounts.models import User
from fund import journal


class Command(FundCommand):
    help = "Exports the journal up to a booking date (rule L-5)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=("csv", "xlsx", "beancount"), default="csv")
        parser.add_argument("--output", metavar="FILE", help="write to a file instead of stdout")

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        try:
            return self._write(on, options["format"], options["output"])
        except OSError as problem:
            raise CommandError(f"{options['output']}: {problem.strerror}", returncode=BAD_INPUT) from problem

    def _write(self, on: date, kind: str, output: str | None) -> Outcome:
        if kind == "xlsx":
            with self._bytes_out(output) as book:
                journal.as_xlsx(book, on)
            return Outcome([], {"on": on, "file": output})
        text = journal.as_csv(on) if kind == "csv" else journal.as_beancount(on)
        if output:
            with Path(output).open("w", encoding="utf-8", newline="") as out:
                out.writelines(text)
        else:
            for part in text:
                self.stdout.write(part, ending="")
        return Outcome([], {"on": on, "file": output})

    def _bytes_out(self, output: str | None) -> Any:
        if output:
            return Path(output).open("wb")
        raw = getattr(self.stdout._out, "buffer", None)
        if raw is None or self.stdout.isatty():
            raise CommandError("a workbook is no text: name a file with --output", returncode=BAD_INPUT)
        return nullcontext(raw)
