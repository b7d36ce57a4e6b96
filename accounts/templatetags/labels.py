"""`{{ product.names|label }}`: a name that is data, in the reader's language."""

from collections.abc import Mapping

from django import template

from accounts import labels

register = template.Library()


@register.filter
def label(names: Mapping[str, str] | None) -> str:
    return labels.label(names)
