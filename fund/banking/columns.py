"""Which column of a CSV statement means what: the map that a bank account keeps, and a first guess; pure."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from fund.banking.lines import Trouble, Unreadable

DELIMITERS = (",", ";", "\t", "|")
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%y", "%Y%m%d")
ROLES = ("value_on", "amount", "credit", "debit", "text", "payer", "payer_account", "reference", "bank_id")
SEARCHED = 30
"""The heading stands within the first so many lines: banks write their name and the period above it."""

# Words of a heading, without accents, as banks of the four countries and in English and French write them.
WORDS: dict[str, tuple[str, ...]] = {
    "value_on": (
        "fecha valor",
        "value date",
        "date valeur",
        "fecha operacion",
        "fecha",
        "date",
        "dia",
        "day",
    ),
    "amount": ("importe", "monto", "amount", "montant", "valor"),
    "credit": ("abonos", "abono", "depositos", "deposito", "credito", "haber", "credit", "paid in"),
    "debit": ("cargos", "cargo", "retiros", "retiro", "debito", "debe", "debit", "paid out"),
    "text": ("concepto", "descripcion", "detalle", "description", "details", "libelle", "movimiento", "text"),
    "payer": ("ordenante", "nombre", "beneficiario", "payer", "donneur d'ordre", "counterparty", "name"),
    "payer_account": ("cuenta ordenante", "clabe", "cuenta origen", "iban", "account"),
    "reference": ("referencia numerica", "referencia", "reference", "ref"),
    "bank_id": ("clave de rastreo", "folio", "numero de operacion", "transaction id", "id"),
}


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Headings by meaning ("" where the bank has none) and how the file writes figures and days."""

    value_on: str
    amount: str = ""
    credit: str = ""
    debit: str = ""
    text: str = ""
    payer: str = ""
    payer_account: str = ""
    reference: str = ""
    bank_id: str = ""
    delimiter: str = ","
    decimal_mark: str = "."
    date_format: str = "%Y-%m-%d"

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> ColumnMap:
        """The map as it is kept with the account; what is not known any more is left out."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: str(value) for name, value in kept.items() if name in names})

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    @property
    def is_whole(self) -> bool:
        """Whether it says where the day and the money are."""
        return bool(self.value_on and (self.amount or self.credit))


def plain(heading: str) -> str:
    """A heading without accents, capitals and runs of spaces, so that it is found however it is written."""
    bare = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return " ".join(bare.casefold().replace("_", " ").split())


def rows_of(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows with something in them, each with the line it began on. Raises Unreadable if a quote never ends."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((before + 1, row))
            before = reader.line_num
    except csv.Error:
        raise Unreadable(Trouble.CUT_OFF, line=before + 1) from None
    return rows


def heading_at(rows: Sequence[tuple[int, list[str]]], wanted: Sequence[str]) -> int | None:
    """Where among the first rows the one stands that holds every wanted heading."""
    names = {plain(name) for name in wanted if name}
    for place, (_, row) in enumerate(rows[:SEARCHED]):
        if names <= {plain(cell) for cell in row}:
            return place
    return None


def guess(text: str) -> ColumnMap | None:
    """A first map of a file nobody has described yet; None if no line of it looks like a heading."""
    best: tuple[int, ColumnMap] | None = None
    for delimiter in DELIMITERS:
        try:
            rows = rows_of(text, delimiter)
        except Unreadable:
            continue
        for place, (_, row) in enumerate(rows[:SEARCHED]):
            named = _named(row)
            score = len(named)
            if (
                {"value_on"} < named.keys()
                and {"amount", "credit"} & named.keys()
                and (not best or score > best[0])
            ):
                best = score, _with_ways(named, delimiter, row, [cells for _, cells in rows[place + 1 :]])
    return best[1] if best else None


def likely_delimiter(text: str) -> str:
    """What parts the columns of a file that nobody has described: the mark that it has most of."""
    return max(DELIMITERS, key=text.count)


def headings(text: str, delimiter: str) -> list[str]:
    """The fullest of the first rows: what a person chooses the columns from."""
    rows = rows_of(text, delimiter)[:SEARCHED]
    fullest = max(
        (row for _, row in rows), key=lambda row: sum(1 for cell in row if cell.strip()), default=[]
    )
    return [cell.strip() for cell in fullest if cell.strip()]


def _named(row: Sequence[str]) -> dict[str, str]:
    """Which meaning each heading of a row has; a heading means one thing, the closest word first."""
    left = {plain(cell): cell.strip() for cell in row if cell.strip()}
    named: dict[str, str] = {}
    for exact in (True, False):
        for role, words in WORDS.items():
            if role in named:
                continue
            for word in words:
                hit = next(
                    (name for name in left if name == word or (not exact and name.startswith(word))), None
                )
                if hit is not None:
                    named[role] = left.pop(hit)
                    break
    return named


def _with_ways(named: dict[str, str], delimiter: str, row: list[str], body: list[list[str]]) -> ColumnMap:
    """How the file writes decimals and days, told from its first lines."""
    cells = [cell.strip() for cell in row]

    def column(role: str) -> list[str]:
        place = cells.index(named[role]) if role in named else -1
        return [line[place].strip() for line in body[:50] if 0 <= place < len(line) and line[place].strip()]

    money = column("amount") + column("credit") + column("debit")
    comma = sum(1 for figure in money if "," in figure[-3:])
    point = sum(1 for figure in money if "." in figure[-3:])
    days = column("value_on")
    return ColumnMap(
        **named,
        delimiter=delimiter,
        decimal_mark="," if comma > point else ".",
        date_format=_date_format(days),
    )


def day_of(text: str, way: str) -> date | None:
    """The day, or None if the text is not written in that way; a time behind it is let go."""
    for candidate in (text, text.split(" ")[0], text.split("T")[0]):
        try:
            return datetime.strptime(candidate, way).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _date_format(days: Sequence[str]) -> str:
    """The first way of writing days that fits all of them."""
    for way in DATE_FORMATS:
        if days and all(day_of(text, way) is not None for text in days):
            return way
    return DATE_FORMATS[0]
