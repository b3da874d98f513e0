"""The samplers against their formulas: by many draws, and by adding up every path of the algorithm."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from tazuna.disclosure.discrete_noise import (
    RandomBits,
    discrete_gaussian,
    discrete_laplace,
    discrete_laplace_variance,
    happens,
    happens_with_exponential,
    uniform_below,
)

DRAWS = 4_000
FEWEST_EXPECTED = 8
"""Values that are rarer than this in all draws are counted together."""
UNLIKELY = 1e-4
"""A true sampler fails one test in 10,000; the seeds are fixed."""


def fits(draws: Counter[int], mass: Callable[[int], float]) -> float:
    """The p-value of a chi-square test against weights, on a grid that holds all of their sum."""
    grid = range(min(draws) - 200, max(draws) + 201)
    total = sum(map(mass, grid))
    expected = {x: DRAWS * mass(x) / total for x in grid}
    common = [x for x in grid if expected[x] >= FEWEST_EXPECTED]
    seen = [draws[x] for x in common]
    hoped = [expected[x] for x in common]
    return float(chisquare([*seen, DRAWS - sum(seen)], [*hoped, DRAWS - sum(hoped)]).pvalue)


@pytest.mark.parametrize("scale", [Fraction(1, 2), Fraction(1), Fraction(7, 3), Fraction(20)])
def test_laplace_draws_have_the_probabilities_of_the_formula(scale: Fraction) -> None:
    bits = random.Random(11).getrandbits
    draws = Counter(discrete_laplace(scale, bits) for _ in range(DRAWS))
    assert fits(draws, lambda x: math.exp(-abs(x) / scale)) > UNLIKELY


@pytest.mark.parametrize("variance", [Fraction(1, 4), Fraction(2), Fraction(81, 2)])
def test_gaussian_draws_have_the_probabilities_of_the_formula(variance: Fraction) -> None:
    bits = random.Random(12).getrandbits
    draws = Counter(discrete_gaussian(variance, bits) for _ in range(DRAWS))
    assert fits(draws, lambda x: math.exp(-(x**2) / (2 * variance))) > UNLIKELY


def test_the_fit_fails_for_a_scale_that_is_a_tenth_off() -> None:
    bits = random.Random(13).getrandbits
    draws = Counter(discrete_laplace(Fraction(20), bits) for _ in range(DRAWS))
    assert fits(draws, lambda x: math.exp(-abs(x) / 22)) < UNLIKELY


def test_the_variance_is_that_of_the_formula() -> None:
    for scale in (Fraction(1, 3), Fraction(2), Fraction(50)):
        q = math.exp(-1 / scale)
        squares = sum(x * x * q**x for x in range(1, 4000))
        assert discrete_laplace_variance(scale) == pytest.approx(2 * squares * (1 - q) / (1 + q))


class _MoreBitsNeededError(Exception):
    """The path of the algorithm is longer than the bits that were laid out for it."""


def paths(draw: Callable[[RandomBits], int], longest: int) -> Iterator[tuple[int | None, Fraction]]:
    """Every outcome with its exact probability: runs the algorithm on all beginnings of a tape of bits.

    What needs more than ``longest`` bits comes as None.
    """
    waiting = [""]
    while waiting:
        tape = waiting.pop()
        at = 0

        def bits(count: int, tape: str = tape) -> int:
            nonlocal at
            if at + count > len(tape):
                raise _MoreBitsNeededError
            at += count
            return int("0" + tape[at - count : at], 2)

        try:
            outcome = draw(bits)
        except _MoreBitsNeededError:
            if len(tape) < longest:
                waiting += [tape + "0", tape + "1"]
            else:
                yield None, Fraction(1, 2 ** len(tape))
        else:
            yield outcome, Fraction(1, 2 ** len(tape))


def bounds(draw: Callable[[RandomBits], int], longest: int) -> tuple[dict[int, Fraction], Fraction]:
    """Exact lower bounds of the probabilities, and what is left open."""
    found: dict[int, Fraction] = {}
    left = Fraction(0)
    for outcome, probability in paths(draw, longest):
        if outcome is None:
            left += probability
        else:
            found[outcome] = found.get(outcome, Fraction(0)) + probability
    return found, left


@pytest.mark.parametrize("exponent", [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3, 2)])
def test_the_exponential_coin_is_exact_on_every_path(exponent: Fraction) -> None:
    found, left = bounds(lambda bits: int(happens_with_exponential(exponent, bits)), 14)
    assert float(found[1]) <= math.exp(-exponent) <= float(found[1] + left)
    assert left < Fraction(1, 10)


def test_neighbouring_noise_differs_by_the_promised_factor_on_every_path() -> None:
    """P(x) ≤ e^ε P(x + 1) for the algorithm as written, with ε = 1 / scale: from all tapes of 15 bits."""
    found, left = bounds(lambda bits: discrete_laplace(Fraction(1), bits), 15)
    total = 1 / math.tanh(0.5)
    for x in range(-2, 3):
        assert float(found[x]) <= math.exp(-abs(x)) / total <= float(found[x] + left)
    for x in (-1, 0, 1):
        assert float(found[x]) <= math.e * float(found[x + 1] + left)
        assert found[x] == found[-x]


@given(st.integers(1, 500), st.integers(0, 2**32))
def test_a_number_below_a_count_is_below_it(count: int, seed: int) -> None:
    assert 0 <= uniform_below(count, random.Random(seed).getrandbits) < count


@given(st.fractions(min_value=Fraction(1, 50), max_value=300), st.integers(0, 2**32))
def test_any_scale_gives_whole_numbers_that_come_again_with_the_same_bits(scale: Fraction, seed: int) -> None:
    for sampler in (discrete_laplace, discrete_gaussian):
        first, again = (sampler(scale, random.Random(seed).getrandbits) for _ in range(2))
        assert isinstance(first, int)
        assert first == again


@pytest.mark.parametrize(
    "draw",
    [
        lambda bits: uniform_below(0, bits),
        lambda bits: happens(Fraction(3, 2), bits),
        lambda bits: happens_with_exponential(Fraction(-1), bits),
        lambda bits: discrete_laplace(Fraction(0), bits),
        lambda bits: discrete_gaussian(Fraction(-1), bits),
    ],
)
def test_noise_that_does_not_exist_is_refused(draw: Callable[[RandomBits], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        draw(random.Random(1).getrandbits)
