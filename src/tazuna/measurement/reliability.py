"""Reliability (信頼性): Cronbach's alpha with its interval, and how each question goes with the rest of its
scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from tazuna.measurement.intervals import LEVEL, Floats
from tazuna.measurement.scoring import ScoredScale

_ROWS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One question within its scale: correlation with the sum of the others, mean and standard deviation of
    its answers.

    Mean and standard deviation are in the response scale's own points, keyed so that high means much.
    """

    item_rest: float
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Reliability of one scale.

    ``n`` is the number of people behind the rarest pair of questions; every covariance rests on at least so
    many.
    """

    alpha: float
    lower: float
    upper: float
    n: int
    items: dict[str, ItemFigures]


def reliability(responses: pl.DataFrame, scored: ScoredScale) -> Reliability | None:
    """Cronbach's alpha of a scale from pairwise covariances, as R's ``psych::alpha`` computes it.

    ``alpha = p/(p-1) · (1 - Σ var_i / Σ cov_ij)`` over the keyed answers (Cronbach 1951,
    doi:10.1007/BF02310555), each covariance from all who answered both questions; the 95% interval is
    Feldt's (1965, doi:10.1007/BF02289499). Where response scales differ the answers are rescaled to 0–100
    first.

    Parameters
    ----------
    responses
        One row a person: a person's answers must not come twice, so give one wave.
    scored
        The scale.

    Returns
    -------
    Reliability or None
        None with fewer than two questions, three people for some pair, or without any variance.
    """
    p = len(scored.questions)
    if p < 2:
        return None
    n, mean, covariance = pairwise_moments(_keyed_blocks(responses, scored), p)
    people = int(n.min())
    whole = covariance.sum()
    if people < 3 or not whole > 0:
        return None
    alpha = p / (p - 1) * (1 - np.trace(covariance) / whole)
    lower, upper = feldt_interval(float(alpha), people, p)
    with_rest = covariance.sum(axis=1) - np.diag(covariance)
    rest_variance = whole - 2 * covariance.sum(axis=1) + np.diag(covariance)
    with np.errstate(divide="ignore", invalid="ignore"):
        item_rest = with_rest / np.sqrt(np.diag(covariance) * rest_variance)
    sd = np.sqrt(np.diag(covariance))
    items = {
        question.code: ItemFigures(float(item_rest[i]), float(mean[i]), float(sd[i]))
        for i, question in enumerate(scored.questions)
    }
    return Reliability(float(alpha), lower, upper, people, items)


def pairwise_moments(blocks: Iterable[Floats], p: int) -> tuple[Floats, Floats, Floats]:
    """Numbers, means and covariances from all who answered both questions of a pair.

    Parameters
    ----------
    blocks
        Arrays of shape (people, p), NaN = not answered.
    p
        Number of questions.

    Returns
    -------
    n, mean, covariance
        Shapes (p, p), (p,), (p, p); covariances are NaN where fewer than two answered both.
    """
    n, total, products = (np.zeros((p, p)) for _ in range(3))
    for block in blocks:
        answered = np.isfinite(block)
        here = answered.astype(np.float64)
        values = np.where(answered, block, 0.0)
        n += here.T @ here
        total += values.T @ here
        products += values.T @ values
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = (products - total * total.T / n) / (n - 1)
        mean = np.diag(total) / np.diag(n)
    return n, mean, covariance


def feldt_interval(alpha: float, people: int, questions: int) -> tuple[float, float]:
    """95% interval of alpha: (1 - alpha) · F quantiles with n-1 and (n-1)(p-1) degrees of freedom."""
    freedom = people - 1, (people - 1) * (questions - 1)
    high, low = stats.f.ppf([0.5 + LEVEL / 2, 0.5 - LEVEL / 2], *freedom)
    return float(1 - (1 - alpha) * high), float(1 - (1 - alpha) * low)


def _keyed_blocks(responses: pl.DataFrame, scored: ScoredScale) -> Iterator[Floats]:
    """Keyed answers a block of people at a time, so that a million people need little memory."""
    lowest = np.array([question.response.lowest for question in scored.questions], dtype=np.float64)
    highest = np.array([question.response.highest for question in scored.questions], dtype=np.float64)
    reversed_key = np.array([question.key == -1 for question in scored.questions])
    one_form = np.ptp(lowest) == 0 and np.ptp(highest) == 0
    answers = responses.select(pl.col(question.code).cast(pl.Float64) for question in scored.questions)
    for block in answers.iter_slices(_ROWS_AT_ONCE):
        values = block.to_numpy()
        keyed = np.where(reversed_key, lowest + highest - values, values)
        yield keyed if one_form else 100 * (keyed - lowest) / (highest - lowest)
