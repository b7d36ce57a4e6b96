"""What must be in place before money leaves, each point with what was found (rules D-2, D-3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts.errors import RuleBroken
from accounts.formats import money_text, semicolon
from committee.models import Condition, Resolution
from fund.lending import Position, position
from loans import identity, proofs
from loans.holding import project_of
from loans.models import Loan, ProofOfUse
from loans.payout_accounts import current_account
from loans.payout_plan import next_number, next_payout
from projects.lifecycle import APPROVALS, State

CHECKED = ("firm__sector", "firm__state", "signed_by")
"""What the checks ask of a loan beside its firm and application."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so before money leaves; `text` says what is missing, or what was found."""

    code: str
    title: str
    met: bool
    text: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is open of the cases of some loans, asked for once for all of them."""

    conditions: Mapping[str, Sequence[str]]
    """Conditions that still block money, by application."""
    identity: Mapping[int, Sequence[str]]
    """What the identity file of the firm lacks, by loan; only of those of which the law asks for one."""


def gaps_of(loans: Collection[Loan], on: date) -> Gaps:
    """Open conditions and gaps of identity files, as of a day: the same two queries for one loan or many."""
    asked = [loan for loan in loans if identity.is_asked_for(loan, on)]
    lacking = identity.gaps_of(loan.firm for loan in asked)
    return Gaps(waiting_conditions(loans), {loan.pk: lacking[loan.firm_id] for loan in asked})


def money_for(loan: Loan, on: date) -> Position:
    """The fund's money on a day, with what is reserved for this very loan told apart (rules K-3, D-4)."""
    return position(on, project=project_of(loan))


def checks(loan: Loan, money: Position) -> tuple[Check, ...]:
    """Rule D-2 on the day of `money`, one by one: signatures, conditions precedent, account, proof, day, capital."""
    return (*papers(loan, money.on), *_day(loan, money.on), _capital(loan, money))


def papers(loan: Loan, on: date, gaps: Gaps | None = None) -> tuple[Check, ...]:
    """The part of Rule D-2 that people can put right; capital apart. A list hands down the `gaps` of all its loans."""
    gaps = gaps or gaps_of([loan], on)
    return (
        _approval(loan),
        _signature(loan),
        _signed_copy(loan),
        _conditions(gaps.conditions.get(project_of(loan), ())),
        *_identity(gaps.identity.get(loan.pk)),
        _account(loan),
        *_proof(loan),
    )


def of_payout(loan: Loan, on: date) -> tuple[Check, ...]:
    """The part of it that only a later payout asks: proof of use, and what the contract says of it (Rule D-3)."""
    return (*_proof(loan), *_day(loan, on))


def waiting_conditions(loans: Iterable[Loan]) -> dict[str, list[str]]:
    """Conditions that still block money, by application: one query for all loans (rules C-10, D-2)."""
    approving = Resolution.objects.standing().filter(
        item__reference__in=[project_of(loan) for loan in loans], outcome="approved", body__decides=True
    )
    open_ones = Condition.objects.filter(resolution__in=approving, kind="precedent", state="open")
    found: dict[str, list[str]] = {}
    for reference, text in open_ones.values_list("resolution__item__reference", "text"):
        found.setdefault(reference, []).append(text)
    return found


def missing(loan: Loan, money: Position) -> tuple[Check, ...]:
    """Exactly what still blocks the money on the day of `money` (Rule D-2)."""
    return tuple(check for check in checks(loan, money) if not check.met)


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


def _identity(lacking: Sequence[str] | None) -> tuple[Check, ...]:
    """Rule A-11, on contracts drafted since the law asks for it."""
    if lacking is None:
        return ()
    title = _("Identity file of the firm")
    if lacking:
        text = _("The identity file lacks: %(gaps)s.") % {"gaps": semicolon().join(lacking)}
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


def _proof(loan: Loan) -> tuple[Check, ...]:
    """Rule D-3: what the payout before was used for, accepted by somebody who did not hand it in."""
    before = proofs.awaited(loan)
    if before is None:
        return ()
    number = {"number": before.number}
    title = _("Proof of use of payout %(number)s") % number
    proof = proofs.standing(before)
    if proof is None:
        text = _("Nobody has shown yet what payout %(number)s was used for.") % number
        return (Check("proof", title, False, text),)
    if proof.state != ProofOfUse.State.ACCEPTED:
        text = _("The proof of use of payout %(number)s waits for somebody to look at it.") % number
        return (Check("proof", title, False, text),)
    text = _("Accepted by %(who)s.") % {"who": proof.decided_by}
    return (Check("proof", title, True, text),)


def _day(loan: Loan, on: date) -> tuple[Check, ...]:
    """Rule D-3: the earliest day that the contract names, and what it says must be reached.

    Whoever accepts the proof of use of the payout before has seen that it was reached.
    """
    planned = next_payout(loan)
    if planned is None or not (planned.not_before or planned.milestone):
        return ()
    title = _("What the contract says of payout %(number)s") % {"number": next_number(loan)}
    before = proofs.awaited(loan)
    proof = proofs.standing(before) if before else None
    seen = before is None or (proof is not None and proof.state == ProofOfUse.State.ACCEPTED)
    met = (planned.not_before is None or planned.not_before <= on) and (seen or not planned.milestone)
    text = planned.says if met else _("The contract says: %(text)s.") % {"text": planned.says}
    return (Check("day", title, met, text),)


def _capital(loan: Loan, money: Position) -> Check:
    """Lendable capital, to which what is reserved for this very loan is added back (rules K-3, D-4)."""
    title = _("Capital to lend")
    sector, state = case_of(loan)
    free = money.lendable(loan.currency, sector=sector, state=state).total.amount
    own = money.own.get(loan.currency, Decimal(0))
    planned = next_payout(loan)
    amount = planned.amount if planned else Decimal(0)
    shown = {"free": money_text(free + own, loan.currency), "amount": money_text(amount, loan.currency)}
    if free + own < amount:
        return Check("capital", title, False, _("Lendable capital is %(free)s, the loan %(amount)s.") % shown)
    try:
        money.draw_plan(Money(amount, loan.currency), sector=sector, state=state)
    except RuleBroken as refusal:
        return Check("capital", title, False, refusal.message)
    return Check("capital", title, True, _("Lendable capital is %(free)s and covers it.") % shown)


def case_of(loan: Loan) -> tuple[str, str]:
    """Sector code and state ("MX-11") of the firm, by which earmarked money fits or not (Rule K-2)."""
    firm = loan.firm
    sector = firm.sector.code if firm.sector else ""
    state = f"{firm.state.country}-{firm.state.code}" if firm.state else ""
    return sector, state
