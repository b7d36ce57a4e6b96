"""The annual rollup of a year from its measurements (B-6). It can run again without harm."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from reports import rollups


class Command(FundCommand):
    help = "Roll up the benefits of a year; --rebuild computes every indicator anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument(
            "--rebuild", action="store_true", help="also indicators whose records did not change"
        )

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        year = options["year"]
        done = rollups.rollup_year(year=year, by=by, on=on, rebuild=options["rebuild"])
        data = {"year": year, "figures": done.figures, "computed": done.computed, "restated": done.restated}
        return Outcome([f"{year}: {done.figures} figures, {len(done.computed)} indicators computed"], data)
