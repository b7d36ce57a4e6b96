"""The payouts of a loan as its page shows them, with what this person may do next (Rule D-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects

from accounts.models import User
from accounts.permissions import Perm, may
from loans import payout_checks, proofs
from loans.models import Disbursement, Loan, ProofOfUse
from loans.payout_plan import Planned, next_number, plan_of


def with_payouts(*loans: Loan) -> None:
    """Fetch what the payouts of these loans need, in two queries; in none if all are paid out at once."""
    planned = [loan for loan in loans if loan.payout_plan]
    proofs_of = Prefetch("disbursements__proofs", ProofOfUse.objects.select_related("decided_by"))
    prefetch_related_objects(planned, "disbursements", proofs_of)


@dataclass(frozen=True, slots=True)
class PayoutRow:
    number: int
    planned: Planned
    left: Disbursement | None
    prepared: bool
    proofs: tuple[ProofOfUse, ...]


@dataclass(frozen=True, slots=True)
class Payouts:
    rows: tuple[PayoutRow, ...]
    next: int
    waits: bool
    """Money has left and more is to come."""
    missing: tuple[payout_checks.Check, ...]
    """What must be in place before the next one leaves; empty when none is to come."""
    opens: bool
    decides: bool
    to_look_at: ProofOfUse | None
    """A proof that this person may accept or return."""
    hands_in: bool
    prepares: bool
    gives_up: bool


def payouts(loan: Loan, viewer: User, on: date) -> Payouts | None:
    """None for a loan that is paid out at once: its page says nothing of payouts.

    Disbursements and proofs are read as `with_payouts` fetched them.
    """
    if not loan.payout_plan:
        return None
    found = (item for item in loan.disbursements.all() if item.state != Disbursement.State.CANCELLED)
    known = {item.number: item for item in found}
    waits = loan.state == Loan.State.ACTIVE and bool(loan.undrawn)
    before = proofs.awaited(loan) if waits else None
    standing = proofs.standing(before) if before else None
    waiting = standing if standing and standing.state == ProofOfUse.State.HANDED_IN else None
    prepared = any(item.state == Disbursement.State.PREPARED for item in known.values())
    return Payouts(
        rows=tuple(
            _row(number, part, known.get(number)) for number, part in enumerate(plan_of(loan), start=1)
        ),
        next=next_number(loan),
        waits=waits,
        missing=payout_checks.of_payout(loan, on) if waits else (),
        opens=viewer.may(Perm.DISBURSEMENT_PREPARE) or viewer.may(Perm.DISBURSEMENT_APPROVE),
        decides=viewer.may(Perm.CONTRACT_DRAFT) or viewer.may(Perm.CONTRACT_SIGN),
        to_look_at=waiting if waiting and may(proofs.check_can_decide, viewer, waiting) else None,
        hands_in=before is not None and standing is None and may(proofs.check_can_hand_in, viewer, loan),
        prepares=waits and not prepared and viewer.may(Perm.DISBURSEMENT_PREPARE),
        gives_up=waits and not prepared and viewer.may(Perm.CONTRACT_SIGN),
    )


def _row(number: int, planned: Planned, item: Disbursement | None) -> PayoutRow:
    left = item if item and item.state == Disbursement.State.APPROVED else None
    shown = tuple(item.proofs.all()) if item else ()
    return PayoutRow(number, planned, left, item is not None and left is None, shown)
