"""Contracts: drafted from the resolution, signed by a second person, the firm's copy kept (Rule D-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts import audit, files, lifecycle, notices
from accounts.errors import BadInput, require
from accounts.formats import money_text
from accounts.models import User
from accounts.permissions import Perm, check_may
from committee.decisions import resolution_for
from committee.models import Resolution
from fund import documents
from fund.numbers import next_number
from loans import statements
from loans.bookkeeping import locked
from loans.gates import check_can_sign, check_may_upload
from loans.lifecycle import MOVES
from loans.models import Loan
from loans.offers import Quote, quote, terms_for
from loans.payout_plan import Planned, begins_on, check_plan, parts_of
from loans.references import creditor_reference, numeric_reference
from projects import applications, limits
from projects.gates import people_to_tell
from projects.lifecycle import APPROVALS
from projects.models import Application

_REFERENCE_SERIES = "PAYREF"


@dataclass(frozen=True, slots=True)
class Approved:
    """What the resolution allows at most (Rule D-1), with the application's wish where it says nothing."""

    resolution: str
    amount: Money
    term_months: int
    grace_months: int
    annual_rate_pct: Decimal | None
    conditions: tuple[dict[str, Any], ...]


def approved(application: Application) -> Approved:
    """The limits of a contract. Raises RuleBroken D-1 if no approving resolution stands."""
    resolution = resolution_for(application.ref or "")
    require(
        resolution is not None and application.state in APPROVALS,
        "D-1",
        _("A contract needs an approving resolution that stands, and %(what)s has none.")
        % {"what": application},
    )
    assert resolution is not None
    require(
        resolution.amount, "D-1", _("The resolution %(number)s names no amount.") % {"number": resolution}
    )
    return _read(resolution, application)


def _read(resolution: Resolution, application: Application) -> Approved:
    terms = resolution.terms
    rate = terms.get("annual_rate_pct")
    return Approved(
        resolution=resolution.number,
        amount=resolution.amount,
        term_months=int(terms.get("term_months") or application.term_months or 0),
        grace_months=int(terms.get("grace_months") or application.grace_months or 0),
        annual_rate_pct=Decimal(str(rate)) if rate else None,
        conditions=tuple(condition.to_dict() for condition in resolution.conditions.all()),
    )


@transaction.atomic
def draft(
    *,
    application: Application,
    by: User,
    on: date,
    first_due: date | None = None,
    amount: Money | None = None,
    term_months: int | None = None,
    payouts: Sequence[Planned] = (),
) -> Loan:
    """Draft the contract of an approved application, with its own copy of the terms (rules D-1, S-1).

    Amount and term default to what was approved and cannot exceed it; nor may the firm's exposure exceed the
    limits of the day (Rule A-4). `payouts` plans the parts in which it is paid out (Rule D-3). The paper is
    issued with its facts sealed.
    """
    check_may(by, Perm.CONTRACT_DRAFT)
    application = Application.objects.select_for_update(of=("self",)).for_page().get(pk=application.pk)
    open_loan = application.loans.exclude(state=Loan.State.CANCELLED).first()
    require(open_loan is None, "D-1", _("%(loan)s is this application's contract.") % {"loan": open_loan})
    allowed = approved(application)
    agreed, plan = _offer(
        application, allowed, amount=amount, term_months=term_months, first_due=first_due, payouts=payouts, on=on
    )  # fmt: skip
    loan = _create(application, allowed, agreed, first_due=first_due, plan=plan, by=by, on=on)
    loan.contract = documents.issue(
        kind="contract",
        number=f"{loan.ref}-C",
        language=loan.language,
        template="loans/documents/contract.html",
        facts=statements.contract_facts(loan, agreed),
        about=loan.audit_ref,
        by=by,
        on=on,
    )
    loan.save(update_fields=["contract"])
    audit.record(
        "loan.drafted", loan, by=by, on=on,
        after={"resolution": loan.resolution, "amount": loan.amount, "terms": loan.terms_data,
               "payouts": loan.payout_plan},
    )  # fmt: skip
    return loan


def offer(
    application: Application,
    *,
    on: date,
    amount: Money | None = None,
    term_months: int | None = None,
    first_due: date | None = None,
    payouts: Sequence[Planned] = (),
) -> Quote:
    """What a contract drafted with these wishes would cost; nothing is written. Raises as `draft` does."""
    allowed = approved(application)
    return _offer(
        application, allowed, amount=amount, term_months=term_months, first_due=first_due, payouts=payouts, on=on
    )[0]  # fmt: skip


