"""Lottery numbers: Philox as published, uniform, and the same wherever they are made."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from scipy.stats import kstest

from tazuna.matching import lottery
from tazuna.matching.lottery import Redraws, empty_numbers


@pytest.mark.parametrize(
    ("counter", "keys", "expected"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_known_answers_of_random123(counter: str, keys: str, expected: str) -> None:
    words = _words(counter)
    lottery._philox(words, _words(keys))
    assert words.tolist() == _words(expected).tolist()


def test_a_number_is_53_bits_of_the_counter_of_its_draw() -> None:
    numbers = empty_numbers(3, None)
    Redraws("seed").fill(numbers, 5)
    keys = np.frombuffer(hashlib.sha256(b"seed").digest()[:8], "<u4").astype(np.uint64)
    words = np.array([1, 0, 5, 0], np.uint64)
    lottery._philox(words, keys)
    first, second = int(words[0]) >> 5, int(words[1]) >> 6
    assert numbers.person[2] == (first * 2**26 + second) / 2**53


def test_numbers_are_uniform_over_people_and_over_draws() -> None:
    numbers = empty_numbers(5_000, 5_000)
    Redraws("uniform").fill(numbers, 0)
    assert numbers.pair is not None
    assert kstest(numbers.person, "uniform").pvalue > 1e-4
    assert kstest(numbers.pair, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(numbers.person, numbers.pair)[0, 1]) < 0.06
    one = empty_numbers(1, None)
    over_draws = []
    for draw in range(2_000):
        Redraws("uniform").fill(one, draw)
        over_draws.append(one.person[0])
    assert kstest(over_draws, "uniform").pvalue > 1e-4


def test_another_seed_or_draw_gives_other_numbers_and_the_same_gives_the_same() -> None:
    filled = []
    for seed, draw in (("a", 0), ("a", 1), ("b", 0), ("a", 0)):
        numbers = empty_numbers(4, None)
        Redraws(seed).fill(numbers, draw)
        filled.append(numbers.person.tolist())
    assert filled[0] == filled[3]
    assert len({*map(tuple, filled)}) == 3


def _words(text: str) -> np.ndarray:
    return np.array([int(word, 16) for word in text.split()], np.uint64)
