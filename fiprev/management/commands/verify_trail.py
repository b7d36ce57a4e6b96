"""Recompute the audit chain from the rows as they stand (X-4). Exit 1 names the first row that does not fit."""

from dataclasses import asdict
from datetime import date
from typing import Any

from accounts import audit
from accounts.commands import FundCommand, Outcome
from accounts.models import User


class Command(FundCommand):
    help = "Verify the audit trail's hash chain; report the unsealed tail."

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        found = audit.verify()
        lines = [f"sealed {found.sealed}, head {found.head[:16]}, unsealed {found.unsealed}"]
        if found.oldest_unsealed:
            lines.append(f"oldest unsealed row: {found.oldest_unsealed.isoformat()}")
        lines.append(f"BROKEN: {found.broken}" if found.broken else "the chain holds")
        return Outcome(lines, asdict(found), wrong=bool(found.broken))
