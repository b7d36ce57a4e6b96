"""Who gets to a loan, and who may do what with it. Each rule is written once, as a refusal (X-2, G-6)."""

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.errors import Denied
from accounts.models import User
from accounts.permissions import Perm, check_may
from fund.models import IssuedDocument
from loans.models import Disbursement, Loan, Payment
from projects.models import FirmMember

IDENTITY_READERS = (Perm.CONTRACT_DRAFT, Perm.CONTRACT_SIGN, Perm.AUDIT_READ)
"""Who may read a firm's identity file (Rule A-11)."""


def loan_for(user: User, ref: str) -> Loan:
    """The loan, for staff who may read loans and for the firm's own people; nobody else learns it exists."""
    loan = (
        Loan.objects.visible_to(user)
        .filter(ref=ref)
        .select_related("firm__sector", "firm__state", "application", "contract", "signed_copy", "signed_by")
        .first()
    )
    if loan is not None:
        return loan
    if user.is_staff_member and not user.may(Perm.LOAN_READ):
        raise Denied(_("Your roles do not include reading loans."))
    raise Http404


def staff_loan_for(user: User, ref: str, perm: Perm) -> Loan:
    """The loan, for a page on which the staff act: the firm itself is an insider without the right (403)."""
    loan = loan_for(user, ref)
    check_may(user, perm)
    return loan


def open_file(user: User, about: str) -> None:
    """Gate of files kept about a loan ("loans.loan:L-2026-0001"): as of the loan itself (Rule X-5)."""
    loan_for(user, about.partition(":")[2])


def check_can_sign(user: User, loan: Loan) -> None:
    """Rule D-1: signed for the fund by somebody other than whoever drafted it."""
    check_may(user, Perm.CONTRACT_SIGN)
    if loan.prepared_by_id == user.pk:
        raise Denied(_("Whoever drafted a contract cannot sign it."))


def check_can_approve(user: User, disbursement: Disbursement) -> None:
    """Rule G-6: approved by somebody other than whoever prepared it."""
    check_may(user, Perm.DISBURSEMENT_APPROVE)
    if disbursement.prepared_by_id == user.pk:
        raise Denied(_("Whoever prepared a disbursement cannot approve it."))


def check_can_reverse(user: User, payment: Payment) -> None:
    """Rule P-5: the treasurer reverses, and not a payment that the same person recorded (G-6)."""
    check_may(user, Perm.PAYMENT_REVERSE)
    if payment.recorded_by_id == user.pk:
        raise Denied(_("Whoever recorded a payment cannot reverse it."))


def check_may_upload(user: User, loan: Loan) -> None:
    """Rule D-1: the firm's owner brings the signed copy, or the staff who draft contracts."""
    owns = loan.firm.members.filter(
        user=user, left_on=None, confirmed_on__isnull=False, role=FirmMember.Role.OWNER
    )
    if not user.may(Perm.CONTRACT_DRAFT) and not owns.exists():
        raise Denied(_("The owner of the firm brings the signed contract."))


def read_document(user: User, document: IssuedDocument) -> None:
    """Gate of papers issued about a loan: whoever may open the loan may open its contract and receipts."""
    loan_for(user, document.about.partition(":")[2])


def open_identity(user: User, about: str) -> None:
    """Gate of the papers of an identity file: those who draft and sign contracts, and the auditor (Rule A-11)."""
    if not user.is_staff_member:
        raise Http404
    if not any(user.may(perm) for perm in IDENTITY_READERS):
        raise Denied(_("Your roles do not include this."))
