"""Whose money a tranche of capital is (Rule K-2)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.labels import label
from fund.models import Contribution, CreditLine, Institution

#: The fund's own earnings, which nobody gave.
OWN = "own"


def donors_by_tranche() -> Mapping[str, str]:
    """The institution's code for each tranche: contributions and credit lines; everything else is the fund's own."""
    given = Contribution.objects.values_list("ref", "institution__code")
    borrowed = CreditLine.objects.values_list("ref", "institution__code")
    return dict([*given, *borrowed])


def donor_names() -> dict[str, str]:
    """How each donor is called in the reader's language, the fund's own earnings included."""
    names = {item.code: label(item.names) for item in Institution.objects.all()}
    return {**names, OWN: _("The fund's own earnings")}
