"""Invoice folios: each charge and receipt keeps the folio it was invoiced under (Rule P-10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, require
from accounts.models import User
from accounts.permissions import Perm, check_may
from fund import chart
from loans.bookkeeping import locked
from loans.models import InvoiceFolio, Posting

CHARGES = ("due:", "late:", "disbursement:")
RECEIPT = "payment:"
INCOME = (chart.INTEREST_INCOME, chart.LATE_INTEREST_INCOME, chart.FEE_INCOME)
_ZERO = Value(Decimal(0), output_field=DecimalField())


def invoiceable() -> QuerySet[Posting]:
    """Charges (interest falling due, late interest, opening fee) and receipts that stand, with base and VAT.

    `base` is what was charged without VAT, `vat` its VAT, `received` the money of a receipt. A disbursement
    counts only where it charged a fee.
    """
    credited = Sum("entry__lines__credit", filter=Q(entry__lines__account__code__in=INCOME))
    vat = Sum(
        "entry__lines__credit",
        filter=Q(entry__lines__account__code__in=(chart.VAT_TO_COLLECT, chart.VAT_OWED)),
    )
    received = Sum("entry__lines__debit", filter=Q(entry__lines__account__code=chart.CASH))
    kinds = Q()
    for prefix in (*CHARGES, RECEIPT):
        kinds |= Q(event__startswith=prefix)
    return (
        Posting.objects.filter(kinds, ended_on=None)
        .annotate(
            base=Coalesce(credited, _ZERO), vat=Coalesce(vat, _ZERO), received=Coalesce(received, _ZERO)
        )
        .exclude(event__startswith="disbursement:", base=0)
        .select_related("loan__firm", "entry", "invoice")
        .order_by("entry__value_on", "pk")
    )


def to_invoice() -> QuerySet[Posting]:
    """Those without a folio, the oldest first."""
    return invoiceable().filter(invoice=None)


@transaction.atomic
def note(*, posting: Posting, folio: str, issued_on: date, by: User, on: date) -> InvoiceFolio:
    """Keep the folio of a charge or receipt. The same folio again is the one that is there; another is refused."""
    check_may(by, Perm.PAYMENT_RECORD)
    loan = locked(posting.loan_id)
    posting = Posting.objects.select_related("invoice").get(pk=posting.pk)
    folio = folio.strip().upper()
    if not folio:
        raise BadInput("folio", folio, _("Write the folio as it stands on the invoice."))
    there = getattr(posting, "invoice", None)
    if there is not None and there.folio == folio:
        return there
    require(there is None, "P-10", _("It was invoiced under another folio already."), field="folio")
    require(
        posting.ended_on is None, "P-10",
        _("This charge no longer stands: a later payment changed it. Invoice the one that replaced it."),
    )  # fmt: skip
    if issued_on > on:
        raise BadInput("issued_on", issued_on, _("An invoice cannot be issued in the future."))
    try:
        with transaction.atomic():
            made = InvoiceFolio.objects.create(
                posting=posting, folio=folio, issued_on=issued_on, noted_by=by, noted_on=on
            )
    except IntegrityError:
        raise BadInput("folio", folio, _("This folio belongs to another charge or receipt.")) from None
    audit.record(
        "invoice.noted", made, by=by, on=on, after={"loan": loan.ref, "event": posting.event, "folio": folio}
    )
    return made


def words(posting: Posting) -> str:
    """What a charge or receipt is, as an invoice calls it."""
    kind, _mark, rest = posting.event.partition(":")
    titles = {
        "due": _("Interest of instalment %(what)s"),
        "late": _("Late interest to %(what)s"),
        "disbursement": _("Opening fee"),
        "payment": _("Receipt %(what)s"),
    }
    text = titles[kind]
    return text % {"what": rest} if "%(" in text else text
