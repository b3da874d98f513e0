"""Facts become columns of numbers without holes, and columns that say the same are found."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tazuna.evaluation.covariates import FEWEST_PEOPLE, KnownNumber, KnownText, coded, dependent
from tazuna.language import message

LABEL = message("Job family")
EVERYBODY = np.ones(60, bool)


def text(*counts: tuple[str, int]) -> KnownText:
    return KnownText("job", LABEL, np.repeat([name for name, _ in counts], [n for _, n in counts]), {})


def test_an_unknown_number_is_the_mean_and_has_a_column_that_says_so() -> None:
    found = coded([KnownNumber("age", LABEL, np.array([30.0, np.nan, 50.0]))], np.ones(3, bool))
    assert found.names == ("age", "age:missing")
    assert found.x.tolist() == [[30, 0], [40, 1], [50, 0]]


def test_the_mean_is_that_of_the_people_looked_at() -> None:
    values = np.array([30.0, np.nan, 50.0, 1000.0])
    found = coded([KnownNumber("age", LABEL, values)], np.array([True, True, True, False]))
    assert found.x[1, 0] == 40


def test_a_text_is_a_column_for_each_frequent_value_but_the_most_frequent() -> None:
    found = coded([text(("a", 30), ("b", 20), ("c", 10))], EVERYBODY)
    assert found.names == ("job=b", "job=c")
    assert found.x.sum(axis=0).tolist() == [20, 10]
    assert found.labels[0].text("en") == "Job family: b"


def test_rare_values_are_put_together_and_unknown_ones_kept_apart() -> None:
    found = coded([text(("a", 40), ("b", 6), ("c", 5), ("", 9))], EVERYBODY)
    assert found.names == ("job=*", "job:missing")
    assert found.x.sum(axis=0).tolist() == [11, 9]
    few = coded([text(("a", 51), ("b", FEWEST_PEOPLE - 1))], EVERYBODY)
    assert few.names == ()


def test_a_fact_that_nobody_knows_is_no_column() -> None:
    facts = [KnownNumber("age", LABEL, np.full(60, np.nan)), text(("", 60))]
    assert coded(facts, EVERYBODY).x.shape == (60, 0)


@given(
    st.lists(st.lists(st.integers(-2, 2), min_size=5, max_size=5), min_size=1, max_size=4),
    st.integers(0, 2**31 - 1),
)
def test_the_columns_kept_are_as_many_as_all_of_them_can_tell(mixes: list[list[int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    plain = rng.normal(size=(30, 5))
    x = np.column_stack([plain[:, :3], *(plain @ np.array(mix, float) for mix in mixes)])
    before = plain[:, 3:4]
    constant, repeated = dependent(x, before)
    kept = np.column_stack([np.ones(30), before, x[:, ~(constant | repeated)]])
    assert np.linalg.matrix_rank(kept) == kept.shape[1]
    assert kept.shape[1] == np.linalg.matrix_rank(np.column_stack([np.ones(30), before, x]))
