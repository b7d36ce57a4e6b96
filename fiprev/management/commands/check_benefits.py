"""The stored rollup against a recount from the measurements (B-6). Exit 1 if they differ."""

from dataclasses import asdict
from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from reports import rollups


class Command(FundCommand):
    help = "Compare the rollup with a recount from the measurements."

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        findings = rollups.check_benefits(on)
        lines = [f"{finding.subject}: {finding.message}" for finding in findings]
        data = {"on": on, "findings": [asdict(finding) for finding in findings]}
        return Outcome(lines or ["the rollup equals the recount"], data, wrong=bool(findings))
