"""Checks of the loans against the books (Rule L-3). Each returns findings; none means all is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext_noop

from accounts.registries import Finding
from fund import capital, chart, ledger
from fund.models import Reservation
from loans.arithmetic.allocation import Bucket
from loans.arrears import is_suspended
from loans.balances import Position, positions
from loans.bookkeeping import unpaid_since
from loans.chronicle import is_month_end
from loans.holding import project_of
from loans.models import Allocation, Disbursement, Funding, Loan, Payment
from projects.lifecycle import APPROVALS
from projects.models import Application

ZERO = Decimal(0)


def principal_agrees(on: date) -> list[Finding]:
    """Principal of each loan by replay = its receivable in the ledger, loan by loan, by value date."""
    return _compare(
        on, "principal of loans", (chart.LOANS,), lambda p: _unless_written_off(p, p.state.balance)
    )


def interest_agrees(on: date) -> list[Finding]:
    """Interest that fell due and is not paid = interest due in the ledger, loan by loan."""
    return _compare(
        on, "interest due", (chart.INTEREST_DUE,),
        lambda p: _unless_written_off(p, p.state.open(Bucket.INTEREST)),
    )  # fmt: skip


def accruals_agree(on: date) -> list[Finding]:
    """At a month's end interest earned and not due = the accrual in the ledger; on other days there is none (L-2)."""
    return _compare(on, "interest accrued", (chart.ACCRUED_INTEREST,), _accrued)


def _accrued(item: Position) -> Decimal:
    suspended = is_suspended(item.state.days_past_due)
    return ZERO if suspended or not is_month_end(item.on) else _unless_written_off(item, item.state.accrued)


def _unless_written_off(item: Position, amount: Decimal) -> Decimal:
    """What a loan that was written off owes is claimed, and no longer in the books (Rule P-8)."""
    return ZERO if item.is_written_off else amount


def credits_agree(on: date) -> list[Finding]:
    """Money kept for firms by replay = their credits in the ledger, loan by loan (Rule P-4)."""
    return _compare(on, "credits of firms", (chart.FIRM_CREDITS,), lambda p: -p.state.credit)


def _compare(
    on: date, check: str, accounts: tuple[str, ...], figure: Callable[[Position], Decimal]
) -> list[Finding]:
    """Both sides keyed by loan; a loan that only one side knows is a finding too."""
    wanted: dict[str, Decimal] = {}
    found: dict[str, Decimal] = {}
    for currency in Loan.objects.paid_out().order_by().values_list("currency", flat=True).distinct():
        found |= ledger.balances(currency=currency, on=on, by="loan", accounts=accounts)
    for item in _booked_positions(on):
        wanted[item.loan.ref] = figure(item)
    return _differences(check, wanted, found)


def _booked_positions(on: date) -> list[Position]:
    """Loans as of the day, or as of the last day booked where the daily run has not come that far."""
    behind: dict[date, list[int]] = {}
    loans = Loan.objects.paid_out().filter(disbursed_on__lte=on)
    for pk, booked_to in loans.values_list("pk", "booked_to"):
        behind.setdefault(min(on, booked_to or on), []).append(pk)
    found = []
    for day, pks in behind.items():
        found += positions(loans.filter(pk__in=pks), day)
    return found


def _differences(check: str, wanted: Mapping[str, Decimal], found: Mapping[str, Decimal]) -> list[Finding]:
    return [
        Finding(
            check=check,
            subject=subject,
            expected=f"{wanted.get(subject, ZERO):.2f}",
            found=f"{found.get(subject, ZERO):.2f}",
            message=f"{subject}: the replay says {wanted.get(subject, ZERO):.2f}, "
            f"the ledger {found.get(subject, ZERO):.2f}.",
        )
        for subject in sorted({*wanted, *found})
        if subject and wanted.get(subject, ZERO) != found.get(subject, ZERO)
    ]


