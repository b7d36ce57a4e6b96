"""Numbers of papers, without gaps: a number is given in the transaction of what bears it (Rules A-7, C-9)."""

from django.db import connection

_NEXT = """
    INSERT INTO fund_numberseries (series, last) VALUES (%s, 1)
    ON CONFLICT (series) DO UPDATE SET last = fund_numberseries.last + 1
    RETURNING last
"""


def next_number(series: str, *, width: int = 4) -> str:
    """The next number of a series: "F-2026" gives "F-2026-0001", "CT-2026-02-R" with width 2 "CT-2026-02-R05".

    The series' row stays locked until the transaction ends, so that a number taken by one that fails is given
    to the next; outside a transaction a failure would leave a gap, so that is refused.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction of what bears it")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series])
        last = int(cursor.fetchone()[0])
    joint = "-" if series[-1].isdigit() else ""
    return f"{series}{joint}{last:0{width}d}"
