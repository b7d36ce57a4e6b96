"""Take in a bank statement: all of its new lines or nothing, and a sentence for whatever is wrong (Rule P-2)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import BadInput
from accounts.formats import number_text, size_text
from accounts.models import User
from accounts.permissions import Perm, check_may
from fund.banking.columns import ColumnMap
from fund.banking.fingerprints import Marked, marked
from fund.banking.lines import LARGEST, MOST_LINES, ReadStatement, Trouble, Unreadable
from fund.banking.reading import read
from fund.models import BankAccount, BankLine, BankStatement


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A statement and its new lines; `again` says that this very file had been taken in before."""

    statement: BankStatement
    lines: tuple[BankLine, ...]
    again: bool = False


def columns_of(account: BankAccount) -> ColumnMap | None:
    """The account's saved column map, None as long as nobody has said which column is which."""
    return ColumnMap.of(account.csv_columns) if account.csv_columns.get("value_on") else None


@transaction.atomic
def keep_columns(*, account: BankAccount, columns: ColumnMap, by: User, on: date) -> BankAccount:
    """Remember which column of the account's CSV means what (Rule P-2)."""
    check_may(by, Perm.PAYMENT_RECORD)
    if not columns.is_whole:
        raise BadInput(
            "value_on", "", _("Say which column holds the day, and which one the money that came in.")
        )
    account = BankAccount.objects.select_for_update().get(pk=account.pk)
    before, account.csv_columns = account.csv_columns, columns.as_dict()
    if before != account.csv_columns:
        account.save(update_fields=["csv_columns"])
        audit.record(
            "bank.columns",
            f"fund.bankaccount:{account.code}",
            by=by,
            on=on,
            before=before,
            after=account.csv_columns,
        )
    return account


def read_file(
    account: BankAccount, content: bytes, *, name: str, columns: ColumnMap | None = None
) -> ReadStatement:
    """The file as lines of this account. Raises BadInput for the field `file`, in one sentence."""
    try:
        said = read(content, columns or columns_of(account))
        _check_account(said, account)
    except Unreadable as problem:
        raise BadInput("file", name, sentence(problem, name=name, account=account)) from None
    return said


def _check_account(said: ReadStatement, account: BankAccount) -> None:
    """Raise Unreadable if the file names another account or currency than the one it is imported for."""
    if said.currency and said.currency != account.currency:
        raise Unreadable(Trouble.OTHER_CURRENCY, found=said.currency)
    own = "".join(char for char in account.clabe if char.isalnum())
    told = "".join(char for char in said.account if char.isalnum())
    if own and told and own not in told and told not in own:
        raise Unreadable(Trouble.OTHER_ACCOUNT, found=said.account)


@transaction.atomic
def import_statement(
    *, account: BankAccount, content: bytes, name: str, by: User, on: date, columns: ColumnMap | None = None
) -> TakenIn:
    """Keep the file and every line of it that is not known yet (Rule P-2). The same file again adds nothing.

    Raises BadInput for the field `file`, and then nothing of it is kept.
    """
    check_may(by, Perm.PAYMENT_RECORD)
    name = _file_name(name)
    account = BankAccount.objects.select_for_update().get(pk=account.pk)
    sha = hashlib.sha256(content).hexdigest()
    if there := account.statements.filter(sha256=sha, set_aside_on=None).first():
        return TakenIn(there, (), again=True)
    said = read_file(account, content, name=name, columns=columns)
    found = marked(account.code, said.lines)
    known = _known(account, found)
    new = [item for item in found if item.fingerprint not in known]
    counts = {"lines_read": len(found), "lines_known": len(found) - len(new)}
    statement = BankStatement.objects.create(
        account=account, name=name, kind=said.kind.value, content=content, sha256=sha, imported_by=by,
        imported_on=on, **counts,
    )  # fmt: skip
    lines = BankLine.objects.bulk_create([_line(statement, item) for item in new], batch_size=1_000)
    audit.record(
        "bank.imported", statement, by=by, on=on, after={"account": account.code, "sha256": sha} | counts
    )
    return TakenIn(statement, tuple(lines))


def _file_name(name: str) -> str:
    """The name as it is shown and kept: what the bank's page called the file, without anything odd."""
    try:
        return get_valid_filename(PurePath(name).name)[-200:]
    except SuspiciousFileOperation:
        return "statement"


