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

from tazuna.disclosure import discrete_noise
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


def test_the_fit_fails_for_a_scale_that_is_a_fifth_off() -> None:
    bits = random.Random(13).getrandbits
    draws = Counter(discrete_laplace(Fraction(20), bits) for _ in range(DRAWS))
    assert fits(draws, lambda x: math.exp(-abs(x) / 24)) < UNLIKELY


def test_the_variance_is_that_of_the_formula() -> None:
    for scale in (Fraction(1, 3), Fraction(2), Fraction(50)):
        q = math.exp(-1 / scale)
        squares = sum(x * x * q**x for x in range(1, 4000))
        assert discrete_laplace_variance(scale) == pytest.approx(2 * squares * (1 - q) / (1 + q))


class _ForkError(Exception):
    """The algorithm asks for a choice beyond those that were laid out for it."""

    def __init__(self, probabilities: list[float]) -> None:
        super().__init__()
        self.probabilities = probabilities


Choose = Callable[[list[float]], int]


def outcomes(run: Callable[[Choose], int], rarest: float) -> tuple[dict[int, float], float]:
    """The probability of each outcome by going through all choices that the algorithm can be given.

    Paths rarer than ``rarest`` are left open; their sum is the second result.
    """
    found: dict[int, float] = {}
    left = 0.0
    waiting: list[tuple[list[int], float]] = [([], 1.0)]
    while waiting:
        path, probability = waiting.pop()
        if probability < rarest:
            left += probability
            continue
        ahead = iter(path)

        def choose(probabilities: list[float], ahead: Iterator[int] = ahead) -> int:
            chosen = next(ahead, None)
            if chosen is None:
                raise _ForkError(probabilities)
            return chosen

        try:
            outcome = run(choose)
        except _ForkError as fork:
            chances = enumerate(fork.probabilities)
            waiting += [([*path, n], probability * chance) for n, chance in chances if chance]
        else:
            found[outcome] = found.get(outcome, 0.0) + probability
    return found, left


def bits_of(choose: Choose) -> RandomBits:
    return lambda count: choose([1 / 2**count] * 2**count) if count else 0


@pytest.mark.parametrize("exponent", [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3, 2)])
def test_the_exponential_coin_is_exact_on_every_path_of_bits(exponent: Fraction) -> None:
    found, left = outcomes(lambda choose: happens_with_exponential(exponent, bits_of(choose)), 2.0**-20)
    assert left < 0.01
    assert found[True] <= math.exp(-exponent) <= found[True] + left


def with_a_given_coin(
    draw: Callable[[RandomBits], int], monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[int, float], float]:
    """Outcomes of a sampler whose exponential coin, tested above, is one choice of that probability."""
    holder: list[Choose] = []

    def coin(exponent: Fraction, random_bits: RandomBits) -> bool:
        del random_bits
        chance = math.exp(-exponent)
        return holder[0]([1 - chance, chance]) == 1

    def run(choose: Choose) -> int:
        holder[:] = [choose]
        return draw(bits_of(choose))

    monkeypatch.setattr(discrete_noise, "happens_with_exponential", coin)
    return outcomes(run, 1e-5)


@pytest.mark.parametrize("scale", [Fraction(1, 2), Fraction(1), Fraction(2)])
def test_neighbouring_noise_differs_by_the_promised_factor_on_all_paths(
    scale: Fraction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P(x) ≤ e^ε P(x + 1) and the other way round with ε = 1 / scale."""
    found, left = with_a_given_coin(lambda bits: discrete_laplace(scale, bits), monkeypatch)
    assert left < 0.006
    total = 1 / math.tanh(0.5 / scale)
    for x in range(-2, 3):
        assert found[x] <= math.exp(-abs(x) / scale) / total <= found[x] + left
        assert found[x] == pytest.approx(found[-x], abs=1e-12)
    for x in range(-2, 2):
        low, high = sorted((found[x], found[x + 1]))
        assert high <= math.exp(1 / scale) * (low + left)


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
