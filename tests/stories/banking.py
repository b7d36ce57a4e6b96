"""Bank statements for tests: lines that pay loans, taken in through the real verbs."""

from decimal import Decimal

from fund import bank
from fund.banking.columns import ColumnMap
from fund.models import BankAccount
from loans import bank_lines, bank_posting
from loans.models import BankMatch
from tests.world import DAY, person

COLUMNS = ColumnMap("date", amount="amount", text="text", payer="payer", reference="reference", bank_id="id")
HEAD = "date,amount,text,payer,reference,id"


def account(currency="MXN"):
    return BankAccount.objects.filter(currency=currency).first()


def described(columns=None, *, on=DAY):
    """The account's columns are known, as the bank of tests/fund/banking/files.py writes them."""
    own = columns or ColumnMap(
        "Fecha",
        credit="Abono",
        debit="Cargo",
        text="Concepto",
        reference="Referencia",
        date_format="%d/%m/%Y",
    )
    return bank.keep_columns(account=account(), columns=own, by=person("carmen"), on=on)


def row(day, amount, text="", payer="", reference="", bank_id=""):
    return f'{day},{amount},"{text}","{payer}","{reference}",{bank_id}'


def content(*rows):
    return "\n".join([HEAD, *rows, ""]).encode()


def taken_in(*rows, on=DAY, by="carmen", name="estado.csv", into=None):
    """A statement of these rows, proposed and not posted."""
    return bank_lines.take_in(
        account=into or account(), content=content(*rows), name=name, columns=COLUMNS, by=person(by), on=on
    ).statement


def posted(statement, *, on=DAY, by="carmen"):
    """Ordered and posted, as the worker does it."""
    bank_posting.order(statement=statement, by=person(by), on=on)
    return bank_posting.post_ordered(statement)


def matches(statement):
    return list(
        BankMatch.objects.filter(line__statement=statement)
        .select_related("line", "loan", "payment")
        .order_by("line_id")
    )


def total(lines):
    return sum((match.line.amount for match in lines), Decimal(0))
