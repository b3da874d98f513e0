"""Made answers of the measurement benchmarks, read by every side: 39 questions with five categories."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tazuna.measurement.graded.items import Answers

PEOPLE, QUESTIONS, CATEGORIES = 100_000, 39, 5
ORDERED_PEOPLE, FACTORS, TOGETHER = 20_000, (8, 8, 8, 8, 7), 0.5
"""People, questions a factor, and the correlation of every two factors."""


def write_graded(path: Path) -> None:
    """Categories from 0, shape (people, questions): one trait, slopes from 1.0 to 2.2."""
    rng = np.random.default_rng(0)
    slopes = rng.uniform(1.0, 2.2, QUESTIONS)
    trait = np.repeat(rng.standard_normal((PEOPLE, 1)), QUESTIONS, axis=1)
    np.save(path, _answers(rng, slopes * trait + rng.logistic(size=trait.shape), slopes))


def write_ordered(path: Path) -> None:
    """The same with five factors, as ``.npy`` and, for R, as ``.csv`` with a header q0, q1, …."""
    rng = np.random.default_rng(1)
    common = rng.standard_normal((ORDERED_PEOPLE, 1))
    own = rng.standard_normal((ORDERED_PEOPLE, len(FACTORS)))
    factors = np.sqrt(TOGETHER) * common + np.sqrt(1 - TOGETHER) * own
    loadings = rng.uniform(0.5, 0.8, QUESTIONS)
    noise = rng.standard_normal((ORDERED_PEOPLE, QUESTIONS)) * np.sqrt(1 - loadings**2)
    found = _answers(rng, loadings * np.repeat(factors, FACTORS, axis=1) + noise, np.ones(QUESTIONS))
    np.save(path, found)
    header = ",".join(questions())
    np.savetxt(path.with_suffix(".csv"), found, fmt="%d", delimiter=",", header=header, comments="")


def questions() -> tuple[str, ...]:
    """Names of the questions."""
    return tuple(f"q{place}" for place in range(QUESTIONS))


def factor_model() -> str:
    """The model that the answers with five factors were made from, in lavaan's syntax."""
    names, first, lines = questions(), 0, []
    for factor, count in enumerate(FACTORS):
        lines.append(f"f{factor} =~ " + " + ".join(names[first : first + count]))
        first += count
    return "\n".join(lines)


def _answers(rng: np.random.Generator, values: np.ndarray, scale: np.ndarray) -> Answers:
    """Cut where four thresholds a question lie, most people in the middle."""
    cuts = np.sort(rng.normal(0, 0.3, (QUESTIONS, CATEGORIES - 1)), axis=1) + np.array([-1.5, -0.5, 0.5, 1.5])
    return np.asarray((values[:, :, None] > cuts * scale[:, None]).sum(axis=2), np.int8)
