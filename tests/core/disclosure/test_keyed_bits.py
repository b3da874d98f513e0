"""Noise that the holder of the secret can repeat and nobody else can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tazuna.disclosure.keyed_bits import keyed_bits

SECRET = b"a secret of more than sixteen bytes"


@given(st.lists(st.integers(0, 700), min_size=1, max_size=8))
def test_the_same_question_gives_the_same_bits(lengths: list[int]) -> None:
    first, again = keyed_bits(SECRET, "2026", "C1"), keyed_bits(SECRET, "2026", "C1")
    drawn = [first(length) for length in lengths]
    assert drawn == [again(length) for length in lengths]
    assert all(0 <= number < 2**length for number, length in zip(drawn, lengths, strict=True))


@pytest.mark.parametrize(
    "other",
    [
        keyed_bits(SECRET + b"!", "2026", "C1", "ms"),
        keyed_bits(SECRET, "2027", "C1", "ms"),
        keyed_bits(SECRET, "2026", "C1m", "s"),
        keyed_bits(SECRET, "2026", "C1ms"),
    ],
)
def test_another_secret_or_question_gives_other_bits(other) -> None:
    assert other(128) != keyed_bits(SECRET, "2026", "C1", "ms")(128)


def test_bits_are_ones_half_of_the_time() -> None:
    ones = keyed_bits(SECRET, "count")(100_000).bit_count()
    assert abs(ones - 50_000) < 5 * 158


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        keyed_bits(b"short", "2026")
