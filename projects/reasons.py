"""Words for what ``projects.eligibility`` finds: what the rule says, what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.formats import money_text, number_text
from projects.eligibility import Reason
from projects.models import Size
from projects.sizing import Sizing


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal for a person: the rule's number, what is not possible, and what would change it."""

    rule: str
    text: str
    change: str

    def __str__(self) -> str:
        return f"{self.text} {self.change}"


def told(reason: Reason) -> Told:
    """The sentences of one refusal, in the language of the reader."""
    if reason.code == "large":
        return _large(reason)
    if reason.code == "end_of_pipe":
        return Told(
            reason.rule,
            _("The fund does not lend for treatment at the end of the pipe alone."),
            _("A change that avoids the pollution where it arises can be financed: another input, another "
              "process, or recovering and reusing on site. Treatment may be part of it."),
        )  # fmt: skip
    facts = reason.facts
    if "currency" in facts:
        return _beyond_amount(reason, facts, money_text(facts["limit"], facts["currency"]))
    if reason.code == "term_too_long":
        text = _("The term is longer than this kind of loan has.")
        return Told(reason.rule, text, _at_most(facts["limit"]))
    if reason.code == "term_too_short":
        text = _("The term is shorter than this kind of loan has.")
        least = ngettext("Choose at least %(n)d month.", "Choose at least %(n)d months.", facts["limit"])
        return Told(reason.rule, text, least % {"n": facts["limit"]})
    text = _("The time before repaying principal is longer than this kind of loan has.")
    return Told(reason.rule, text, _at_most(facts["limit"]))


def _at_most(months: int) -> str:
    return ngettext("Choose at most %(n)d month.", "Choose at most %(n)d months.", months) % {"n": months}


def _large(reason: Reason) -> Told:
    sizing: Sizing = reason.facts["sizing"]
    if sizing.sales_limit > 0:
        change = _("With %(workers)s workers, yearly sales up to %(limit)s would be medium.") % {
            "workers": number_text(sizing.workers),
            "limit": money_text(sizing.sales_limit, sizing.rule.currency),
        }
    else:
        change = _("With %(workers)s workers no yearly sales would make it medium.") % {
            "workers": number_text(sizing.workers)
        }
    figure = number_text(sizing.figure, 2 if sizing.figure % 1 else 0)
    return Told(
        reason.rule,
        _("The firm counts as large: %(figure)s, where the limit is %(cap)s. The fund lends to micro, small "
          "and medium firms.") % {"figure": figure, "cap": number_text(sizing.cap)},
        change,
    )  # fmt: skip


def _beyond_amount(reason: Reason, facts: Mapping[str, Any], limit: str) -> Told:
    if reason.code == "below_minimum":
        text = _("This kind of loan begins at %(limit)s.") % {"limit": limit}
        return Told(reason.rule, text, _("Ask for at least that, or put several measures into one project."))
    if reason.code == "above_maximum":
        text = _("This kind of loan goes up to %(limit)s.") % {"limit": limit}
        return Told(reason.rule, text, _("Ask for at most that, and bring the rest from other sources."))
    if reason.code == "share_too_large":
        text = _("The fund lends at most %(share)s %% of the investment.") % {
            "share": number_text(facts["share"])
        }
        change = _("With an investment of %(investment)s the loan can be up to %(limit)s.") % {
            "investment": money_text(facts["investment"], facts["currency"]),
            "limit": limit,
        }
        return Told(reason.rule, text, change)
    why = (
        _("No firm may owe the fund more than its share of the fund's capital.")
        if facts["because"] == "base"
        else _("No firm may owe the fund more than a fixed amount.")
    )
    return Told(reason.rule, why, _("Today this firm may still borrow %(limit)s.") % {"limit": limit})


def size_words(sizing: Sizing) -> str:
    """The class as a sentence: "A small firm"."""
    return {
        Size.MICRO.value: _("A micro firm"),
        Size.SMALL.value: _("A small firm"),
        Size.MEDIUM.value: _("A medium-sized firm"),
        Size.LARGE.value: _("A large firm"),
    }[sizing.size.value]
