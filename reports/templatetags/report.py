"""Drawing in templates: `{% report_chart facts "W1" %}`, and figures of sealed facts with their unit."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.formats import number_text
from accounts.templatetags.ui import quantity
from reports import charts
from reports.benefit_figures import symbol
from reports.report_charts import CHARTS

register = template.Library()


@register.simple_tag
def report_chart(facts: Mapping[str, Any], name: str) -> SafeString | str:
    """A chart of the report as inline SVG; empty where there is nothing to draw."""
    spec = CHARTS[name](facts)
    return charts.svg(spec) if spec else ""


@register.filter
def figure(text: str | None, places: int = 0) -> str:
    """A figure of the facts with grouped thousands; a dash where there is none."""
    return "–" if text in (None, "") else number_text(Decimal(text), places)


@register.filter
def unit_symbol(unit: str) -> str:
    """How a unit is written beside a figure: m3 reads m³."""
    return symbol(unit)


@register.simple_tag
def with_unit(text: str | None, unit: str, places: int = 0) -> str:
    """A figure and its unit as people write them: 185,100 m³, but US$1,360,000; in French 1 360 000 US$."""
    if leads(unit):
        return f"{unit}{figure(text, places)}"
    return f"{figure(text, places)}\N{NO-BREAK SPACE}{unit}".strip()


@register.simple_tag
def headline(value: Any, unit: str) -> SafeString:
    """The same with the unit set small, for a figure that stands by itself."""
    if leads(unit):
        return format_html('<span class="unit">{}</span>{}', unit, number_text(value, 0))
    return quantity(value, unit, 0)


def leads(unit: str) -> bool:
    """Whether the unit stands before its figure."""
    return unit.endswith("$") and (get_language() or "en").split("-")[0] != "fr"


@register.filter
def of(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """The value of a key that stands in another variable."""
    return mapping.get(key) if mapping else None


@register.filter
def flow_name(code: str) -> str:
    """What money came for or went to, in words."""
    return {
        "contributions": _("Contributions received"),
        "principal": _("Principal repaid"),
        "interest": _("Interest received"),
        "late-interest": _("Late interest received"),
        "fees": _("Fees received"),
        "vat": _("VAT received for the tax office"),
        "ahead": _("Paid ahead by firms"),
        "ahead-used": _("Paid ahead before, fallen due since"),
        "drawn": _("Drawn from credit lines"),
        "disbursed": _("Loans disbursed"),
        "operating": _("Operating cost"),
        "funding": _("Cost of funds"),
        "line-service": _("Credit lines repaid"),
        "tax-paid": _("VAT paid to the tax office"),
        "other": _("Other movements"),
    }.get(code, code)
