"""Money leaves: prepared by one, approved by another, never while something is missing (rules D-2, G-6, K-2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import audit, lifecycle, notices
from accounts.errors import RuleBroken, require
from accounts.formats import money_text
from accounts.models import User
from accounts.permissions import Perm, check_may
from committee.models import Condition, Resolution
from fund import capital
from fund.lending import reporting_currency
from fund.rates import converted
from loans import identity, postings
from loans.arithmetic.schedule import schedule
from loans.bookkeeping import bring_up_to, locked, post_event
from loans.gates import check_can_approve
from loans.lifecycle import DISBURSEMENT_MOVES, MOVES
from loans.models import Disbursement, Funding, Instalment, Loan, ScheduleVersion
from loans.offers import paid_out_on
from loans.payout_accounts import current_account
from projects.gates import people_to_tell
from projects.lifecycle import APPROVALS, State


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so before money leaves; `text` says what is missing, or what was found."""

    code: str
    title: str
    met: bool
    text: str


def checks(loan: Loan, on: date) -> tuple[Check, ...]:
    """Rule D-2, one by one: signatures, conditions precedent, account, capital."""
    return (*papers(loan), _capital(loan, on))


def papers(loan: Loan, waiting: Mapping[str, Sequence[str]] | None = None) -> tuple[Check, ...]:
    """The part of Rule D-2 that people can put right; capital apart.

    `waiting` are open conditions by application, for a list that asked for those of all its loans at once.
    """
    if waiting is None:
        waiting = waiting_conditions([loan])
    return (
        _approval(loan),
        _signature(loan),
        _signed_copy(loan),
        _conditions(waiting.get(_project(loan), ())),
        *_identity(loan),
        _account(loan),
    )


def waiting_conditions(loans: Iterable[Loan]) -> dict[str, list[str]]:
    """Conditions that still block money, by application: one query for all loans (rules C-10, D-2)."""
    approving = Resolution.objects.standing().filter(
        item__reference__in=[_project(loan) for loan in loans], outcome="approved", body__decides=True
    )
    open_ones = Condition.objects.filter(resolution__in=approving, kind="precedent", state="open")
    found: dict[str, list[str]] = {}
    for reference, text in open_ones.values_list("resolution__item__reference", "text"):
        found.setdefault(reference, []).append(text)
    return found


def missing(loan: Loan, on: date) -> tuple[Check, ...]:
    """Exactly what still blocks the money (Rule D-2)."""
    return tuple(check for check in checks(loan, on) if not check.met)


def _approval(loan: Loan) -> Check:
    """An application that lapsed or was withdrawn takes its approval with it (rules A-8, D-2)."""
    title = _("Approval of the committee")
    state = loan.application.get_state_display()
    if loan.application.state not in {*APPROVALS, State.CONTRACTED}:
        text = _("The application is “%(state)s”: its approval no longer stands.") % {"state": state}
        return Check("approval", title, False, text)
    return Check("approval", title, True, _("%(number)s stands.") % {"number": loan.resolution})


def _signature(loan: Loan) -> Check:
    if loan.signed_by_id is None:
        return Check(
            "signature", _("Signature of the fund"), False, _("The contract is not signed for the fund.")
        )
    text = _("Signed by %(who)s.") % {"who": loan.signed_by}
    return Check("signature", _("Signature of the fund"), True, text)


def _signed_copy(loan: Loan) -> Check:
    title = _("Copy signed by the firm")
    if loan.signed_copy_id is None:
        return Check("signed_copy", title, False, _("The copy signed by the firm has not been uploaded."))
    return Check("signed_copy", title, True, _("The signed copy is kept."))


def _conditions(waiting: Sequence[str]) -> Check:
    title = _("Conditions before any money")
    if waiting:
        text = _("Still open: %(conditions)s.") % {"conditions": " · ".join(waiting)}
        return Check("conditions", title, False, text)
    return Check("conditions", title, True, _("None is open."))


def _identity(loan: Loan) -> tuple[Check, ...]:
    """Rule A-11, on contracts drafted since the law asks for it."""
    if not identity.is_asked_for(loan):
        return ()
    title = _("Identity file of the firm")
    lacking = identity.gaps(loan.firm)
    if lacking:
        text = _("The identity file lacks: %(gaps)s.") % {"gaps": "; ".join(lacking)}
        return (Check("identity", title, False, text),)
    return (Check("identity", title, True, _("The identity file is complete.")),)


