"""Every field of an application, once: its key, its step, its words, where it is kept, how it reads.

Forms, what is missing, frozen versions, returns to the firm and differences between versions all go by
these keys ("project.title"), so that a new field is added in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.formats import amount_text, number_text
from accounts.labels import label
from projects.benefits import UNITS
from projects.models import Application, DocumentKind, Purpose

Text = str | Promise


class Step(StrEnum):
    """The steps of rule A-5, in their order."""

    FIRM = "firm"
    PROJECT = "project"
    BENEFITS = "benefits"
    BUDGET = "budget"
    DOCUMENTS = "documents"
    REVIEW = "review"


STEP_TITLES: Mapping[Step, Text] = {
    Step.FIRM: gettext_lazy("Your firm"),
    Step.PROJECT: gettext_lazy("Project and technique"),
    Step.BENEFITS: gettext_lazy("What it will improve"),
    Step.BUDGET: gettext_lazy("Budget and loan"),
    Step.DOCUMENTS: gettext_lazy("Documents"),
    Step.REVIEW: gettext_lazy("Review and submit"),
}


class Kind(StrEnum):
    """How a value is kept in a frozen version and shown."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    NAMED = "named"
    NUMBER = "number"
    AMOUNT = "amount"
    YES_NO = "yes_no"
    ROWS = "rows"
    FILES = "files"


def _always(application: Application) -> bool:
    return True


def _never(application: Application) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Field:
    """``attribute`` is read from the application, or from its firm in the first step. ``unit``: in months..."""

    key: str
    label: Text
    kind: Kind
    required: Callable[[Application], bool] = _never
    unit: Text = ""
    choices: Mapping[str, Text] | None = None
    editable: bool = True

    @property
    def step(self) -> Step:
        return Step(self.key.partition(".")[0])

    @property
    def attribute(self) -> str:
        return self.key.partition(".")[2]

    def value_of(self, application: Application) -> Any:
        owner = application.firm if self.step is Step.FIRM else application
        return getattr(owner, self.attribute)


def _audit(application: Application) -> bool:
    return application.purpose == Purpose.AUDIT_PLAN


def _has_other_funds(application: Application) -> bool:
    return bool(application.other_funds)


_YES = _always
MONTHS = gettext_lazy("months")
COUNTRIES: Mapping[str, Text] = {
    "MX": gettext_lazy("Mexico"),
    "CL": gettext_lazy("Chile"),
    "CO": gettext_lazy("Colombia"),
    "PE": gettext_lazy("Peru"),
}

FIELDS: tuple[Field, ...] = (
    Field("firm.country", gettext_lazy("Country"), Kind.CHOICE, choices=COUNTRIES, editable=False),
    Field("firm.tax_id", gettext_lazy("Tax id"), Kind.TEXT, editable=False),
    Field("firm.legal_name", gettext_lazy("Legal name"), Kind.TEXT, _YES),
    Field("firm.sector", gettext_lazy("Sector"), Kind.NAMED, _YES),
    Field("firm.state", gettext_lazy("State or region"), Kind.NAMED, _YES),
    Field("firm.municipality", gettext_lazy("Municipality"), Kind.TEXT, _YES),
    Field("firm.address", gettext_lazy("Address of the plant"), Kind.TEXT, _YES),
    Field("firm.phone", gettext_lazy("Telephone"), Kind.TEXT, _YES),
    Field("firm.email", gettext_lazy("E-mail of the firm"), Kind.TEXT),
    Field("firm.founded_year", gettext_lazy("Working since"), Kind.TEXT),
    Field("firm.workers", gettext_lazy("Workers"), Kind.NUMBER, _YES),
    Field("firm.women_workers", gettext_lazy("Women among them"), Kind.NUMBER),
    Field("firm.yearly_sales", gettext_lazy("Sales of the last year"), Kind.AMOUNT, _YES),
    Field("firm.consents_to_name", gettext_lazy("The fund may publish our name"), Kind.YES_NO),
    Field("project.title", gettext_lazy("Name of the project"), Kind.TEXT, _YES),
    Field(
        "project.purpose",
        gettext_lazy("What the money is for"),
        Kind.CHOICE,
        _YES,
        choices=dict(Purpose.choices),
    ),
    Field("project.audit_plan", gettext_lazy("Audit certificate or plan"), Kind.TEXT, _audit),
    Field("project.technique", gettext_lazy("Technique"), Kind.TEXT, _YES),
    Field("project.summary", gettext_lazy("What happens today"), Kind.LONG, _YES),
    Field("project.change", gettext_lazy("What will change"), Kind.LONG, _YES),
    Field("benefits.production", gettext_lazy("Production of a year"), Kind.NUMBER, _YES),
    Field("benefits.rows", gettext_lazy("Expected benefits"), Kind.ROWS, _YES),
    Field("benefits.cost_before", gettext_lazy("Yearly cost today"), Kind.AMOUNT, _YES),
    Field("benefits.cost_after", gettext_lazy("Yearly cost with the measure"), Kind.AMOUNT, _YES),
    Field(
        "benefits.useful_life_years", gettext_lazy("Useful life"), Kind.NUMBER, _YES, gettext_lazy("years")
    ),
    Field("benefits.benefit_note", gettext_lazy("Why the figures are unusual"), Kind.LONG),
    Field("budget.lines", gettext_lazy("Budget"), Kind.ROWS, _YES),
    Field("budget.product", gettext_lazy("Kind of loan"), Kind.NAMED, _YES),
    Field("budget.amount", gettext_lazy("Loan asked for"), Kind.AMOUNT, _YES),
    Field("budget.term_months", gettext_lazy("Term"), Kind.NUMBER, _YES, MONTHS),
    Field(
        "budget.grace_months", gettext_lazy("Months before repaying principal"), Kind.NUMBER, _never, MONTHS
    ),
    Field("budget.own_funds", gettext_lazy("Own money"), Kind.AMOUNT),
    Field("budget.other_funds", gettext_lazy("Other money"), Kind.AMOUNT),
    Field("budget.other_source", gettext_lazy("Who gives the other money"), Kind.TEXT, _has_other_funds),
    *(Field(f"documents.{kind}", text, Kind.FILES) for kind, text in DocumentKind.choices),
)

BY_KEY: Mapping[str, Field] = {field.key: field for field in FIELDS}


def of_step(step: Step) -> tuple[Field, ...]:
    return tuple(field for field in FIELDS if field.step is step)


def shown(field: Field, value: Any, *, currency: str) -> str:
    """A frozen value in words for the page, in the reader's language; empty stays empty."""
    if value in (None, "", []):
        return ""
    if field.kind is Kind.AMOUNT:
        return f"{amount_text(Decimal(value), currency)} {currency}"
    if field.kind is Kind.NUMBER:
        return _with_unit(number_text(Decimal(value)), field)
    if field.kind is Kind.CHOICE and field.choices is not None:
        return str(field.choices.get(value, value))
    if field.kind is Kind.NAMED:
        return label(value) if isinstance(value, Mapping) else str(value)
    if field.kind is Kind.YES_NO:
        return _("Yes") if value else _("No")
    return str(value)


def _with_unit(text: str, field: Field) -> str:
    return f"{text} {field.unit}" if field.unit else text


def unit_symbol(code: str) -> str:
    """A unit as it is written: m³ for m3."""
    unit = UNITS.get(code)
    return (unit.symbol or label(unit.names)) if unit else code
