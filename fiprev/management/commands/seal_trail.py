"""Close the audit rows written so far into the hash chain; Celery does this every minute."""

from datetime import date
from typing import Any

from accounts import audit
from accounts.commands import FundCommand, Outcome
from accounts.models import User


class Command(FundCommand):
    help = "Seal the audit rows not yet in the chain."

    def act(self, *, by: User, on: date, **options: Any) -> Outcome:
        events = 0
        while batch := audit.seal():
            events += batch.events
        return Outcome([f"sealed {events} rows"], {"sealed": events})
