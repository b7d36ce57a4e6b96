"""Money leaves: prepared by one, approved by another, never while something is missing (rules D-2, D-3, G-6, K-2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import audit, lifecycle, notices
from accounts.errors import BadInput, RuleBroken, require
from accounts.formats import day_text, money_text
from accounts.models import User
from accounts.permissions import Perm, check_may
from fund.lending import Position, reporting_currency
from fund.rates import converted
from loans import holding, postings, proofs
from loans.arithmetic.events import Tranche
from loans.arithmetic.problems import TermsError
from loans.arithmetic.schedule import schedule
from loans.arithmetic.servicing import replay
from loans.bookkeeping import bring_up_to, locked, post_event
from loans.gates import check_can_approve
from loans.lifecycle import DISBURSEMENT_MOVES, MOVES
from loans.models import Disbursement, Funding, Instalment, Loan, ScheduleVersion
from loans.offers import paid_out_on
from loans.payout_accounts import current_account
from loans.payout_checks import CHECKED, case_of, missing, money_for
from loans.payout_plan import Planned, next_number, next_payout, opening_fee
from loans.record import story_of
from loans.story import refusal
from projects.gates import people_to_tell


@transaction.atomic
def prepare(*, loan: Loan, by: User, on: date) -> Disbursement:
    """Prepare the next payment to the firm as the contract plans it (rules D-3, G-6).

    Raises RuleBroken D-2 naming everything that is missing, D-3 if nothing is left to pay out.
    """
    check_may(by, Perm.DISBURSEMENT_PREPARE)
    loan = locked(loan.ref, also=CHECKED)
    planned = _check_may_leave(loan)
    open_one = loan.disbursements.filter(state=Disbursement.State.PREPARED).first()
    require(
        open_one is None, "D-2", _("A disbursement of this loan is already prepared and waits for approval.")
    )
    _check_nothing_missing(loan, money_for(loan, on))
    _check_repayable(loan, planned.amount, on)
    account = current_account(loan)
    assert account is not None  # it would have been missing
    disbursement = Disbursement.objects.create(
        loan=loan, number=next_number(loan), amount=planned.amount, account=account, prepared_by=by, prepared_on=on
    )  # fmt: skip
    audit.record("disbursement.prepared", disbursement, by=by, on=on, after={"amount": disbursement.money})
    return disbursement


def _check_may_leave(loan: Loan) -> Planned:
    """The payout that comes next. Raises RuleBroken for a loan of which no money leaves (any more)."""
    planned = next_payout(loan)
    running = loan.state == Loan.State.ACTIVE
    require(
        not running or planned is not None, "D-3",
        _("All that the contract of %(loan)s lets leave has left.") % {"loan": loan},
    )  # fmt: skip
    require(
        running or loan.state == Loan.State.SIGNED, "D-2",
        _("Only a signed loan is paid out; this one is “%(state)s”.") % {"state": loan.get_state_display()},
    )  # fmt: skip
    assert planned is not None
    return planned


def _check_repayable(loan: Loan, amount: Decimal, day: date) -> None:
    """Rules D-3 and S-4: a later payout needs instalments still to come that repay it."""
    if loan.disbursed_on is None:
        return
    try:
        rows, events = story_of(loan)
        replay(loan.terms, rows, [*events, Tranche(day, amount)], day)
    except TermsError as error:
        raise refusal(error, rule="D-3") from None


def _check_nothing_missing(loan: Loan, money: Position) -> None:
    gaps = missing(loan, money)
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
    loan = locked(disbursement.loan_id, also=CHECKED)
    disbursement = Disbursement.objects.select_for_update(of=("self",)).get(pk=disbursement.pk)
    disbursement.loan = loan
    check_can_approve(by, disbursement)
    if disbursement.state == Disbursement.State.APPROVED:
        return disbursement
    day = value_on or on
    _check_plan(loan, disbursement)
    _check_day(loan, day, on)
    _one_draw_at_a_time(loan.currency)
    money = money_for(loan, day)
    _check_nothing_missing(loan, money)
    _check_repayable(loan, disbursement.amount, day)
    require(
        disbursement.account_id == getattr(current_account(loan), "pk", None),
        "D-2",
        _("The account has changed since the disbursement was prepared. Cancel it and prepare it again."),
    )
    lifecycle.move(
        disbursement, Disbursement.State.APPROVED, moves=DISBURSEMENT_MOVES, by=by, on=on, rule="D-2",
        approved_by=by, approved_on=on, value_on=day,
    )  # fmt: skip
    shares = _draw(loan, disbursement, money)
    if disbursement.number == 1:
        _start(loan, disbursement, by=by, on=on)
    _post(loan, disbursement, shares, by=by, on=on)
    loan.drawn += disbursement.amount
    loan.save(update_fields=["drawn"])
    if disbursement.number > 1:
        audit.record("loan.payout_left", loan, by=by, on=on, after={"payout": disbursement.number})
    holding.free(loan, by=by, on=on)
    bring_up_to(loan, by=by, on=on)
    _tell_firm(loan, disbursement)
    return disbursement


def _check_plan(loan: Loan, disbursement: Disbursement) -> None:
    """Rule D-3: it is the payout that comes next, and of the amount that the contract plans."""
    planned = _check_may_leave(loan)
    require(
        disbursement.number == next_number(loan) and disbursement.amount == planned.amount, "D-3",
        _("The contract plans %(amount)s as payout %(number)s. Cancel the disbursement and prepare it again.")
        % {"amount": money_text(planned.amount, loan.currency), "number": next_number(loan)},
    )  # fmt: skip


def _check_day(loan: Loan, day: date, on: date) -> None:
    require(day <= on, "D-2", _("Money cannot have left on a day that has not come."), field="value_on")
    require(
        loan.signed_on is None or day >= loan.signed_on,
        "D-2",
        _("Money cannot have left before the contract was signed."),
        field="value_on",
    )
    before = proofs.awaited(loan)
    if before is None:
        return
    proof = proofs.standing(before)
    earliest = max(d for d in (before.value_on, proof.decided_on if proof else None) if d)
    require(
        day >= earliest, "D-3",
        _("This payout cannot have left before the proof of use of payout %(number)s was accepted, on %(day)s.")
        % {"number": before.number, "day": day_text(earliest)}, field="value_on",
    )  # fmt: skip


def _one_draw_at_a_time(currency: str) -> None:
    """Two disbursements draw on the same capital one after the other, so that neither spends the other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draw:{currency}"])


