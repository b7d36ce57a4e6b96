"""What this app keeps about a person, for the copy that the person may ask for (rule X-6)."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from committee.models import Appointment, Attendance, Ballot, Declaration, MinutesComment


def of(user: User) -> dict[str, Any]:
    """Seats, presence, votes, remarks, and what the person declared of own interests."""
    return {
        "seats": [
            {"seat": str(row.seat), "alternate": row.alternate, "since": row.since, "until": row.until}
            for row in Appointment.objects.filter(person=user).select_related("seat__body").order_by("pk")
        ],
        "declarations": list(
            Declaration.objects.filter(person=user).order_by("pk").values(
                "made_on", "year", "matter", "conflict", "reason_class", "statement"
            )
        ),
        "sessions": list(
            Attendance.objects.filter(person=user).order_by("pk").values("session__code", "remote", "marked_on")
        ),
        "votes": list(
            Ballot.objects.filter(person=user).order_by("pk").values(
                "item__session__code", "item__position", "vote", "cast_on"
            )
        ),
        "remarks": list(
            MinutesComment.objects.filter(written_by=user).order_by("pk").values(
                "session__code", "written_on", "text"
            )
        ),
    }  # fmt: skip
