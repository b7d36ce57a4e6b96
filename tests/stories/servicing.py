"""Changes of loans through their real verbs; the committee's decision is a row, as in tests.loans.builders."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from committee.models import AgendaItem, Body, Resolution, Session
from loans import changes
from loans.models import Loan, LoanChange
from tests.world import person


def proposed(loan: Loan, kind: str, on: date, *, booked: date | None = None, **data: Any) -> LoanChange:
    """Proposed by Rosa (a refund by Carmen), counting from `on`."""
    amount = data.pop("amount", None)
    return changes.propose(
        loan=loan, kind=kind, value_on=on, reason="The flood of the Gómez river", data=data,
        amount=None if amount is None else Decimal(str(amount)),
        by=person("carmen" if kind == "refund" else "rosa"), on=booked or on,
    )  # fmt: skip


def resolved(change: LoanChange, on: date, *, outcome: str = "approved", kind: str = "") -> Resolution:
    """What the Technical Committee decided about it."""
    sofia, body = person("sofia"), Body.objects.get(code="CT")
    session, _ = Session.objects.get_or_create(
        code=f"CT-{on:%Y-%m}",
        defaults={
            "body": body, "held_on": on, "begins_at": time(10), "place": "Funtec", "state": "closed",
            "planned_by": sofia, "planned_on": on,
        },
    )  # fmt: skip
    position = session.items.count() + 1
    matter = kind or ("write_off" if change.kind == "write_off" else "restructuring")
    item = AgendaItem.objects.create(
        session=session, position=position, kind=matter, reference=change.ref, title=change.ref, paper={},
        paper_hash="0" * 64, state="decided",
    )  # fmt: skip
    return Resolution.objects.create(
        number=f"{session.code}-R{position:02d}", body=body, session=session, item=item, outcome=outcome,
        decided_on=on, terms={}, tally={}, quorum={}, presence=[], recusals=[], paper_hash="0" * 64, rules={},
        closed_by=sofia,
    )  # fmt: skip


def done(loan: Loan, kind: str, on: date, *, booked: date | None = None, **data: Any) -> LoanChange:
    """Proposed, resolved where the rule asks for it, and approved by a second person."""
    day = booked or on
    change = proposed(loan, kind, on, booked=day, **data)
    if kind != "refund":
        resolved(change, day)
    return changes.approve(change=change, by=person(approver(kind)), on=day)


def approver(kind: str) -> str:
    return "teresa" if kind in ("refund", "write_off") else "dario"
