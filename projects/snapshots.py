"""Frozen versions: an application as canonical JSON with its hash, and the difference of two (rule A-7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.fields import BY_KEY, FIELDS, Field, Kind
from projects.models import Application

Snapshot = dict[str, Any]


def snapshot(application: Application) -> Snapshot:
    """Everything the firm says, by field key, in plain JSON: what evaluators read and the committee votes on."""
    found: Snapshot = {"currency": application.currency}
    for field in FIELDS:
        if field.kind is Kind.FILES:
            continue
        if field.kind is not Kind.ROWS:
            found[field.key] = _plain(field, field.value_of(application))
    found["benefits.production_unit"] = application.production_unit
    found["benefits.rows"] = _benefit_rows(application)
    found["budget.lines"] = _budget_lines(application)
    found["budget.investment"] = _text(application.investment.amount if application.investment else None)
    for key in (field.key for field in FIELDS if field.kind is Kind.FILES):
        found[key] = []
    for document in sorted(application.papers, key=lambda paper: paper.pk):
        found[f"documents.{document.kind}"].append(
            {
                "name": document.file.name,
                "uid": str(document.file.uid),
                "size": document.file.size,
                "sha256": document.file.sha256,
            }
        )
    return found


def _plain(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.kind is Kind.NAMED:
        return getattr(value, "names", None) or str(value)
    if field.kind is Kind.AMOUNT:
        return _text(getattr(value, "amount", value))
    if isinstance(value, Decimal):
        return _text(value)
    return value


def _text(value: Decimal | None) -> str | None:
    """A decimal without idle zeros: the same figure always hashes the same."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _benefit_rows(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "indicator": row.indicator.code,
            "names": row.indicator.names,
            "unit": row.unit,
            "baseline": _text(row.baseline_intensity),
            "after": _text(row.after_intensity),
            "production": _text(row.production),
            "production_unit": row.production_unit,
            "years": row.useful_life_years,
            "saving": _text(row.yearly_saving_in_unit),
            "basis": row.basis,
            "explanation": row.explanation,
        }
        for row in application.expected_benefits.all()
    ]


def _budget_lines(application: Application) -> list[dict[str, Any]]:
    return [
        {"kind": line.kind, "concept": line.concept, "amount": _text(line.amount)}
        for line in application.budget_lines.all()
    ]


def canonical(data: Mapping[str, Any]) -> str:
    """One text for one content: keys sorted, no spaces, no escapes."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text, as it stands on the version."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose value is not the same in two versions."""

    field: Field
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What the firm changed between two versions, in the order of the form."""
    return tuple(
        Difference(BY_KEY[key], before.get(key), after.get(key))
        for key in BY_KEY
        if before.get(key) != after.get(key)
    )
