"""Rule A-9: what a firm shares with another one, as warnings for the staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from projects.models import Firm


@dataclass(frozen=True, slots=True)
class Shared:
    """Another firm with the same ``what``: a tax id, address, telephone, e-mail or bank account."""

    what: str | Promise
    value: str
    firm: Firm


_WHAT = {
    "tax_id": gettext_lazy("tax id"),
    "bank_account": gettext_lazy("bank account"),
    "phone": gettext_lazy("telephone"),
    "email": gettext_lazy("e-mail"),
    "address": gettext_lazy("address"),
}
#: Shown at most; a shared telephone of a hundred firms is one finding, not a hundred.
SHOWN = 20


def shared_with(firm: Firm) -> list[Shared]:
    """Every other firm that bears the same identifying value, in the order of weight."""
    values = {name: getattr(firm, name).strip() for name in _WHAT}
    wanted = Q()
    for name, value in values.items():
        if value:
            wanted |= Q(**{f"{name}__iexact": value})
    if not wanted:
        return []
    others = Firm.objects.filter(wanted, merged_into=None).exclude(pk=firm.pk).order_by("pk")[:SHOWN]
    return [
        Shared(what, values[name], other)
        for name, what in _WHAT.items()
        for other in others
        if values[name] and getattr(other, name).strip().lower() == values[name].lower()
    ]


def sharing(firms: Sequence[Firm]) -> set[int]:
    """Which of these firms share an identifying value with any other firm; one query for all of them."""
    own: dict[tuple[str, str], set[int]] = {}
    for firm in firms:
        for name in _WHAT:
            if value := getattr(firm, name).strip().lower():
                own.setdefault((name, value), set()).add(firm.pk)
    wanted = Q()
    for field in _WHAT:
        if values := [value for name, value in own if name == field]:
            wanted |= Q(**{f"small_{field}__in": values})
    if not wanted:
        return set()
    found: set[int] = set()
    folded = {f"small_{name}": Lower(name) for name in _WHAT}
    others = Firm.objects.annotate(**folded).filter(wanted, merged_into=None)
    for pk, *values in others.values_list("pk", *_WHAT):
        for name, value in zip(_WHAT, values, strict=True):
            found |= own.get((name, value.strip().lower()), set()) - {pk}
    return found
