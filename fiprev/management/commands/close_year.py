"""Freeze a year's published figures; later corrections appear as restatements (B-6)."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from reports import rollups


class Command(FundCommand):
    help = "Close a year of benefits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=int, required=True)

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        closed = rollups.close_year(year=options["year"], by=by, on=on)
        return Outcome([f"{closed.year} is closed"], {"year": closed.year, "closed_on": on})
