"""`manage.py check_benefits`: every rolled up figure against a recount (Rule B-6). Exit 1 if any differs."""

from dataclasses import asdict
from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from reports.rollups import check_benefits


class Command(FundCommand):
    help = "Compare every rolled up figure with a recount from the measurements"

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        findings = check_benefits(on)
        lines = [f"{item.subject}: {item.message} ({item.expected} / {item.found})" for item in findings]
        return Outcome(
            lines=lines or ["Every figure equals a recount."],
            data={"on": on, "findings": [asdict(item) for item in findings]},
            wrong=bool(findings),
        )
