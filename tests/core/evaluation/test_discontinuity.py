"""The step at a cut-off, where it is known and where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.evaluation.discontinuity import FEWEST_A_SIDE, Discontinuity, discontinuity
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal


def interviews(
    rng: np.random.Generator, n: int, effect: float = 2.0, curve: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcome, score and who got a place: a cut-off of 55."""
    score = rng.normal(50, 10, n)
    treated = score >= 55
    far = (score - 55) / 10
    return effect * treated + far + curve * np.sin(2 * far) + rng.normal(size=n), score, treated


def found_in(result: Discontinuity | Refusal) -> Discontinuity:
    assert isinstance(result, Discontinuity), result.text("en")
    return result


def refused(*given: object, **options: object) -> Refusal:
    result = discontinuity(*given, **options)
    assert isinstance(result, Refusal), result
    return result


def test_the_truth_lies_in_most_intervals():
    rng = np.random.default_rng(1)
    results = [found_in(discontinuity(*interviews(rng, 400), 55.0)) for _ in range(120)]
    errors = np.array([r.estimate.estimate - 2 for r in results])
    assert abs(errors.mean()) < 3 * errors.std() / np.sqrt(120)
    # Three binomial deviations below 95% of 120 are 89%.
    assert np.mean([r.estimate.lower <= 2 <= r.estimate.upper for r in results]) >= 0.88
    assert np.mean([r.corrected.lower <= 2 <= r.corrected.upper for r in results]) >= 0.88


def test_where_lines_bend_the_corrected_interval_holds():
    rng = np.random.default_rng(2)
    results = [found_in(discontinuity(*interviews(rng, 400, curve=1.0), 55.0)) for _ in range(120)]
    corrected = [r.corrected for r in results]
    assert np.mean([c.lower <= 2 <= c.upper for c in corrected]) >= 0.88
    bias = [
        abs(np.mean([e.estimate for e in some]) - 2) for some in (corrected, [r.estimate for r in results])
    ]
    assert bias[0] < bias[1]


def test_it_is_the_difference_of_two_weighted_lines_at_the_cutoff():
    y, score, treated = interviews(np.random.default_rng(3), 300)
    found = found_in(discontinuity(y, score, treated, 55.0, bandwidth=8.0))
    heights = []
    for side in (treated, ~treated):
        r = score[side] - 55
        root = np.sqrt(np.maximum(1 - np.abs(r) / 8, 0))
        line = np.column_stack([root, root * r])
        heights.append(np.linalg.lstsq(line, root * y[side], rcond=None)[0][0])
    assert found.estimate.estimate == pytest.approx(heights[0] - heights[1])
    assert found.bandwidth == 8.0
    assert found.estimate.n_treated == ((score >= 55) & (score < 63)).sum()


def test_placebo_cutoffs_show_nothing_though_the_real_one_is_near():
    rng = np.random.default_rng(4)
    hits, tried = 0, 0
    for _ in range(60):
        found = found_in(discontinuity(*interviews(rng, 400, effect=5.0), 55.0))
        for placebo in found.placebos:
            if isinstance(placebo.result, Estimate):
                tried += 1
                hits += placebo.result.excludes_zero
    assert tried > 60
    assert hits / tried < 0.13


def test_a_placebo_without_people_is_refused_and_the_rest_stands():
    y, score, treated = interviews(np.random.default_rng(5), 300)
    found = found_in(discontinuity(y, score, treated, 55.0, placebos=[200.0, 50.0]))
    assert isinstance(found.placebos[0].result, Refusal)
    assert isinstance(found.placebos[1].result, Estimate)


def test_fewer_than_twenty_on_a_side_are_refused_with_their_numbers():
    y, score, treated = interviews(np.random.default_rng(6), 300)
    near = np.sort(score[treated])[FEWEST_A_SIDE - 1] - 55
    refusal = refused(y, score, treated, 55.0, bandwidth=near)
    assert refusal.code == "too_few_near_cutoff"
    assert "19 people at or above" in refusal.problem.text("en")
    assert isinstance(discontinuity(y, score, treated, 55.0, bandwidth=near * 1.001), Discontinuity)


def test_a_cutoff_with_exceptions_is_refused_with_their_numbers():
    y, score, treated = interviews(np.random.default_rng(7), 300)
    treated = treated.copy()
    treated[np.argmax(score)] = False
    treated[np.argmin(score)] = True
    refusal = refused(y, score, treated, 55.0)
    assert refusal.code == "not_sharp"
    assert "1 at or above it got no place, 1 below it got one" in refusal.problem.text("en")


def test_what_carries_no_estimate_is_refused():
    y, score, treated = interviews(np.random.default_rng(8), 300)
    everybody = np.ones(300, dtype=bool)
    assert refused(y, score, everybody, 0.0).code == "all_treated"
    assert refused(y, score, ~everybody, 200.0).code == "none_treated"
    assert refused(np.ones(300), score, treated, 55.0).code == "constant_outcome"
    assert refused(np.where(treated, np.nan, y), score, treated, 55.0).code == "missing_values"
    grades = np.where(treated, 4.0, np.round(score / 20))
    assert refused(y, grades, grades >= 4, 4.0).code == "few_scores"


def test_nudged_scores_are_said_beside_the_number():
    rng = np.random.default_rng(9)
    y, score, _ = interviews(rng, 800)
    nudged = np.where((score < 55) & (score > 53) & (rng.random(800) < 0.7), score + 2, score)
    found = found_in(discontinuity(y, nudged, nudged >= 55, 55.0))
    assert "score_density_jumps" in [caution.code for caution in found.cautions]


def test_whole_points_are_said_to_be_coarse():
    y, score, _ = interviews(np.random.default_rng(10), 600)
    whole = np.round(score)
    found = found_in(discontinuity(y, whole, whole >= 55, 55.0, bandwidth=6.0))
    assert "coarse_scores" in [caution.code for caution in found.cautions]


def test_clusters_count_instead_of_people():
    y, score, treated = interviews(np.random.default_rng(11), 400)
    found = found_in(discontinuity(y, score, treated, 55.0, clusters=np.arange(400) % 30))
    assert found.estimate.df == 29
