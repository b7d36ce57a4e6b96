"""Whose money a tranche of capital is (Rule K-2)."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.labels import LANGUAGES
from fund.models import Contribution, CreditLine, Institution

#: The fund's own earnings, which nobody gave.
OWN = "own"


def donors_by_tranche() -> Mapping[str, str]:
    """The institution's code for each tranche of a contribution or credit line; all else is the fund's own."""
    given = Contribution.objects.values_list("ref", "institution__code")
    borrowed = CreditLine.objects.values_list("ref", "institution__code")
    return dict([*given, *borrowed])


OWN_NAMES = {
    "es": "Recursos generados por el fondo",
    "en": "The fund's own earnings",
    "fr": "Ressources produites par le fonds",
}


def donor_texts() -> dict[str, Mapping[str, str]]:
    """How each donor is called in short, the fund's own earnings included: texts in three languages."""
    short = {item.code: dict.fromkeys(LANGUAGES, item.short_name) for item in Institution.objects.all()}
    return {**short, OWN: OWN_NAMES}
