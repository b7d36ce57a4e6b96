"""A CSV statement, read through the account's column map; pure (Rule P-2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from fund.banking.columns import (
    ROLES,
    ColumnMap,
    day_of,
    guess,
    heading_at,
    likely_delimiter,
    plain,
    rows_of,
)
from fund.banking.lines import (
    MOST_LINES,
    OF_THE_MAP,
    Kind,
    ReadLine,
    ReadStatement,
    Trouble,
    Unreadable,
    checked_amount,
    checked_day,
)

_SIGNS = re.compile(r"^(?:MX\$|US\$|\$|€|S/|MXN|USD|COP|PEN|CLP|CAD)|(?:MXN|USD|COP|PEN|CLP|CAD|\$|€)$")
_POINT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|[+-]?\.\d+", re.ASCII)
_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d*)?|[+-]?,\d+", re.ASCII)


def read(text: str, columns: ColumnMap) -> ReadStatement:
    """Every line of the statement. Raises Unreadable naming the first line that cannot be read."""
    rows = _rows(text, columns.delimiter)
    wanted = {role: getattr(columns, role) for role in ROLES if getattr(columns, role)}
    place = heading_at(rows, list(wanted.values()))
    if place is None:
        raise Unreadable(Trouble.NO_COLUMNS, found=_missing(rows, list(wanted.values())))
    names = [plain(cell) for cell in rows[place][1]]
    where = {role: names.index(plain(heading)) for role, heading in wanted.items()}
    body = rows[place + 1 :]
    if len(body) > MOST_LINES:
        raise Unreadable(Trouble.TOO_MANY)
    lines = [line for number, row in body if (line := _line(number, row, where, columns)) is not None]
    if not lines:
        raise Unreadable(Trouble.NO_LINES)
    return ReadStatement(Kind.CSV, tuple(lines))


def check_whole(text: str) -> None:
    """Raise Unreadable for what no map of the columns would cure: a line cut off, an open quote, no movement.

    For a file that nobody has described yet. Of a guess only day and money count: many banks leave out the last
    cells of a line if they are empty.
    """
    columns = guess(text)
    if columns is None:
        rows_of(text, likely_delimiter(text))
        return
    try:
        read(text, replace(columns, text="", payer="", payer_account="", reference="", bank_id=""))
    except Unreadable as problem:
        if problem.trouble not in OF_THE_MAP:
            raise


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows; a file whose columns are parted by another mark than the map says is not damaged for that."""
    try:
        return rows_of(text, delimiter)
    except Unreadable:
        if likely_delimiter(text) != delimiter:
            raise Unreadable(Trouble.NO_COLUMNS) from None
        raise


def _missing(rows: Sequence[tuple[int, list[str]]], wanted: Sequence[str]) -> str:
    """The first wanted heading that no row bears."""
    there = {plain(cell) for _, row in rows for cell in row}
    return next((name for name in wanted if plain(name) not in there), wanted[0])


def _line(number: int, row: list[str], where: dict[str, int], columns: ColumnMap) -> ReadLine | None:
    """One movement; None for a line without day and money, such as a total at the foot."""
    cells = {role: row[place].strip() if place < len(row) else "" for role, place in where.items()}
    money = [cells.get(role, "") for role in ("amount", "credit", "debit")]
    if not cells["value_on"] and (not any(money) or len(row) <= max(where.values())):
        return None
    if len(row) <= max(where.values()):
        raise Unreadable(Trouble.CUT_OFF, line=number)
    day = day_of(cells["value_on"], columns.date_format)
    if day is None:
        raise Unreadable(Trouble.BAD_DATE, line=number, found=cells["value_on"])
    amount = _amount(cells, columns.decimal_mark, number)
    if amount == 0:
        return None
    rest = {role: cells.get(role, "") for role in ("text", "payer", "payer_account", "reference", "bank_id")}
    return ReadLine(number, checked_day(day, line=number, found=cells["value_on"]), amount, **rest).tidy()


def _amount(cells: dict[str, str], mark: str, number: int) -> Decimal:
    """Money in less money out; one column with signs, or two without."""
    if cells.get("amount"):
        return amount_of(cells["amount"], mark, line=number)
    if not cells.get("credit") and not cells.get("debit"):
        raise Unreadable(Trouble.BAD_AMOUNT, line=number)
    came = amount_of(cells["credit"], mark, line=number) if cells.get("credit") else Decimal(0)
    went = amount_of(cells["debit"], mark, line=number) if cells.get("debit") else Decimal(0)
    return came - abs(went)


def amount_of(text: str, mark: str, *, line: int) -> Decimal:
    """The figure with its decimals behind that mark; the other mark may only part thousands."""
    figure = re.sub(r"[\s\u00a0\u202f'’]", "", text).replace("−", "-")
    negative = (figure.startswith("(") and figure.endswith(")")) or (
        figure.endswith("-") and figure[:1] != "-"
    )
    figure = _SIGNS.sub("", figure.strip("()").removesuffix("-"))
    pattern = _COMMA if mark == "," else _POINT
    if not pattern.fullmatch(figure) or len(figure) > 40:
        raise Unreadable(Trouble.BAD_AMOUNT, line=line, found=text)
    bare = figure.replace("." if mark == "," else ",", "").replace(mark, ".")
    amount = checked_amount(Decimal(bare), line=line, found=text)
    return -amount if negative else amount
