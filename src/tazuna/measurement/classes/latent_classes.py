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
MOST_LEAPS = 1_000
_SAME_TOP = 0.01
"""Log-likelihoods this near one another are taken for the same maximum."""
_TINY = 1e-300
_FLOOR = 1e-12
_LONGEST_LEAP = 50.0

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

    EM (Dempster, Laird & Rubin 1977), accelerated, over the different patterns of answers, so that a hundred
    thousand people cost little more than a thousand. From each of ``starts`` random points a few steps are
    made; the best go on until the log-likelihood rises by less than ``tolerance`` of itself.

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
    table = _Patterns(_marked(patterns, levels), counts.astype(np.float64), _first_categories(levels))
    runs = _started(classes, levels, starts, rng)
    for _ in range(FIRST_STEPS):
        runs = _step(table, runs)
    best = np.argsort(-runs.log_likelihood, kind="stable")[:FINISHED]
    runs = _climbed(table, runs.of(best), tolerance)
    top = int(runs.log_likelihood.argmax())
    sizes, chances = runs.sizes[top], runs.chances[top]
    order = np.argsort(-sizes, kind="stable")
    return LatentClasses(
        codes=tuple(codes),
        levels=levels,
        sizes=sizes[order],
        chances=tuple(np.split(chances[order], table.first[1:], axis=1)),
        log_likelihood=float(runs.log_likelihood[top]),
        n=len(known),
        reached=int((runs.log_likelihood > runs.log_likelihood[top] - _SAME_TOP).sum()),
    )


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Different patterns of answers.

    ``marks``, shape (patterns, categories of all questions side by side): 1 where it was chosen; ``weight``,
    shape (patterns,): people with the pattern; ``first``: the place of each question's first category.
    """

    marks: Floats
    weight: Floats
    first: Codes


@dataclass(frozen=True, slots=True)
class _Runs:
    """Several runs at once: where each of R runs is, and the log-likelihood one step before.

    ``sizes`` has shape (R, K), ``chances`` (R, K, categories of all questions), ``log_likelihood`` (R,).
    """

    sizes: Floats
    chances: Floats
    log_likelihood: Floats

    def of(self, chosen: Codes) -> _Runs:
        return _Runs(self.sizes[chosen], self.chances[chosen], self.log_likelihood[chosen])


def _step(table: _Patterns, runs: _Runs) -> _Runs:
    """A step of EM of every run."""
    count, classes = runs.sizes.shape
    logs = np.log(runs.chances + _TINY).reshape(count * classes, -1)
    share = (table.marks @ logs.T).reshape(-1, count, classes) + np.log(runs.sizes + _TINY)
    highest = share.max(axis=2, keepdims=True)
    share = np.exp(share - highest)
    total = share.sum(axis=2, keepdims=True)
    reached = table.weight @ (np.log(total) + highest)[:, :, 0]
    share *= table.weight[:, None, None] / total
    counts = (share.reshape(-1, count * classes).T @ table.marks).reshape(count, classes, -1)
    return _Runs(share.sum(axis=0) / table.weight.sum(), _normalised(counts, table.first), reached)


def _climbed(table: _Patterns, runs: _Runs, tolerance: float) -> _Runs:
    """The runs after as many steps as it takes until none rises any more.

    After two steps a run leaps on in their direction (SQUAREM, scheme S3: Varadhan & Roland 2008,
    doi:10.1111/j.1467-9469.2007.00585.x); where that lowers the likelihood it goes on step by step.
    """
    for _ in range(MOST_LEAPS):
        once = _step(table, runs)
        twice = _step(table, once)
        leapt = _step(table, _ahead(table, runs, once, twice))
        rises = leapt.log_likelihood >= twice.log_likelihood
        if not rises.all():
            plain = _step(table, twice)
            leapt = _Runs(
                np.where(rises[:, None], leapt.sizes, plain.sizes),
                np.where(rises[:, None, None], leapt.chances, plain.chances),
                np.where(rises, leapt.log_likelihood, plain.log_likelihood),
            )
        risen = leapt.log_likelihood - once.log_likelihood
        runs = leapt
        if (risen < tolerance * np.abs(leapt.log_likelihood)).all():
            break
    return runs


def _ahead(table: _Patterns, start: _Runs, once: _Runs, twice: _Runs) -> _Runs:
    """Where two steps would lead if they went on, in logarithms, so that shares stay shares."""

    def logs(runs: _Runs) -> Floats:
        return np.log(np.maximum(np.dstack([runs.chances, runs.sizes[:, :, None]]), _FLOOR))

    first = logs(once) - logs(start)
    change = logs(twice) - logs(once) - first
    length = np.linalg.norm(first, axis=(1, 2)) / np.maximum(np.linalg.norm(change, axis=(1, 2)), _TINY)
    leap = np.clip(length, 1.0, _LONGEST_LEAP)[:, None, None]
    there = np.exp(logs(start) + 2 * leap * first + leap**2 * change)
    sizes, chances = there[:, :, -1], there[:, :, :-1]
    return _Runs(
        sizes / sizes.sum(axis=1, keepdims=True),
        _normalised(chances, table.first),
        np.full(len(sizes), -np.inf),
    )


def _normalised(counts: Floats, first: Codes) -> Floats:
    """Counts of every question's categories as shares; even where a class holds nobody who answered."""
    lengths = np.diff([*first, counts.shape[2]])
    total = np.repeat(np.add.reduceat(counts, first, axis=2), lengths, axis=2)
    return np.asarray(np.where(total > 0, counts / np.maximum(total, _TINY), 1 / np.repeat(lengths, lengths)))


def _started(
    classes: int, levels: tuple[tuple[int, ...], ...], starts: int, rng: np.random.Generator
) -> _Runs:
    """Random chances, classes of one size."""
    chances = np.concatenate(
        [rng.dirichlet(np.ones(len(level)), (starts, classes)) for level in levels], axis=2
    )
    return _Runs(np.full((starts, classes), 1 / classes), chances, np.full(starts, -np.inf))


def _first_categories(levels: tuple[tuple[int, ...], ...]) -> Codes:
    return np.cumsum([0, *(len(level) for level in levels[:-1])])


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
