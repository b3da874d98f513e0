"""Lottery numbers of redraws: uniform, and the same wherever they are made."""

from __future__ import annotations

import hashlib

import numpy as np
from scipy.stats import kstest

from tazuna.matching.lottery import Redraws, empty_numbers


def test_a_draw_is_reached_at_once_by_its_index() -> None:
    key = int.from_bytes(hashlib.sha256(b"seed").digest()[:16])
    bits = np.random.Philox(key=key, counter=np.array([0, 0, 5, 0], np.uint64))
    numbers = empty_numbers(3, 2)
    Redraws("seed").fill(numbers, 5)
    assert numbers.person.tolist() == [(word >> 11) / 2**53 for word in map(int, bits.random_raw(3))]
    assert numbers.pair is not None
    assert numbers.pair.tolist() != numbers.person[:2].tolist()


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
