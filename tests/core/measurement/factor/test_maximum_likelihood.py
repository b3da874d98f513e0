"""Factor models by maximum likelihood against lavaan, group by group and with missing answers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from tazuna.measurement.factor.equality import equal_across_groups
from tazuna.measurement.factor.fit import FactorFit, fit_ml
from tazuna.measurement.factor.maximum_likelihood import FactorError
from tazuna.measurement.factor.model import parse_model
from tazuna.measurement.factor.standardised import standardised

from .conftest import PERSONALITY, THREE, Reference, values

QUESTIONS = [f"x{i}" for i in range(1, 10)]
INDICES = {
    "chi2": "chisq",
    "df": "df",
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "rmsea_lower": "rmsea.ci.lower",
    "rmsea_upper": "rmsea.ci.upper",
    "srmr": "srmr",
    "baseline_chi2": "baseline.chisq",
    "baseline_df": "baseline.df",
}


def _expect_the_same(fit: FactorFit, reference: Reference, *, std_errors: float = 0.01) -> None:
    for ours, theirs in INDICES.items():
        assert getattr(fit.indices, ours) == pytest.approx(reference.measures[theirs], rel=1e-4, abs=2e-4), (
            ours
        )
    assert fit.log_likelihood == pytest.approx(reference.measures["logl"], abs=0.01)
    assert fit.aic == pytest.approx(reference.measures["aic"], abs=0.02)
    assert fit.bic == pytest.approx(reference.measures["bic"], abs=0.02)
    loadings = [entry for entry in standardised(fit) if entry.operator == "=~"]
    for entry in loadings:
        row = reference.parameters[entry.left, "=~", entry.right, entry.group]
        # The sign of a factor is nobody's to say.
        assert abs(entry.value) == pytest.approx(abs(row["std"]), abs=5e-4)
        assert entry.std_error == pytest.approx(row["std_se"], rel=std_errors, abs=1e-4)


def test_pupils_have_the_published_fit(pupils: pl.DataFrame, lavaan: Mapping[str, Reference]) -> None:
    fit = fit_ml([values(pupils[QUESTIONS])], QUESTIONS, parse_model(THREE, unit="marker"))
    assert fit.indices.chi2 == pytest.approx(85.306, abs=5e-4)
    assert (fit.indices.cfi, fit.indices.tli) == pytest.approx((0.931, 0.896), abs=5e-4)
    assert (fit.indices.rmsea, fit.indices.srmr) == pytest.approx((0.092, 0.065), abs=5e-4)
    _expect_the_same(fit, lavaan["pupils"])
    errors = dict(zip(fit.matrices.labels, fit.std_errors, strict=True))
    assert errors["visual=~x2"] == pytest.approx(
        lavaan["pupils"].parameters["visual", "=~", "x2", 0]["se"], rel=1e-3
    )


def test_incomplete_answers_count_as_in_lavaan(pupils: pl.DataFrame, lavaan: Mapping[str, Reference]) -> None:
    answers = values(pupils[QUESTIONS])
    rows = np.arange(1, 302)
    for i in range(1, 10):
        answers[(rows * 7 + i * 3) % 11 == 0, i - 1] = np.nan
    fit = fit_ml([answers], QUESTIONS, parse_model(THREE, with_means=True))
    assert fit.incomplete > 200
    _expect_the_same(fit, lavaan["pupils_incomplete"], std_errors=0.01)


def test_personality_with_missing_answers(personality: pl.DataFrame, lavaan: Mapping[str, Reference]) -> None:
    fit = fit_ml([values(personality)], personality.columns, parse_model(PERSONALITY, with_means=True))
    _expect_the_same(fit, lavaan["bfi_incomplete"])


def test_a_factor_above_three(pupils: pl.DataFrame, lavaan: Mapping[str, Reference]) -> None:
    fit = fit_ml(
        [values(pupils[QUESTIONS])], QUESTIONS, parse_model(f"{THREE}\ng =~ visual + textual + speed")
    )
    _expect_the_same(fit, lavaan["second_order"])


def test_a_bifactor_model(personality: pl.DataFrame, lavaan: Mapping[str, Reference]) -> None:
    questions = [f"{k}{i}" for k in "ACN" for i in range(1, 6)]
    text = "\n".join(
        [
            f"g =~ {' + '.join(questions)}",
            *(f"{k.lower()} =~ " + " + ".join(f"{k}{i}" for i in range(1, 6)) for k in "ACN"),
        ]
    )
    complete = values(personality.drop_nulls())
    fit = fit_ml([complete], personality.columns, parse_model(text, orthogonal=True))
    _expect_the_same(fit, lavaan["bifactor"])


@pytest.mark.parametrize(
    ("case", "kinds", "published"),
    [
        ("schools", (), (115.851, 48)),
        ("schools_metric", ("loadings",), (124.044, 54)),
        ("schools_scalar", ("loadings", "intercepts"), (164.103, 60)),
        ("schools_strict", ("loadings", "intercepts", "residuals"), (181.511, 69)),
    ],
)
@pytest.mark.parametrize("unit", ["factor", "marker"])
def test_two_schools_step_by_step(
    pupils: pl.DataFrame,
    lavaan: Mapping[str, Reference],
    case: str,
    kinds: tuple[str, ...],
    published: tuple[float, int],
    unit: str,
) -> None:
    schools = [values(part[QUESTIONS]) for _, part in pupils.group_by("school", maintain_order=True)]
    model = parse_model(THREE, groups=2, with_means=True, unit=unit)  # type: ignore[arg-type]
    fit = fit_ml(schools, QUESTIONS, equal_across_groups(model, kinds))  # type: ignore[arg-type]
    assert (fit.indices.chi2, fit.indices.df) == pytest.approx(published, abs=5e-4)
    for ours in ("cfi", "tli", "rmsea"):
        assert getattr(fit.indices, ours) == pytest.approx(lavaan[case].measures[ours], abs=2e-4)


def test_two_factors_under_one_are_identified_by_equal_loadings(pupils: pl.DataFrame) -> None:
    text = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
    above = fit_ml([values(pupils[QUESTIONS])], QUESTIONS, parse_model(f"{text}\ng =~ visual + textual"))
    beside = fit_ml([values(pupils[QUESTIONS])], QUESTIONS, parse_model(text))
    assert above.indices.chi2 == pytest.approx(beside.indices.chi2, abs=1e-4)
    assert above.indices.df == beside.indices.df


def test_a_factor_of_two_questions_alone_is_refused(pupils: pl.DataFrame) -> None:
    with pytest.raises(FactorError, match="not identified"):
        fit_ml([values(pupils[QUESTIONS])], QUESTIONS, parse_model("visual =~ x1 + x2"))


def test_a_question_that_is_no_column_is_named(pupils: pl.DataFrame) -> None:
    with pytest.raises(FactorError, match="x99"):
        fit_ml([values(pupils[QUESTIONS])], QUESTIONS, parse_model("visual =~ x1 + x2 + x99"))


def test_a_constant_question_is_named(pupils: pl.DataFrame) -> None:
    with pytest.raises(FactorError, match="x2"):
        fit_ml(
            [values(pupils.with_columns(x2=pl.lit(3.0))[QUESTIONS])],
            QUESTIONS,
            parse_model("v =~ x1 + x2 + x3"),
        )


def test_a_variance_below_zero_is_named() -> None:
    rng = np.random.default_rng(3)
    factor = rng.standard_normal(60)
    # Two questions far apart and one that is nearly their sum push a residual variance below 0.
    answers = np.column_stack([factor, 0.1 * factor, 0.15 * factor]) + rng.standard_normal((60, 3)) * [
        0.05,
        1,
        1,
    ]
    found = [
        fit_ml([answers * sign], ["a", "b", "c"], parse_model("f =~ a + b + c")).improper for sign in (1, -1)
    ]
    assert found[0] == found[1]
