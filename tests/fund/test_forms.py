"""Rules A-5 and M-1: figures as people type them in three languages, understood or refused with a clear sentence."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import BadInput
from accounts.formats import number_text
from fund.forms import AmountField, CountField, DayField, RateField
from fund.parsing import parse_date, parse_decimal
from tests.world import bad_input

D = Decimal

UNDERSTOOD_EVERYWHERE = {
    "1234.56": "1234.56", "1234,56": "1234.56", "1,234.56": "1234.56", "1.234,56": "1234.56",
    "1 234,56": "1234.56", "1\u202f234,56": "1234.56", "1'234.56": "1234.56", "$1,234.56": "1234.56",
    "1234.56 MXN": "1234.56", "US$ 1,000": None, "MX$20": "20", "1,234,567": "1234567", "1.234.567": "1234567",
    "1.234.567,8": "1234567.8", "0,5": "0.5", ".5": "0.5", "5.": "5", "-12,30": "-12.30", "−12.30": "-12.30",
    "+7": "7", "007": "7", "1234567": "1234567",
}  # fmt: skip


@pytest.mark.parametrize("language", ["es", "en", "fr"])
@pytest.mark.parametrize(("text", "value"), [(k, v) for k, v in UNDERSTOOD_EVERYWHERE.items() if v])
def test_rule_A5_what_can_mean_one_thing_is_understood_in_every_language(language, text, value):
    with override(language):
        assert parse_decimal(text, field="amount", decimals=2) == D(value)


@pytest.mark.parametrize(
    ("language", "text", "decimals", "value"),
    [("es", "1,234", 2, "1234"), ("en", "1,234", 2, "1234"), ("fr", "1.234", 2, "1234"),
     ("es", "13.043", 8, "13.043"), ("fr", "13,043", 8, "13.043"), ("es", "0.125", 6, "0.125"),
     ("fr", "0.125", 6, "0.125"), ("en", "13,0432", 8, "13.0432"), ("es", "12,000", 0, "12000")],
)  # fmt: skip
def test_rule_A5_three_digits_after_one_mark_go_by_the_language(language, text, decimals, value):
    with override(language):
        assert parse_decimal(text, field="amount", decimals=decimals) == D(value)


@pytest.mark.parametrize(
    ("language", "text", "decimals"),
    [("es", "1.234", 2), ("en", "50.000", 2), ("fr", "1,234", 2), ("en", "13,043", 8), ("fr", "13.043", 8)],
)
def test_rule_A5_where_a_factor_of_a_thousand_is_at_stake_it_is_asked(language, text, decimals):
    with override(language):
        large = number_text(D(text.replace(".", "").replace(",", "")))
        with bad_input("amount", text) as _caught, override(language):
            parse_decimal(text, field="amount", decimals=decimals)
        assert large


def test_rule_A5_the_sentence_says_both_meanings():
    with bad_input("amount", "“50.000” could mean 50,000 or 50. Write it without a mark for thousands."):
        parse_decimal("50.000", field="amount", decimals=2)


@pytest.mark.parametrize(
    "text", ["abc", "12a", "1.2.3", "1,2,3", "12,34.56", "1..2", "--5", "1e9", "NaN", "Infinity", "٣", "½", "", "$",
             "1" * 41, "1.234,567.8", "0x10"],
)  # fmt: skip
def test_rule_A5_what_is_no_number_is_named_with_an_example(text):
    with bad_input("amount", "is not a number we can read. Write it like 1,234.56 or 1234.56."):
        parse_decimal(text, field="amount", decimals=2)


def test_rule_M1_too_many_decimals_are_refused_not_rounded():
    with bad_input("amount", "“1234.567” has more than 2 decimals."):
        parse_decimal("1234.567", field="amount", decimals=2)
    with bad_input("workers", "“12.5” must be a whole number."):
        parse_decimal("12.5", field="workers", decimals=0)
    assert parse_decimal("12.50", field="amount", decimals=1) == D("12.5")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2), st.sampled_from(["es", "en", "fr"]))
def test_rule_A5_what_a_page_shows_can_be_typed_back(value, language):
    with override(language):
        assert parse_decimal(number_text(value, 2), field="x", decimals=2) == value


@given(st.text(max_size=60))
def test_rule_A5_no_text_breaks_the_reader(text):
    with suppress(BadInput):
        assert parse_decimal(text, field="x", decimals=2).is_finite()


def test_a_day_is_read_in_two_ways():
    assert (
        str(parse_date("2026-03-02", field="d")) == str(parse_date("02/03/2026", field="d")) == "2026-03-02"
    )
    with bad_input("d", "“3 March” is not a day. Write it like 2026-03-02 or 02/03/2026."):
        parse_date("3 March", field="d")


def cleaned(field, text):
    return field.clean(text)


def sentence(field, text) -> str:
    with pytest.raises(Exception) as caught:
        field.clean(text)
    return caught.value.messages[0]


def test_rule_M1_an_amount_is_above_or_at_zero_and_below_the_most():
    assert cleaned(AmountField(), "1.234,56") == D("1234.56")
    assert cleaned(AmountField(), "0") == 0
    assert cleaned(AmountField(required=False), "") is None
    assert sentence(AmountField(), "") == "This field is required."
    assert sentence(AmountField(currency="MXN"), "-1") == "-1.00 MXN is below zero.".replace("-", "−")
    assert sentence(AmountField(above_zero=True), "0") == "0.00 must be above zero."
    assert "is more than the most, 9,999,999,999,999.99" in sentence(AmountField(), "1" + "0" * 13)
    assert sentence(AmountField(most=50000, currency="USD"), "50,000.01") == (
        "50,000.01 USD is more than the most, 50,000.00 USD."
    )
    assert sentence(AmountField(least=1000), "999") == "999.00 is less than the least, 1,000.00."
    assert cleaned(AmountField(least=None), "-5") == D("-5")


def test_rule_M1_an_amount_in_chilean_pesos_is_whole():
    assert cleaned(AmountField(currency="CLP"), "1.234.567") == 1234567
    assert sentence(AmountField(currency="CLP"), "10,50") == "“10,50” must be a whole number."


def test_a_count_is_a_whole_number():
    assert cleaned(CountField(), "1,200") == 1200
    assert isinstance(cleaned(CountField(), "12"), int)
    assert cleaned(CountField(required=False), " ") is None
    assert sentence(CountField(), "12.5") == "“12.5” must be a whole number."


def test_a_rate_has_up_to_six_decimals_and_a_ceiling():
    assert cleaned(RateField(), "12,5 %") == D("12.5")
    assert cleaned(RateField(), "14") == 14
    assert "is more than the most, 1,000 %" in sentence(RateField(), "1001")


def test_a_stored_figure_is_shown_in_the_readers_language():
    field = AmountField()
    assert field.prepare_value(D("1234.5")) == "1,234.50"
    assert field.prepare_value("1.234,5") == "1.234,5"  # what was typed stays
    with override("fr"):
        assert field.prepare_value(D("1234.5")) == "1\xa0234,50"
    assert field.widget.attrs["inputmode"] == "decimal"
    assert not field.has_changed(D("1234.50"), "1,234.50")
    assert field.has_changed(D("1234.50"), "oops")


def test_a_day_field_reads_the_browsers_form_and_the_typed_one():
    assert DayField().clean("02/03/2026") == DayField().clean("2026-03-02")
