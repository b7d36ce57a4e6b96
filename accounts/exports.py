"""A list as a file: CSV streamed row by row, XLSX written row by row; text never turns into a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from tempfile import TemporaryFile
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.badges import Badge

CHUNK = 2_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Exportable(Protocol):
    @property
    def label(self) -> str | Promise: ...
    @property
    def exported(self) -> bool: ...

    def value(self, row: Any) -> Any: ...


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def safe(text: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe, which makes it text."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _plain(value: Any) -> Any:
    """A value as a spreadsheet takes it: numbers stay numbers, times are the fund's, all else is safe text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | Decimal):
        return value
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(settings.TIME_ZONE)) if value.tzinfo else value
        return local.replace(tzinfo=None)
    if isinstance(value, date):
        return value
    return safe(str(value.label if isinstance(value, Badge) else value))


def _is_money(value: Any) -> bool:
    return hasattr(value, "currency") and hasattr(value, "amount")


def _table(rows: Iterable[Any], columns: Sequence[Exportable]) -> Iterator[list[Any]]:
    """Heading and rows; money becomes two columns, the figure and its currency (M-1)."""
    shown = [column for column in columns if column.exported]
    values = ([column.value(row) for column in shown] for row in rows)
    first = next(values, None)
    money = [first is not None and _is_money(value) for value in first or [None] * len(shown)]
    heading: list[Any] = []
    for column, split in zip(shown, money, strict=True):
        heading += [safe(str(column.label)), _("Currency")] if split else [safe(str(column.label))]
    yield heading
    for row in chain([first] if first is not None else [], values):
        yield [cell for value, split in zip(row, money, strict=True) for cell in _cells(value, split)]


def _cells(value: Any, split: bool) -> list[Any]:
    if not split:
        return [_plain(value)]
    return [value.amount, str(value.currency)] if _is_money(value) else ["", ""]


def _csv_lines(table: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"  # Excel reads accents right only after this mark
    for row in table:
        yield writer.writerow(row)


def _xlsx(table: Iterable[list[Any]]) -> Any:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in table:
        sheet.append(row)
    target = TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return target


def export(
    rows: QuerySet[Any], *, columns: Sequence[Exportable], filename: str, kind: str
) -> HttpResponseBase:
    """The whole list, beyond the page shown, in the order and with the filters of the page."""
    table = _table(rows.iterator(chunk_size=CHUNK), columns)
    name = f"{slugify(filename) or 'list'}.{kind}"
    if kind == "xlsx":
        return FileResponse(_xlsx(table), as_attachment=True, filename=name, content_type=XLSX)
    response = StreamingHttpResponse(_csv_lines(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
