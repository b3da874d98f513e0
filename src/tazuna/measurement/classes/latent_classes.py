"""Latent class analysis (潜在クラス分析) of categorical answers: maximum likelihood by EM, several starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.measurement.graded.items import NOT_ANSWERED, Floats, as_categories, levels_of

STARTS = 20
"""Random starts; the best of them after a few steps are taken to the end."""
FINISHED = 4
FIRST_STEPS = 20
MOST_STEPS = 3_000
_SAME_TOP = 0.01
"""Log-likelihoods this near one another are taken for the same maximum."""
_TINY = 1e-300

Codes = npt.NDArray[np.int64]


class ClassError(TazunaError):
    """The answers do not carry a model of latent classes."""


@dataclass(frozen=True, slots=True)
class LatentClasses:
    """K classes, largest first.

    P(answers) = Σ_k π_k Π_j P(answer_j | class k): within a class the questions are independent
    (Lazarsfeld & Henry 1968; Goodman 1974, doi:10.1093/biomet/61.2.215). A question that somebody did not
    answer is left out of their product.

    Parameters
    ----------
    codes
        Of the questions.
    levels
        For each question the answers that stand for its categories, lowest first.
    sizes
        Shape (K,): shares π of the classes.
    chances
        For each question an array of shape (K, its categories): chance of each answer in each class.
    log_likelihood
        At the maximum.
    n
        People with any answer.
    reached
        How many of the `FINISHED` runs ended at this maximum; 1 of several warns of a ragged likelihood.
    """

    codes: tuple[str, ...]
    levels: tuple[tuple[int, ...], ...]
    sizes: Floats
    chances: tuple[Floats, ...]
    log_likelihood: float
    n: int
    reached: int

    @property
    def free_parameters(self) -> int:
        """K - 1 sizes, and of each question in each class all chances but one."""
        return _free_parameters(len(self.sizes), self.levels)

    @property
    def bic(self) -> float:
        """Schwarz (1978), doi:10.1214/aos/1176344136: -2 log L + p log n; smaller is better."""
        return float(-2 * self.log_likelihood + self.free_parameters * np.log(self.n))

    def membership(self, answers: Floats) -> Floats:
        """Chance of each class given the answers, shape (n, K); the sizes where nothing was answered.

        Parameters
        ----------
        answers
            Shape (n, m), NaN = not answered.
        """
        marked = _marked(as_categories(answers, self.levels), self.levels)
        joint = marked @ np.log(np.hstack(self.chances) + _TINY).T + np.log(self.sizes)
        joint -= joint.max(axis=1, keepdims=True)
        weights = np.exp(joint)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def classes_of(self, answers: Floats) -> Codes:
        """The likeliest class of each person, 0 the largest; -1 for somebody without any answer."""
        likeliest = self.membership(answers).argmax(axis=1)
        return np.where(np.isfinite(answers).any(axis=1), likeliest, -1)


def fit_latent_classes(
    answers: Floats,
    codes: Sequence[str],
    classes: int,
    rng: np.random.Generator,
    *,
    levels: tuple[tuple[int, ...], ...] | None = None,
    starts: int = STARTS,
    tolerance: float = 1e-8,
) -> LatentClasses:
    """Fit K latent classes.

    EM (Dempster, Laird & Rubin 1977) over the different patterns of answers, so that a hundred thousand
    people cost little more than a thousand. From each of ``starts`` random points a few steps are made; the
    best go on until the log-likelihood rises by less than ``tolerance`` of itself.

    Parameters
    ----------
    answers
        Shape (n, m): whole numbers, NaN = not answered. People without any answer are left out.
    codes
        Of the questions.
    classes
        K.
    rng
        Source of the starts.
    levels
        The answers that may occur, question by question; those that do occur by default.

    Raises
    ------
    ClassError
        More parameters than the patterns of answers can tell apart, or than people.
    """
    known = answers[np.isfinite(answers).any(axis=1)]
    levels = levels_of(known) if levels is None else levels
    _expect_identified(len(known), classes, levels)
    patterns, counts = np.unique(as_categories(known, levels), axis=0, return_counts=True)
    marked, weight = _marked(patterns, levels), counts.astype(np.float64)
    edges = np.cumsum([len(level) for level in levels])[:-1]
    begun = [
        _steps(marked, weight, _start(classes, levels, rng), edges, FIRST_STEPS, 0.0) for _ in range(starts)
    ]
    begun.sort(key=lambda run: run[0], reverse=True)
    ended = [_steps(marked, weight, run[1], edges, MOST_STEPS, tolerance) for run in begun[:FINISHED]]
    top, (sizes, chances) = max(ended, key=lambda run: run[0])
    order = np.argsort(-sizes, kind="stable")
    return LatentClasses(
        codes=tuple(codes),
        levels=levels,
        sizes=sizes[order],
        chances=tuple(np.split(chances[order], edges, axis=1)),
        log_likelihood=top,
        n=len(known),
        reached=sum(top - run[0] < _SAME_TOP for run in ended),
    )


Point = tuple[Floats, Floats]
"""Sizes of shape (K,) and chances of shape (K, categories of all questions side by side)."""


def _steps(
    marked: Floats, weight: Floats, point: Point, edges: Codes, most: int, tolerance: float
) -> tuple[float, Point]:
    """EM steps from a point: the log-likelihood before the last of them, and the point."""
    sizes, chances = point
    before = -np.inf
    reached = before
    for _ in range(most):
        joint = marked @ np.log(chances + _TINY).T + np.log(sizes + _TINY)
        highest = joint.max(axis=1, keepdims=True)
        share = np.exp(joint - highest)
        total = share.sum(axis=1, keepdims=True)
        reached = float(weight @ (np.log(total) + highest)[:, 0])
        share *= weight[:, None] / total
        sizes = share.sum(axis=0) / weight.sum()
        chances = _normalised(share.T @ marked, edges)
        if reached - before < tolerance * abs(reached):
            break
        before = reached
    return reached, (sizes, chances)


def _normalised(counts: Floats, edges: Codes) -> Floats:
    """Counts of every question's categories as shares; even where a class holds nobody who answered."""
    first = np.concatenate([[0], edges])
    lengths = np.diff([*first, counts.shape[1]])
    total = np.repeat(np.add.reduceat(counts, first, axis=1), lengths, axis=1)
    return np.asarray(np.where(total > 0, counts / np.maximum(total, _TINY), 1 / np.repeat(lengths, lengths)))


