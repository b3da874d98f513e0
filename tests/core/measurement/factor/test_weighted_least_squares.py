"""Ordinal factor analysis against lavaan's WLSMV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tazuna.measurement.factor.maximum_likelihood import FactorError
from tazuna.measurement.factor.model import parse_model
from tazuna.measurement.factor.standardised import standardised
from tazuna.measurement.factor.weighted_least_squares import OrdinalFit, fit_wlsmv

from .conftest import PERSONALITY, Reference, values

CHI2, LOADING, STD_ERROR = 1e-4, 0.002, 0.01


def _expect_the_same(found: OrdinalFit, reference: Reference) -> None:
    measures = reference.measures
    for indices, suffix in ((found.naive, ""), (found.fit.indices, ".scaled")):
        assert indices.chi2 == pytest.approx(measures[f"chisq{suffix}"], rel=CHI2)
        assert indices.baseline_chi2 == pytest.approx(measures[f"baseline.chisq{suffix}"], rel=CHI2)
        for ours in ("cfi", "tli", "rmsea"):
            assert getattr(indices, ours) == pytest.approx(measures[f"{ours}{suffix}"], abs=1e-4)
        assert indices.rmsea_lower == pytest.approx(measures[f"rmsea.ci.lower{suffix}"], abs=1e-4)
        assert indices.rmsea_upper == pytest.approx(measures[f"rmsea.ci.upper{suffix}"], abs=1e-4)
    assert found.fit.indices.df == measures["df"]
    assert found.fit.indices.srmr == pytest.approx(measures["srmr"], abs=1e-4)
    assert found.fit.n == (measures["ntotal"],)
    for entry in standardised(found.fit, ordinal=True):
        if entry.operator == "=~":
            row = reference.parameters[entry.left, "=~", entry.right, 0]
            assert abs(entry.value) == pytest.approx(abs(row["est"]), abs=LOADING)
            assert entry.std_error == pytest.approx(row["se"], rel=STD_ERROR)


def test_personality_of_six_categories(personality: pl.DataFrame, lavaan: Mapping[str, Reference]) -> None:
    found = fit_wlsmv(values(personality), personality.columns, parse_model(PERSONALITY, ordinal=True))
    assert found.left_out > 0
    _expect_the_same(found, lavaan["wlsmv_bfi"])


def test_right_or_wrong_answers(shared_data: Path, lavaan: Mapping[str, Reference]) -> None:
    answers = values(pl.read_csv(shared_data / "lsat7.csv"))
    names = [f"q{i}" for i in range(1, 6)]
    found = fit_wlsmv(answers, names, parse_model(f"f =~ {' + '.join(names)}", ordinal=True))
    _expect_the_same(found, lavaan["wlsmv_lsat"])


def test_twenty_thousand_people_and_39_questions(shared_data: Path, lavaan: Mapping[str, Reference]) -> None:
    table = pl.read_csv(shared_data / "big5.tsv", separator="\t").select(pl.nth(range(7, 57)))
    answers = values(table)
    answers = np.where(answers == 0, np.nan, answers)
    answers = answers[np.isfinite(answers).all(axis=1)]
    count = {"E": 8, "N": 8, "A": 8, "C": 8, "O": 7}
    text = "\n".join(f"{k} =~ " + " + ".join(f"{k}{i + 1}" for i in range(n)) for k, n in count.items())
    found = fit_wlsmv(answers, table.columns, parse_model(text, ordinal=True))
    assert found.naive.chi2 == pytest.approx(102301.39, abs=0.5)
    _expect_the_same(found, lavaan["wlsmv_big5"])


def test_the_same_question_asked_twice_is_refused(personality: pl.DataFrame) -> None:
    twice = personality.with_columns(A6=pl.col("A5"))
    with pytest.raises(FactorError, match="A5 / A6"):
        fit_wlsmv(values(twice), twice.columns, parse_model("A =~ A1 + A2 + A3 + A5 + A6", ordinal=True))


def test_few_complete_rows_are_refused(personality: pl.DataFrame) -> None:
    few = values(personality)[:20]
    with pytest.raises(FactorError, match="45"):
        fit_wlsmv(few, personality.columns, parse_model(PERSONALITY, ordinal=True))