def _offer(
    application: Application,
    allowed: Approved,
    *,
    amount: Money | None,
    term_months: int | None,
    first_due: date | None,
    payouts: Sequence[Planned],
    on: date,
) -> tuple[Quote, tuple[Planned, ...]]:
    """Terms and schedule as if the money left on the day of the draft, each planned payout on its earliest day.

    Raises RuleBroken D-1 beyond the resolution, A-4 beyond the firm's limits, D-3 for payouts that cannot be.
    """
    amount = allowed.amount if amount is None else amount
    term = allowed.term_months if term_months is None else term_months
    if amount.currency != allowed.amount.currency or amount.amount <= 0:
        raise BadInput("amount", amount, _("Write an amount above zero in the currency of the resolution."))
    require(
        amount.amount <= allowed.amount.amount,
        "D-1",
        _("%(number)s approved %(most)s; the contract cannot exceed it.")
        % {
            "number": allowed.resolution,
            "most": money_text(allowed.amount.amount, allowed.amount.currency.code),
        },
        field="amount",
    )
    require(
        term <= allowed.term_months,
        "D-1",
        _("%(number)s approved %(most)s months; the contract cannot exceed them.")
        % {"number": allowed.resolution, "most": allowed.term_months},
        field="term_months",
    )
    assert application.product is not None
    terms = terms_for(
        application.product,
        amount=amount,
        term_months=term,
        grace_months=min(allowed.grace_months, term - 1),
        disbursed_on=begins_on(payouts, on),
        first_due=first_due,
        annual_rate_pct=allowed.annual_rate_pct,
    )
    at_once = quote(terms)
    check_exposure(application, terms.principal, on)
    plan = check_plan(payouts, terms, at_once.rows)
    return quote(terms, parts_of(plan)) if plan else at_once, plan


def check_exposure(application: Application, amount: Decimal, on: date) -> None:
    """Rule A-4 at the rate of the day of the contract: what the firm owes and this loan, within the limits."""
    assert application.product is not None
    room = limits.limits_for(application.firm, application.product, on).room
    require(
        room is None or amount <= room,
        "A-4",
        _("With this loan the firm would owe more than the limit; %(room)s are left.")
        % {"room": money_text(room or 0, application.product.currency)},
        field="amount",
    )


def _create(
    application: Application,
    allowed: Approved,
    agreed: Quote,
    *,
    first_due: date | None,
    plan: Sequence[Planned],
    by: User,
    on: date,
) -> Loan:
    ref = next_number(f"L-{on.year}")
    serial = int(next_number(_REFERENCE_SERIES, width=6).removeprefix(_REFERENCE_SERIES))
    contact = people_to_tell(application)[0]
    return Loan.objects.create(
        ref=ref,
        application=application,
        firm=application.firm,
        resolution=allowed.resolution,
        currency=agreed.terms.currency,
        principal=agreed.terms.principal,
        payout_plan=[part.to_dict() for part in plan],
        terms_data=agreed.terms.to_dict(),
        first_due=first_due,
        conditions=list(allowed.conditions),
        language=contact.language,
        cat_pct=agreed.cat.pct,
        reference=creditor_reference(ref),
        numeric_reference=numeric_reference(serial),
        prepared_by=by,
        prepared_on=on,
    )


@transaction.atomic
def sign(*, loan: Loan, by: User, on: date) -> Loan:
    """Sign for the fund, by somebody else than whoever drafted it (rules D-1, G-6); the firm is told."""
    loan = locked(loan.ref)
    check_can_sign(by, loan)
    lifecycle.move(loan, Loan.State.SIGNED, moves=MOVES, by=by, on=on, rule="D-1", signed_by=by, signed_on=on)
    for person in people_to_tell(loan.application):
        notices.tell(
            "contract-signed", to=person, about=loan.audit_ref, loan=loan.ref, amount=str(loan.principal),
            currency=loan.currency, firm=str(loan.firm),
        )  # fmt: skip
    _mark_contracted(loan, by=by, on=on)
    return loan


@transaction.atomic
def upload_signed_copy(*, loan: Loan, upload: UploadedFile, by: User, on: date) -> Loan:
    """Keep the copy that the firm signed: brought by the firm's owner or by the staff (Rule D-1).

    A better copy may follow until the money leaves; the earlier file stays kept (Rule G-5).
    """
    loan = locked(loan.ref)
    check_may_upload(by, loan)
    waiting = loan.state in (Loan.State.DRAFTED, Loan.State.SIGNED)
    require(waiting, "D-1", _("The money has left already; the signed copy cannot change."))
    loan.signed_copy = files.store(upload, about=loan.audit_ref, by=by, on=on)
    loan.save(update_fields=["signed_copy"])
    audit.record("loan.signed_copy", loan, by=by, on=on, after={"sha256": loan.signed_copy.sha256})
    _mark_contracted(loan, by=User.objects.system(), on=on)
    return loan


def _mark_contracted(loan: Loan, *, by: User, on: date) -> None:
    """Both sides have signed: the application is contracted (Rule A-8)."""
    if loan.state == Loan.State.SIGNED and loan.signed_copy_id and loan.application.state in APPROVALS:
        applications.mark_contracted(application=loan.application, loan=loan.ref, by=by, on=on)


@transaction.atomic
def cancel(*, loan: Loan, reason: str, by: User, on: date) -> Loan:
    """Take back a contract that the firm has not signed; its number stays, a new draft may follow (Rule G-5)."""
    check_may(by, Perm.CONTRACT_DRAFT)
    loan = locked(loan.ref)
    if not reason.strip():
        raise BadInput("reason", reason, _("Say why the contract is cancelled."))
    require(
        loan.application.state in APPROVALS,
        "D-1",
        _("Both sides have signed; the contract cannot be cancelled any more."),
    )
    lifecycle.move(
        loan,
        Loan.State.CANCELLED,
        moves=MOVES,
        by=by,
        on=on,
        note=reason.strip(),
        rule="D-1",
        cancelled_on=on,
    )
    return loan
