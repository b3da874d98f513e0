"""Questions of a graded response model (段階反応モデル), and the chance of each answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Answers = npt.NDArray[np.int8]

NOT_ANSWERED = -1


@dataclass(frozen=True, slots=True)
class GradedItems:
    """m questions with up to c categories each.

    P(answer in category k or above | θ) = 1 / (1 + exp(-(a θ + d_k))), d_1 > d_2 > … (Samejima 1969,
    doi:10.1007/BF03372160, in slopes and intercepts). Two categories make the two-parameter logistic model.

    Parameters
    ----------
    codes
        Of the questions.
    levels
        For each question the answers that stand for its categories, lowest first.
    slopes
        Shape (m,): a, the discrimination (識別力).
    intercepts
        Shape (m, c - 1): d; NaN beyond a question's own categories.
    """

    codes: tuple[str, ...]
    levels: tuple[tuple[int, ...], ...]
    slopes: Floats
    intercepts: Floats

    @property
    def categories(self) -> npt.NDArray[np.int64]:
        """Shape (m,): number of categories of each question."""
        return np.array([len(levels) for levels in self.levels], dtype=np.int64)

    @property
    def thresholds(self) -> Floats:
        """Shape (m, c - 1): b = -d/a, the θ at which half answer in the category or above."""
        return np.asarray(-self.intercepts / self.slopes[:, None])

    def only(self, codes: tuple[str, ...]) -> GradedItems:
        """Some of the questions, in the order given."""
        rows = [self.codes.index(code) for code in codes]
        return GradedItems(
            codes, tuple(self.levels[row] for row in rows), self.slopes[rows], self.intercepts[rows]
        )

    def chances(self, theta: Floats) -> Floats:
        """Chance of each category, shape (m, c, len(theta)); 0 beyond a question's own categories.

        Examples
        --------
        >>> two = GradedItems(("q",), ((0, 1),), np.array([1.0]), np.array([[0.0]]))
        >>> two.chances(np.array([0.0])).ravel().tolist()
        [0.5, 0.5]
        """
        steps = 1 / (1 + np.exp(-(self.slopes[:, None, None] * theta + self.intercepts[:, :, None])))
        steps = np.nan_to_num(steps, nan=0.0)
        ends = np.ones((len(self.codes), 1, len(theta)))
        return np.asarray(np.concatenate([ends, steps], axis=1) - np.concatenate([steps, 0 * ends], axis=1))

    def expected(self, theta: Floats) -> Floats:
        """Expected answer, categories counted from 0: shape (m, len(theta))."""
        chances = self.chances(theta)
        return np.asarray(np.einsum("mcq,c->mq", chances, np.arange(chances.shape[1])))


def as_categories(answers: Floats, levels: tuple[tuple[int, ...], ...]) -> Answers:
    """Answers as categories 0, 1, …; `NOT_ANSWERED` where there is none.

    Parameters
    ----------
    answers
        Shape (n, m), NaN = not answered.
    levels
        As of `GradedItems`.

    Raises
    ------
    ValueError
        An answer that is no level of its question.
    """
    found = np.full(answers.shape, NOT_ANSWERED, np.int8)
    for column, known in enumerate(levels):
        values, answered = _whole(answers[:, column])
        lowest, highest = known[0], known[-1]
        place = np.full(highest - lowest + 2, NOT_ANSWERED, np.int8)
        place[np.asarray(known) - lowest] = np.arange(len(known))
        outside = answered & ((values < lowest) | (values > highest))
        coded = place[np.where(answered & ~outside, values - lowest, -1)]
        if (answered & (coded < 0)).any():
            raise ValueError(f"question {column} has an answer that is none of its levels {known}")
        found[:, column] = coded
    return found


def levels_of(answers: Floats) -> tuple[tuple[int, ...], ...]:
    """The answers that occur, question by question; shape (n, m), NaN = not answered.

    A category that nobody chose tells nothing and is left out, as R's ``mirt`` does.

    Raises
    ------
    ValueError
        An answer that is no whole number.
    """
    found = []
    for column in answers.T:
        values, answered = _whole(column)
        given = values[answered]
        lowest = int(given.min(initial=0))
        found.append(tuple(int(level) + lowest for level in np.flatnonzero(np.bincount(given - lowest))))
    return tuple(found)


def _whole(column: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Values as whole numbers (0 where there is none), and where there is one."""
    answered = np.isfinite(column)
    given = np.where(answered, column, 0.0)
    values = given.astype(np.int64)
    if (values != given).any():
        raise ValueError("answers are whole numbers")
    return values, answered
