"""Sealed facts as a page writes them: days from their text or as days, figures with their thousands."""

from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from fund.templatetags.facts import as_date, as_day, as_number, as_percent, as_short_day

NBSP = "\N{NO-BREAK SPACE}"
DAY = date(2026, 3, 1)


@pytest.mark.parametrize("value", ["2026-03-01", "2026-03-01T10:30:00Z", DAY])
@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("es", "1 de marzo de 2026", "1 mar 2026"),
        ("en", "1 March 2026", "1 Mar 2026"),
        ("fr", "1er mars 2026", "1er mars 2026"),
    ],
)
def test_rule_G2_a_day_reads_the_same_from_its_text_and_as_a_day(value, language, long, short):
    with translation.override(language):
        assert as_day(value).replace(NBSP, " ") == long
        assert as_short_day(value).replace(NBSP, " ") == short
    assert as_date(value) == DAY


@pytest.mark.parametrize("read", [as_day, as_short_day, as_number, as_percent])
@pytest.mark.parametrize("value", [None, ""])
def test_what_is_not_known_is_empty(read, value):
    assert read(value) == ""
    assert as_date(value) is None


def test_in_a_template():
    page = Template(
        '{% load facts %}{{ day|as_short_day }} {{ fact|as_number:2 }} {% fact_money fact "MXN" %}'
    )
    with translation.override("en"):
        text = page.render(Context({"day": DAY, "fact": "1234.5"}))
    assert text.replace(NBSP, " ") == "1 Mar 2026 1,234.50 1,234.50 MXN"
