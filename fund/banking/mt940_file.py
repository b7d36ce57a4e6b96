"""An MT940 statement, read by the library of that name and checked against its own balances; pure (Rule P-2)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import mt940

from fund.banking.lines import (
    MOST_LINES,
    Kind,
    ReadLine,
    ReadStatement,
    Trouble,
    Unreadable,
    checked_amount,
    checked_day,
)

logging.getLogger("mt940").setLevel(
    logging.CRITICAL
)  # it logs whole lines of a bank; we name the line instead

_MESSAGE = re.compile(r"^:20:", re.MULTILINE)
_MOVEMENT = re.compile(r"^:61:", re.MULTILINE)
_SUBFIELD = re.compile(r"\?(\d{2})")
_NONE = {"", "NONREF", "NOTPROVIDED"}


def read(text: str) -> ReadStatement:
    """Every movement of every message in the file. Raises Unreadable."""
    if len(_MOVEMENT.findall(text)) > MOST_LINES:
        raise Unreadable(Trouble.TOO_MANY)
    lines: list[ReadLine] = []
    account = currency = ""
    for first, message in _messages(text):
        said = _parsed(message, first)
        own, code = said.data.get("account_identification", ""), _balances(said, message, first)
        if (account and own != account) or (currency and code != currency):
            raise Unreadable(Trouble.OTHER_ACCOUNT, line=first, found=own)
        account, currency = own, code
        lines += _movements(said, message, first)
    if not lines:
        raise Unreadable(Trouble.NO_LINES)
    return ReadStatement(Kind.MT940, tuple(lines), account=account.strip(), currency=currency)


def _messages(text: str) -> Iterator[tuple[int, str]]:
    """The messages of a file with the line each begins on; what stands before the first is the bank's envelope."""
    starts = [found.start() for found in _MESSAGE.finditer(text)] or [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text.count("\n", 0, start) + 1, text[start:end]


def _parsed(message: str, first: int) -> Any:
    """The library's reading of one message; its errors are of many kinds, ours is one."""
    try:
        return mt940.parse(message)
    except Exception:  # whatever a malformed field makes the library let out
        raise Unreadable(Trouble.BAD_LINE, line=_culprit(message, first)) from None


def _culprit(message: str, first: int) -> int:
    """The line of the file on which the library stumbles: the first movement that it cannot read by itself."""
    for number, line in enumerate(message.split("\n"), first):
        if not line.startswith(":61:"):
            continue
        try:
            mt940.parse(f":20:X\n:60F:C200101XXX0,\n{line}")
        except Exception:  # whatever a malformed field makes the library let out
            return number
    return first


def _balances(said: Any, message: str, first: int) -> str:
    """The currency; raises Unreadable unless opening balance and movements give the closing balance."""
    opening = said.data.get("final_opening_balance") or said.data.get("intermediate_opening_balance")
    closing = said.data.get("final_closing_balance") or said.data.get("intermediate_closing_balance")
    last = first + message.rstrip().count("\n")
    if opening is None or closing is None:
        raise Unreadable(Trouble.CUT_OFF, line=last)
    moved = sum((_signed(row.data) for row in said.transactions), Decimal(0))
    if len(said.transactions) != len(_MOVEMENT.findall(message)):
        raise Unreadable(Trouble.BAD_LINE, line=_culprit(message, first))
    if opening.amount.amount + moved != closing.amount.amount:
        raise Unreadable(Trouble.BALANCE, line=last, found=str(closing.amount.amount))
    code = str(opening.amount.currency or "")
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Unreadable(Trouble.OTHER_CURRENCY, line=first, found=code)
    return code


def _movements(said: Any, message: str, first: int) -> Iterator[ReadLine]:
    """Movements with the line of the file that each stands on."""
    places = [message.count("\n", 0, found.start()) + first for found in _MOVEMENT.finditer(message)]
    for number, row in zip(places, said.transactions, strict=True):
        data = row.data
        amount = checked_amount(_signed(data), line=number)
        if not amount:
            continue
        day = checked_day(date(data["date"].year, data["date"].month, data["date"].day), line=number)
        parts = _details(str(data.get("transaction_details") or ""))
        yield ReadLine(
            number, day, amount,
            text=f"{parts['text']} {data.get('extra_details') or ''}",
            payer=parts["payer"], payer_account=parts["account"],
            reference=_named(data.get("customer_reference")), bank_id=_named(data.get("bank_reference")),
        ).tidy()  # fmt: skip


def _signed(data: dict[str, Any]) -> Decimal:
    """Money in is positive; a reversed credit ("RC") takes it back, a reversed debit ("RD") brings it."""
    amount = data.get("amount")
    if amount is None:
        return Decimal(0)
    figure = Decimal(amount.amount)
    return abs(figure) if data.get("status") in ("C", "RD") else -abs(figure)


def _named(value: Any) -> str:
    text = str(value or "").strip()
    return "" if text.upper() in _NONE else text


def _details(text: str) -> dict[str, str]:
    """Field 86: free text, or the numbered parts of German and many Latin American banks."""
    found: dict[str, str] = {"text": text, "payer": "", "account": ""}
    pieces = _SUBFIELD.split(text.replace("\n", ""))
    if len(pieces) < 5:
        return found
    parts: dict[str, str] = {}
    for code, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        parts[code] = parts.get(code, "") + piece
    words = (part for code, part in sorted(parts.items()) if "20" <= code <= "29" or "60" <= code <= "63")
    return {
        "text": f"{parts.get('00', '')} {''.join(words)}",
        "payer": f"{parts.get('32', '')}{parts.get('33', '')}",
        "account": parts.get("31", ""),
    }
