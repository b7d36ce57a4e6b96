"""Rules M-1 to M-3: amounts are exact, rounded once, and split without losing a cent."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.money import MINOR_UNITS, allocate, as_kept, convert, is_quantized, minor_unit, quantize, split

CURRENCIES = st.sampled_from(sorted(MINOR_UNITS))
UNITS = st.integers(min_value=-(10**15), max_value=10**15)
WEIGHTS = st.lists(
    st.decimals(min_value=0, max_value=10**9, places=6, allow_nan=False, allow_infinity=False),
    min_size=1,
    max_size=25,
).filter(lambda weights: sum(weights) > 0)


def amount(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-MINOR_UNITS[currency])


@pytest.mark.parametrize(("currency", "unit"), [("MXN", "0.01"), ("USD", "0.01"), ("CAD", "0.01"), ("COP", "0.01"),
                                                ("PEN", "0.01"), ("CLP", "1")])  # fmt: skip
def test_rule_M1_every_currency_has_its_minor_unit(currency, unit):
    assert minor_unit(currency) == Decimal(unit)


def test_rule_M1_an_unknown_currency_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"'XAU' is not a currency of the fund: .*MXN"):
        quantize(Decimal(1), "XAU")


@pytest.mark.parametrize("value", [1.5, True, "1.5", None])
def test_rule_M1_nothing_but_an_exact_decimal_is_an_amount(value):
    with pytest.raises(TypeError, match="exact decimal"):
        quantize(value, "MXN")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_rule_M1_what_is_not_finite_is_no_amount(value):
    with pytest.raises(ValueError, match="is no amount"):
        quantize(Decimal(value), "MXN")


@pytest.mark.parametrize(
    ("value", "currency", "rounded"),
    [("1.005", "USD", "1.01"), ("2.675", "USD", "2.68"), ("-1.005", "USD", "-1.01"), ("0.5", "CLP", "1"),
     ("1.5", "CLP", "2"), ("2.5", "CLP", "3"), ("1.0049999", "MXN", "1.00")],
)  # fmt: skip
def test_rule_M2_rounding_is_half_up(value, currency, rounded):
    assert quantize(Decimal(value), currency) == Decimal(rounded)


def test_rule_M2_a_product_may_name_another_rounding():
    assert quantize(Decimal("2.665"), "USD", ROUND_HALF_EVEN) == Decimal("2.66")


@given(UNITS, CURRENCIES)
def test_rule_M2_a_rounded_amount_stays_as_it_is(units, currency):
    assert is_quantized(amount(units, currency), currency)
    assert quantize(amount(units, currency), currency) == amount(units, currency)


def test_rule_M3_the_last_part_carries_the_rest():
    assert split(Decimal("100.00"), 3, "USD") == (Decimal("33.33"), Decimal("33.33"), Decimal("33.34"))
    assert split(Decimal("100"), 3, "CLP") == (Decimal("33"), Decimal("33"), Decimal("34"))
    assert split(Decimal("-0.05"), 2, "USD") == (Decimal("-0.02"), Decimal("-0.03"))


@given(UNITS, st.integers(min_value=1, max_value=400), CURRENCIES)
def test_rule_M3_equal_parts_sum_to_the_whole(units, parts, currency):
    whole = amount(units, currency)
    found = split(whole, parts, currency)
    assert sum(found) == whole
    assert len(found) == parts
    assert all(is_quantized(part, currency) for part in found)
    assert len(set(found[:-1])) <= 1
    assert abs(found[-1] - found[0]) < parts * minor_unit(currency)
    assert all(part == 0 or (part > 0) == (whole > 0) for part in found)


@pytest.mark.parametrize("parts", [0, -1])
def test_rule_M3_nothing_is_split_into_no_parts(parts):
    with pytest.raises(ValueError, match="one part or more"):
        split(Decimal(1), parts, "USD")


def test_rule_M3_the_largest_remainders_get_the_cents_left_over():
    # 100.00 by 1:1:1 leaves one cent; equal remainders are served in the order given.
    assert allocate(Decimal("100.00"), [1, 1, 1], "USD") == (
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    )
    # 10.00 by 1:2:4 is 1.428..., 2.857..., 5.714...: the second has the largest remainder of a cent.
    assert allocate(Decimal("10.00"), [1, 2, 4], "USD") == (Decimal("1.43"), Decimal("2.86"), Decimal("5.71"))
    assert allocate(Decimal("10"), [0, 1], "CLP") == (Decimal(0), Decimal(10))


@given(UNITS, WEIGHTS, CURRENCIES)
def test_rule_M3_weighted_parts_sum_to_the_whole_and_stay_within_a_unit_of_their_share(
    units, weights, currency
):
    whole = amount(units, currency)
    found = allocate(whole, weights, currency)
    assert sum(found) == whole
    unit = minor_unit(currency)
    for part, weight in zip(found, weights, strict=True):
        assert is_quantized(part, currency)
        assert abs(part * sum(weights) - whole * weight) <= unit * sum(weights)
        if weight == 0:
            assert abs(part) == 0


@given(UNITS, WEIGHTS, CURRENCIES)
def test_rule_M3_a_debt_is_allocated_like_its_opposite(units, weights, currency):
    whole = amount(units, currency)
    assert allocate(-whole, weights, currency) == tuple(-part for part in allocate(whole, weights, currency))


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_rule_M3_weights_must_be_able_to_share(weights):
    with pytest.raises(ValueError, match="weights are zero or more"):
        allocate(Decimal(1), weights, "USD")


def test_rule_M3_an_amount_with_a_fraction_of_a_cent_is_not_shared_out():
    with pytest.raises(ValueError, match="more decimals than USD"):
        split(Decimal("1.001"), 2, "USD")


@pytest.mark.parametrize(
    ("value", "rate", "currency", "found"),
    [("1000.00", "18.1154", "MXN", "18115.40"), ("23958.33", "13.0432", "MXN", "312493.29"),
     ("0.01", "0.5", "USD", "0.01"), ("123.45", "931.27", "CLP", "114965")],
)  # fmt: skip
def test_rule_M4_a_conversion_is_rounded_once_in_the_new_currency(value, rate, currency, found):
    assert convert(Decimal(value), Decimal(rate), currency) == Decimal(found)


@given(UNITS, st.decimals(min_value="0.00000001", max_value=10**6, places=8))
def test_rule_M4_a_conversion_is_within_half_a_cent_of_the_exact_product(units, rate):
    value = amount(units, "USD")
    exact_cents = units * int(rate.scaleb(8))
    assert abs(int(convert(value, rate, "MXN").scaleb(2)) * 10**8 - exact_cents) * 2 <= 10**8


def test_rule_M1_an_amount_is_kept_with_two_decimals_whatever_was_typed():
    assert [str(as_kept(Decimal(text))) for text in ("12.5", "1E+1", "12000", "0.10")] == [
        "12.50", "10.00", "12000.00", "0.10",
    ]  # fmt: skip
