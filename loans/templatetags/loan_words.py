"""Words for the codes that a loan's papers keep, and the QR code of a payment reference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fund import documents
from loans import account_statements, payoffs
from loans import change_words as change_words_of
from loans.arithmetic.terms import Amortization
from loans.models import Allocation, Payment
from loans.references import compact

register = template.Library()


@register.filter
def amortization_words(code: str) -> str:
    """How principal is repaid, as a contract says it."""
    words = {
        Amortization.LEVEL: _("level instalments"),
        Amortization.EQUAL_PRINCIPAL: _("instalments of equal principal"),
        Amortization.BULLET: _("instalments of interest, principal with the last one"),
        Amortization.IRREGULAR: _("instalments as in the schedule"),
        Amortization.FLAT: _("instalments with interest on the first principal"),
    }
    return words[Amortization(code)]


@register.filter
def part_words(code: str) -> str:
    """What a part of a payment paid."""
    return str(Allocation.Part(code).label)


@register.simple_tag
def payoff_words(code: str, is_due: bool) -> str:
    """A line of a pay-off figure (Rule P-9)."""
    return payoffs.part_label(code, is_due=is_due)


@register.simple_tag
def change_words(facts: Mapping[str, Any]) -> str:
    """What an addendum agrees, as a sentence in its own language."""
    day = date.fromisoformat(facts["value_on"])
    return change_words_of.text_of(facts["kind"], day, facts["data"], None, facts["currency"])


@register.simple_tag
def movement_words(code: str, reference: str) -> str:
    """A movement of a statement of account, in the paper's language."""
    return account_statements.movement_label(code, reference)


@register.filter
def method_words(code: str) -> str:
    """How a payment came."""
    return str(Payment.Method(code).label)


@register.simple_tag
def payment_qr(reference: str) -> SafeString:
    """Rule P-1: the reference as a QR code, so that nobody mistypes it."""
    return format_html('<div class="seal-code">{}</div>', documents.qr(compact(reference)))
