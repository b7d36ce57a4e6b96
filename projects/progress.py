"""How far a file is: what each step still lacks, and what stands against submitting it (rules A-5, A-7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.formats import money_text, with_colon
from accounts.labels import label
from projects import benefits
from projects.appraisal import Appraisal, appraise
from projects.documents import required_kinds
from projects.drafts import SAVINGS
from projects.fields import Kind, Step, of_step
from projects.limits import refusals_of
from projects.models import Application, ExpectedBenefit
from projects.plausibility import doubts_about_promise, sentence
from projects.reasons import Told, told


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a submission needs: its field and what to do."""

    key: str
    text: str | Promise


@dataclass(frozen=True, slots=True)
class Progress:
    """What each step lacks, in the steps' order. A step without gaps is done."""

    gaps: Mapping[Step, tuple[Missing, ...]]

    @property
    def complete(self) -> bool:
        return not any(self.gaps.values())

    @property
    def missing(self) -> int:
        return sum(len(found) for found in self.gaps.values())

    @property
    def first_open(self) -> Step:
        """Where to go on: the first step that lacks something."""
        return next((step for step, found in self.gaps.items() if found), Step.REVIEW)


def progress_of(application: Application) -> Progress:
    """Read the whole file once and say what it lacks."""
    gaps: dict[Step, tuple[Missing, ...]] = {}
    for step in (Step.FIRM, Step.PROJECT, Step.BENEFITS, Step.BUDGET):
        gaps[step] = tuple(
            Missing(field.key, field.label)
            for field in of_step(step)
            if field.kind is not Kind.ROWS
            and field.required(application)
            and _empty(field.value_of(application))
        )
    gaps[Step.BENEFITS] += tuple(_benefit_gaps(application))
    gaps[Step.BUDGET] += tuple(_budget_gaps(application))
    given = {document.kind for document in application.papers}
    gaps[Step.DOCUMENTS] = tuple(
        Missing(f"documents.{kind}", kind.label) for kind in required_kinds(application) if kind not in given
    )
    return Progress(gaps)


def _empty(value: Any) -> bool:
    return value is None or value == ""


def _benefit_gaps(application: Application) -> list[Missing]:
    rows = [row for row in rows_of(application) if row.indicator.code != SAVINGS]
    if not rows:
        return [
            Missing("benefits.rows", _("At least one benefit, with today's figure and the one afterwards"))
        ]
    if not application.benefit_note.strip() and doubts_of(application, rows):
        return [Missing("benefits.benefit_note", _("A sentence on the unusual figures"))]
    return []


def rows_of(application: Application) -> list[ExpectedBenefit]:
    rows = list(application.expected_benefits.all())
    for row in rows:
        row.application = application
    return rows


def doubts_of(application: Application, rows: list[ExpectedBenefit] | None = None) -> list[str]:
    """What is unusual in the expected benefits and the money, in sentences (rule A-6): it never blocks."""
    rows = rows_of(application) if rows is None else rows
    found = [
        (row, doubt) for row in rows if row.indicator.code != SAVINGS for doubt in doubts_about_promise(row)
    ]
    texts = [
        f"{with_colon(label(row.indicator.names))} {sentence(doubt.code, doubt.figures)}"
        for row, doubt in found
    ]
    appraisal = appraisal_of(application, Decimal(0))
    if appraisal is not None and application.amount:
        texts += [
            sentence(doubt.code, doubt.figures)
            for doubt in benefits.money_doubts(
                yearly_savings=appraisal.net_saving,
                investment=appraisal.investment,
                loan=application.amount.amount,
            )
        ]
    return texts


def appraisal_of(application: Application, discount_pct: Decimal) -> Appraisal | None:
    """Payback, present value and rate of return, once investment, both costs and the useful life are known."""
    before, after = application.cost_before, application.cost_after
    if not application.investment or before is None or after is None or not application.useful_life_years:
        return None
    return appraise(
        investment=application.investment.amount,
        cost_before=before,
        cost_after=after,
        years=application.useful_life_years,
        discount_pct=discount_pct,
    )


def _budget_gaps(application: Application) -> list[Missing]:
    if not application.investment:
        return [Missing("budget.lines", _("At least one line of what it costs"))]
    if not application.amount:
        return []
    left = unfunded(application)
    if left == 0:
        return []
    amount = money_text(abs(left), application.currency)
    text = _("The sources lack %(amount)s") if left > 0 else _("The sources exceed the budget by %(amount)s")
    return [Missing("budget.own_funds", text % {"amount": amount})]


def unfunded(application: Application) -> Decimal:
    """What no source pays yet: budget - loan - own money - other money. Zero when they agree."""
    budget = application.investment.amount if application.investment else Decimal(0)
    loan = application.amount.amount if application.amount else Decimal(0)
    return budget - loan - (application.own_funds or Decimal(0)) - (application.other_funds or Decimal(0))


def against(application: Application, on: date, *, size_known: bool = False) -> list[Told]:
    """Rules that refuse this application today, in sentences."""
    return [told(reason) for reason in refusals_of(application, on, size_known=size_known)]


def link_confirmed(application: Application) -> bool:
    """Rule A-1: the firm is on record and the person's link to it is confirmed."""
    return application.firm.confirmed and application.firm.has_confirmed_people
