"""How a latent variable becomes an answer (回答): parameters of every shipped question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.instrument.model import Instrument, Question
from tazuna.simulation.calibration import GAVE_UP
from tazuna.simulation.streams import Floats, stream
from tazuna.simulation.traits import GENERAL

SHARE_YES: Mapping[str, float] = {
    "gave_up": GAVE_UP.value,
    "lg_met": 0.62,
    "lg_knows": 0.66,
    "lg_explains": 0.42,
    "lg_plan": 0.27,
    "lg_wish_filed": 0.38,
    "lg_wish_met": 0.45,
}
"""Yes/no question → share of yes at average traits in the first wave; others 0.5."""

SHARES_OF_FIVE: Mapping[str, tuple[float, ...]] = {
    "lg_practice": (0.16, 0.30, 0.28, 0.19, 0.07),
    "lg_interest": (0.08, 0.19, 0.31, 0.30, 0.12),
    "lg_support": (0.12, 0.24, 0.33, 0.23, 0.08),
    "lg_use_here": (0.12, 0.23, 0.34, 0.24, 0.07),
    "isolation": (0.14, 0.27, 0.30, 0.20, 0.09),
}
"""Scale → shares of its five categories; others `_USUAL_SHARES`."""

_USUAL_SHARES = (0.08, 0.20, 0.36, 0.27, 0.09)
_REACH, _STEPS = 6.0, 200
_GRID = np.linspace(-_REACH, _REACH, 2 * int(_REACH) * _STEPS + 1)
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(61)


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its simulated parameters (graded response model; Samejima 1969).

    P(answer at or above category k) = 1 / (1 + exp(-a (theta - b_k))).

    Parameters
    ----------
    code
        The question's code.
    latent
        The latent variable that it measures.
    discrimination
        a; negative where the question is keyed the other way.
    thresholds
        b, lowest first, one fewer than the categories; empty for unordered categories.
    values
        The categories' numbers, lowest first.
    scored
        Whether it belongs to a score.
    """

    code: str
    latent: str
    discrimination: float
    thresholds: tuple[float, ...]
    values: tuple[int, ...]
    scored: bool


def questionnaire(seed: int, instruments: Mapping[str, Instrument]) -> tuple[Item, ...]:
    """The items of all instruments, with discriminations from 1 to 2.2 and thresholds near the usual shares.

    Every question has its own random stream, so a question that is added leaves the others as they were.
    """
    return tuple(
        _item(seed, question, measured_scale(instrument, question))
        for instrument in instruments.values()
        for question in instrument.questions.values()
    )


def measured_scale(instrument: Instrument, question: Question) -> str:
    """The scale whose latent variable a question shows: its area if it has one, else its nearest scale."""
    code = question.checks or question.code
    nearest = [scale for scale in instrument.scales.values() if code in scale.questions]
    if not nearest:
        return GENERAL
    scale = min(nearest, key=lambda found: len(found.questions))
    above = scale
    while above.parent is not None and above.kind != "area":
        above = instrument.scales[above.parent]
    return above.code if above.kind == "area" else scale.code


def _item(seed: int, question: Question, latent: str) -> Item:
    rng = stream(seed, "item", question.code)
    values = tuple(category.value for category in question.response.categories)
    a = float(rng.uniform(1.0, 2.2))
    thresholds: tuple[float, ...] = ()
    if question.response.ordered:
        above = 1.0 - np.cumsum(_shares(question.code, latent, len(values)))[:-1]
        fixed = len(values) == 2 or question.code in SHARES_OF_FIVE
        shift = 0.0 if fixed else 0.2 * float(rng.standard_normal())
        thresholds = tuple(float(b) + shift for b in thresholds_for(a, above))
    return Item(question.code, latent, a * question.key, thresholds, values, question.scored)


def _shares(code: str, latent: str, categories: int) -> tuple[float, ...]:
    if categories == 2:
        yes = SHARE_YES.get(code, 0.5)
        return (1 - yes, yes)
    if categories == 5:
        return SHARES_OF_FIVE.get(latent, _USUAL_SHARES)
    return (1 / categories,) * categories


def thresholds_for(discrimination: float, share_above: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Thresholds with which given shares of a standard normal population answer above them.

    Parameters
    ----------
    discrimination
        a > 0.
    share_above
        Shape (m,), between 0 and 1.

    Returns
    -------
    ndarray
        Shape (m,), by bisection over 61 Gauss-Hermite nodes.
    """
    low, high = np.full(share_above.shape, -12.0), np.full(share_above.shape, 12.0)
    weights = _WEIGHTS / _WEIGHTS.sum()
    for _ in range(50):
        middle = (low + high) / 2
        share = (weights / (1 + np.exp(-discrimination * (_NODES - middle[:, None])))).sum(axis=1)
        low, high = np.where(share > share_above, middle, low), np.where(share > share_above, high, middle)
    return np.asarray((low + high) / 2)


def expected_score(items: Sequence[Item], latents: Mapping[str, Floats]) -> npt.NDArray[np.float64]:
    """The true score (真の得点): expected 0-100 score of a scale, free of the answers' noise.

    Parameters
    ----------
    items
        The scale's items; only ordered ones.
    latents
        Latent variable → shape (n,).

    Returns
    -------
    ndarray
        Shape (n,).
    """
    total = np.zeros(next(iter(latents.values())).size)
    for latent in dict.fromkeys(item.latent for item in items):
        curve = sum((_curve(item) for item in items if item.latent == latent), np.zeros(_GRID.size))
        total += curve[_grid_place(latents[latent])]
    return total / len(items)


def _grid_place(latent: Floats) -> npt.NDArray[np.int32]:
    """The nearest point of the grid; at 200 points an SD a score is off by less than a tenth of a point."""
    place = np.clip(latent, -_REACH, _REACH)
    return np.asarray(np.rint((place + np.float32(_REACH)) * np.float32(_STEPS)), dtype=np.int32)


def _curve(item: Item) -> npt.NDArray[np.float64]:
    a, values = item.discrimination, np.array(item.values, dtype=np.float64)
    steps = np.diff(values) if a > 0 else np.diff(values)[::-1]
    above = 1 / (1 + np.exp(-abs(a) * (_GRID[:, None] - np.array(item.thresholds))))
    return np.asarray(100.0 * (above @ steps) / (values[-1] - values[0]))
