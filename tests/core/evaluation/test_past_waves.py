"""Correlation, response and ICC are those of the waves before the round, or said to be assumed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.core.evaluation.planned_round import planned_round

from tazuna.errors import StudyError
from tazuna.evaluation.past_waves import (
    USUAL_ICC,
    PastWaves,
    intraclass_correlation,
    past_waves,
    source_named,
)
from tazuna.study import Study


def past_of(study: Study, before: str) -> PastWaves:
    return past_waves(study, source_named(study, "used_at_work"), before)


def test_correlation_and_response_are_measured_on_the_last_pair_of_waves(tmp_path: Path) -> None:
    found = past_of(planned_round(tmp_path / "study"), "w2")
    assert (found.earlier, found.before) == ("w1", "w2")
    assert (found.asked_again, found.answered_again) == (200, 150)
    assert found.response_share == 0.75
    assert found.r_measured
    assert found.r == pytest.approx(0.8, abs=0.06)
    assert found.deviation == pytest.approx(10, rel=0.15)


def test_without_an_outcome_the_correlation_is_assumed(tmp_path: Path) -> None:
    found = past_waves(planned_round(tmp_path / "study"), None, "w2")
    assert (found.r, found.r_measured) == (0.7, False)
    assert (found.icc, found.icc_measured) == (USUAL_ICC, False)
    assert found.deviation is None


def test_with_a_single_wave_nobody_is_said_to_be_lost(tmp_path: Path) -> None:
    found = past_of(planned_round(tmp_path / "study", waves=1), "w1")
    assert found.earlier is None
    assert found.response_share is None
    assert (found.r, found.r_measured) == (0.7, False)
    assert len(found.answered) == 200


def test_few_pairs_do_not_measure_a_correlation(tmp_path: Path) -> None:
    found = past_of(planned_round(tmp_path / "study", applicants=20, others=15), "w2")
    assert found.answered_again < 30
    assert not found.r_measured


def test_an_unknown_outcome_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="used_at_wrk") as caught:
        source_named(planned_round(tmp_path / "study"), "used_at_wrk")
    assert "used_at_work" in caught.value.text("en")


def test_the_icc_is_that_of_the_analysis_of_variance() -> None:
    """Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420, table 2: ICC(1,1) = .17 for six targets."""
    ratings = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
    found = intraclass_correlation(ratings.ravel().astype(float), np.repeat(np.arange(6), 4))
    assert found == pytest.approx(0.17, abs=0.005)


def test_groups_that_differ_less_than_by_chance_have_an_icc_of_0() -> None:
    assert intraclass_correlation(np.array([0.0, 1.0, 0.0, 1.0]), np.array([0, 0, 1, 1])) == 0.0
    assert intraclass_correlation(np.array([1.0, 2.0]), np.array([0, 1])) is None
    assert intraclass_correlation(np.array([]), np.array([], np.int64)) is None
