"""What waits for whom: contracts, disbursements, late loans; and the dates asked of a firm (N-3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from djmoney.money import Money

from accounts.clock import today
from accounts.formats import money_text, shortened
from accounts.models import User
from accounts.permissions import Perm
from accounts.registries import DateItem, QueueRow
from fund.policy import policy_on
from loans.models import BankMatch, Disbursement, FollowUp, Instalment, Loan, ProofOfUse
from projects.lifecycle import APPROVALS
from projects.models import Application

QUEUES: tuple[dict[str, Any], ...] = (
    {
        "code": "contracts-to-draft",
        "title": gettext_lazy("Contracts to draft"),
        "perm": Perm.CONTRACT_DRAFT,
        "items": "loans.queues.to_draft",
        "row": "loans.queues.to_draft_row",
        "url": "loans:contracts",
    },
    {
        "code": "contracts-to-sign",
        "title": gettext_lazy("Contracts to sign"),
        "perm": Perm.CONTRACT_SIGN,
        "items": "loans.queues.to_sign",
        "row": "loans.queues.to_sign_row",
        "url": "loans:contracts",
    },
    {
        "code": "disbursements-to-prepare",
        "title": gettext_lazy("Loans to pay out"),
        "perm": Perm.DISBURSEMENT_PREPARE,
        "items": "loans.queues.to_prepare",
        "row": "loans.queues.to_prepare_row",
        "url": "loans:disbursements",
    },
    {
        "code": "proofs-of-use",
        "title": gettext_lazy("Proofs of use to look at"),
        "perm": Perm.CONTRACT_DRAFT,
        "items": "loans.queues.proofs",
        "row": "loans.queues.proof_row",
        "url": "loans:contracts",
    },
    {
        "code": "disbursements-to-approve",
        "title": gettext_lazy("Disbursements to approve"),
        "perm": Perm.DISBURSEMENT_APPROVE,
        "items": "loans.queues.to_approve",
        "row": "loans.queues.to_approve_row",
        "url": "loans:disbursements",
    },
    {
        "code": "late-loans",
        "title": gettext_lazy("Late loans"),
        "perm": Perm.PAYMENT_RECORD,
        "items": "loans.queues.late",
        "row": "loans.queues.late_row",
        "url": "loans:loans",
    },
    {
        "code": "broken-promises",
        "title": gettext_lazy("Broken promises to pay"),
        "perm": Perm.PAYMENT_RECORD,
        "items": "loans.queues.broken_promises",
        "row": "loans.queues.broken_promise_row",
        "url": "loans:collections",
    },
    {
        "code": "bank-lines-to-decide",
        "title": gettext_lazy("Bank lines to decide"),
        "perm": Perm.PAYMENT_RECORD,
        "items": "loans.queues.bank_lines",
        "row": "loans.queues.bank_line_row",
        "url": "loans:bank",
    },
    {
        "code": "unmatched-money",
        "title": gettext_lazy("Unmatched money"),
        "perm": Perm.PAYMENT_RECORD,
        "items": "loans.queues.unmatched",
        "row": "loans.queues.bank_line_row",
        "url": "loans:bank_unmatched",
    },
)


def to_draft(user: User) -> QuerySet[Application]:
    """Approved applications without a contract (Rule D-1)."""
    contract = Loan.objects.filter(application=OuterRef("pk")).exclude(state=Loan.State.CANCELLED)
    approved = Application.objects.filter(~Exists(contract), state__in=APPROVALS)
    return approved.select_related("firm").order_by("state_since", "pk")


def to_draft_row(application: Application) -> QueueRow:
    url = reverse("loans:contract_new", args=[application.uid])
    return QueueRow(f"{application.ref} · {application.firm}", url, application.state_since)


def to_sign(user: User) -> QuerySet[Loan]:
    """Drafted contracts that this person may sign: not those drafted by themselves (Rule G-6)."""
    drafted = Loan.objects.filter(state=Loan.State.DRAFTED).exclude(prepared_by=user)
    return drafted.select_related("firm").order_by("prepared_on", "pk")


def to_sign_row(loan: Loan) -> QueueRow:
    return QueueRow(f"{loan.ref} · {loan.firm}", loan.get_absolute_url(), loan.prepared_on)


def to_prepare(user: User) -> QuerySet[Loan]:
    """Signed loans without a prepared disbursement, and later payouts with an accepted proof (rules D-2, D-3)."""
    prepared = Disbursement.objects.filter(loan=OuterRef("pk"), state=Disbursement.State.PREPARED)
    accepted = ProofOfUse.objects.filter(disbursement=OuterRef("pk"), state=ProofOfUse.State.ACCEPTED)
    unproved = Disbursement.objects.left().filter(~Exists(accepted), loan=OuterRef("pk"))
    more = Loan.objects.waiting_for_more().filter(~Exists(unproved))
    signed = (Loan.objects.filter(state=Loan.State.SIGNED) | more).filter(~Exists(prepared))
    return signed.select_related("firm").order_by("signed_on", "pk")


def to_prepare_row(loan: Loan) -> QueueRow:
    return QueueRow(
        f"{loan.ref} · {loan.firm}", reverse("loans:disbursement_new", args=[loan.ref]), loan.signed_on
    )


def proofs(user: User) -> QuerySet[ProofOfUse]:
    """Proofs of use that this person may close: not those that they handed in (Rule D-3)."""
    waiting = ProofOfUse.objects.filter(state=ProofOfUse.State.HANDED_IN).exclude(handed_in_by=user)
    return waiting.select_related("disbursement__loan__firm").order_by("handed_in_on", "pk")


def proof_row(proof: ProofOfUse) -> QueueRow:
    loan = proof.disbursement.loan
    return QueueRow(f"{loan.ref} · {loan.firm}", reverse("loans:proof", args=[proof.pk]), proof.handed_in_on)


def to_approve(user: User) -> QuerySet[Disbursement]:
    """Prepared disbursements that this person may approve: not those prepared by themselves (Rule G-6)."""
    waiting = Disbursement.objects.filter(state=Disbursement.State.PREPARED).exclude(prepared_by=user)
    return waiting.select_related("loan__firm").order_by("prepared_on", "pk")


def to_approve_row(disbursement: Disbursement) -> QueueRow:
    loan = disbursement.loan
    return QueueRow(
        f"{loan.ref} · {loan.firm}",
        reverse("loans:disbursement", args=[disbursement.pk]),
        disbursement.prepared_on,
    )


def late(user: User) -> QuerySet[Loan]:
    """Rule N-2: loans late by the policy's days or more, the oldest first: somebody calls."""
    day = today()
    found = Loan.objects.late(day, more_than=policy_on(day).staff_task_days - 1)
    return found.select_related("firm").order_by("unpaid_since", "pk")


