"""The floor of a schedule: the plain decimal loop that most applications write, with no rule of any product.

instalment = P / sum of 1/((1+f1)...(1+fk)), f = rate x days / 360, half up to the cent
interest   = balance x rate x days / 360, half up; the last row takes the balance
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from dateutil.relativedelta import relativedelta

CENT = Decimal("0.01")
PlainRow = tuple[date, Decimal, Decimal, Decimal, Decimal]


def naive_schedule(principal: Decimal, rate: Decimal, start: date, n: int) -> list[PlainRow]:
    """Rows of due date, interest, principal, total and balance; `rate` is a fraction."""
    dates = [start + relativedelta(months=k) for k in range(n + 1)]
    days = [(b - a).days for a, b in pairwise(dates)]
    discount, annuity = Decimal(1), Decimal(0)
    for count in days:
        discount = discount / (1 + rate * Decimal(count) / Decimal(360))
        annuity += discount
    instalment = (principal / annuity).quantize(CENT, ROUND_HALF_UP)
    balance, rows = principal, []
    for k, count in enumerate(days):
        interest = (balance * rate * Decimal(count) / Decimal(360)).quantize(CENT, ROUND_HALF_UP)
        paid = balance if k == n - 1 else instalment - interest
        balance = balance - paid
        rows.append((dates[k + 1], interest, paid, interest + paid, balance))
    return rows