def _account(loan: Loan) -> Check:
    title = _("Account of the firm")
    account = current_account(loan)
    if account is None:
        return Check("account", title, False, _("The account to pay to has not been written down."))
    if not account.is_verified:
        text = _("Nobody has confirmed yet that %(account)s is the firm's.") % {"account": account}
        return Check("account", title, False, text)
    text = _("%(holder)s, %(bank)s, account %(account)s.") % {
        "holder": account.holder,
        "bank": account.bank,
        "account": account,
    }
    return Check("account", title, True, text)


def _capital(loan: Loan, on: date) -> Check:
    """Lendable capital, to which what is reserved for this very loan is added back (rules K-3, D-4)."""
    title = _("Capital to lend")
    sector, state = case_of(loan)
    free = capital.lendable(on, currency=loan.currency, sector=sector, state=state).total.amount
    own = sum(
        (m.amount for m in capital.reserved(_project(loan)) if m.currency.code == loan.currency), Decimal(0)
    )
    shown = {
        "free": money_text(free + own, loan.currency),
        "amount": money_text(loan.principal, loan.currency),
    }
    if free + own < loan.principal:
        return Check("capital", title, False, _("Lendable capital is %(free)s, the loan %(amount)s.") % shown)
    try:
        capital.draw_plan(amount=loan.amount, on=on, sector=sector, state=state)
    except RuleBroken as refusal:
        return Check("capital", title, False, refusal.message)
    return Check("capital", title, True, _("Lendable capital is %(free)s and covers it.") % shown)


def case_of(loan: Loan) -> tuple[str, str]:
    """Sector code and state ("MX-11") of the firm, by which earmarked money fits or not (Rule K-2)."""
    firm = loan.firm
    sector = firm.sector.code if firm.sector else ""
    state = f"{firm.state.country}-{firm.state.code}" if firm.state else ""
    return sector, state


def _project(loan: Loan) -> str:
    return loan.application.ref or ""


@transaction.atomic
def prepare(*, loan: Loan, by: User, on: date) -> Disbursement:
    """Prepare the payment to the firm (Rule G-6). Raises RuleBroken D-2 naming everything that is missing."""
    check_may(by, Perm.DISBURSEMENT_PREPARE)
    loan = locked(loan.ref)
    require(loan.state == Loan.State.SIGNED, "D-2", _("Only a signed loan is paid out; this one is “%(state)s”.")
            % {"state": loan.get_state_display()})  # fmt: skip
    open_one = loan.disbursements.filter(state=Disbursement.State.PREPARED).first()
    require(
        open_one is None, "D-2", _("A disbursement of this loan is already prepared and waits for approval.")
    )
    _check_nothing_missing(loan, on)
    account = current_account(loan)
    assert account is not None  # it would have been missing
    disbursement = Disbursement.objects.create(
        loan=loan, amount=loan.principal, account=account, prepared_by=by, prepared_on=on
    )
    audit.record("disbursement.prepared", disbursement, by=by, on=on, after={"amount": disbursement.money})
    return disbursement


def _check_nothing_missing(loan: Loan, on: date) -> None:
    gaps = missing(loan, on)
    require(
        not gaps,
        "D-2",
        _("No money leaves yet. %(gaps)s") % {"gaps": " ".join(gap.text for gap in gaps)},
    )


@transaction.atomic
def approve(*, disbursement: Disbursement, by: User, on: date, value_on: date | None = None) -> Disbursement:
    """The money leaves on `value_on` (default `on`): tranches drawn, posted, schedule made, loan active.

    All in one transaction (Rule L-2). Approving twice gives the one disbursement. Raises RuleBroken D-2 if
    anything has gone missing since it was prepared.
    """
    loan = locked(disbursement.loan_id)
    disbursement = Disbursement.objects.select_for_update(of=("self",)).get(pk=disbursement.pk)
    disbursement.loan = loan
    check_can_approve(by, disbursement)
    if disbursement.state == Disbursement.State.APPROVED:
        return disbursement
    day = value_on or on
    _check_day(loan, day, on)
    _one_draw_at_a_time(loan.currency)
    _check_nothing_missing(loan, day)
    require(
        disbursement.account_id == getattr(current_account(loan), "pk", None),
        "D-2",
        _("The account has changed since the disbursement was prepared. Cancel it and prepare it again."),
    )
    lifecycle.move(
        disbursement, Disbursement.State.APPROVED, moves=DISBURSEMENT_MOVES, by=by, on=on, rule="D-2",
        approved_by=by, approved_on=on, value_on=day,
    )  # fmt: skip
    shares = _draw(loan, disbursement, day)
    _start(loan, day, by=by, on=on)
    _post(loan, disbursement, shares, by=by, on=on)
    capital.release(project=_project(loan), reason=f"{loan.ref}", by=by, on=on)
    bring_up_to(loan, by=by, on=on)
    _tell_firm(loan)
    return disbursement


