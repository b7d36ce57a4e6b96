"""Run every check that the apps have registered."""

from datetime import date
from typing import Any

from accounts.commands import FundCommand, Outcome
from accounts.models import User
from accounts.registries import Finding, check_names, run_checks


class Command(FundCommand):
    help = "Checks the books (rule L-3): prints findings, exit 1 if there are any."

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        findings = run_checks(on)
        lines = [
            f"{finding.check}: {finding.subject}: expected {finding.expected}, found {finding.found}. {finding.message}"
            for finding in findings
        ]
        lines.append(f"{len(check_names())} checks on {on}: {len(findings)} findings.")
        return Outcome(
            lines, {"on": on, "findings": [finding_dict(finding) for finding in findings]}, bool(findings)
        )


def finding_dict(finding: Finding) -> dict[str, str]:
    """A finding as the JSON output names it."""
    return {name: getattr(finding, name) for name in ("check", "subject", "expected", "found", "message")}
