"""What the arithmetic refuses, in the reader's language: days and figures written as on every page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.formats import day_text, number_text
from loans.arithmetic.problems import Problem


def problem_text(problem: Problem) -> str:
    """The sentence with its places filled; whole numbers stay as they are, for years and counts."""
    return _(problem.template) % {name: _written(value) for name, value in problem.params.items()}


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return number_text(value, max(0, -exponent) if isinstance(exponent, int) else None)
    return value
