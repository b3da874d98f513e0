"""A change of the same people, and what chance alone would bring."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tazuna.evaluation.before_after import Change, before_after
from tazuna.evaluation.refusal import Refusal


def two_waves(rng: np.random.Generator, n: int, r: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    before = rng.normal(50, 10, n)
    return before, 50 + r * (before - 50) + 10 * np.sqrt(1 - r**2) * rng.normal(size=n)


def change(result: Change | Refusal) -> Change:
    assert isinstance(result, Change), result.text("en")
    return result


def codes(found: Change) -> list[str]:
    return [caution.code for caution in found.cautions]


def test_it_is_the_paired_t_test():
    before, after = two_waves(np.random.default_rng(1), 40)
    found = change(before_after(before, after + 3))
    twin = stats.ttest_rel(after + 3, before)
    assert found.change.p_value == pytest.approx(twin.pvalue)
    interval = twin.confidence_interval()
    assert (found.change.lower, found.change.upper) == pytest.approx((interval.low, interval.high))
    assert found.change.n_comparison == 0
    assert found.after - found.before == pytest.approx(found.change.estimate)


def test_it_always_says_that_it_is_no_effect():
    found = change(before_after(*two_waves(np.random.default_rng(2), 40)))
    assert codes(found)[0] == "no_comparison"
    assert "効果ではありません" in found.cautions[0].text("ja")
    assert found.expected_return is None


def test_a_group_chosen_for_a_low_start_rises_by_itself_as_foretold():
    before, after = two_waves(np.random.default_rng(3), 5000)
    found = change(before_after(before, after, group=before < 42))
    assert found.change.estimate > 3
    assert found.expected_return == pytest.approx(found.change.estimate, abs=3 * found.change.std_error)
    assert "regression_to_the_mean" in codes(found)


def test_a_known_slope_is_used():
    before, after = two_waves(np.random.default_rng(4), 400)
    group = before > 55
    found = change(before_after(before, after, group=group, retest=0.75))
    assert found.expected_return == pytest.approx(0.25 * (before.mean() - before[group].mean()))


def test_a_group_like_everybody_needs_no_such_caution():
    before, after = two_waves(np.random.default_rng(5), 400)
    found = change(before_after(before, after, group=np.arange(400) % 2 == 0))
    assert codes(found) == ["no_comparison"]


def test_people_with_one_answer_only_are_counted_and_said():
    before, after = two_waves(np.random.default_rng(6), 100)
    after[:30] = np.nan
    found = change(before_after(before, after))
    assert found.n_lost == 30
    assert found.change.n_treated == 70
    assert codes(found) == ["no_comparison", "many_lost"]
    assert "30 of 100" in found.cautions[1].problem.text("en")


def test_departments_that_move_together_widen_the_interval():
    rng = np.random.default_rng(7)
    department = np.repeat(np.arange(12), 10)
    before, after = two_waves(rng, 120)
    after = after + rng.normal(0, 10, 12)[department]
    alone, together = (change(before_after(before, after, clusters=c)).change for c in (None, department))
    assert together.std_error > 1.5 * alone.std_error
    assert together.df == 11


def test_too_few_pairs_one_department_and_the_same_change_are_refused():
    before, after = two_waves(np.random.default_rng(8), 40)
    cases = {
        "too_few_people": before_after(before[:9], after[:9]),
        "one_cluster": before_after(before, after, clusters=np.zeros(40, dtype=np.int64)),
        "constant_change": before_after(before, before + 5),
    }
    for code, result in cases.items():
        assert isinstance(result, Refusal)
        assert result.code == code
