"""Guarantors and pledges: written down with their paper, released when the loan is paid off (Rule D-5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit, files
from accounts.errors import BadInput, require
from accounts.models import User
from accounts.permissions import Perm, check_may
from fund.money import is_quantized
from loans.bookkeeping import locked
from loans.models import Guarantee, Loan

ENDED = (Loan.State.PAID_OFF, Loan.State.CANCELLED)


@transaction.atomic
def add(
    *, loan: Loan, kind: str, giver: str, what: str, value: Decimal, by: User, on: date,
    upload: UploadedFile | None = None,
) -> Guarantee:  # fmt: skip
    """Write down what secures a loan. Raises BadInput beside the field, RuleBroken D-5 on a loan that has ended."""
    check_may(by, Perm.CONTRACT_DRAFT)
    loan = locked(loan.ref)
    require(loan.state not in ENDED, "D-5", _("The loan has ended; nothing can secure it any more."))
    if kind not in Guarantee.Kind.values:
        raise BadInput("kind", kind, _("Choose what kind of guarantee it is."))
    for name, text in (("giver", giver), ("what", what)):
        if not text.strip():
            raise BadInput(name, text, _("Say who gives it and what it is."))
    if value <= 0 or not is_quantized(value, loan.currency):
        raise BadInput(
            "value", value, _("Write a value above zero, in %(currency)s.") % {"currency": loan.currency}
        )
    paper = files.store(upload, about=loan.audit_ref, by=by, on=on, field="upload") if upload else None
    made = Guarantee.objects.create(
        loan=loan, kind=kind, giver=giver.strip(), what=what.strip(), value=value, paper=paper, added_by=by, added_on=on
    )  # fmt: skip
    audit.record(
        "guarantee.added", made, by=by, on=on, after={"loan": loan.ref, "kind": kind, "value": made.money}
    )
    return made


@transaction.atomic
def release(*, guarantee: Guarantee, note: str, by: User, on: date) -> Guarantee:
    """Give it back: only once the loan is paid off or its contract was cancelled. Twice is once."""
    check_may(by, Perm.CONTRACT_SIGN)
    loan = locked(guarantee.loan_id)
    guarantee = Guarantee.objects.select_for_update(of=("self",)).get(pk=guarantee.pk)
    guarantee.loan = loan
    if guarantee.released_on:
        return guarantee
    require(
        loan.state in ENDED, "D-5",
        _("%(loan)s is not paid off: its guarantees hold until then.") % {"loan": loan},
    )  # fmt: skip
    guarantee.released_by, guarantee.released_on, guarantee.release_note = by, on, note.strip()
    guarantee.save(update_fields=["released_by", "released_on", "release_note"])
    audit.record("guarantee.released", guarantee, by=by, on=on, after={"loan": loan.ref}, note=note.strip())
    return guarantee


def to_release() -> QuerySet[Guarantee]:
    """Guarantees of loans that have ended, the oldest first."""
    return (
        Guarantee.objects.filter(released_on=None, loan__state__in=ENDED)
        .select_related("loan__firm")
        .order_by("loan__paid_off_on", "pk")
    )
