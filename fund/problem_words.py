"""What the arithmetic refuses, in the reader's language: days and figures written as on every page.

It stands here because products refuse by the arithmetic too; the loans use it from above.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.formats import day_text, number_text
from loans.arithmetic.problems import Problem, TermsError


class Said(NamedTuple):
    """One problem as a form shows it, in the order that BadInput takes."""

    field: str
    value: str
    text: str


def first_problem(error: TermsError, fields: Mapping[str, str] | None = None) -> Said:
    """The first thing that is wrong; `fields` names the form's field where the arithmetic calls it otherwise."""
    problem = error.problems[0]
    return Said((fields or {}).get(problem.field, problem.field), problem.value, problem_text(problem))


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
