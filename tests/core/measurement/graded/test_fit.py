"""The graded response model against published fits of public data, and against what it was made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tazuna.language import Language
from tazuna.measurement.graded.fit import GradedError, fit_graded
from tazuna.measurement.graded.items import Floats, GradedItems

from .conftest import answers_of, made_items

TIGHT = 1e-6


def _read(path: Path, columns: range | None = None, sep: str = ",") -> Floats:
    return np.genfromtxt(path, delimiter=sep, skip_header=1, usecols=columns)


def _named(answers: Floats) -> list[str]:
    return [f"q{i}" for i in range(answers.shape[1])]


def test_science_has_the_log_likelihood_and_slopes_of_mirt(shared_data: Path) -> None:
    answers = _read(shared_data / "science.csv")
    fit = fit_graded(answers, ["Comfort", "Work", "Future", "Benefit"], tolerance=TIGHT)
    assert fit.log_likelihood == pytest.approx(-1608.8694, abs=1e-3)
    assert fit.items.slopes == pytest.approx([1.0406, 1.2258, 2.3006, 1.0938], abs=1e-3)


def test_two_categories_make_the_two_parameter_logistic_model(shared_data: Path) -> None:
    answers = _read(shared_data / "lsat7.csv")
    fit = fit_graded(answers, _named(answers), tolerance=TIGHT)
    assert fit.log_likelihood == pytest.approx(-2658.8051, abs=1e-3)
    assert fit.free_parameters == 10


def test_bfi_neuroticism_has_the_published_fit(shared_data: Path) -> None:
    answers = _read(shared_data / "bfi.csv", range(15, 20))
    fit = fit_graded(answers, _named(answers), tolerance=TIGHT)
    assert fit.log_likelihood == pytest.approx(-21721.3782, abs=1e-3)
    assert fit.items.slopes == pytest.approx([3.1232, 2.9114, 2.0333, 1.2785, 1.1143], abs=1e-3)


def test_big_five_extraversion_has_the_published_fit(shared_data: Path) -> None:
    answers = _read(shared_data / "big5.tsv", range(7, 17), "\t")
    answers[answers == 0] = np.nan
    answers[:, 1::2] = 6 - answers[:, 1::2]
    fit = fit_graded(answers, _named(answers), tolerance=TIGHT)
    assert fit.log_likelihood == pytest.approx(-265412.3186, abs=1e-3)


def test_parameters_come_back_within_their_standard_errors(questions: GradedItems) -> None:
    theta = np.random.default_rng(1).standard_normal(4000)
    fit = fit_graded(answers_of(questions, theta), questions.codes)
    estimated = np.column_stack([fit.items.slopes, fit.items.intercepts])
    true = np.column_stack([questions.slopes, questions.intercepts])
    z = (estimated - true) / fit.std_errors
    # 32 standard normal deviates.
    assert np.abs(z).max() < 4
    assert 0.6 < z.std() < 1.5


def test_standard_errors_are_the_spread_over_samples(questions: GradedItems) -> None:
    slopes, errors = [], []
    for seed in range(30):
        theta = np.random.default_rng(seed).standard_normal(600)
        fit = fit_graded(answers_of(questions, theta, seed + 100), questions.codes)
        slopes.append(fit.items.slopes)
        errors.append(fit.std_errors[:, 0])
    spread = np.array(slopes).std(axis=0, ddof=1)
    # 30 samples tell a spread to within about a quarter; eight questions together to within a tenth.
    assert np.mean(spread / np.mean(errors, axis=0)) == pytest.approx(1, abs=0.15)


def test_missing_answers_move_no_parameter_far(questions: GradedItems) -> None:
    rng = np.random.default_rng(5)
    answers = answers_of(questions, rng.standard_normal(3000))
    holed = np.where(rng.random(answers.shape) < 0.3, np.nan, answers)
    whole, part = (fit_graded(some, questions.codes) for some in (answers, holed))
    assert part.items.slopes == pytest.approx(whole.items.slopes, abs=0.25)
    assert (part.std_errors[:, 0] > whole.std_errors[:, 0]).all()


def test_many_people_give_the_same_as_a_start_from_scratch() -> None:
    questions = made_items(4)
    answers = answers_of(questions, np.random.default_rng(2).standard_normal(25_000))
    quick = fit_graded(answers, questions.codes)
    slow = fit_graded(answers, questions.codes, tolerance=TIGHT)
    assert quick.log_likelihood == pytest.approx(slow.log_likelihood, rel=1e-7)


def test_a_question_keyed_the_wrong_way_gets_a_negative_slope(questions: GradedItems) -> None:
    answers = answers_of(questions, np.random.default_rng(4).standard_normal(1500))
    answers[:, 2] = 5 - answers[:, 2]
    fit = fit_graded(answers, questions.codes)
    assert fit.items.slopes[2] < 0
    assert (np.delete(fit.items.slopes, 2) > 0).all()


def test_a_category_that_nobody_chose_is_left_out(questions: GradedItems) -> None:
    answers = answers_of(questions, np.random.default_rng(4).standard_normal(800))
    answers[answers[:, 0] == 3, 0] = 4
    fit = fit_graded(answers, questions.codes)
    assert fit.items.levels[0] == (1, 2, 4)
    assert np.isnan(fit.std_errors[0, 3])


@pytest.mark.parametrize(
    ("people", "columns", "said"),
    [(99, 8, "99"), (500, 2, "2"), (500, 8, "q1")],
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_answers_that_carry_no_model_are_refused(
    questions: GradedItems, people: int, columns: int, said: str, language: Language
) -> None:
    answers = answers_of(questions, np.random.default_rng(6).standard_normal(people))[:, :columns]
    if said == "q1":
        answers[:, 1] = 2
    with pytest.raises(GradedError) as refused:
        fit_graded(answers, questions.codes[:columns])
    assert said in refused.value.text(language)
