"""`manage.py rollup_benefits --year Y [--rebuild]`: the annual rollup (Rule B-6)."""

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from reports.rollups import rollup_year


class Command(FundCommand):
    help = "Roll up the benefits of a year; may run twice"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=int, help="the year (default: that of --on)")
        parser.add_argument("--rebuild", action="store_true", help="compute every indicator, changed or not")

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        year = options["year"] or on.year
        done = rollup_year(year=year, by=by, on=on, rebuild=options["rebuild"])
        computed, unchanged = len(done.computed), len(done.unchanged)
        line = f"{done.year}: {done.figures} figures; computed {computed}, unchanged {unchanged}"
        if done.restated:
            line += f", restated {done.restated}"
        return Outcome(lines=[line], data=asdict(done))
