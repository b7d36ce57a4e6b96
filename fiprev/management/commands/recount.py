"""`manage.py recount`: every frozen tally again from its ballots (rule C-8); exit 1 where one differs."""

from dataclasses import asdict
from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from committee import recount


class Command(FundCommand):
    help = "Recount every frozen vote from its ballots, under the rules it was taken under."

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        counted, found = recount.count(on), recount.findings(on)
        lines = [f"{row.message} {row.expected} / {row.found}" for row in found]
        lines.append(f"{counted} resolutions recounted, {len(found)} differences")
        data = {"on": on, "counted": counted, "findings": [asdict(row) for row in found]}
        return Outcome(lines=lines, data=data, wrong=bool(found))
