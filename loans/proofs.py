"""Proof of use of a payout, without which the next one does not leave (Rule D-3)."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, files, lifecycle, notices
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.permissions import Perm, check_may
from loans.bookkeeping import locked
from loans.lifecycle import PROOF_MOVES
from loans.models import Disbursement, Loan, ProofOfUse
from projects.gates import people_to_tell
from projects.models import FirmMember

HANDERS = (FirmMember.Role.OWNER, FirmMember.Role.EDITOR)


def check_can_hand_in(user: User, loan: Loan) -> None:
    """The firm's owner and editors hand a proof in, or the staff who draft contracts."""
    own = loan.firm.members.filter(user=user, left_on=None, confirmed_on__isnull=False, role__in=HANDERS)
    if not user.may(Perm.CONTRACT_DRAFT) and not own.exists():
        raise Denied(_("The firm's owner or editor hands in the proof of use."))


def check_can_decide(user: User, proof: ProofOfUse) -> None:
    """Accepted or returned by somebody of the staff other than whoever handed it in (rules D-3, G-6)."""
    check_may(user, Perm.CONTRACT_DRAFT if user.may(Perm.CONTRACT_DRAFT) else Perm.CONTRACT_SIGN)
    if proof.handed_in_by_id == user.pk:
        raise Denied(_("Whoever handed in a proof of use cannot also close it."))


def awaited(loan: Loan) -> Disbursement | None:
    """The last payout that left, while another one is planned: what its proof is asked of."""
    if loan.state != Loan.State.ACTIVE or not loan.undrawn:
        return None
    left = [item for item in loan.disbursements.all() if item.state == Disbursement.State.APPROVED]
    return max(left, key=lambda item: item.number, default=None)


def standing(disbursement: Disbursement) -> ProofOfUse | None:
    """The proof that waits or was accepted; one that was returned counts no more."""
    known = [proof for proof in disbursement.proofs.all() if proof.state != ProofOfUse.State.RETURNED]
    return known[0] if known else None


@transaction.atomic
def hand_in(
    *, loan: Loan, note: str, by: User, on: date, upload: UploadedFile | None = None
) -> ProofOfUse:  # fmt: skip
    """Say and show what the last payout was used for. Raises RuleBroken D-3 if none is awaited."""
    check_can_hand_in(by, loan)
    loan = locked(loan.ref)
    disbursement = awaited(loan)
    require(
        disbursement, "D-3", _("No later payout of %(loan)s is planned: it needs no proof of use.") % {"loan": loan}
    )  # fmt: skip
    assert disbursement is not None
    require(
        standing(disbursement) is None, "D-3",
        _("The proof of use of payout %(number)s is handed in already.") % {"number": disbursement.number},
    )  # fmt: skip
    if not note.strip():
        raise BadInput("note", note, _("Say what the money was used for."))
    paper = files.store(upload, about=loan.audit_ref, by=by, on=on, field="upload") if upload else None
    proof = ProofOfUse.objects.create(
        disbursement=disbursement, note=note.strip(), paper=paper, handed_in_by=by, handed_in_on=on
    )
    audit.record(
        "proof_of_use.handed_in", proof, by=by, on=on,
        after={"loan": loan.ref, "payout": disbursement.number, "sha256": paper.sha256 if paper else None},
    )  # fmt: skip
    return proof


@transaction.atomic
def accept(*, proof: ProofOfUse, by: User, on: date) -> ProofOfUse:
    """The proof is good: the next payout may be prepared. Twice is once."""
    proof = _locked(proof)
    check_can_decide(by, proof)
    if proof.state == ProofOfUse.State.ACCEPTED:
        return proof
    lifecycle.move(
        proof, ProofOfUse.State.ACCEPTED, moves=PROOF_MOVES, by=by, on=on, rule="D-3",
        decided_by=by, decided_on=on,
    )  # fmt: skip
    return proof


@transaction.atomic
def give_back(*, proof: ProofOfUse, reason: str, by: User, on: date) -> ProofOfUse:
    """The proof is not enough: the firm is told why and hands in another one (Rule G-5)."""
    proof = _locked(proof)
    check_can_decide(by, proof)
    if not reason.strip():
        raise BadInput("reason", reason, _("Say what is missing."))
    lifecycle.move(
        proof, ProofOfUse.State.RETURNED, moves=PROOF_MOVES, by=by, on=on, rule="D-3", note=reason.strip(),
        decided_by=by, decided_on=on, reason=reason.strip(),
    )  # fmt: skip
    loan = proof.disbursement.loan
    for recipient in people_to_tell(loan.application):
        notices.tell(
            "proof-returned", to=recipient, about=loan.audit_ref, offset=str(proof.pk), loan=loan.ref,
            firm=str(loan.firm), number=proof.disbursement.number, reason=proof.reason,
        )  # fmt: skip
    return proof


def _locked(proof: ProofOfUse) -> ProofOfUse:
    """The proof with its loan's row locked first, as in every verb that touches the loan's money."""
    loan = locked(proof.disbursement.loan_id)
    found = ProofOfUse.objects.select_for_update(of=("self",)).select_related("disbursement").get(pk=proof.pk)
    found.disbursement.loan = loan
    return found
