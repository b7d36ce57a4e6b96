"""The account a loan is paid out to: typed by one person, its holder's name seen by another (Rule D-2)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput, Denied, require
from accounts.models import User
from accounts.permissions import Perm
from loans.bookkeeping import locked
from loans.models import Loan, PayoutAccount
from loans.references import compact, is_clabe

BEFORE_MONEY = (Loan.State.DRAFTED, Loan.State.SIGNED)


@transaction.atomic
def type_account(*, loan: Loan, number: str, bank: str, holder: str, by: User, on: date) -> PayoutAccount:
    """Write down the firm's account. A changed one is a new record that has to be seen again (Rule G-5)."""
    check_may_handle(by)
    loan = locked(loan.ref)
    waits = loan.state in BEFORE_MONEY or (loan.state == Loan.State.ACTIVE and loan.undrawn)
    require(waits, "D-2", _("The money has left already; the account cannot change."))
    plain = compact(number)
    check_number(plain, country=loan.firm.country, typed=number)
    for field, value in (("bank", bank), ("holder", holder)):
        if not value.strip():
            raise BadInput(field, value, _("Write it as the bank does."))
    account = PayoutAccount.objects.create(
        loan=loan, number=plain, bank=bank.strip(), holder=holder.strip(), typed_by=by, typed_on=on
    )
    audit.record(
        "payoutaccount.typed", account, by=by, on=on,
        after={"loan": loan.ref, "number": plain[-4:], "bank": account.bank, "holder": account.holder},
    )  # fmt: skip
    return account


@transaction.atomic
def see_account(*, loan: Loan, by: User, on: date) -> PayoutAccount:
    """A second person has seen, on a paper of the bank, that the account is the firm's (rules D-2, G-6)."""
    check_may_handle(by)
    loan = locked(loan.ref)
    account = current_account(loan)
    require(account is not None, "D-2", _("No account has been typed yet."))
    assert account is not None
    if account.is_verified:
        return account
    if account.typed_by_id == by.pk:
        raise Denied(_("Whoever typed an account cannot also confirm whose it is."))
    account.seen_by, account.seen_on = by, on
    account.save(update_fields=["seen_by", "seen_on"])
    audit.record("payoutaccount.seen", account, by=by, on=on, after={"loan": loan.ref})
    return account


def current_account(loan: Loan) -> PayoutAccount | None:
    """The account last typed (they are ordered so)."""
    return next(iter(loan.accounts.all()), None)


def check_may_handle(user: User) -> None:
    """Raise Denied unless the person drafts contracts or handles disbursements."""
    if not any(
        user.may(p) for p in (Perm.CONTRACT_DRAFT, Perm.DISBURSEMENT_PREPARE, Perm.DISBURSEMENT_APPROVE)
    ):
        raise Denied(_("Your roles do not include this."))


def check_number(plain: str, *, country: str, typed: str) -> None:
    """Raise BadInput unless the number can be right: in Mexico a CLABE with its check digit (Rule D-2)."""
    if country == "MX":
        if len(plain) != 18 or not plain.isdecimal():
            message = _("A CLABE has 18 digits; this has %(count)s.") % {"count": len(plain)}
            raise BadInput("number", typed, message)
        if not is_clabe(plain):
            raise BadInput(
                "number", typed, _("The last digit does not fit the others: read the CLABE again.")
            )
    elif not 5 <= len(plain) <= 34:
        raise BadInput("number", typed, _("Write the account number with 5 to 34 letters and digits."))
