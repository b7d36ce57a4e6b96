"""What waits at the cash desk: a bank statement that nobody has looked at yet, and a promise that was not kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from fund.bank import keep_columns
from fund.banking.columns import ColumnMap
from fund.models import BankAccount
from loans import bank_lines, collections
from loans.models import Instalment, Loan

COLUMNS = ColumnMap(
    "Fecha", credit="Abono", debit="Cargo", text="Concepto", payer="Ordenante", reference="Referencia",
    date_format="%d/%m/%Y",
)  # fmt: skip
HEAD = "Fecha,Concepto,Ordenante,Referencia,Cargo,Abono"


def play(*, cashier: User, on: date) -> None:
    """Yesterday's movements in pesos, taken in and not posted; the calls to whoever is late."""
    running = list(Loan.objects.running().filter(currency="MXN").select_related("firm").order_by("pk"))
    if not running:
        return
    account = BankAccount.objects.filter(currency="MXN").order_by("pk").first()
    assert account is not None
    keep_columns(account=account, columns=COLUMNS, by=cashier, on=on)
    rows = [HEAD, *_rows(running, on - timedelta(1)), ""]
    bank_lines.take_in(
        account=account,
        content="\r\n".join(rows).encode("latin-1"),
        name="movimientos.csv",
        by=cashier,
        on=on,
    )
    for late in Loan.objects.late(on):
        _promised(late, cashier, on)


def _rows(running: list[Loan], day: date) -> list[str]:
    """A payment with its reference, one without, cash that nobody explains, and the bank's fee."""
    first, last = running[0], running[-1]
    return [
        f'{day:%d/%m/%Y},SPEI RECIBIDO,"{first.firm.legal_name.upper()}",{first.reference},,{_next(first)}',
        f'{day:%d/%m/%Y},SPEI RECIBIDO PAGO CRÉDITO,"{last.firm.legal_name.upper()}",,,{_next(last)}',
        f"{day:%d/%m/%Y},DEPÓSITO EN EFECTIVO SUC 0412,,,,8420.00",
        f"{day:%d/%m/%Y},COMISIÓN POR MANEJO DE CUENTA,,,350.00,",
    ]


def _next(loan: Loan) -> Decimal:
    """What the oldest unpaid instalment asks."""
    rows = Instalment.objects.filter(
        version__loan=loan, version__superseded_on=None, pay_on__gte=loan.unpaid_since
    )
    return rows.order_by("n").values_list("total", flat=True)[0]


def _promised(loan: Loan, cashier: User, on: date) -> None:
    """A call twelve days ago, with a promise for a day that has passed."""
    called = on - timedelta(12)
    if loan.disbursed_on is None or called <= loan.disbursed_on:
        return
    collections.note(
        loan=loan, kind="call", text="Espera el pago de un cliente; promete una parcialidad.",
        promised_amount=_next(loan), promised_on=on - timedelta(5), by=cashier, on=called,
    )  # fmt: skip
