"""The effect of one of two things that the draw moves, whatever the other does."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.evaluation.lottery.two_programmes import two_programmes

from tazuna.evaluation.lottery.two_exposures import NUISANCE_LEVEL, two_exposures
from tazuna.evaluation.regression import Fit, least_squares


def beside(y, made, covariance="hc2", clusters=None, number=0):
    """The programme of draw ``number`` beside the other one, against all draws."""
    return two_exposures(
        y,
        (made.first[number], made.second[number]),
        lambda part: (made.first[part], made.second[part]),
        len(made.first),
        made.controls,
        covariance=covariance,
        clusters=clusters,
    )


@pytest.mark.parametrize("kind", ["hc2", "cr1"])
def test_the_coefficients_and_errors_are_those_of_the_regression_on_both(kind):
    made = two_programmes(3, people=50, draws=40)
    y = made.without + 3 * made.first[7]
    clusters = np.arange(len(y)) // 2
    found = beside(y, made, kind, clusters, number=7)
    columns = np.column_stack([made.controls, made.first[7], made.second[7]])
    names = [f"c{number}" for number in range(columns.shape[1] - 2)]
    fit = least_squares(y, columns, [*names, "x", "z"], covariance=kind, clusters=clusters)
    assert isinstance(fit, Fit)
    assert found.estimate == pytest.approx(fit.coefficient("x"))
    assert found.std_error == pytest.approx(fit.std_error("x"))
    assert found.other == pytest.approx(fit.coefficient("z"))
    assert found.other_std_error == pytest.approx(fit.std_error("z"))


@pytest.mark.parametrize("b", [0.0, 4.0, -9.0])
@pytest.mark.parametrize("kind", ["hc2", "cr1"])
def test_the_p_value_is_that_of_regressions_one_by_one(b, kind):
    made = two_programmes(5, people=40, draws=30)
    y = made.without + 3 * made.first[0]
    clusters = np.arange(len(y)) // 2
    found = beside(y, made, kind, clusters)
    # With 30 redraws no effect of the other programme is rejected at 0.1%, so all are searched.
    angles = np.linspace(-np.pi / 2, np.pi / 2, 61)[1:-1]
    names = [f"c{number}" for number in range(made.controls.shape[1])]
    largest = 0.0
    for other in np.tan(angles[::12]) * found.other_std_error + found.other:
        statistics = []
        for x, z in zip(made.first, made.second, strict=True):
            rest = y - b * made.first[0] - other * made.second[0]
            columns = np.column_stack([made.controls, x, z])
            fit = least_squares(rest, columns, [*names, "x", "z"], covariance=kind, clusters=clusters)
            assert isinstance(fit, Fit)
            statistics.append(abs(fit.coefficient("x") / fit.std_error("x")))
        as_far = (np.array(statistics) >= statistics[0] * (1 - 1e-9)).sum()
        largest = max(largest, (1 + as_far) / (len(statistics) + 1))
    assert found.p_value(b) >= largest - 1e-12
    assert found.p_value(b) <= 1.0
    assert found.p_value(b) == pytest.approx(largest + NUISANCE_LEVEL, abs=3 / 31)


def test_the_interval_holds_the_effects_that_are_not_rejected_and_no_others():
    made = two_programmes(11, people=80, draws=400)
    found = beside(made.without + 5 * made.first[0], made)
    lower, upper = found.interval()
    assert lower < found.estimate < upper
    step = 1e-3 * found.std_error
    for end, out in ((lower, -step), (upper, step)):
        assert found.p_value(end) > 0.05
        assert found.p_value(end + out) <= 0.05
    assert (lower <= 0 <= upper) == (found.p_value() > 0.05)


def test_adding_an_effect_of_either_moves_the_estimate_by_just_that_and_no_other_number():
    made = two_programmes(2, people=60, draws=200)
    plain = beside(made.without, made)
    moved = beside(made.without + 7 * made.first[0] - 20 * made.second[0], made)
    assert moved.estimate == pytest.approx(plain.estimate + 7)
    assert moved.std_error == pytest.approx(plain.std_error)
    assert moved.p_value(7) == pytest.approx(plain.p_value(0))


def test_exposures_that_the_draw_does_not_tell_apart_have_no_test():
    made = two_programmes(2, people=30, draws=10)
    with pytest.raises(ValueError, match="apart"):
        two_exposures(
            made.without,
            (made.first[0], ~made.first[0]),
            lambda part: (made.first[part], ~made.first[part]),
            10,
            made.controls,
        )


def test_twenty_redraws_or_fewer_set_no_bound():
    made = two_programmes(4, people=40, draws=12)
    assert beside(made.without, made).interval() == (-np.inf, np.inf)
