"""Figures and dates in three languages: Mexican Spanish and English 1,234.56, Canadian French 1 234,56."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts import formats

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "1,234,567.50"),
        ("en", "1,234,567.50"),
        ("fr", f"1{NBSP}234{NBSP}567,50"),
        ("es-mx", "1,234,567.50"),
    ],
)
def test_thousands_and_decimals_by_language(language, text):
    assert formats.number_text(Decimal("1234567.5"), 2, language) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12", "12"),
        ("12.500", "12.5"),
        ("0", "0"),
        ("0.000", "0"),
        ("1000", "1,000"),
        ("1E+3", "1,000"),
        ("-3.25", "−3.25"),
    ],
)
def test_without_places_a_figure_keeps_the_decimals_it_has(value, text):
    assert formats.number_text(Decimal(value), language="en") == text


def test_a_half_goes_up():
    assert formats.number_text(Decimal("2.675"), 2, "en") == "2.68"
    assert formats.number_text(Decimal("-2.675"), 2, "en") == "−2.68"


def test_what_rounds_to_nothing_bears_no_minus():
    assert formats.number_text(Decimal("-0.001"), 2, "en") == "0.00"


def test_rule_M1_money_has_its_currency_and_its_decimals():
    assert formats.money_text(Decimal("1234.5"), "MXN", "es") == f"1,234.50{NBSP}MXN"
    assert formats.money_text(Decimal(1234), "CLP", "es") == f"1,234{NBSP}CLP"
    assert formats.money_text(Decimal("1234.5"), "USD", "fr") == f"1{NBSP}234,50{NBSP}USD"


def test_units_never_leave_their_figure():
    assert formats.quantity_text(185100, "m³", language="en") == f"185,100{NBSP}m³"
    assert formats.percent_text(Decimal("12.50"), language="fr") == f"12,5{NBSP}%"


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("es", "2 mar 2026", "2 de marzo de 2026"),
        ("en", "2 Mar 2026", "2 March 2026"),
        ("fr", "2 mars 2026", "2 mars 2026"),
    ],
)
def test_the_day_stands_before_the_month(language, short, long):
    day = date(2026, 3, 2)
    assert formats.day_text(day, language=language).replace(NBSP, " ") == short
    assert formats.day_text(day, long=True, language=language).replace(NBSP, " ") == long


@pytest.mark.parametrize(
    ("size", "en", "fr"),
    [
        (0, "0 bytes", "0 octets"),
        (609, "609 bytes", "609 octets"),
        (1024, "1 kB", "1 ko"),
        (1536, "1.5 kB", "1,5 ko"),
        (48 * 1024, "48 kB", "48 ko"),
        (15 * 1024**2, "15 MB", "15 Mo"),
        (3 * 1024**2 // 2, "1.5 MB", "1,5 Mo"),
        (16 * 1024**2 + 200_000, "16.2 MB", "16,2 Mo"),
    ],
)
def test_a_files_size_has_the_units_of_the_language(size, en, fr):
    assert formats.size_text(size, "en").replace(NBSP, " ") == en
    assert formats.size_text(size, "fr").replace(NBSP, " ") == fr
    assert formats.size_text(size, "es") == formats.size_text(size, "en")


def test_in_french_the_first_of_a_month_is_the_1er():
    first = date(2026, 12, 1)
    assert formats.day_text(first, long=True, language="fr").replace(NBSP, " ") == "1er décembre 2026"
    assert formats.day_text(first, language="fr").replace(NBSP, " ") == "1er déc. 2026"
    assert formats.moment_text(datetime(2026, 12, 1, 18, 5, tzinfo=UTC), "fr").startswith(f"1er{NBSP}déc.")
    assert formats.day_text(date(2026, 12, 11), language="fr").startswith(f"11{NBSP}")
    assert formats.day_text(first, language="es").startswith(f"1{NBSP}")


def test_rule_G3_a_moment_is_shown_in_the_time_of_the_fund():
    late = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)  # still the second of March in Mexico City
    assert formats.moment_text(late, "en").replace(NBSP, " ") == "2 Mar 2026, 22:30"


def test_a_language_that_we_do_not_speak_reads_english():
    assert formats.day_text(date(2026, 3, 2), language="de") == formats.day_text(
        date(2026, 3, 2), language="en"
    )


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("Firm quote with a warranty", 60, "Firm quote with a warranty"),
        ("Firm quote with a warranty", 14, "Firm quote…"),
        ("Unbreakable", 4, "Unbr…"),
    ],
)
def test_a_text_is_cut_at_a_word_and_says_so(text, most, shown):
    assert formats.shortened(text, most) == shown
    assert len(shown) <= most + 1
