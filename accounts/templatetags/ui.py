"""What pages are made of: icons, figures with their unit, dates, small helpers of the components."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django import template
from django.forms import BaseForm, BoundField
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts import formats
from accounts.badges import Badge

register = template.Library()
#: The number of a record, as headings name it: F-2026-0001, CT-2026-02-R04-C1.
NUMBER = re.compile(r"\b[A-Z]{1,3}-\d{2,}[\w-]*")

NOTHING = format_html('<span class="muted" aria-hidden="true">{}</span>', formats.NOTHING)
REFERENCE_MAX = 20


@cache
def _icon_set() -> ZipFile:
    """The icons of Lucide, opened once: the list of them takes longer to read than an icon."""
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


@cache
def _icon(name: str) -> SafeString:
    drawn = " ".join(_icon_set().read(f"{name}.svg").decode().split())
    svg = drawn.replace(
        'xmlns="http://www.w3.org/2000/svg"', 'class="icon" aria-hidden="true" focusable="false"', 1
    )
    return mark_safe(svg)  # noqa: S308 - drawn from the icon set, never from what somebody typed


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Lucide icon; decoration unless it is given a label that says what it means."""
    if not label:
        return _icon(name)
    return format_html('{}<span class="visually-hidden">{}</span>', _icon(name), label)


def _figure(kind: str, text: str, unit: str, negative: bool) -> SafeString:
    return format_html(
        '<span class="{}{}"><span class="amount">{}</span>{}<span class="unit">{}</span></span>',
        kind, " negative" if negative else "", text, formats.NBSP, unit,
    )  # fmt: skip


@register.simple_tag
def money(amount: Any, currency: Any = None, places: int | None = None) -> SafeString:
    """`{% money m %}` of a Money, or `{% money amount currency %}`: figure and currency, never apart (M-1).

    `places` only for round figures of a notice board; whatever is owed or paid shows its cents.
    """
    if amount is None or amount == "":
        return NOTHING
    if hasattr(amount, "currency"):
        amount, currency = amount.amount, amount.currency
    code = str(currency)
    text = formats.amount_text(amount, code) if places is None else formats.number_text(amount, places)
    return _figure("money", text, code, Decimal(str(amount)) < 0)


@register.simple_tag
def quantity(value: Any, unit: Any = "", places: int | None = None) -> SafeString:
    """A measured figure with its unit: 185,100 m³."""
    if value is None or value == "":
        return NOTHING
    return _figure("quantity", formats.number_text(value, places), str(unit), Decimal(str(value)) < 0)


@register.simple_tag
def percent(value: Any, places: int | None = None) -> SafeString:
    """Of a figure that is in percent already: 12 reads 12 %."""
    return quantity(value, "%", places)


@register.simple_tag
def number(value: Any, places: int | None = None) -> SafeString:
    if value is None or value == "":
        return NOTHING
    return format_html('<span class="amount">{}</span>', formats.number_text(value, places))


@register.simple_tag
def day(value: date | None, style: str = "") -> SafeString:
    """`{% day d %}` 2 mar 2026, `{% day d "long" %}` 2 de marzo de 2026."""
    if not value:
        return NOTHING
    if isinstance(value, datetime):
        value = value.astimezone(formats.get_timezone(formats.settings.TIME_ZONE)).date()
    text = formats.day_text(value, long=style == "long")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """A day with its time of day in the fund's time zone."""
    if not value:
        return NOTHING
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment_text(value))


