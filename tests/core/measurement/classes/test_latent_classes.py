"""Latent classes against StepMix and against what they were made from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tazuna.language import LANGUAGES
from tazuna.measurement.classes.latent_classes import ClassError, fit_latent_classes
from tazuna.measurement.graded.items import Floats

REFERENCE = Path(__file__).parents[3] / "reference" / "stepmix"
CODES = tuple("abcdef")
SAME_LOG_LIKELIHOOD = 1e-2
"""Both stop a little below the maximum, on a likelihood that is flat there."""
SAME_CHANCE = 5e-3


@pytest.fixture(scope="module")
def answers() -> Floats:
    return np.genfromtxt(REFERENCE / "answers.csv", delimiter=",", skip_header=1)


@pytest.mark.parametrize("classes", [1, 2, 3, 4])
def test_log_likelihood_and_bic_are_those_of_stepmix(answers: Floats, classes: int) -> None:
    expected = json.loads((REFERENCE / "fit.json").read_text())[str(classes)]
    fit = fit_latent_classes(answers, CODES, classes, np.random.default_rng(0), tolerance=1e-9)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=SAME_LOG_LIKELIHOOD)
    assert fit.bic == pytest.approx(expected["bic"], abs=2 * SAME_LOG_LIKELIHOOD)


def test_sizes_and_chances_are_those_of_stepmix(answers: Floats) -> None:
    expected = json.loads((REFERENCE / "fit.json").read_text())["3"]
    fit = fit_latent_classes(answers, CODES, 3, np.random.default_rng(0), tolerance=1e-11)
    assert fit.sizes == pytest.approx(expected["sizes"], abs=SAME_CHANCE)
    most = max(len(level) for level in fit.levels)
    # StepMix keeps as many places for every question as the longest has categories.
    padded = np.array(expected["chances"]).reshape(3, len(CODES), most)
    for column, chances in enumerate(fit.chances):
        assert chances == pytest.approx(padded[:, column, : chances.shape[1]], abs=SAME_CHANCE)


def test_one_class_has_the_shares_of_the_answers(answers: Floats) -> None:
    fit = fit_latent_classes(answers, CODES, 1, np.random.default_rng(0))
    given = answers[np.isfinite(answers[:, 0]), 0]
    assert fit.chances[0][0] == pytest.approx(np.bincount(given.astype(int)) / len(given), abs=1e-9)


def test_the_same_seed_gives_the_same_classes(answers: Floats) -> None:
    one, other = (fit_latent_classes(answers, CODES, 2, np.random.default_rng(7)) for _ in range(2))
    assert one.log_likelihood == other.log_likelihood
    assert (one.classes_of(answers) == other.classes_of(answers)).all()


def test_membership_sums_to_one_and_nobody_without_answers_has_a_class(answers: Floats) -> None:
    some = answers.copy()
    some[5] = np.nan
    fit = fit_latent_classes(some, CODES, 3, np.random.default_rng(0))
    assert fit.n == len(answers) - 1
    assert fit.membership(some).sum(axis=1) == pytest.approx(1.0)
    assert fit.membership(some)[5] == pytest.approx(fit.sizes)
    assert fit.classes_of(some)[5] == -1
    assert (np.diff(fit.sizes) <= 0).all()


def test_more_classes_than_the_answers_can_tell_apart_are_refused() -> None:
    answers = np.random.default_rng(0).integers(0, 2, (500, 3)).astype(float)
    with pytest.raises(ClassError, match="can tell 7 apart") as refused:
        fit_latent_classes(answers, ("a", "b", "c"), 3, np.random.default_rng(0))
    assert all(refused.value.text(language) for language in LANGUAGES)


def test_fewer_people_than_parameters_are_refused(answers: Floats) -> None:
    with pytest.raises(ClassError, match="only 30 people"):
        fit_latent_classes(answers[:30], CODES, 3, np.random.default_rng(0))
