"""`{{ "approved"|word:"outcome" }}`: the words and badges of codes that frozen facts keep as text."""

from django import template
from django.db.models import Choices

from accounts.badges import Badge
from committee.models.body import Constituency, ReasonClass
from committee.models.decision import ConditionKind, ConditionOwner, OutcomeChoice, VoteChoice
from committee.models.evaluation import EvaluatorRole, Opinion
from committee.models.session import ItemKind, ItemState
from projects.fields import unit_symbol

register = template.Library()

WORDS: dict[str, type[Choices]] = {
    "outcome": OutcomeChoice,
    "vote": VoteChoice,
    "kind": ItemKind,
    "item": ItemState,
    "reason": ReasonClass,
    "role": EvaluatorRole,
    "proposal": Opinion,
    "when": ConditionKind,
    "owner": ConditionOwner,
    "constituency": Constituency,
}


@register.filter
def unit(code: str) -> str:
    """A unit as it is written: m³ for m3."""
    return unit_symbol(code)


@register.filter
def word(code: str, family: str) -> str:
    """The label of a code in the reader's language; the code itself if it is unknown."""
    return str(dict(WORDS[family].choices).get(code, code))


@register.filter
def badge(code: str, family: str) -> Badge | None:
    """The badge of a code, for components/status.html."""
    kind = WORDS[family]
    return kind(code).badge if code in kind.values else None  # type: ignore[attr-defined]
