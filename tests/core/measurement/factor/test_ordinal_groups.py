"""Ordered answers of several groups against lavaan, frozen by tests/reference/lavaan/ordinal_groups.R."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tazuna.measurement.factor.maximum_likelihood import FactorError
from tazuna.measurement.factor.model import parse_model
from tazuna.measurement.factor.ordinal_groups import (
    OrdinalGroupsFit,
    fit_ordinal_groups,
    ordinal_covariance,
    ordinal_indices,
    step_test,
)
from tazuna.measurement.factor.ordinal_moments import OrdinalMoments, ordinal_moments
from tazuna.measurement.factor.ordinal_steps import OrdinalStep, identified_steps, layout_of
from tazuna.measurement.graded.items import as_categories, levels_of

from .conftest import FOLDER, PERSONALITY, values

CHI2, LOADING, STD_ERROR, CHANGE = 1e-4, 0.002, 0.01, 0.005
NERVOUS = [f"N{i}" for i in range(1, 6)]
ONE = "N =~ " + " + ".join(NERVOUS)


@pytest.fixture(scope="module")
def ladders() -> Mapping[str, Any]:
    """Case → step → what lavaan says."""
    found: Mapping[str, Any] = json.loads((FOLDER / "ordinal_groups.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def bfi(shared_data: Path) -> pl.DataFrame:
    """bfi with its column of gender."""
    return pl.read_csv(shared_data / "bfi.csv")


def _moments(
    table: pl.DataFrame, questions: Sequence[str]
) -> tuple[list[OrdinalMoments], list[int], list[int]]:
    """Moments by gender, categories of the questions, people by gender."""
    complete = table.select(*questions, "gender").drop_nulls()
    levels = levels_of(values(complete.select(questions)))
    categories = [len(known) for known in levels]
    parts = [values(complete.filter(pl.col("gender") == one).select(questions)) for one in (1, 2)]
    counts = np.array(categories, dtype=np.int64)
    found = [ordinal_moments(as_categories(part, levels), counts) for part in parts]
    return found, categories, [len(part) for part in parts]


def _expect_the_same(found: OrdinalGroupsFit, moments: Sequence[OrdinalMoments], says: Any) -> None:
    indices = ordinal_indices(found, moments)
    assert indices.df == says["df"]
    assert indices.chi2 == pytest.approx(says["chisq.scaled"], rel=CHI2)
    assert found.plain == pytest.approx(says["chisq"], rel=CHI2)
    assert indices.baseline_chi2 == pytest.approx(says["baseline.chisq.scaled"], rel=CHI2)
    for ours in ("cfi", "tli", "rmsea"):
        assert getattr(indices, ours) == pytest.approx(says[f"{ours}.scaled"], abs=1e-4)
    assert indices.rmsea_lower == pytest.approx(says["rmsea.ci.lower.scaled"], abs=1e-4)
    assert indices.srmr == pytest.approx(says["srmr"], abs=1e-4)
    errors = np.sqrt(np.diag(ordinal_covariance(found, moments)))
    for label, value, error in zip(found.layout.labels, found.theta, errors, strict=True):
        name, _, group = label.partition("@")
        if "=~" in name or "~~" in name or name in ("A~1", "C~1", "N~1", "E~1"):
            estimate, std_error = says["parameters"][f"{name}@{int(group or 0) + 1}"]
            # lavaan may turn a factor round.
            assert abs(value) == pytest.approx(abs(estimate), abs=LOADING)
            assert error == pytest.approx(std_error, rel=STD_ERROR)


def _expect_the_ladder(
    table: pl.DataFrame, questions: Sequence[str], text: str, says: Mapping[str, Any]
) -> None:
    moments, categories, people = _moments(table, questions)
    assert people == says["people"]
    model = parse_model(text, groups=2, ordinal=True, with_means=True)
    before: OrdinalGroupsFit | None = None
    for step in identified_steps(model, categories):
        found = fit_ordinal_groups(moments, layout_of(model, categories, step))
        _expect_the_same(found, moments, says[step])
        assert found.improper == ()
        if before is not None:
            chi2, df, _ = step_test(before, found, moments)
            assert df == says[step]["change_df"]
            assert chi2 == pytest.approx(says[step]["change"], rel=CHANGE)
        before = found


def test_women_and_men_on_fifteen_questions_of_six_answers(
    bfi: pl.DataFrame, ladders: Mapping[str, Any]
) -> None:
    questions = [f"{k}{i}" for k in "ACN" for i in range(1, 6)]
    _expect_the_ladder(bfi, questions, PERSONALITY, ladders["bfi_gender"])


def test_twenty_thousand_people_on_ten_questions(shared_data: Path, ladders: Mapping[str, Any]) -> None:
    questions = [f"E{i}" for i in range(1, 11)]
    table = pl.read_csv(shared_data / "big5.tsv", separator="\t").select(*questions, "gender")
    given = table.with_columns(pl.when(pl.col(name) > 0).then(name).alias(name) for name in questions)
    _expect_the_ladder(given, questions, "E =~ " + " + ".join(questions), ladders["big5_gender"])


def test_yes_or_no_questions_join_at_the_last_step(bfi: pl.DataFrame, ladders: Mapping[str, Any]) -> None:
    some = bfi.with_columns((pl.col(f"N{i}") > 3).cast(pl.Int64) for i in (1, 2, 3))
    _expect_the_ladder(some, NERVOUS, ONE, ladders["bfi_gender_some_yes_or_no"])


def test_yes_or_no_questions_alone_have_two_steps() -> None:
    model = parse_model(ONE, groups=2, ordinal=True, with_means=True)
    assert identified_steps(model, [2] * 5) == ("configural", "intercepts")


def test_a_question_of_its_own_in_each_group(bfi: pl.DataFrame, ladders: Mapping[str, Any]) -> None:
    moments, categories, _ = _moments(bfi, NERVOUS)
    model = parse_model(ONE, groups=2, ordinal=True, with_means=True)
    found = fit_ordinal_groups(moments, layout_of(model, categories, "intercepts", ["N2"]))
    _expect_the_same(found, moments, ladders["bfi_gender_n2_own"]["intercepts"])


def test_two_questions_cannot_carry_a_factor(bfi: pl.DataFrame) -> None:
    moments, categories, _ = _moments(bfi, ["N1", "N2"])
    step: OrdinalStep = "configural"
    model = parse_model("N =~ N1 + N2", groups=2, ordinal=True, with_means=True)
    with pytest.raises(FactorError, match="identified"):
        fit_ordinal_groups(moments, layout_of(model, categories, step))