def _draw(loan: Loan, disbursement: Disbursement, money: Position) -> dict[str, Decimal]:
    """Rule K-2: which tranches pay, kept as amounts, also in the reporting currency of that day."""
    sector, state = case_of(loan)
    plan = money.draw_plan(disbursement.money, sector=sector, state=state)
    Funding.objects.bulk_create(
        Funding(
            loan=loan,
            disbursement=disbursement,
            tranche=share.tranche,
            amount=share.amount,
            reporting_amount=_reported(share.amount, loan.currency, money.on),
        )
        for share in plan
    )
    return {share.tranche: share.amount for share in plan}


def _reported(amount: Decimal, currency: str, day: date) -> Decimal | None:
    try:
        return converted(amount, currency, reporting_currency(), day)
    except RuleBroken:
        return None


def _start(loan: Loan, disbursement: Disbursement, *, by: User, on: date) -> None:
    """Schedule version 1 from the day the first money left, and the loan active (rules S-2, S-3).

    Its terms know the first payout only; later ones are events of the replay (rules D-3, S-4).
    """
    day = disbursement.value_on
    assert day is not None  # it has just left
    drawn = replace(loan.terms, principal=disbursement.amount)
    terms = paid_out_on(drawn, day, first_due=loan.first_due)
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
    assert disbursement.value_on is not None
    fee = opening_fee(loan, disbursement.number)
    fee_vat = loan.terms.fee_vat(fee, disbursement.value_on)
    sides = postings.disbursed(shares, fee=fee, fee_vat=fee_vat)
    event = postings.Event(
        f"disbursement:{disbursement.number}", disbursement.value_on, "Disbursement", sides
    )
    post_event(loan, event, by=by, on=on)


def _tell_firm(loan: Loan, disbursement: Disbursement) -> None:
    """The money and the first instalment after it; of a later payout also that the instalments changed."""
    rows = Instalment.objects.filter(version__loan=loan, version__superseded_on=None)
    first = rows.filter(due_on__gt=disbursement.value_on).order_by("n").first()
    assert first is not None
    later = disbursement.number > 1
    for person in people_to_tell(loan.application):
        notices.tell(
            "payout-left" if later else "loan-paid-out", offset=str(disbursement.number) if later else "",
            to=person, about=loan.audit_ref, loan=loan.ref, firm=str(loan.firm), number=disbursement.number,
            amount=str(disbursement.amount), currency=loan.currency, first_due=first.pay_on.isoformat(),
            first_total=str(first.total), reference=loan.reference, more=loan.undrawn > 0,
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


@transaction.atomic
def give_up_rest(*, loan: Loan, reason: str, by: User, on: date) -> Loan:
    """What has not been paid out will not be: its capital is free, and the loan is what has left (rules D-3, D-4)."""
    check_may(by, Perm.CONTRACT_SIGN)
    loan = locked(loan.ref)
    running = loan.state == Loan.State.ACTIVE
    require(running and loan.undrawn, "D-3", _("Nothing is left to pay out of %(loan)s.") % {"loan": loan})
    open_one = loan.disbursements.filter(state=Disbursement.State.PREPARED).exists()
    require(not open_one, "D-3", _("A payout is prepared; cancel it first."))
    if not reason.strip():
        raise BadInput("reason", reason, _("Say why."))
    rest = loan.undrawn
    holding.end_rest(loan, reason=reason.strip(), by=by, on=on)
    for recipient in people_to_tell(loan.application):
        notices.tell(
            "rest-given-up", to=recipient, about=loan.audit_ref, loan=loan.ref, firm=str(loan.firm),
            amount=str(rest), currency=loan.currency, reason=reason.strip(),
        )  # fmt: skip
    return loan