def _start(classes: int, levels: tuple[tuple[int, ...], ...], rng: np.random.Generator) -> Point:
    chances = [rng.dirichlet(np.ones(len(level)), classes) for level in levels]
    return np.full(classes, 1 / classes), np.hstack(chances)


def _marked(categories: npt.NDArray[np.int8], levels: tuple[tuple[int, ...], ...]) -> Floats:
    """One column a category: 1 where it was chosen; shape (n, categories of all questions)."""
    parts = [
        (categories[:, [column]] == np.arange(len(level))) & (categories[:, [column]] != NOT_ANSWERED)
        for column, level in enumerate(levels)
    ]
    return np.hstack(parts).astype(np.float64)


def _free_parameters(classes: int, levels: tuple[tuple[int, ...], ...]) -> int:
    return classes - 1 + classes * sum(len(level) - 1 for level in levels)


def _expect_identified(n: int, classes: int, levels: tuple[tuple[int, ...], ...]) -> None:
    free = _free_parameters(classes, levels)
    told = np.prod([float(len(level)) for level in levels]) - 1
    if free > told:
        raise ClassError(
            message(
                "{classes} latent classes have {free} parameters, but the answers can tell {told} apart.",
                classes=classes,
                free=free,
                told=f"{told:.0f}",
            ),
            message("Ask for fewer classes, or use more questions."),
        )
    if n < free:
        raise ClassError(
            message(
                "{classes} latent classes have {free} parameters, but only {n} people answered.",
                classes=classes,
                free=free,
                n=n,
            ),
            message("Ask for fewer classes, or wait for more answers."),
        )
