"""`manage.py close_year --year Y --by EMAIL`: freeze the published figures of a year (Rule B-6)."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from reports.models import ClosedFigure
from reports.rollups import close_year


class Command(FundCommand):
    help = "Close a year: its published figures are frozen, later corrections are restatements"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=int, required=True)

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        head = close_year(year=options["year"], by=by, on=on)
        frozen = ClosedFigure.objects.filter(year=head.year).count()
        return Outcome(
            lines=[f"{head.year} closed: {frozen} figures"],
            data={"year": head.year, "closed_on": head.closed_on, "figures": frozen},
        )
