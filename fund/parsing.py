"""Read numbers and dates as people type them in Spanish, English and French (Rule A-5).

A comma or a point may part decimals or thousands. What can be meant in one way only is understood in every
language; one mark before three digits ("1.234") goes by the reader's language if that leaves one meaning; the rest
is refused with a sentence that says how to write it.
"""

import re
from datetime import date, datetime
from decimal import Decimal, localcontext

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import BadInput
from accounts.formats import number_text

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_CODES = "MXN|USD|CAD|EUR|COP|PEN|CLP"
_SIGNS = re.compile(rf"^(?:MX\$|US\$|CA\$|S/|\$|€|{_CODES})|(?:{_CODES}|\$|€|%)$", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?P<group>[.,])\d{3}(?:(?P=group)\d{3})*(?:(?!(?P=group))[.,]\d*)?")
_TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2}(?P<mark>[.,])\d{3}")
_LONGEST = 40


def decimal_mark() -> str:
    """How the reader's language parts decimals: Mexican Spanish and English by a point, French by a comma."""
    return "," if (get_language() or "en").startswith("fr") else "."


def parse_decimal(text: str, *, field: str, decimals: int) -> Decimal:
    """The number a person typed. Raises BadInput naming the text and how to write it."""
    typed = _SIGNS.sub("", _SPACES.sub("", text.strip()).replace("−", "-"))
    if len(typed) > _LONGEST or not typed.isascii():
        raise _unreadable(text, field)
    if doubtful := _TWO_WAYS.fullmatch(typed):
        value = _one_of_two(typed, doubtful["mark"], text=text, field=field, decimals=decimals)
    elif grouped := _GROUPED.fullmatch(typed):
        value = Decimal(typed.replace(grouped["group"], "").replace(",", "."))
    elif _PLAIN.fullmatch(typed):
        value = Decimal(typed.replace(",", "."))
    else:
        raise _unreadable(text, field)
    _check_decimals(value, text=text, field=field, decimals=decimals)
    return value


def _one_of_two(typed: str, mark: str, *, text: str, field: str, decimals: int) -> Decimal:
    """ "1,234" or "1.234": thousands where the field has at most two decimals, decimals where it has more.

    Where the reader's language says the opposite, both are possible and a factor of a thousand is at stake.
    """
    as_thousands, as_decimals = Decimal(typed.replace(mark, "")), Decimal(typed.replace(",", "."))
    parts_decimals = mark == decimal_mark()
    if decimals < 3 and not parts_decimals:
        return as_thousands
    if decimals >= 3 and parts_decimals:
        return as_decimals
    sentence = _("“%(value)s” could mean %(large)s or %(small)s. Write it without a mark for thousands.")
    shown = {"value": text.strip(), "large": number_text(as_thousands), "small": number_text(as_decimals)}
    raise BadInput(field, text, sentence % shown)


def _check_decimals(value: Decimal, *, text: str, field: str, decimals: int) -> None:
    with localcontext() as context:
        context.prec = 2 * _LONGEST
        fits = value == value.quantize(Decimal(1).scaleb(-decimals))
    if fits:
        return
    if decimals == 0:
        raise BadInput(field, text, _("“%(value)s” must be a whole number.") % {"value": text.strip()})
    sentence = _("“%(value)s” has more than %(count)s decimals.")
    raise BadInput(field, text, sentence % {"value": text.strip(), "count": decimals})


def _unreadable(text: str, field: str) -> BadInput:
    message = _("“%(value)s” is not a number we can read. Write it like %(example)s or 1234.56.")
    shown = {"value": text.strip()[:_LONGEST], "example": number_text(Decimal("1234.56"))}
    return BadInput(field, text, message % shown)


def parse_date(text: str, *, field: str) -> date:
    """A day written 2026-03-02 or 02/03/2026 (day first). Raises BadInput naming the text."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    message = _("“%(value)s” is not a day. Write it like 2026-03-02 or 02/03/2026.")
    raise BadInput(field, text, message % {"value": text.strip()[:_LONGEST]})
