"""Who took part against everybody else with both answers; and before and after alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.core.evaluation.made_arrays import asked
from tests.core.evaluation.made_arrays import people as made_people

from tazuna.evaluation.arrays import ChangeArrays, ComparisonArrays, Covariates, PeopleArrays
from tazuna.evaluation.comparison_arrays import change_arrays, comparison_arrays
from tazuna.evaluation.refusal import Refusal
from tazuna.language import message

N = 60


@pytest.fixture
def people() -> PeopleArrays:
    rng = np.random.default_rng(3)
    return made_people(rng, N, np.arange(N) < 15, 2.0)


def compared(people: PeopleArrays) -> ComparisonArrays:
    found = comparison_arrays(asked(), people)
    assert isinstance(found, ComparisonArrays)
    return found


def refused(people: PeopleArrays) -> str:
    found = comparison_arrays(asked(), people)
    assert isinstance(found, Refusal)
    return found.code


def outcome(people: PeopleArrays, **values: np.ndarray) -> PeopleArrays:
    return replace(people, outcome=replace(people.outcome, **values))


def covariates(people: PeopleArrays, *, named: bool = False, **columns: np.ndarray) -> PeopleArrays:
    x = np.column_stack(list(columns.values())).astype(float)
    labels = tuple(message("x") for _ in columns)
    return replace(people, covariates=Covariates(x, tuple(columns), labels, named))


def test_everybody_with_both_answers_is_compared_and_the_baseline_comes_first(people: PeopleArrays) -> None:
    y = people.outcome.y.copy()
    y[[0, 20]] = np.nan
    baseline = people.outcome.baseline.copy()
    baseline[[1, 30]] = np.nan
    found = compared(outcome(people, y=y, baseline=baseline))
    assert found.row.tolist() == [at for at in range(N) if at not in (0, 1, 20, 30)]
    assert found.treated.sum() == 13
    assert found.names == ("baseline", "age_band=50+")
    assert np.array_equal(found.x[:, 0], baseline[found.row])
    assert np.array_equal(found.y, y[found.row])
    assert found.labels[0].text("en") == "engagement before"
    assert np.array_equal(found.clusters, people.department[found.row])


def test_somebody_who_began_without_completing_is_in_neither_group(people: PeopleArrays) -> None:
    hours = people.hours.copy()
    hours[[20, 21]] = 3.0, np.nan
    found = compared(replace(people, hours=hours))
    assert not {20, 21} & set(found.row.tolist())
    assert [caution.code for caution in found.cautions] == ["began_without_completing"]
    assert found.cautions[0].text("en").startswith("2 people ")


def test_covariates_that_say_nothing_are_dropped_and_named(people: PeopleArrays) -> None:
    rng = np.random.default_rng(4)
    size, noise = rng.normal(size=N), rng.normal(size=N)
    mixed = covariates(
        people, flat=np.ones(N), size=size, twice=2 * size + people.outcome.baseline, noise=noise
    )
    found = compared(mixed)
    assert found.names == ("baseline", "size", "noise")
    assert np.linalg.matrix_rank(np.column_stack([np.ones(N), found.x])) == 4
    assert [caution.code for caution in found.cautions] == ["covariates_dropped"]
    assert "flat, twice" in found.cautions[0].text("en")


def test_a_fact_of_which_a_column_is_left_is_not_called_dropped(people: PeopleArrays) -> None:
    found = compared(covariates(people, **{"age": np.arange(N) % 7, "age:missing": np.zeros(N)}))
    assert found.names == ("baseline", "age")
    assert found.cautions == ()


def test_covariates_that_somebody_named_are_refused_instead(people: PeopleArrays) -> None:
    size = np.arange(N) % 5
    assert refused(covariates(people, named=True, flat=np.ones(N))) == "constant_covariate"
    assert refused(covariates(people, named=True, size=size, twice=2 * size)) == "collinear_covariates"


def test_a_baseline_that_is_the_same_for_everybody_is_no_column(people: PeopleArrays) -> None:
    assert compared(outcome(people, baseline=np.full(N, 50.0))).names == ("age_band=50+",)


@pytest.mark.parametrize(
    ("took_part", "code"), [(np.zeros(N, bool), "none_treated"), (np.ones(N, bool), "all_treated")]
)
def test_everybody_or_nobody_taking_part_is_refused(
    people: PeopleArrays, took_part: np.ndarray, code: str
) -> None:
    assert refused(replace(people, took_part=took_part)) == code


def test_nobody_with_both_answers_among_those_who_took_part_is_refused(people: PeopleArrays) -> None:
    y = np.where(people.took_part, np.nan, people.outcome.y)
    assert refused(outcome(people, y=y)) == "none_treated"


def test_without_the_wave_before_nothing_is_compared(people: PeopleArrays) -> None:
    lost = outcome(people, baseline=np.full(N, np.nan))
    assert refused(lost) == "wave_missing"
    change = change_arrays(asked(), lost)
    assert isinstance(change, Refusal)
    assert change.code == "wave_missing"


def test_an_outcome_without_spread_among_those_compared_is_refused(people: PeopleArrays) -> None:
    assert refused(outcome(people, y=np.full(N, 4.0))) == "constant_outcome"


def test_the_change_is_of_those_who_took_part(people: PeopleArrays) -> None:
    found = change_arrays(asked(), people)
    assert isinstance(found, ChangeArrays)
    assert np.array_equal(found.group, people.took_part)
    assert np.array_equal(found.before, people.outcome.baseline)
    assert np.array_equal(found.after, people.outcome.y)
    nobody = change_arrays(asked(), replace(people, took_part=np.zeros(N, bool)))
    assert isinstance(nobody, Refusal)
    assert nobody.code == "none_treated"
