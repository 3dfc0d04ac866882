"""Money adds up exactly, refuses strangers, and splits without losing a unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildry.kernel.money import CurrencyMismatch, Money


def test_a_decimal_becomes_minor_units() -> None:
    assert Money.parse(" 1,250.50 ", "GBP") == Money(125_050, "GBP")


def test_currencies_without_minor_units_count_whole_ones() -> None:
    assert Money.parse("1250", "JPY") == Money(1250, "JPY")


@pytest.mark.parametrize("text", ["12.345", "abc", "", "NaN", "Infinity"])
def test_an_inexact_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        Money.parse(text, "GBP")


def test_unknown_currencies_are_refused() -> None:
    with pytest.raises(ValueError, match="Unknown currency"):
        Money(1, "XXX")
    with pytest.raises(ValueError, match="Unknown currency"):
        Money.parse("1", "XXX")


def test_a_float_is_not_money() -> None:
    with pytest.raises(TypeError):
        Money(1.5, "GBP")  # type: ignore[arg-type]


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "GBP") + Money(1, "EUR")


def test_amounts_compare_and_subtract() -> None:
    small, large = Money(100, "GBP"), Money(250, "GBP")

    assert small < large
    assert small <= small
    assert large - small == Money(150, "GBP")
    assert -small == Money(-100, "GBP")
    assert str(large.amount) == "2.50"


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(sum))
def test_the_parts_of_a_split_sum_to_the_whole(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "GBP").allocate(weights)

    assert sum(part.minor for part in parts) == minor
    exact = [minor * weight / sum(weights) for weight in weights]
    assert all(abs(part.minor - share) <= 1 for part, share in zip(parts, exact, strict=True))


@pytest.mark.parametrize("weights", [[0, 0], [1, -1]])
def test_a_split_needs_real_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="Weights"):
        Money(1, "GBP").allocate(weights)