def _known(account: BankAccount, found: list[Marked]) -> set[str]:
    """The marks that an earlier file of the account has brought already."""
    marks = [item.fingerprint for item in found]
    lines = BankLine.objects.filter(account=account, live=True, fingerprint__in=marks)
    return set(lines.values_list("fingerprint", flat=True))


def _line(statement: BankStatement, item: Marked) -> BankLine:
    line = item.line
    return BankLine(
        statement=statement, account=statement.account, number=line.n, fingerprint=item.fingerprint,
        ordinal=item.ordinal, value_on=line.value_on, amount=line.amount, currency=statement.account.currency,
        text=line.text, payer=line.payer, payer_account=line.payer_account, reference=line.reference,
        bank_id=line.bank_id,
    )  # fmt: skip


@transaction.atomic
def set_aside(*, statement: BankStatement, by: User, on: date) -> BankStatement:
    """Take a statement out of the way, its file kept, its lines free to come again. The caller sees to it
    that nothing was done with them (Rule G-5)."""
    check_may(by, Perm.PAYMENT_RECORD)
    statement = BankStatement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if not statement.is_set_aside:
        statement.set_aside_by, statement.set_aside_on = by, on
        statement.save(update_fields=["set_aside_by", "set_aside_on"])
        statement.lines.update(live=False)
        audit.record("bank.set_aside", statement, by=by, on=on)
    return statement


def sentence(problem: Unreadable, *, name: str, account: BankAccount) -> str:
    """What is wrong with a file and what to do, in one sentence that names the line."""
    words = _SENTENCES[problem.trouble]() % {
        "name": name, "line": problem.line, "found": _found(problem), "account": account.name,
        "currency": account.currency, "most": size_text(LARGEST), "lines": number_text(MOST_LINES),
    }  # fmt: skip
    if problem.line and problem.trouble not in _NAME_THEIR_LINE:
        words = _("Line %(line)s: %(what)s") % {"line": problem.line, "what": words}
    return words


def _found(problem: Unreadable) -> str:
    """A balance is our own sum and is written as every amount; the rest is shown as the file has it."""
    return number_text(problem.found, 2) if problem.trouble == Trouble.BALANCE else problem.found


_NAME_THEIR_LINE = {Trouble.CUT_OFF}
_SENTENCES: dict[Trouble, Callable[[], str]] = {
    Trouble.EMPTY: lambda: _("“%(name)s” is empty. Download the statement from the bank again."),
    Trouble.TOO_LARGE: lambda: _(
        "“%(name)s” is larger than %(most)s, which is no statement of an account. Choose a shorter period."
    ),
    Trouble.TOO_MANY: lambda: _("“%(name)s” has more than %(lines)s lines. Import it in parts."),
    Trouble.WRONG_KIND: lambda: _(
        "“%(name)s” is not a bank statement we can read. Download it as CSV, MT940 or CAMT.053."
    ),
    Trouble.LINE_TOO_LONG: lambda: _("the line is far too long for a statement; download the file again."),
    Trouble.CUT_OFF: lambda: _(
        "“%(name)s” is damaged or cut off at line %(line)s. Nothing was imported; download it again."
    ),
    Trouble.NO_LINES: lambda: _("“%(name)s” has no movement in it. Choose a period with movements."),
    Trouble.NO_COLUMNS: lambda: _(
        "“%(name)s” does not have the columns that are kept for %(account)s. Say anew which column is which."
    ),
    Trouble.BAD_DATE: lambda: _(
        "“%(found)s” is not a day as this statement writes days. Nothing was imported."
    ),
    Trouble.BAD_AMOUNT: lambda: _(
        "“%(found)s” is not an amount as this statement writes them (decimal point or comma?). Nothing was imported."
    ),
    Trouble.BAD_LINE: lambda: _(
        "the movement cannot be read. Nothing was imported; download the file again."
    ),
    Trouble.BALANCE: lambda: _(
        "the movements do not lead to the closing balance %(found)s: something is missing. Nothing was imported."
    ),
    Trouble.OTHER_ACCOUNT: lambda: _(
        "“%(name)s” is the statement of another account (%(found)s), not of %(account)s."
    ),
    Trouble.OTHER_CURRENCY: lambda: _("“%(name)s” is in %(found)s; %(account)s is kept in %(currency)s."),
}
