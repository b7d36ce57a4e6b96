"""`manage.py check_benefits`: every rolled up figure against a recount (Rule B-6). Exit 1 if any differs."""

from dataclasses import asdict
from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from reports.rollups import check_benefits

#: Findings printed as text; --json gives them all.
SHOWN = 40


class Command(FundCommand):
    help = "Compare every rolled up figure with a recount from the measurements"

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        findings = check_benefits(on)
        lines = [
            f"{item.subject}: {item.expected}; {item.found}. {item.message}" for item in findings[:SHOWN]
        ]
        if len(findings) > SHOWN:
            lines.append(f"... and {len(findings) - SHOWN} more")
        return Outcome(
            lines=lines or ["Every figure equals a recount."],
            data={"on": on, "findings": [asdict(item) for item in findings]},
            wrong=bool(findings),
        )
