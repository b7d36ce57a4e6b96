"""The one way in: bytes of a statement to its lines, or Unreadable; pure (Rule P-2)."""

from __future__ import annotations

from fund.banking import camt_file, csv_file, mt940_file
from fund.banking.columns import ColumnMap
from fund.banking.content import kind_of, text_of
from fund.banking.lines import Kind, ReadStatement, Trouble, Unreadable


def read(content: bytes, columns: ColumnMap | None = None) -> ReadStatement:
    """Every line of the file. Raises Unreadable, and nothing else, whatever the bytes are.

    A CSV needs the account's column map; without one it is refused with NO_COLUMNS, unless it is damaged.
    """
    kind = kind_of(content)
    if kind is Kind.CAMT053:
        return camt_file.read(content)
    if kind is Kind.MT940:
        return mt940_file.read(text_of(content))
    if columns is None or not columns.is_whole:
        csv_file.check_whole(text_of(content))
        raise Unreadable(Trouble.NO_COLUMNS)
    return csv_file.read(text_of(content), columns)
