"""`{% slot "application.loan" application %}`: the cards that apps further down put on this page."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from accounts import registries

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, obj: object) -> SafeString:
    return mark_safe("".join(registries.cards_in(name, context["request"], obj)))  # noqa: S308 - rendered templates
