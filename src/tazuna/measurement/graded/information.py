"""Information of questions and forms (情報量): how sharply they tell people apart, and where."""

from __future__ import annotations

import numpy as np

from tazuna.measurement.graded.items import Floats, GradedItems


def item_information(items: GradedItems, theta: Floats) -> Floats:
    """Fisher information of each question, shape (m, len(theta)).

    I(θ) = Σ_k P_k'(θ)² / P_k(θ) (Samejima 1969, doi:10.1007/BF03372160).

    Examples
    --------
    >>> two = GradedItems(("q",), ((0, 1),), np.array([2.0]), np.array([[0.0]]))
    >>> item_information(two, np.array([0.0])).tolist()
    [[1.0]]
    """
    steps = 1 / (1 + np.exp(-(items.slopes[:, None, None] * theta + items.intercepts[:, :, None])))
    rise = items.slopes[:, None, None] * np.nan_to_num(steps * (1 - steps), nan=0.0)
    ends = np.zeros((len(items.codes), 1, len(theta)))
    slope = np.concatenate([ends, rise], axis=1) - np.concatenate([rise, ends], axis=1)
    chances = items.chances(theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(chances > 1e-12, slope**2 / chances, 0.0).sum(axis=1))


def form_error(items: GradedItems, theta: Floats) -> Floats:
    """Standard error of a score by all questions and a standard normal population: 1/√(1 + Σ I(θ))."""
    return np.asarray(1 / np.sqrt(1 + item_information(items, theta).sum(axis=0)))
