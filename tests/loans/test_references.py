"""Rule P-1 and D-2: references and account numbers against figures and checkers that are not ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649, luhn

from loans import references


def test_rule_P1_the_reference_is_iso_11649():
    assert references.creditor_reference("L-2026-0001") == "RF82L20260001"
    assert iso11649.is_valid(references.creditor_reference("L-2026-0001"))


def test_rule_P1_a_published_reference_is_read():
    assert references.is_creditor_reference("RF18 5390 0754 7034")
    assert references.is_creditor_reference("rf18-5390-0754-7034")


@pytest.mark.parametrize(
    "text", ["", "RF", "RF18", "RF19539007547034", "R18539007547034", "RFAA539007547034", "RF18" + "1" * 30]
)
def test_rule_P1_a_wrong_reference_is_refused(text):
    assert not references.is_creditor_reference(text)


@given(st.integers(1996, 2099), st.integers(1, 9999))
def test_rule_P1_every_loan_gets_a_valid_reference(year, number):
    reference = references.creditor_reference(f"L-{year}-{number:04d}")
    assert iso11649.is_valid(reference)
    assert references.is_creditor_reference(reference)


@given(st.integers(1, 9999), st.integers(0, 12), st.integers(1, 9))
def test_rule_P1_one_mistyped_digit_is_found(number, place, change):
    reference = references.creditor_reference(f"L-2026-{number:04d}")
    if not reference[place].isdigit():
        return
    wrong = reference[:place] + str((int(reference[place]) + change) % 10) + reference[place + 1 :]
    assert not references.is_creditor_reference(wrong)


def test_rule_P1_a_reference_needs_a_body_that_fits():
    for body in ("", "--", "X" * 22):
        with pytest.raises(ValueError, match="1 to 21 characters"):
            references.creditor_reference(body)


def test_rule_P1_people_read_it_in_groups_of_four():
    assert references.grouped("RF82L20260001") == "RF82 L202 6000 1"


@given(st.integers(1, 999_999))
def test_rule_P1_the_short_reference_has_seven_digits_and_a_check_digit(serial):
    short = references.numeric_reference(serial)
    assert len(short) == 7
    assert luhn.is_valid(short)
    assert references.is_numeric_reference(short)
    assert not references.is_numeric_reference(short[:6] + str((int(short[6]) + 1) % 10))


@pytest.mark.parametrize("serial", [0, -1, 1_000_000])
def test_rule_P1_the_short_reference_has_a_limit(serial):
    with pytest.raises(ValueError, match="serials 1 to 999999"):
        references.numeric_reference(serial)


@pytest.mark.parametrize("text", ["032180000118359719", "032 180 00011835971 9", "002010077777777771"])
def test_rule_D2_a_clabe_with_the_right_check_digit(text):
    assert references.is_clabe(text)


@pytest.mark.parametrize(
    "text",
    ["", "032180000118359718", "03218000011835971", "0321800001183597190", "03218000011835971X", "１" * 18],
)
def test_rule_D2_a_wrong_clabe_is_refused(text):
    assert not references.is_clabe(text)
