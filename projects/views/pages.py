"""A frozen or current file as sections for a page: the same for the firm, the staff and the evaluators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.formats import number_text, quantity_text, with_colon
from accounts.labels import label
from projects.benefits import is_money
from projects.fields import BY_KEY, FIELDS, STEP_TITLES, Field, Kind, Step, shown, unit_symbol
from projects.models import Application, BudgetLine
from projects.preview import cover, preview_of
from projects.progress import Progress, appraisal_of
from projects.returns import answered, open_fields, open_returns
from projects.taxids import shown as shown_tax_id


def file_sections(
    snapshot: Mapping[str, Any], application: Application, *, editable: bool = False, mine: bool = True
) -> list[dict[str, Any]]:
    """One section per step: its fields in words, its rows, its papers; ``editable`` adds where to change what
    of it is open. To whoever reads it for the fund the firm is not ``mine``."""
    sections = []
    open_steps = {BY_KEY[key].step for key in open_fields(application)} if editable else set()
    for step in Step:
        if step is Step.REVIEW:
            continue
        entries = [_entry(field, snapshot) for field in FIELDS if field.step is step]
        url = reverse("projects:application-step", args=[application.uid, step]) if step in open_steps else ""
        sections.append(
            {
                "step": step.value,
                "title": STEP_TITLES[step] if mine or step is not Step.FIRM else _("The firm"),
                "entries": entries,
                "url": url,
                "empty": not any(_said(entry) for entry in entries),
            }
        )
    return sections


def _said(entry: Mapping[str, Any]) -> bool:
    return any(entry.get(kind) for kind in ("text", "files", "lines", "benefits"))


def _entry(field: Field, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    value = snapshot.get(field.key)
    entry: dict[str, Any] = {"key": field.key, "label": field.label, "kind": field.kind.value, "text": ""}
    if field.key == "benefits.rows":
        entry["benefits"] = [_benefit(row) for row in value or []]
    elif field.key == "budget.lines":
        entry["lines"] = [_line(row, snapshot["currency"]) for row in value or []]
        entry["total"] = _decimal(snapshot.get("budget.investment"))
        entry["currency"] = snapshot["currency"]
    elif field.kind is Kind.FILES:
        entry["files"] = [
            {**paper, "url": reverse("accounts:file", args=[paper["uid"]])} for paper in value or []
        ]
    elif field.key == "benefits.production" and value:
        entry["text"] = quantity_text(
            Decimal(value), unit_symbol(snapshot.get("benefits.production_unit", ""))
        )
    elif field.key == "firm.tax_id" and value:
        entry["text"] = shown_tax_id(snapshot.get("firm.country", ""), value)
    else:
        entry["text"] = shown(field, value, currency=snapshot["currency"])
    return entry


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _benefit(row: Mapping[str, Any]) -> dict[str, Any]:
    """A promised benefit in words: (baseline - after) x production, per year."""
    unit, per = unit_symbol(row["unit"]), unit_symbol(row["production_unit"])
    places = 2 if is_money(row["unit"]) else None
    return {
        "name": label(row["names"]),
        "code": row["indicator"],
        "baseline": number_text(Decimal(row["baseline"]), places),
        "after": number_text(Decimal(row["after"]), places),
        "per": f"{unit}/{per}" if per else unit,
        "saving": Decimal(row["saving"]),
        "unit": unit,
        "basis": row.get("basis", ""),
    }


def _line(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    kinds = dict(BudgetLine.Kind.choices)
    return {
        "concept": row["concept"],
        "kind": kinds.get(row["kind"], row["kind"]),
        "amount": Decimal(row["amount"]),
        "currency": currency,
    }


def difference_rows(differences: Any, currency: str) -> list[dict[str, Any]]:
    """Two versions side by side, field by field, in words."""
    return [
        {
            "label": item.field.label,
            "before": in_words(item.field, item.before, currency),
            "after": in_words(item.field, item.after, currency),
        }
        for item in differences
    ]


def answer_rows(found: Application) -> list[dict[str, Any]]:
    """What was returned and answered, newest first, each with what the firm changed (rule A-7)."""
    return [
        {
            "label": item.field.label,
            "reason": item.flag.reason if item.flag else "",
            "answer": item.flag.answer if item.flag else "",
            "on": item.on,
            "change": next(iter(difference_rows([item.change], found.currency)), None)
            if item.change
            else None,
        }
        for item in answered(found)
    ]


def in_words(field: Field, value: Any, currency: str) -> str:
    """A frozen value in words, also rows and papers; nothing stays empty, while none and no are answers."""
    if value in (None, "", []):
        return ""
    if field.kind is Kind.FILES:
        return ", ".join(paper["name"] for paper in value)
    if field.key == "budget.lines":
        return "\n".join(
            f"{with_colon(row['concept'])} {number_text(Decimal(row['amount']), 2)} {currency}"
            for row in value
        )
    if field.key == "benefits.rows":
        return "\n".join(
            f"{with_colon(label(row['names']))} "
            f"{number_text(Decimal(row['baseline']))} → {number_text(Decimal(row['after']))} "
            f"{unit_symbol(row['unit'])}/{unit_symbol(row['production_unit'])}"
            for row in value
        )
    return shown(field, value, currency=currency)


# What the steps and the review share ------------------------------------------------------------


def step_links(application: Application, progress: Progress, current: Step | None) -> list[dict[str, Any]]:
    """The steps as the page shows them: done, current, or still to do with how much is missing."""
    flagged = {BY_KEY[key].step for key in open_returns(application)}
    found = []
    for step, title in STEP_TITLES.items():
        gaps = len(progress.gaps.get(step, ()))
        state = "current" if step is current else "problem" if step in flagged else "todo" if gaps else "done"
        if step is Step.REVIEW and state == "done":
            state = "todo"
        note = _("%(n)d missing") % {"n": gaps} if gaps and state == "todo" else ""
        url = reverse("projects:application-step", args=[application.uid, step])
        found.append({"label": title, "url": url, "state": state, "note": note})
    return found


def worth(application: Application, on: date) -> dict[str, Any]:
    """Whether the measure pays, what the loan costs, and whether the one pays the other (rule A-6)."""
    appraisal, preview = at_loan_rate(application), preview_of(application, on)
    return {
        "appraisal": appraisal,
        "preview": preview,
        "cover": cover(appraisal.net_saving, preview) if appraisal and preview else None,
    }


def at_loan_rate(application: Application) -> Any:
    """Discounted at the rate of the loan asked for: less than that the measure cannot bring."""
    return appraisal_of(application, application.product.annual_rate_pct) if application.product else None
