"""The whole journal as CSV, XLSX or Beancount text, line by line (Rule L-5)."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from fund import chart
from fund.models import Line

COLUMNS = (
    "entry", "booked_on", "value_on", "source", "memo", "reverses", "by", "account", "account_name", "currency",
    "debit", "credit", "party", "loan", "tranche", "project",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rows(until: date | None = None) -> Iterator[tuple[Any, ...]]:
    """Every line of the journal in the order of posting, up to a booking date."""
    lines = Line.objects.select_related("entry", "entry__by").order_by("entry_id", "position")
    if until is not None:
        lines = lines.filter(booked_on__lte=until)
    for line in lines.iterator(chunk_size=2_000):
        entry = line.entry
        yield (
            entry.pk, entry.booked_on, entry.value_on, entry.source, entry.memo, entry.reverses_id or "",
            entry.by.email, line.account_id, chart.BY_CODE[line.account_id].en, line.currency, line.debit, line.credit,
            line.party, line.loan, line.tranche, line.project,
        )  # fmt: skip


def as_csv(until: date | None = None) -> Iterator[str]:
    """The journal as CSV text; a text that a spreadsheet would run is quoted as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows(until):
        writer.writerow([_harmless(value) for value in row])
        yield _take(out)
    yield _take(out)


def _take(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _harmless(value: Any) -> Any:
    """A leading apostrophe keeps a text a text in every spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def as_xlsx(out: IO[bytes], until: date | None = None) -> None:
    """The journal as a workbook of one sheet, written row by row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("journal")
    sheet.append(COLUMNS)
    for row in rows(until):
        sheet.append([_cell(sheet, value) for value in row])
    book.save(out)


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"  # a text that begins with "=" is a text
    return cell


def as_beancount(until: date | None = None) -> Iterator[str]:
    """The journal as Beancount text: accounts opened, one transaction an entry, balances asserted at the end.

    Entries bear their value date; a zero-based line of metadata carries what Beancount has no place for.
    """
    yield 'option "title" "Fiprev"\n'
    for currency in ("USD",):
        yield f'option "operating_currency" "{currency}"\n'
    for account in chart.CHART:
        yield f"1990-01-01 open {account.beancount}\n"
    totals: dict[tuple[str, str], Decimal] = {}
    latest: date | None = None
    open_entry = None
    for row in rows(until):
        (
            entry,
            booked_on,
            value_on,
            source,
            memo,
            _reverses,
            by,
            code,
            _name,
            currency,
            debit,
            credit,
            *about,
        ) = row
        latest = max(latest or value_on, value_on)
        if entry != open_entry:
            open_entry = entry
            yield f"\n{value_on} * {_quoted(memo)}\n"
            yield f"  entry: {_quoted(str(entry))}\n  source: {_quoted(source)}\n  by: {_quoted(by)}\n"
            yield f"  booked: {booked_on}\n"
        amount = debit - credit
        name = chart.BY_CODE[code].beancount
        totals[name, currency] = totals.get((name, currency), Decimal(0)) + amount
        yield f"  {name}  {amount} {currency}\n"
        for label, text in zip(("party", "loan", "tranche", "project"), about, strict=True):
            if text:
                yield f"    {label}: {_quoted(text)}\n"
    if latest is not None:
        yield "\n"
        after = date.fromordinal(latest.toordinal() + 1)
        for (name, currency), total in sorted(totals.items()):
            yield f"{after} balance {name}  {total} {currency}\n"


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