@register.simple_tag(takes_context=True)
def csrf_field(context: Context) -> SafeString:
    """Django's own tag finds no token inside an include that is given `only` its arguments."""
    request = getattr(context, "request", None)
    if request is None:
        return mark_safe("")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> str:
    """A block's content a second time: the page's title is also its heading."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return block.render(context) if block else ""


@register.simple_tag(takes_context=True)
def drawn(context: Context, template_name: str, **values: Any) -> SafeString:
    """`{% drawn "components/x.html" as x %}`: a part that stands twice on a page, for a desk and for a phone."""
    assert context.template is not None  # a tag is always in one
    with context.push(**values):
        return context.template.engine.get_template(template_name).render(context)


@register.simple_tag(takes_context=True)
def heading(context: Context) -> SafeString:
    """The title as the page's heading: no line breaks inside a number such as L-2026-0001, none begins with a dot."""
    title = str(conditional_escape(again(context, "title")))
    title = NUMBER.sub(r'<span class="nowrap">\g<0></span>', title).replace(" · ", f"{formats.NBSP}· ")
    return mark_safe(title)  # noqa: S308 - the title is escaped where it is written


@register.filter
def may(user: Any, perm: str) -> bool:
    """`{% if user|may:"loan.read" %}`: whether a link is worth showing; the view decides anyway."""
    return bool(user and user.is_authenticated and user.may(perm))


@register.filter
def yes_no(value: object) -> str:
    return _("Yes") if value else _("No")


@register.filter
def share(part: Any, whole: Any) -> str:
    """A part of a whole for a meter's width, 0 to 100; a meter without a whole is empty."""
    if not whole or part is None:
        return "0"
    ratio = Decimal(str(part)) / Decimal(str(whole)) * 100
    return f"{max(Decimal(0), min(Decimal(100), ratio)):.2f}"


@register.filter
def colon(label: Any) -> str:
    """`{{ label|colon }} {{ text }}`: as each language writes it."""
    return formats.with_colon(label)


@register.filter
def filesize(size: int) -> str:
    return formats.size_text(size)


@register.simple_tag(name="colon")
def plain_colon() -> str:
    return formats.with_colon("")


@register.simple_tag
def semicolon() -> str:
    return formats.semicolon()


@register.filter
def get_item(mapping: Mapping[Any, Any], key: Any) -> Any:
    return mapping.get(key)


@register.filter
def field_kind(field: BoundField) -> str:
    """Which markup a field wants: one box to tick, a group of choices, a file, or a plain input."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "")
    if kind == "checkbox" and not getattr(widget, "allow_multiple_selected", False):
        return "tick"
    if kind in {"checkbox", "radio"}:
        return "choices"
    return "file" if kind == "file" else "input"


@register.filter
def form_problems(form: BaseForm | None) -> list[dict[str, str]]:
    """Every error of a form in the order of its fields, each with the id of the input to go to.

    A field whose label is short because its group says the rest has a `summary_label` for this list.
    """
    if form is None or not form.errors:
        return []
    found = [{"text": str(text), "target": ""} for text in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or field.auto_id
        if field_kind(field) == "choices" and field.auto_id:
            target = f"{field.auto_id}_0"
        label = str(getattr(field.field, "summary_label", field.label))
        found += [{"text": str(text), "target": str(target), "label": label} for text in field.errors]
    return found


@register.simple_tag(takes_context=True)
def is_here(context: Context, url: str) -> bool:
    """Whether an entry of the navigation leads to the page that is open, or to one below it."""
    request = getattr(context, "request", None)
    if request is None:
        return False
    path: str = request.path
    return path == url or (url != "/" and path.startswith(url))


@register.filter
def as_list(value: Iterable[Any] | None) -> list[Any]:
    return list(value or [])


@register.simple_tag
def shown(value: Any) -> Any:
    """A value as a page shows it, by its kind: money, date, moment, badge, yes or no, text."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if hasattr(value, "currency") and hasattr(value, "amount"):
        return money(value)
    if isinstance(value, int | Decimal):
        return number(value)
    if isinstance(value, Badge):
        return render_to_string("components/status.html", {"badge": value})
    if isinstance(value, str) and "-" in value and len(value) <= REFERENCE_MAX and " " not in value:
        return format_html('<span class="nowrap">{}</span>', value)  # a reference never breaks at its hyphens
    return value
