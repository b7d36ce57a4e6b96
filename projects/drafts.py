"""Filling in: starting an application and saving its steps (rules A-1, A-5, A-6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from accounts import audit, lifecycle
from accounts.errors import Denied, require
from accounts.models import StoredFile, User
from accounts.once import once_per_request
from accounts.permissions import Perm
from accounts.previews import forget
from accounts.writing import insert
from fund.models import Product
from projects.benefits import BILLIONTH, CURRENCIES
from projects.fields import Step, of_step
from projects.firms import update_firm
from projects.gates import check_may_edit, link_of
from projects.lifecycle import MOVES, State
from projects.models import (
    Application,
    BudgetLine,
    ExpectedBenefit,
    Firm,
    FirmMember,
    Indicator,
    StateChange,
)
from projects.returns import check_open_field, open_fields
from projects.sizes import profile_on

#: What the firm fills in of an application itself; the rest says whose it is and what became of it.
FILLED_IN = (
    "product", "purpose", "title", "technique", "summary", "change", "audit_plan", "production", "production_unit",
    "cost_before", "cost_after", "useful_life_years", "benefit_note", "amount", "investment", "own_funds",
    "other_funds", "other_source", "term_months", "grace_months",
)  # fmt: skip
#: The note on the last step of a draft that was thrown away.
DELETED = "deleted"
#: The indicator of money saved, filled in from the two yearly costs.
SAVINGS = "M1"


@transaction.atomic
def start(*, firm: Firm, by: User, on: date, from_paper: bool = False) -> Application:
    """Begin a draft for a firm; the staff may enter one from a signed paper form, and it says so (A-1)."""
    if from_paper:
        if not by.may(Perm.APPLICATION_ENTER):
            raise Denied(_("Only the fund's staff enters applications from paper."))
    else:
        link = link_of(by, firm)
        if link is None or link.role == FirmMember.Role.VIEWER:
            raise Denied(_("You may not start an application for this firm."))
    profile = profile_on(firm.country, on)
    application = Application(
        firm=firm,
        started_by=by,
        started_on=on,
        state_since=on,
        from_paper=from_paper,
        currency=profile.currency if profile else "MXN",
    )
    insert([application])
    insert([StateChange(application=application, after=application.state, on=on, by=by)])
    audit.record("application.started", application, by=by, on=on, after={"firm": str(firm)})
    return application


@transaction.atomic
def save_step(
    *, application: Application, step: str, data: dict[str, Any], by: User, on: date
) -> Application:
    """Save what one step says. A draft may be incomplete; a returned file changes only where it was flagged.

    ``data`` has the step's attributes; "rows" (benefits) and "lines" (budget) are lists that replace what was.
    """
    application = Application.objects.select_for_update().select_related("firm").get(pk=application.pk)
    check_may_edit(by, application)
    require(application.is_editable, "A-7", _("The application was submitted; it can no longer be changed."))
    data = dict(data)
    for name in _changed(application, Step(step), data):
        check_open_field(application, f"{step}.{name}")
    if step == Step.FIRM:
        update_firm(firm=application.firm, data=data, by=by, on=on)
    elif step == Step.BENEFITS:
        _save_benefits(application, data)
    elif step == Step.BUDGET:
        _save_budget(application, data)
    else:
        _write(application, data)
    audit.record("application.step_saved", application, by=by, on=on, note=step)
    return application


def _changed(application: Application, step: Step, data: Mapping[str, Any]) -> list[str]:
    """The attributes that the data would change; rows count as changed whenever they are sent."""
    if application.is_draft:
        return []
    keys = {field.attribute: field for field in of_step(step)}
    found = []
    for name, value in data.items():
        if name not in keys:
            continue
        if name in ("rows", "lines") or _bare(keys[name].value_of(application)) != value:
            found.append(name)
    return found


def _bare(value: Any) -> Any:
    return value.amount if isinstance(value, Money) else value


def _write(application: Application, data: Mapping[str, Any]) -> None:
    for name, value in data.items():
        setattr(application, name, value)
    application.save()


def _save_benefits(application: Application, data: dict[str, Any]) -> None:
    rows: Sequence[Mapping[str, Any]] | None = data.pop("rows", None)
    _write(application, data)
    if rows is None:
        application.expected_benefits.filter(indicator__code=SAVINGS).delete()
        application.expected_benefits.update(
            production=application.production or Decimal(1),
            production_unit=application.production_unit,
            useful_life_years=application.useful_life_years or 5,
        )
    else:
        application.expected_benefits.all().delete()
    insert([*_promised(application, rows or ()), *_savings(application)])


def _promised(application: Application, rows: Sequence[Mapping[str, Any]]) -> list[ExpectedBenefit]:
    if not application.production or not application.production_unit:
        return []
    return [
        ExpectedBenefit(
            application=application,
            production=application.production,
            production_unit=application.production_unit,
            useful_life_years=application.useful_life_years or 5,
            **row,
        )
        for row in rows
        if row["indicator"].code != SAVINGS
    ]


def _savings(application: Application) -> list[ExpectedBenefit]:
    """The money saved as a benefit of its own: both yearly costs per unit of production (rule B-2)."""
    before, after, production = application.cost_before, application.cost_after, application.production
    if before is None or after is None or not production or application.currency not in CURRENCIES:
        return []
    benefit = ExpectedBenefit(
        application=application,
        indicator=_money_saved(),
        unit=application.currency,
        baseline_intensity=(before / production).quantize(BILLIONTH, ROUND_HALF_UP),
        after_intensity=(after / production).quantize(BILLIONTH, ROUND_HALF_UP),
        production=production,
        production_unit=application.production_unit,
        useful_life_years=application.useful_life_years or 5,
    )
    return [benefit]


@once_per_request
def _money_saved() -> Indicator:
    return Indicator.objects.get(code=SAVINGS)


def _save_budget(application: Application, data: dict[str, Any]) -> None:
    lines: Sequence[Mapping[str, Any]] | None = data.pop("lines", None)
    product: Product | None = data.get("product", application.product)
    if product is not None:
        application.currency = product.currency
    if "amount" in data:
        amount = data.pop("amount")
        application.amount = None if amount is None else Money(amount, application.currency)
    if lines is not None:
        application.budget_lines.all().delete()
        insert(
            [
                BudgetLine(application=application, position=position, **line)
                for position, line in enumerate(lines)
            ]
        )
        total = sum((line["amount"] for line in lines), Decimal(0))
        application.investment = Money(total, application.currency) if lines else None
    _write(application, data)


@transaction.atomic
def delete_draft(*, application: Application, by: User, on: date) -> Application:
    """Throw away what a draft says, papers and all; nobody relied on it (rules G-5, X-6).

    That there was one, from when to when, stays in its history; the row keeps nothing else.
    """
    application = Application.objects.select_for_update(of=("self",)).select_related("firm").get(
        pk=application.pk
    )  # fmt: skip
    check_may_edit(by, application)
    require(
        application.ref is None and application.is_draft,
        "G-5",
        _("Only a draft can be deleted. What was submitted stays kept; you may take it back."),
    )
    link = link_of(by, application.firm)
    if link is not None and link.role == FirmMember.Role.ADVISER and application.started_by_id != by.pk:
        raise Denied(_("An adviser deletes only the drafts that they began."))
    return throw_away(application, by=by, on=on)


def throw_away(application: Application, *, by: User, on: date, why: str = "") -> Application:
    """Empty a draft whose row the caller has locked and keep that it was there; `why` goes to the trail."""
    files = _empty(application)
    lifecycle.move(
        application, State.WITHDRAWN, moves=MOVES, by=by, on=on, note=DELETED, rule="A-8", state_since=on
    )
    step = StateChange(
        application=application, before=State.DRAFT, after=State.WITHDRAWN, on=on, by=by, note=DELETED
    )
    insert([step])
    audit.record(
        "application.draft_deleted", application, by=by, on=on, before={"files": len(files)}, note=why
    )
    transaction.on_commit(lambda: _remove(files))
    return application


def _empty(application: Application) -> list[StoredFile]:
    """Clear everything that was filled in; the rows of its files go, their bytes after the commit."""
    blank = Application(firm=application.firm)
    for name in FILLED_IN:
        setattr(application, name, getattr(blank, name))
    application.save()
    for rows in (
        application.documents, application.expected_benefits, application.budget_lines, application.kept_texts,
        application.field_saves, application.handovers,
    ):  # fmt: skip
        rows.all().delete()
    kept = StoredFile.objects.filter(about=application.about)
    files = list(kept)
    kept.delete()
    return files


def _remove(files: list[StoredFile]) -> None:
    for file in files:
        forget(file)
        file.content.delete(save=False)


def is_open(application: Application, key: str) -> bool:
    """Whether the firm may change this field now: for the forms, which show the others as they stand."""
    return key in open_fields(application)
