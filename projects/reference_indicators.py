"""The catalogue of indicators (Rule B-1): code, names, unit, counting rule, SDG, IRIS+ and GRI, evidence.

The rows stand in `data/indicators.csv`; units are codes of `projects.benefits.UNITS`.
"""

from __future__ import annotations

import csv
from pathlib import Path

from projects.models.indicator import Indicator

CATALOGUE = Path(__file__).parent / "data" / "indicators.csv"
LANGUAGES = ("es", "en", "fr")


def load() -> None:
    """Write the catalogue; an indicator that exists is brought up to date, none is removed."""
    with CATALOGUE.open(encoding="utf-8", newline="") as rows:
        for order, row in enumerate(csv.DictReader(rows), start=1):
            Indicator.objects.update_or_create(code=row["code"], defaults=_values(row, order))


def _values(row: dict[str, str], order: int) -> dict[str, object]:
    plain = {name: row[name] for name in ("group", "unit", "rule", "source", "sdg", "iris", "gri")}
    flags = {name: row[name] == "yes" for name in ("more_is_better", "headline")}
    return {
        **plain,
        **flags,
        "names": _texts(row, "name"),
        "definitions": _texts(row, "definition"),
        "evidence": _texts(row, "evidence"),
        "order": order,
    }


def _texts(row: dict[str, str], what: str) -> dict[str, str]:
    return {language: row[f"{what}_{language}"] for language in LANGUAGES}
