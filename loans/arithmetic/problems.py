"""What is wrong with figures that somebody typed: a field, its value and a sentence, never a traceback.

The package knows no Django, so sentences are kept here in English with named places. They are marked for the
catalogue by `gettext_noop`; a page shows them by `fund.problem_words`, which also writes the days and figures in
their places as the reader does.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators' catalogue; it is translated where it is shown."""
    return message


SENTENCES: Mapping[str, str] = {
    "not_json": gettext_noop("This is not JSON: %(reason)s."),
    "not_an_object": gettext_noop("Write an object with names and values."),
    "missing": gettext_noop("This value is needed."),
    "unknown_key": gettext_noop("There is no term of that name."),
    "not_a_number": gettext_noop("Write a number with a decimal point, such as 1234.50."),
    "not_whole": gettext_noop("Write a whole number."),
    "not_a_date": gettext_noop("Write a date as year-month-day, such as 2026-03-15."),
    "not_a_choice": gettext_noop("Choose one of: %(choices)s."),
    "not_yes_or_no": gettext_noop("Answer true or false."),
    "not_a_list": gettext_noop("Write a list."),
    "principal_not_positive": gettext_noop("The amount must be above zero."),
    "places_out_of_range": gettext_noop("Figures can have 0 to %(limit)s decimals."),
    "amount_too_large": gettext_noop("The amount must be below %(limit)s."),
    "too_many_decimals": gettext_noop("%(currency)s has %(decimals)s decimals; write no more than those."),
    "no_instalments": gettext_noop("There must be at least one instalment."),
    "too_many_instalments": gettext_noop("There can be at most %(limit)s instalments."),
    "spacing_not_positive": gettext_noop("Instalments must be at least one unit of time apart."),
    "spacing_too_wide": gettext_noop("The last instalment would fall due after the year %(limit)s."),
    "rate_negative": gettext_noop("The rate cannot be below zero."),
    "rate_too_high": gettext_noop("The rate cannot be above %(limit)s %%."),
    "share_out_of_range": gettext_noop("Write a percentage from 0 to %(limit)s."),
    "amount_negative": gettext_noop("The amount cannot be below zero."),
    "first_due_too_early": gettext_noop(
        "The first instalment must fall due after the disbursement on %(disbursed_on)s."
    ),
    "year_out_of_range": gettext_noop("Dates must lie between %(first)s and %(last)s."),
    "grace_negative": gettext_noop("Instalments of grace cannot be below zero."),
    "grace_too_long": gettext_noop("Grace of %(grace)s instalments leaves none of %(n)s to repay the loan."),
    "grace_days_out_of_range": gettext_noop("Days of grace must lie between 0 and %(limit)s."),
    "multiple_not_positive": gettext_noop("The multiple must be above zero."),
    "multiple_too_large": gettext_noop(
        "A multiple of %(multiple)s is larger than the instalment of %(instalment)s."
    ),
    "multiple_not_used": gettext_noop("Only level instalments are rounded to a multiple."),
    "plan_missing": gettext_noop("Write the principal of each instalment."),
    "plan_not_used": gettext_noop("Only an irregular loan has a principal for each instalment."),
    "plan_wrong_length": gettext_noop(
        "Write %(n)s principals, one for each instalment; there are %(given)s."
    ),
    "plan_wrong_sum": gettext_noop("The principals add up to %(sum)s, not to the amount of %(principal)s."),
    "plan_negative": gettext_noop("No principal can be below zero."),
    "grace_not_used": gettext_noop("This kind of loan has no such grace."),
    "event_before_disbursement": gettext_noop(
        "Nothing can happen before the disbursement on %(disbursed_on)s."
    ),
    "event_not_positive": gettext_noop("The amount must be above zero."),
    "event_unknown_row": gettext_noop("No instalment that is still to come falls due on %(due)s."),
    "event_span_backwards": gettext_noop("The last day must not lie before the first."),
    "event_too_late": gettext_noop("No instalment is still to come on %(on)s."),
    "refund_above_credit": gettext_noop(
        "On %(on)s the firm has a credit of %(credit)s %(currency)s, not more."
    ),
    "event_twice": gettext_noop("Two events bear the same key %(key)s."),
    "new_due_too_early": gettext_noop("The new date must lie after the instalment before it, on %(after)s."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: which field, the value as typed, and the code of the sentence with its places."""

    field: str
    value: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def template(self) -> str:
        return SENTENCES[self.code]

    @property
    def message(self) -> str:
        """The English sentence."""
        return self.template % self.params


class TermsError(ValueError):
    """Terms or events that cannot be computed. Bears every problem; `.field`, `.value`, `.message` tell the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.field}: {p.message}" for p in problems))

    @property
    def field(self) -> str:
        return self.problems[0].field

    @property
    def value(self) -> str:
        return self.problems[0].value

    @property
    def message(self) -> str:
        return self.problems[0].message


def refuse(field: str, value: object, code: str, **params: object) -> TermsError:
    """Make the exception for a single problem: `raise refuse("n", 0, "no_instalments")`."""
    return TermsError(Problem(field, str(value), code, params))


def refuse_any(problems: Iterable[Problem]) -> None:
    """Raise if there is any problem."""
    if found := tuple(problems):
        raise TermsError(*found)
