"""The number of classes, and classes that do or do not come out again."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tazuna.measurement.classes.agreement import adjusted_rand, agreement
from tazuna.measurement.classes.replication import find_classes
from tazuna.measurement.classes.rule_items import bounds_of, classes_beside_rules, readings_of, rule_items
from tazuna.measurement.graded.items import Floats
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.groups import classify

CODES = tuple("abcde")


def clear_groups(shares: list[float], n: int = 1200) -> tuple[Floats, np.ndarray]:
    """Everybody answers like their group, but for one answer in seven."""
    rng = np.random.default_rng(5)
    group = rng.choice(len(shares), n, p=shares)
    typical = np.array([[1, 1, 1, 1, 1], [5, 5, 5, 5, 5], [1, 5, 1, 5, 3]])[: len(shares)]
    answers = typical[group].astype(float)
    odd = rng.random(answers.shape) < 0.15
    answers[odd] = rng.integers(1, 6, odd.sum())
    return answers, group


def test_clear_groups_are_found_in_number_and_replicated() -> None:
    answers, group = clear_groups([0.5, 0.3, 0.2])
    found = find_classes(answers, CODES, np.random.default_rng(1), splits=3)
    assert len(found.classes.sizes) == 3
    assert found.verdict == "replicated"
    assert found.replication > 0.9
    names = ("1", "2", "3")
    assert agreement(group, found.classes.classes_of(answers), names, names).adjusted_rand > 0.95


def test_answers_without_groups_make_one_class() -> None:
    answers = np.random.default_rng(2).integers(1, 6, (800, 5)).astype(float)
    found = find_classes(answers, CODES, np.random.default_rng(1))
    assert found.verdict == "one_class"
    assert np.isnan(found.replication)


def test_slices_of_one_dimension_are_not_called_groups() -> None:
    rng = np.random.default_rng(3)
    trait = rng.standard_normal(500)
    answers = np.column_stack(
        [np.digitize(trait + 1.2 * rng.standard_normal(500), [-1, -0.3, 0.3, 1]) + 1.0 for _ in CODES]
    )
    found = find_classes(answers, CODES, np.random.default_rng(1), splits=3)
    assert found.verdict == "not_replicated"


def test_a_class_under_five_percent_is_not_named() -> None:
    answers, _ = clear_groups([0.6, 0.37, 0.03])
    found = find_classes(answers, CODES, np.random.default_rng(1), splits=1)
    assert len(found.classes.sizes) == 3
    assert found.verdict == "small_class"


def test_the_adjusted_rand_index_of_hubert_and_arabie() -> None:
    # Pairs of people by hand: together, in the same row, in the same column, of 45.
    counts = np.array([[4, 1, 0], [1, 2, 2]])
    together, rows, columns = 6 + 1 + 1, 10 + 10, 10 + 3 + 1
    chance = rows * columns / 45
    assert adjusted_rand(counts) == pytest.approx((together - chance) / ((rows + columns) / 2 - chance))


def test_independent_groupings_agree_no_more_than_by_chance() -> None:
    rng = np.random.default_rng(0)
    found = agreement(rng.integers(0, 3, 5000), rng.integers(0, 4, 5000), "abc", "wxyz")
    assert abs(found.adjusted_rand) < 0.01
    assert found.n == 5000


def test_people_unknown_to_either_are_left_out() -> None:
    found = agreement(np.array([0, -1, 1]), np.array([0, 0, -1]), "ab", "c")
    assert found.counts.tolist() == [[1], [0]]
    assert np.isnan(found.adjusted_rand)


def test_the_rules_of_layers_and_unmoved_groups_read_six_things() -> None:
    assert readings_of(group_rules(), ("layer", "unmoved")) == ("E", "B", "I", "G", "U", "R")
    assert bounds_of(group_rules(), "E") == [40.0, 60.0]
    people = pl.DataFrame({"co": [39.9, 40.0, 60.0, None], "answer:lg_practice": [1, 5, None, 3]})
    answers, codes = rule_items(people, group_rules())
    assert codes == ("co", "lg_practice")
    np.testing.assert_array_equal(answers, [[0, 1], [1, 5], [2, np.nan], [np.nan, 3]])


def test_classes_are_compared_with_the_groups_by_rule() -> None:
    rng = np.random.default_rng(4)
    keen = rng.random(900) < 0.4
    people = pl.DataFrame(
        {
            "co": np.where(keen, 75.0, 35.0),
            **{
                f"answer:lg_{name}": np.clip(np.where(keen, 5, 2) + rng.integers(-1, 2, 900), 1, 5)
                for name in ("practice", "interest", "support", "use_here")
            },
            "answer:lg_met": (rng.random(900) < np.where(keen, 0.9, 0.3)).astype(int),
        }
    )
    found = classes_beside_rules(classify(people, group_rules()), group_rules(), np.random.default_rng(0))
    assert found.solution.verdict == "replicated"
    assert found.agreement["layer"].adjusted_rand > 0.8
    assert found.agreement["unmoved"].rows == group_rules().groups("unmoved")
    assert found.agreement["unmoved"].n == 900