def _check_day(loan: Loan, day: date, on: date) -> None:
    require(day <= on, "D-2", _("Money cannot have left on a day that has not come."), field="value_on")
    require(
        loan.signed_on is None or day >= loan.signed_on,
        "D-2",
        _("Money cannot have left before the contract was signed."),
        field="value_on",
    )


def _one_draw_at_a_time(currency: str) -> None:
    """Two disbursements draw on the same capital one after the other, so that neither spends the other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draw:{currency}"])


def _draw(loan: Loan, disbursement: Disbursement, day: date) -> dict[str, Decimal]:
    """Rule K-2: which tranches pay, kept as amounts, also in the reporting currency of that day."""
    sector, state = case_of(loan)
    plan = capital.draw_plan(amount=disbursement.money, on=day, sector=sector, state=state)
    Funding.objects.bulk_create(
        Funding(
            loan=loan,
            disbursement=disbursement,
            tranche=share.tranche,
            amount=share.amount,
            reporting_amount=_reported(share.amount, loan.currency, day),
        )
        for share in plan
    )
    return {share.tranche: share.amount for share in plan}


def _reported(amount: Decimal, currency: str, day: date) -> Decimal | None:
    try:
        return converted(amount, currency, reporting_currency(), day)
    except RuleBroken:
        return None


def _start(loan: Loan, day: date, *, by: User, on: date) -> None:
    """Schedule version 1 from the day the money left, and the loan active (rules S-2, S-3)."""
    terms = paid_out_on(loan.terms, day, first_due=loan.first_due)
    rows = schedule(terms)
    version = ScheduleVersion.objects.create(
        loan=loan, number=1, reason=ScheduleVersion.Reason.DISBURSEMENT, in_force_from=day,
        terms_data=terms.to_dict(), made_by=by, made_on=on,
    )  # fmt: skip
    Instalment.objects.bulk_create(Instalment.of_row(version, row) for row in rows)
    loan.terms_data = terms.to_dict()
    vars(loan).pop("terms", None)
    loan.save(update_fields=["terms_data"])
    lifecycle.move(
        loan, Loan.State.ACTIVE, moves=MOVES, by=by, on=on, rule="D-2",
        disbursed_on=day, balance=terms.principal, unpaid_since=rows[0].pay_date, booked_to=day,
    )  # fmt: skip


def _post(loan: Loan, disbursement: Disbursement, shares: dict[str, Decimal], *, by: User, on: date) -> None:
    terms = loan.terms
    sides = postings.disbursed(shares, fee=terms.opening_fee, fee_vat=terms.opening_fee_vat)
    assert disbursement.value_on is not None
    event = postings.Event(
        f"disbursement:{disbursement.number}", disbursement.value_on, "Disbursement", sides
    )
    post_event(loan, event, by=by, on=on)


def _tell_firm(loan: Loan) -> None:
    first = Instalment.objects.filter(version__loan=loan, version__superseded_on=None).order_by("n").first()
    assert first is not None
    for person in people_to_tell(loan.application):
        notices.tell(
            "loan-paid-out", to=person, about=loan.audit_ref, loan=loan.ref, firm=str(loan.firm),
            amount=str(loan.principal), currency=loan.currency, first_due=first.pay_on.isoformat(),
            first_total=str(first.total), reference=loan.reference,
        )  # fmt: skip


@transaction.atomic
def cancel(*, disbursement: Disbursement, reason: str, by: User, on: date) -> Disbursement:
    """Take back a prepared disbursement, with a reason; it can be prepared again."""
    if not by.may(Perm.DISBURSEMENT_APPROVE):
        check_may(by, Perm.DISBURSEMENT_PREPARE)
    require(reason.strip(), "D-2", _("Say why the disbursement is cancelled."), field="reason")
    locked(disbursement.loan_id)
    disbursement = Disbursement.objects.select_for_update(of=("self",)).get(pk=disbursement.pk)
    lifecycle.move(
        disbursement, Disbursement.State.CANCELLED, moves=DISBURSEMENT_MOVES, by=by, on=on,
        note=reason.strip(), rule="D-2",
    )  # fmt: skip
    return disbursement