def allocations_sum(on: date) -> list[Finding]:
    """What each payment cleared, with what is kept as credit, is the payment (Rule P-4)."""
    live = Allocation.objects.filter(ended_on=None, payment__reversed_on=None).order_by()
    sums = dict(live.values_list("payment__number").annotate(total=Sum("amount")))
    counted = Payment.objects.counted().values_list("number", "amount")
    reversed_ones = Allocation.objects.filter(ended_on=None, payment__reversed_on__isnull=False)
    findings = _differences("allocations sum to payments", dict(counted), sums)
    return findings + [
        Finding(
            "allocations sum to payments",
            number,
            "0.00",
            f"{total:.2f}",
            f"{number} is reversed and still allocated.",
        )
        for number, total in reversed_ones.order_by()
        .values_list("payment__number")
        .annotate(total=Sum("amount"))
    ]


def funding_sums(on: date) -> list[Finding]:
    """The tranches that paid a loan sum to what has left of it (rules K-2, D-3)."""
    loans = dict(Loan.objects.paid_out().values_list("ref", "drawn"))
    sums = dict(Funding.objects.order_by().values_list("loan__ref").annotate(total=Sum("amount")))
    return _differences("tranches sum to loans", loans, sums)


def payouts_sum(on: date) -> list[Finding]:
    """What a loan says has left is the sum of its payouts, and no more than its contract (Rule D-3)."""
    loans = dict(Loan.objects.exclude(drawn=0).values_list("ref", "drawn"))
    left = Disbursement.objects.filter(state=Disbursement.State.APPROVED).order_by()
    return _differences(
        "payouts sum to loans", dict(left.values_list("loan__ref").annotate(Sum("amount"))), loans
    )


def reserves_agree(on: date) -> list[Finding]:
    """Capital reserved = approvals that are neither paid out nor ended, and payouts still to come (D-3, D-4)."""
    open_loans = (Loan.State.DRAFTED, Loan.State.SIGNED)
    waiting = Application.objects.filter(Q(state__in=APPROVALS) | Q(loans__state__in=open_loans)).distinct()
    wanted = {row.ref or "": row.approved_amount.amount for row in waiting if row.approved_amount}
    for loan in Loan.objects.waiting_for_more().select_related("application"):
        wanted[project_of(loan)] = loan.undrawn
    found: dict[str, Decimal] = {}
    for project in _reserved_projects():
        found[project] = sum((money.amount for money in capital.reserved(project)), ZERO)
    return _differences("reserves are approvals", wanted, found)


def _reserved_projects() -> list[str]:
    rows = Reservation.objects.order_by().values("project").annotate(held=Sum("amount")).exclude(held=0)
    return list(rows.values_list("project", flat=True))


def kept_figures_agree(on: date) -> list[Finding]:
    """What a loan keeps for lists (`balance`, `unpaid_since`) is what the replay says on the day last booked."""
    findings = []
    for item in _booked_positions(date.max):
        loan = item.loan
        kept, told = (loan.balance, loan.unpaid_since), (item.state.balance, unpaid_since(item.state))
        if kept != told:
            message = (
                f"{loan.ref} keeps {kept[0]} since {kept[1]}, the replay says {told[0]} since {told[1]}."
            )
            findings.append(Finding("figures kept on loans", loan.ref, str(told), str(kept), message))
    return findings


CHECKS = {
    gettext_noop("principal of loans"): "loans.books.principal_agrees",
    gettext_noop("interest due"): "loans.books.interest_agrees",
    gettext_noop("interest accrued"): "loans.books.accruals_agree",
    gettext_noop("credits of firms"): "loans.books.credits_agree",
    gettext_noop("allocations sum to payments"): "loans.books.allocations_sum",
    gettext_noop("tranches sum to loans"): "loans.books.funding_sums",
    gettext_noop("payouts sum to loans"): "loans.books.payouts_sum",
    gettext_noop("reserves are approvals"): "loans.books.reserves_agree",
    gettext_noop("figures kept on loans"): "loans.books.kept_figures_agree",
}
