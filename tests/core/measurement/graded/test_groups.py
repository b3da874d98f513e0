"""Groups on one scale, and questions that work differently."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tazuna.measurement.graded.different_items import different_items, with_joined_categories
from tazuna.measurement.graded.fit import GradedError
from tazuna.measurement.graded.groups import fit_linked
from tazuna.measurement.graded.items import GradedItems

from .conftest import answers_of


def test_the_second_group_gets_the_mean_and_spread_it_was_made_with(questions: GradedItems) -> None:
    rng = np.random.default_rng(0)
    one, two = rng.standard_normal(3000), 0.6 + 1.3 * rng.standard_normal(3000)
    linked = fit_linked(
        [answers_of(questions, one, 1), answers_of(questions, two, 2)], questions.codes, ["2024", "2025"]
    )
    # In the unit of the first sample.
    shift, stretch = (two.mean() - one.mean()) / one.std(), two.std() / one.std()
    assert linked.populations.means == pytest.approx([0, shift], abs=0.04)
    assert linked.populations.deviations == pytest.approx([1, stretch], abs=0.05)
    assert linked.items[0] is not linked.items[1]
    assert linked.items[0].slopes == pytest.approx(linked.items[1].slopes)


def test_waves_with_different_forms_are_linked_by_what_they_share(questions: GradedItems) -> None:
    rng = np.random.default_rng(3)
    first = answers_of(questions, rng.standard_normal(3000), 1)
    second = answers_of(questions, -0.4 + rng.standard_normal(3000), 2)
    first[:, 6:], second[:, :2] = np.nan, np.nan
    linked = fit_linked([first, second], questions.codes, ["long", "short"])
    assert linked.populations.means[1] == pytest.approx(-0.4, abs=0.1)


def test_the_question_that_was_made_harder_is_found_and_no_other(questions: GradedItems) -> None:
    rng = np.random.default_rng(4)
    harder = questions.intercepts.copy()
    harder[3] -= 1.2
    first = answers_of(questions, rng.standard_normal(1500), 5)
    second = answers_of(replace(questions, intercepts=harder), 0.3 + rng.standard_normal(1500), 6)
    found = different_items([first, second], questions.codes, ["a", "b"])
    assert [item.code for item in found if item.differs] == ["q3"]
    assert next(item for item in found if item.code == "q3").size < -0.3


def test_equal_groups_rarely_differ(questions: GradedItems) -> None:
    rng = np.random.default_rng(8)
    groups = [answers_of(questions, rng.standard_normal(700), seed) for seed in (1, 2)]
    found = different_items(groups, questions.codes, ["a", "b"])
    assert not any(item.differs for item in found)
    # p-values of eight true nulls: some must lie in the upper half.
    assert max(item.p_value for item in found) > 0.5


def test_a_category_missing_in_one_group_joins_the_next_lower() -> None:
    first = np.array([[1.0], [2.0], [3.0], [4.0]])
    second = np.array([[2.0], [4.0], [np.nan], [2.0]])
    joined = with_joined_categories([first, second])
    assert joined[0].ravel().tolist() == [2, 2, 2, 4]
    assert joined[1][:2].ravel().tolist() == [2, 4]
    assert np.isnan(joined[1][2, 0])


def test_too_few_shared_questions_are_refused(questions: GradedItems) -> None:
    rng = np.random.default_rng(3)
    first = answers_of(questions, rng.standard_normal(300), 1)
    second = answers_of(questions, rng.standard_normal(300), 2)
    first[:, 4:], second[:, :2] = np.nan, np.nan
    with pytest.raises(GradedError, match="2"):
        fit_linked([first, second], questions.codes, ["a", "b"])
