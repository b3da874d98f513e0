"""Named random streams, and the largest of each group."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tazuna.simulation.streams import gumbel, largest_in_groups, stream


def test_the_same_name_gives_the_same_numbers() -> None:
    assert np.array_equal(stream(3, "age", 1).random(5), stream(3, "age", 1).random(5))


def test_names_and_seeds_give_different_numbers() -> None:
    draws = {float(stream(*key).random()) for key in [(3, "age"), (3, "gender"), (4, "age"), (3, "age", 1)]}
    assert len(draws) == 4


def test_gumbel_weights_tilt_a_normal_trait_by_their_strength() -> None:
    trait = stream(1, "trait").standard_normal(200_000)
    keen = 0.6 * trait + gumbel(stream(1, "keen"), trait.size)
    assert abs(trait[np.argsort(-keen)[:2_000]].mean() - 0.6) < 0.08


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-5, 5)), min_size=1, max_size=40), st.integers(0, 6))
def test_the_largest_of_each_group_are_taken(members: list[tuple[int, float]], how_many: int) -> None:
    group = np.array([member[0] for member in members])
    value = np.array([member[1] for member in members])
    taken = largest_in_groups(value, group, np.full(4, how_many))
    for number in range(4):
        inside, outside = value[taken & (group == number)], value[~taken & (group == number)]
        assert inside.size == min(how_many, int((group == number).sum()))
        assert inside.size == 0 or outside.size == 0 or inside.min() >= outside.max()
