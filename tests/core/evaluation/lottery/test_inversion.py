"""The test of every effect at once against one regression a redraw, and on lotteries fully listed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.evaluation.lottery.inversion import Inversion, inverted
from tazuna.evaluation.studentised import studentised

ROUNDING = 1e-9


def small_lottery(seed: int, n: int = 24, redraws: int = 199, exposure: str = "part"):
    """Outcome, exposure, draw, redraws and controls of a lottery in which the offer moves the exposure."""
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0.2, 0.7, n)
    drawn, redrawn = rng.random(n) < chance, rng.random((redraws, n)) < chance
    x = {
        "offer": drawn * 1.0,
        "part": drawn * (rng.random(n) < 0.8) * 1.0,
        "hours": drawn * rng.gamma(4, 5, n),
    }[exposure]
    controls = np.column_stack([np.ones(n), chance])
    y = 2 * chance + rng.normal(size=n) + 0.4 * x / max(x.std(), 0.1)
    return y, x, drawn, redrawn, controls


def one_by_one(b, y, x, drawn, redrawn, controls, **options):
    """The p-value of each b from a regression of y - b·x for the draw and each redraw."""
    without = y[:, None] - x[:, None] * np.atleast_1d(b)
    t = studentised(without, np.vstack([drawn, redrawn]), controls, **options).statistics
    return (1 + (np.abs(t[1:]) >= np.abs(t[0]) * (1 - ROUNDING)).sum(axis=0)) / len(t)


@pytest.mark.parametrize("exposure", ["offer", "part", "hours"])
@pytest.mark.parametrize("covariance", ["hc2", "cr1"])
@pytest.mark.parametrize("weighted", [False, True])
def test_every_effect_gets_the_p_value_of_its_own_regressions(exposure, covariance, weighted):
    lottery = small_lottery(4, exposure=exposure)
    rng = np.random.default_rng(9)
    options = {
        "covariance": covariance,
        "clusters": rng.integers(15, size=24),
        "weights": rng.uniform(0.5, 2, 24) if weighted else None,
    }
    found = inverted(*lottery, **options)
    effects = found.estimate + found.std_error * np.array([-40.0, -3.1, -1.7, -0.4, 0.8, 2.2, 5.0])
    p_values = [found.p_value(b) for b in effects]
    assert p_values == pytest.approx(one_by_one(effects, *lottery, **options), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), exposure=st.sampled_from(["offer", "part", "hours"]))
def test_the_interval_spans_exactly_the_effects_that_are_not_rejected(seed, exposure):
    lottery = small_lottery(seed, exposure=exposure)
    found = inverted(*lottery)
    lower, upper = found.interval()
    far = found.estimate + found.std_error * np.tan(np.linspace(-1.57, 1.57, 301))
    accepted = far[one_by_one(far, *lottery) > 0.05]
    assert accepted.min() >= lower - 1e-9 * found.std_error
    assert accepted.max() <= upper + 1e-9 * found.std_error
    if np.isfinite(lower):
        just = 1e-6 * found.std_error
        assert found.p_value(lower) > 0.05
        assert found.p_value(upper) > 0.05
        assert found.p_value(lower - just) <= 0.05 or found.p_value(upper + just) <= 0.05


def test_with_the_offer_as_exposure_the_point_is_the_coefficient_of_the_regression():
    y, x, drawn, redrawn, controls = small_lottery(2, exposure="offer")
    found = inverted(y, x, drawn, redrawn, controls)
    plain = studentised(y[:, None], drawn[None, :], controls)
    assert found.estimate == pytest.approx(plain.coefficients[0, 0])
    assert found.std_error == pytest.approx(plain.std_errors[0, 0])
    assert found.statistics()[0] == pytest.approx(plain.statistics[0, 0])
    assert found.statistics()[1:] == pytest.approx(
        studentised(y[:, None], redrawn, controls).statistics[:, 0]
    )


def test_the_point_is_never_rejected():
    found = inverted(*small_lottery(3))
    assert found.p_value(found.estimate) == 1.0


def test_there_is_no_bound_exactly_where_the_exposure_may_not_move_at_all():
    """The limit of the test is that of the exposure itself; weak exposures leave both ends open."""
    unbounded = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        y, _, drawn, redrawn, controls = small_lottery(seed)
        x = (rng.random(len(y)) < np.where(drawn, 0.6, 0.4)) * 1.0
        found = inverted(y, x, drawn, redrawn, controls)
        (of_exposure,) = one_by_one(0.0, x, 0 * x, drawn, redrawn, controls)
        assert found.p_value(np.inf) == found.p_value(-np.inf) == pytest.approx(of_exposure)
        assert (found.interval() == (-np.inf, np.inf)) == (of_exposure > 0.05)
        unbounded += of_exposure > 0.05
    assert 0 < unbounded < 12


def test_too_few_redraws_to_reject_anything_bound_nothing():
    found = inverted(*small_lottery(1, redraws=18, exposure="offer"))
    assert found.interval() == (-np.inf, np.inf)


def test_pieces_that_are_not_rejected_beyond_a_gap_belong_to_the_interval():
    """p-values of which one island lies far out: the hull reaches it."""
    gaps = 0
    for seed in range(60):
        lottery = small_lottery(seed, n=12, redraws=39)
        try:
            found = inverted(*lottery)
        except ValueError:
            continue
        lower, upper = found.interval()
        if not np.isfinite(lower):
            continue
        inside = np.linspace(lower, upper, 400)[1:-1]
        gaps += any(found.p_value(b) <= 0.05 for b in inside)
        outside = found.estimate + found.std_error * np.tan(np.linspace(-1.57, 1.57, 500))
        outside = outside[(outside < lower - 1e-9) | (outside > upper + 1e-9)]
        assert all(found.p_value(b) <= 0.05 for b in outside)
    assert gaps >= 2


def test_a_redraw_with_the_offers_of_the_draw_never_speaks_against_an_effect():
    y, x, drawn, redrawn, controls = small_lottery(6, redraws=50, exposure="offer")
    redrawn[:7] = drawn
    found = inverted(y, x, drawn, redrawn, controls)
    assert found.p_value(np.inf) == pytest.approx(8 / 51)
    assert found.p_value(found.estimate + 1e6 * found.std_error) == pytest.approx(8 / 51)


def test_a_redraw_that_the_controls_explain_counts_as_no_evidence():
    y, x, drawn, redrawn, controls = small_lottery(8, redraws=30, exposure="offer")
    with_some = redrawn.copy()
    with_some[:5] = True
    found, rest = (inverted(y, x, drawn, rows, controls) for rows in (with_some, redrawn[5:]))
    for b in (-1.0, 0.0, 2.0):
        assert found.p_value(b) * 31 == pytest.approx(rest.p_value(b) * 26)
    assert (found.statistics()[1:6] == 0).all()


def all_draws(sizes: list[tuple[int, int]]) -> np.ndarray:
    """Every way to give places by lot in several rounds of (people, places)."""
    ways = [np.zeros((1, 0), bool)]
    for people, places in sizes:
        rows = np.zeros((0, people), bool)
        for chosen in combinations(range(people), places):
            rows = np.vstack([rows, np.isin(np.arange(people), chosen)])
        ways.append(rows)
    found = ways[0]
    for rows in ways[1:]:
        found = np.hstack([np.repeat(found, len(rows), axis=0), np.tile(rows, (len(found), 1))])
    return found


@pytest.mark.parametrize("kind", ["offer", "part", "hours"])
def test_over_all_draws_of_a_lottery_the_true_effect_is_rejected_no_more_often_than_allowed(kind):
    """Two rounds, 5 people for 2 places and 6 for 3: 200 draws, each as likely, and each held against all."""
    draws = all_draws([(5, 2), (6, 3)])
    rng = np.random.default_rng(5)
    n, effect = draws.shape[1], 0.7
    without = rng.standard_t(3, n)
    strength = {"offer": np.ones(n), "part": rng.random(n) < 0.75, "hours": rng.gamma(3, 4, n)}[kind]
    controls = np.column_stack([np.ones(n), np.arange(n) < 5, rng.normal(size=n)])
    p_values, covered = [], []
    for number, drawn in enumerate(draws):
        x = strength * drawn
        found = inverted(without + effect * x, x, drawn, np.delete(draws, number, axis=0), controls)
        p_values.append(found.p_value(effect))
        lower, upper = found.interval()
        covered.append(lower <= effect <= upper)
    p = np.array(p_values)
    for level in (0.01, 0.05, 0.1, 0.25, 0.5):
        assert (p <= level).mean() <= level + 1e-12
    # Exact, not only cautious: with 200 draws the test may reject ten of them at 5%, and nearly does.
    assert (p <= 0.05).mean() >= 0.04
    assert np.mean(covered) >= 0.95


def test_what_the_draw_cannot_tell_is_an_error_of_the_caller():
    y, x, drawn, redrawn, controls = small_lottery(1)
    with pytest.raises(ValueError, match="no effect"):
        inverted(y, 0 * x, drawn, redrawn, controls)
    assert isinstance(inverted(y, x, drawn, redrawn, controls), Inversion)
