"""How figures and dates read in each language: 1,234.56 in Mexican Spanish and English, 1 234,56 in French.

Plain text, for pages, mails, PDFs and exports alike; spaces inside a figure never break.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone
from babel.numbers import format_decimal, get_currency_precision
from django.conf import settings
from django.utils.translation import get_language

LOCALES = {"es": "es_MX", "en": "en_US", "fr": "fr_CA"}
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
# Day before month in every language: a Mexican, a Canadian and a US reader never mistake 3/2 for 2/3.
LONG_DAY = {"es": "d 'de' MMMM 'de' y", "en": "d MMMM y", "fr": "d MMMM y"}


def _language(language: str | None = None) -> str:
    wanted = (language or get_language() or "en").split("-")[0]
    return wanted if wanted in LOCALES else "en"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def number_text(value: Any, places: int | None = None, language: str | None = None) -> str:
    """A figure with grouped thousands; without `places` it keeps the decimals it has (trailing zeros go)."""
    exact = Decimal(str(value))
    if places is None:
        places = _places(exact)
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    pattern = "#,##0." + "0" * places if places else "#,##0"
    text: str = format_decimal(abs(rounded), format=pattern, locale=_locale(_language(language)))
    return f"{MINUS}{text}" if rounded < 0 else text


def amount_text(amount: Any, currency: str, language: str | None = None) -> str:
    """An amount in its currency's own decimals, without the currency's code."""
    return number_text(amount, get_currency_precision(str(currency)), language)


def money_text(amount: Any, currency: str, language: str | None = None) -> str:
    """Rule M-1: an amount is never shown without its currency."""
    return f"{amount_text(amount, currency, language)}{NBSP}{currency}"


def quantity_text(value: Any, unit: str, places: int | None = None, language: str | None = None) -> str:
    return f"{number_text(value, places, language)}{NBSP}{unit}"


def percent_text(value: Any, places: int | None = None, language: str | None = None) -> str:
    """Of a figure that is already in percent: 12 reads 12 %."""
    return f"{number_text(value, places, language)}{NBSP}%"


def shortened(text: str, most: int) -> str:
    """A text cut at a word, and said to be cut."""
    if len(text) <= most:
        return text
    kept = text[:most]
    return f"{kept[: kept.rfind(' ')] if ' ' in kept else kept}…"


def day_text(value: date, *, long: bool = False, language: str | None = None) -> str:
    language = _language(language)
    pattern = LONG_DAY[language] if long else "d MMM y"
    return _ordinal(str(format_date(value, pattern, locale=_locale(language))), language)


def with_colon(label: Any, language: str | None = None) -> str:
    """A label before what it speaks of, in French with a space before the colon; a sentence has its own mark."""
    text = str(label)
    if text.endswith(("?", ":", ".", "!")):
        return text
    return f"{text}{NBSP}:" if _language(language) == "fr" else f"{text}:"


def semicolon(language: str | None = None) -> str:
    """Between the parts of a list whose parts have commas of their own."""
    return f"{NBSP}; " if _language(language) == "fr" else "; "


def moment_text(value: datetime, language: str | None = None) -> str:
    """A day and a time of day where the fund lives (G-3)."""
    zone = get_timezone(settings.TIME_ZONE)
    text = str(format_datetime(value, "d MMM y, HH:mm", tzinfo=zone, locale=_locale(_language(language))))
    return _ordinal(text, _language(language))


#: From how many bytes on, largest first, and what they are called (in French).
SIZES = ((1024**2, "MB", "Mo"), (1024, "kB", "ko"), (0, "bytes", "octets"))


def size_text(size: int, language: str | None = None) -> str:
    """How large a file is: 640 bytes, 1.5 kB, 12 kB, 15.2 MB."""
    language = _language(language)
    least, name, french = next(row for row in SIZES if size >= row[0])
    unit = least or 1
    places = 1 if size % unit and (unit > 1024 or size < 10 * unit) else 0
    return quantity_text(Decimal(size) / unit, french if language == "fr" else name, places, language)


def _ordinal(text: str, language: str) -> str:
    """In French the first of a month is the 1er; a date never breaks."""
    if language == "fr" and text.startswith("1 "):
        text = f"1er{text[1:]}"
    return text.replace(" ", NBSP)
