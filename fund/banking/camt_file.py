"""A CAMT.053 statement (ISO 20022), read by lxml with every door to other files shut; pure (Rule P-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

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

OPENING, CLOSING = {"OPBD", "PRCD"}, {"CLBD"}


def read(content: bytes) -> ReadStatement:
    """Every booked entry of every statement in the file. Raises Unreadable."""
    root = _root(content)
    statements = root.findall(".//{*}BkToCstmrStmt/{*}Stmt")
    if not statements:
        raise Unreadable(Trouble.WRONG_KIND)
    lines: list[ReadLine] = []
    accounts: set[str] = set()
    currencies: set[str] = set()
    for statement in statements:
        accounts.add(_text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id"))
        currencies |= {code} if (code := _text(statement, "Acct/Ccy")) else set()
        found = [line for entry in statement.findall("{*}Ntry") for line in _entry(entry)]
        _check_balances(statement)
        lines += found
    if len(accounts) > 1:
        raise Unreadable(Trouble.OTHER_ACCOUNT, found=", ".join(sorted(accounts)))
    if len(lines) > MOST_LINES:
        raise Unreadable(Trouble.TOO_MANY)
    if not lines:
        raise Unreadable(Trouble.NO_LINES)
    currencies |= {line.currency for line in lines}
    if len(currencies) != 1:
        raise Unreadable(Trouble.OTHER_CURRENCY, found=", ".join(sorted(currencies)))
    return ReadStatement(Kind.CAMT053, tuple(lines), account=accounts.pop(), currency=currencies.pop())


def _root(content: bytes) -> Any:
    """The document; a document type or an entity is refused before anything is built from it."""
    if b"<!" in content.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise Unreadable(Trouble.WRONG_KIND)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise Unreadable(Trouble.CUT_OFF, line=getattr(problem, "lineno", 0) or 0) from None
    if root is None or root.getroottree().docinfo.doctype:
        raise Unreadable(Trouble.WRONG_KIND)
    return root


def _entry(entry: Any) -> Iterator[ReadLine]:
    """An entry, or each of its transactions where the bank books several payments as one."""
    number = entry.sourceline or 0
    status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
    if status and status not in ("BOOK", "BOOKED"):
        return
    whole = _signed(entry, number)
    day = _day(_text(entry, "ValDt/Dt") or _text(entry, "ValDt/DtTm") or _text(entry, "BookgDt/Dt")
               or _text(entry, "BookgDt/DtTm"), number)  # fmt: skip
    own = entry.find("{*}Amt").get("Ccy") or ""
    parts = entry.findall("{*}NtryDtls/{*}TxDtls")
    amounts = [_part_amount(part, whole, number) for part in parts]
    told = bool(parts) and all(amount is not None for amount in amounts)
    if len(parts) > 1 and told and sum(amount or Decimal(0) for amount in amounts) == whole:
        for place, (part, amount) in enumerate(zip(parts, amounts, strict=True), 1):
            yield _line(entry, [part], amount or Decimal(0), day, own, part.sourceline or number, place)
    elif whole:
        yield _line(entry, parts, whole, day, own, number, 0)


def _line(
    entry: Any, parts: list[Any], amount: Decimal, day: date, currency: str, number: int, place: int
) -> ReadLine:
    party = "Dbtr" if amount > 0 else "Cdtr"
    words = [_texts(part, "RmtInf/Ustrd") for part in parts] + [_text(entry, "AddtlNtryInf")]
    references = [
        _text(part, "RmtInf/Strd/CdtrRefInf/Ref") or _text(part, "Refs/EndToEndId") for part in parts
    ]
    bank = next((found for part in parts if (found := _text(part, "Refs/AcctSvcrRef"))), "")
    name = next((
        found for part in parts
        if (found := _text(part, f"RltdPties/{party}/Pty/Nm") or _text(part, f"RltdPties/{party}/Nm"))
    ), "")  # fmt: skip
    account = next((
        found for part in parts
        if (found := _text(part, f"RltdPties/{party}Acct/Id/IBAN") or _text(part, f"RltdPties/{party}Acct/Id/Othr/Id"))
    ), "")  # fmt: skip
    own = bank or _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    return ReadLine(
        number, day, amount, text=" ".join(word for word in words if word), payer=name, payer_account=account,
        reference=" ".join(ref for ref in references if ref and ref != "NOTPROVIDED"),
        bank_id=f"{own}/{place}" if place and own and not bank else own, currency=currency,
    ).tidy()  # fmt: skip


def _check_balances(statement: Any) -> None:
    """Opening balance and booked entries give the closing balance, where the bank tells both."""
    balances: dict[str, Decimal] = {}
    for balance in statement.findall("{*}Bal"):
        balances[_text(balance, "Tp/CdOrPrtry/Cd")] = _signed(balance, balance.sourceline or 0)
    opening = next((balances[code] for code in sorted(OPENING & balances.keys())), None)
    closing = next((balances[code] for code in sorted(CLOSING & balances.keys())), None)
    if opening is None or closing is None:
        return
    moved = Decimal(0)
    for entry in statement.findall("{*}Ntry"):
        if (_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") in ("BOOK", "BOOKED"):
            moved += _signed(entry, entry.sourceline or 0)
    if opening + moved != closing:
        raise Unreadable(Trouble.BALANCE, line=statement.sourceline or 0, found=str(closing))


def _signed(element: Any, number: int) -> Decimal:
    """The amount with its sign: credits are money that came in."""
    node = element.find("{*}Amt")
    mark = _text(element, "CdtDbtInd")
    if node is None or mark not in ("CRDT", "DBIT"):
        found = f"{'' if node is None else node.text or ''} {mark}".strip()
        raise Unreadable(Trouble.BAD_AMOUNT, line=number, found=found)
    amount = _decimal(node.text, number)
    return amount if mark == "CRDT" else -amount


def _part_amount(part: Any, whole: Decimal, number: int) -> Decimal | None:
    """A transaction's own amount, with the sign of its entry unless it says another."""
    node = part.find("{*}Amt")
    if node is None:
        node = part.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    if node is None:
        return None
    amount = _decimal(node.text, part.sourceline or number)
    mark = _text(part, "CdtDbtInd") or ("CRDT" if whole > 0 else "DBIT")
    return amount if mark == "CRDT" else -amount


def _decimal(text: str | None, number: int) -> Decimal:
    try:
        amount = Decimal((text or "").strip())
    except InvalidOperation:
        raise Unreadable(Trouble.BAD_AMOUNT, line=number, found=text or "") from None
    return checked_amount(amount, line=number, found=text or "")


def _day(text: str, number: int) -> date:
    try:
        return checked_day(date.fromisoformat(text[:10]), line=number, found=text)
    except ValueError:
        raise Unreadable(Trouble.BAD_DATE, line=number, found=text) from None


def _text(element: Any, path: str) -> str:
    found = element.find("/".join(f"{{*}}{name}" for name in path.split("/")))
    return (found.text or "").strip() if found is not None else ""


def _texts(element: Any, path: str) -> str:
    found = element.findall("/".join(f"{{*}}{name}" for name in path.split("/")))
    return " ".join((node.text or "").strip() for node in found)
