"""Sealed facts are text; these read them again for a page: `{{ facts.signed_on|as_day }}`, `{% fact_money m %}`.

Days may also be days: in a title or a sentence, where the tag `{% day %}` makes too much of them.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from accounts.formats import day_text, money_text, number_text, percent_text

register = template.Library()


@register.filter
def as_date(value: str | date | None) -> date | None:
    """The day that a fact "2026-03-02" names; a day is itself."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value[:10]) if value else None


@register.filter
def as_day(value: str | date | None) -> str:
    """The day in words: 2 March 2026."""
    day = as_date(value)
    return day_text(day, long=True) if day else ""


@register.filter
def as_short_day(value: str | date | None) -> str:
    """The same for a narrow column: 2 Mar 2026."""
    day = as_date(value)
    return day_text(day) if day else ""


@register.filter
def as_number(text: str | None, places: int | None = None) -> str:
    """The figure with its thousands, and with so many decimals if that is said."""
    return number_text(Decimal(text), places) if text not in (None, "") else ""


@register.filter
def as_percent(text: str | None, places: int | None = None) -> str:
    """The figure, already in percent, with its sign."""
    return percent_text(Decimal(text), places) if text not in (None, "") else ""


@register.simple_tag
def fact_money(amount: Mapping[str, str] | str | None, currency: str = "") -> str | SafeString:
    """An amount kept as {"amount", "currency"}, or an amount's text and its currency."""
    if not amount:
        return ""
    if isinstance(amount, Mapping):
        return money_text(Decimal(amount["amount"]), amount["currency"])
    return money_text(Decimal(amount), currency)
