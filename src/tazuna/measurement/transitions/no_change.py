"""The no-change expectation (無変化の期待値): who would seem to change group if nobody truly changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.measurement.intervals import Floats

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RETEST = 0.7
"""Assumed correlation of a short measure with itself where nobody has changed; none is known for ours."""
_EDGE = 12.0
_SWEEPS = 10
_ALMOST = 1e-12
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


class TransitionError(TazunaError):
    """Transitions cannot be compared with the no-change expectation."""


def expected_of_ordered(shares: Floats, retest: float) -> Floats:
    """Transitions between ordered groups if nobody truly changed.

    The groups cut one normal variable at thresholds that give their shares; the second measurement of the
    same people correlates ``retest`` with the first. A group that was the bottom by chance has a later
    measurement that lies nearer to the mean, so people leave it (regression to the mean, Galton 1886).

    Parameters
    ----------
    shares
        Shape (G,): shares of the groups at the first wave, lowest group first; they sum to 1.
    retest
        Correlation of two measurements without true change, 0 to 1.

    Returns
    -------
    Floats
        Shape (G, G): share of each earlier group (row) that is then in each group (column). NaN in the row
        of a group that nobody is in.

    Raises
    ------
    TransitionError
        ``retest`` is no reliability.

    Examples
    --------
    >>> table = expected_of_ordered(np.array([0.3, 0.7]), 0.7)
    >>> round(float(table[0, 1]), 2)
    0.36
    """
    expect_reliability(retest)
    if retest == 1.0:
        return np.where(shares[:, None] > 0, np.eye(len(shares)), np.nan)
    cuts = np.concatenate([[0.0], np.minimum(np.cumsum(shares), 1.0)])
    cuts[-1] = 1.0
    edges = np.clip(special.ndtri(cuts), -_EDGE, _EDGE)
    below = _below_both(edges[:, None], edges, retest)
    joint = np.diff(np.diff(below, axis=0), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.maximum(joint, 0.0) / shares[:, None]
    return np.where(shares[:, None] > 0, expected, np.nan)


@dataclass(frozen=True, slots=True)
class SecondAnswers:
    """Answers that the same people could give at once again.

    Each question cuts a normal variable at thresholds that give its answers' shares. A person's value lies
    somewhere within their answer's interval; the second value is ``r·first + √(1-r²)·new`` with new values
    that hang together between questions as the answers do, so that a second answer has the shares and the
    correlations of the first, and correlates r with it before it is cut. Made by `second_answers`.

    Parameters
    ----------
    questions
        The answers to each of m questions.
    within
        Shape (n, m): where in its answer's interval each value lies, 0 to 1.
    noise
        Shape (n, m): standard normal draws.
    """

    questions: tuple[_Question, ...]
    within: Floats
    noise: Floats

    def again(self, retest: Floats, kept: Flags | None = None) -> Floats:
        """Second answers of those ``kept``, as if nobody else had been asked.

        Also of those who had not answered before; NaN only for a question without any answer.

        Parameters
        ----------
        retest
            Shape (m,): r of each question.
        kept
            Shape (n,); everybody by default.
        """
        who = slice(None) if kept is None else kept
        questions = self.questions if kept is None else [question.of(kept) for question in self.questions]
        first = np.column_stack(
            [question.values(self.within[who, at]) for at, question in enumerate(questions)]
        )
        new = self.noise[who] @ _root(np.corrcoef(first, rowvar=False).reshape(len(questions), -1)).T
        second = retest * first + np.sqrt(1 - retest**2) * new
        return np.column_stack([question.cut(second[:, at]) for at, question in enumerate(questions)])


def second_answers(answers: Floats, rng: np.random.Generator) -> SecondAnswers:
    """Prepare second answers.

    Where in their answers' intervals the values of people lie is drawn in turn for each question given the
    others (Gibbs sampling of the polychoric model: Albert 1992, doi:10.3102/10769986017003251, with the
    correlations of the values drawn so far), so that they correlate.

    Parameters
    ----------
    answers
        Shape (n, m): answers as whole numbers, NaN = not answered (then any value of the variable may be
        the person's).
    rng
        Source of the draws.
    """
    questions = tuple(_question(given) for given in answers.T)
    noise = rng.standard_normal(answers.shape)
    return SecondAnswers(questions, _positions(questions, rng.random(answers.shape), rng), noise)


def _positions(questions: tuple[_Question, ...], within: Floats, rng: np.random.Generator) -> Floats:
    if len(questions) == 1:
        return within
    intervals = [question.interval() for question in questions]
    ends = [(_normal(lower), _normal(upper)) for lower, upper in intervals]
    values = np.column_stack([question.values(within[:, at]) for at, question in enumerate(questions)])
    for _ in range(_SWEEPS):
        precision = np.linalg.pinv(np.corrcoef(values, rowvar=False))
        for column, cuts in enumerate(ends):
            spread = 1 / np.sqrt(precision[column, column])
            others = np.delete(values, column, axis=1) @ np.delete(precision[column], column)
            centre = -others * spread**2
            low, high = (special.ndtr((cut - centre) / spread) for cut in cuts)
            drawn = low + rng.random(len(values)) * (high - low)
            values[:, column] = centre + spread * _normal(drawn)
    shares = special.ndtr(values).T
    placed = [
        (share - lower) / np.maximum(upper - lower, _ALMOST)
        for share, (lower, upper) in zip(shares, intervals, strict=True)
    ]
    return np.asarray(np.clip(np.column_stack(placed), 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class _Question:
    """The answers to one question: its levels, and the place of each person's among them (-1 = none)."""

    levels: Floats
    place: Codes

    def of(self, kept: Flags) -> _Question:
        return _Question(self.levels, self.place[kept])

    def ends(self) -> Floats:
        """Shares below each level, then 1."""
        counts = np.bincount(self.place[self.place >= 0], minlength=len(self.levels))
        return np.concatenate([[0.0], np.cumsum(counts) / max(counts.sum(), 1)])

    def interval(self) -> tuple[Floats, Floats]:
        """Lower and upper share of each person's answer; 0 and 1 without one."""
        ends = self.ends()
        # The place -1 of those without an answer is the last.
        return np.append(ends[:-1], 0.0)[self.place], np.append(ends[1:], 1.0)[self.place]

    def values(self, within: Floats) -> Floats:
        """The normal variable of each person."""
        lower, upper = self.interval()
        return _normal(lower + within * (upper - lower))

    def cut(self, values: Floats) -> Floats:
        """Answers that values of the normal variable stand for; NaN where nobody ever answered."""
        if not len(self.levels):
            return np.full(len(values), np.nan)
        return np.asarray(self.levels[np.searchsorted(special.ndtri(self.ends()[1:-1]), values)])


def _question(given: Floats) -> _Question:
    known = np.isfinite(given)
    levels, place = np.unique(given[known], return_inverse=True)
    places = np.full(len(given), -1)
    places[known] = place
    return _Question(levels, places)


def _normal(share: Floats) -> Floats:
    return np.asarray(special.ndtri(np.clip(share, _ALMOST, 1 - _ALMOST)))


def _below_both(one: Floats, other: Floats, correlation: float) -> Floats:
    """P(Z1 < one, Z2 < other) of two normal variables: Φ(a)Φ(b) and an integral over the angle (Sheppard
    1899; Gauss–Legendre as Drezner & Wesolowsky 1990, doi:10.1080/00949659008811236).
    """
    half = np.arcsin(correlation) / 2
    sine = np.sin(half * (_NODES + 1))
    a, b = one[..., None], other[..., None]
    height = np.exp(-(a**2 + b**2 - 2 * a * b * sine) / (2 * (1 - sine**2)))
    return np.asarray(special.ndtr(one) * special.ndtr(other) + half * (height @ _WEIGHTS) / (2 * np.pi))


def expect_reliability(*retest: float) -> None:
    """Refuse numbers that are no reliability."""
    for value in retest:
        if not 0 <= value <= 1:
            raise TransitionError(
                message("A retest reliability lies between 0 and 1; {found} does not.", found=value)
            )


def _root(correlations: Floats) -> Floats:
    """A matrix whose product with its transpose is the correlations; constant questions stand alone."""
    known = np.where(np.isfinite(correlations), correlations, 0.0)
    np.fill_diagonal(known, 1.0)
    values, vectors = np.linalg.eigh(known)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))