def late_row(loan: Loan) -> QueueRow:
    days = loan.days_past_due(today())
    text = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    return QueueRow(f"{loan.ref} · {loan.firm} · {text}", loan.get_absolute_url(), loan.unpaid_since)


def broken_promises(user: User) -> QuerySet[FollowUp]:
    """Rule P-7: promises whose day passed without the money, and about which nobody has spoken since."""
    found = FollowUp.objects.broken(today()).unanswered()
    return found.select_related("loan__firm").order_by("promised_on", "pk")


def broken_promise_row(item: FollowUp) -> QueueRow:
    text = f"{item.loan.ref} · {item.loan.firm}"
    if item.promised:
        text += f" · {_words_of(item.promised)}"
    return QueueRow(text, reverse("loans:collection", args=[item.loan.ref]), item.promised_on)


def _words_of(money: Money) -> str:
    return money_text(money.amount, str(money.currency))


def bank_lines(user: User) -> QuerySet[BankMatch]:
    """Rule P-2: money that came in and of which nobody has said whose it is."""
    return BankMatch.objects.to_decide().select_related("line").order_by("line__value_on", "pk")


def unmatched(user: User) -> QuerySet[BankMatch]:
    """Rule P-2: unmatched money in the books, the oldest first."""
    return BankMatch.objects.unmatched().select_related("line").order_by("line__value_on", "pk")


def bank_line_row(match: BankMatch) -> QueueRow:
    text = shortened(f"{_words_of(match.line.money)} · {match.line.words}", 120)
    return QueueRow(text, reverse("loans:bank_line", args=[match.pk]), match.line.value_on)


def dates_of(user: User) -> list[DateItem]:
    """The next instalments of the loans of this person's firms, half a year ahead (Rule N-3)."""
    if user.is_staff_member:
        return []
    day = today()
    mine = Loan.objects.running().visible_to(user)
    ahead = Instalment.objects.filter(
        version__loan__in=mine,
        version__superseded_on=None,
        pay_on__gte=F("version__loan__unpaid_since"),
        pay_on__lte=day + timedelta(183),
    ).select_related("version__loan")
    return [_date_item(instalment) for instalment in ahead.order_by("pay_on")]


def _date_item(instalment: Instalment) -> DateItem:
    loan = instalment.version.loan
    title = _("Instalment %(n)s of %(loan)s") % {"n": instalment.n, "loan": loan.ref}
    return DateItem(instalment.pay_on, title, loan.get_absolute_url())
