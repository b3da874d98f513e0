"""Reliability (信頼性): Cronbach's alpha with its interval, and each question against the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import special

from tazuna.measurement.intervals import LEVEL, Floats
from tazuna.measurement.scoring import ScoredScale

_ROWS_AT_ONCE = 100_000
_SMALL_PRODUCT = 250_000
_FEWEST_QUESTIONS = 2
_FEWEST_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One question within its scale: correlation with the sum of the others, mean, standard deviation.

    Mean and standard deviation are in the response scale's own points, keyed so that high means much. The
    correlation is None where everybody gave the same answer; the mean where it would tell of a hidden group.
    ``alpha_dropped`` is the alpha of the others; None where fewer than two are left or their sum does not
    vary.
    """

    item_rest: float | None
    mean: float | None
    sd: float
    alpha_dropped: float | None = None


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


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of answers as stored, each from all who answered both questions of a pair.

    Parameters
    ----------
    codes
        The questions.
    n, mean, covariance
        Shapes (p, p), (p,), (p, p): numbers, means, covariances; NaN where too few answered both.
    """

    codes: tuple[str, ...]
    n: Floats
    mean: Floats
    covariance: Floats


def pairwise_moments(responses: pl.DataFrame, codes: Sequence[str]) -> Moments:
    """Moments of the questions in one pass, a block of people at a time.

    Parameters
    ----------
    responses
        One row a person: a person's answers must not come twice, so give one wave.
    codes
        Columns of ``responses``; null = not answered.
    """
    n, total, products = np.zeros((3, len(codes), len(codes)))
    for block in responses.select(codes).iter_slices(_ROWS_AT_ONCE):
        answers = _stack(block.cast(pl.Float64).to_numpy())
        answered = np.isfinite(answers)
        here = answered.astype(np.float64)
        values = np.where(answered, answers, 0.0)
        here_t, values_t = here.swapaxes(1, 2), values.swapaxes(1, 2)
        n += (here_t @ here).sum(axis=0)
        total += (values_t @ here).sum(axis=0)
        products += (values_t @ values).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = (products - total * total.T / n) / (n - 1)
        mean = np.diag(total) / np.diag(n)
    return Moments(tuple(codes), n, mean, covariance)


def reliability(moments: Moments, scored: ScoredScale) -> Reliability | None:
    """Cronbach's alpha of a scale from pairwise covariances, as R's ``psych::alpha`` computes it.

    ``alpha = p/(p-1) · (1 - Σ var_i / Σ cov_ij)`` over the keyed answers (Cronbach 1951,
    doi:10.1007/BF02310555), each covariance from all who answered both questions; the 95% interval is Feldt's
    (1965, doi:10.1007/BF02289499). Where response scales differ the answers are rescaled to 0–100 first.

    Parameters
    ----------
    moments
        Of the scale's questions, and others.
    scored
        The scale.

    Returns
    -------
    Reliability or None
        None with fewer than two questions, three people for some pair, or without any variance.
    """
    return reliability_of_sum(keyed_moments(moments, scored))


def keyed_moments(moments: Moments, scored: ScoredScale) -> Moments:
    """Moments of a scale's questions, keyed so that high means much, on one response scale."""
    at = [moments.codes.index(question.code) for question in scored.questions]
    pairs = np.ix_(at, at)
    slope, offset = _keying(scored)
    return Moments(
        codes=tuple(question.code for question in scored.questions),
        n=moments.n[pairs],
        mean=offset + slope * moments.mean[at],
        covariance=moments.covariance[pairs] * np.outer(slope, slope),
    )


def reliability_of_sum(moments: Moments) -> Reliability | None:
    """Alpha of the plain sum of keyed questions: see `reliability`.

    Parameters
    ----------
    moments
        Of the questions, keyed so that high means much.
    """
    p = len(moments.codes)
    if p < _FEWEST_QUESTIONS:
        return None
    covariance = moments.covariance
    people, whole = int(moments.n.min()), covariance.sum()
    if people < _FEWEST_PEOPLE or not whole > 0:
        return None
    alpha = float(p / (p - 1) * (1 - np.trace(covariance) / whole))
    lower, upper = feldt_interval(alpha, people, p)
    variance, with_all = np.diag(covariance), covariance.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        item_rest = (with_all - variance) / np.sqrt(variance * (whole - 2 * with_all + variance))
    figures = np.column_stack([item_rest, moments.mean, np.sqrt(variance)]).tolist()
    items = {
        code: ItemFigures(rest if np.isfinite(rest) else None, mean, sd, dropped)
        for code, (rest, mean, sd), dropped in zip(
            moments.codes, figures, alphas_without(covariance), strict=True
        )
    }
    return Reliability(alpha, lower, upper, people, items)


def alphas_without(covariance: Floats) -> list[float | None]:
    """Alpha of the other questions when each is dropped (削除時のα), ``raw_alpha`` of ``psych::alpha``."""
    left = len(covariance) - 1
    if left < _FEWEST_QUESTIONS:
        return [None] * len(covariance)
    variance = np.diag(covariance)
    whole = covariance.sum() - 2 * covariance.sum(axis=1) + variance
    own = variance.sum() - variance
    return [
        float(left / (left - 1) * (1 - alone / sum_)) if sum_ > 0 else None
        for alone, sum_ in zip(own, whole, strict=True)
    ]


def beside_hidden_organisation(found: Reliability, k: int) -> Reliability:
    """Reliability over several organisations of which one is hidden: nothing to subtract the others from.

    The number of people is rounded down to a multiple of k, the interval is that of so many, and the means of
    the questions are left out.
    """
    people = found.n // k * k
    lower, upper = feldt_interval(found.alpha, people, len(found.items))
    items = {code: replace(item, mean=None) for code, item in found.items.items()}
    return Reliability(found.alpha, lower, upper, people, items)


def feldt_interval(alpha: float, people: int, questions: int) -> tuple[float, float]:
    """95% interval of alpha: (1 - alpha) · F quantiles with n-1 and (n-1)(p-1) degrees of freedom."""
    freedom = people - 1, (people - 1) * (questions - 1)
    high, low = (float(special.fdtri(*freedom, share)) for share in (0.5 + LEVEL / 2, 0.5 - LEVEL / 2))
    return 1 - (1 - alpha) * high, 1 - (1 - alpha) * low


def _stack(answers: Floats) -> Floats:
    """Cut (people, p) into a stack of small tables, filled up with unanswered rows: shape (tables, rows, p).

    Products of small tables stay on one core. On a machine with other work the threads of one large product
    wait for each other: fifty times slower was seen.
    """
    people, p = answers.shape
    rows = max(1, _SMALL_PRODUCT // p**2)
    tables = -(-people // rows)
    stack = np.full((tables * rows, p), np.nan)
    stack[:people] = answers
    return stack.reshape(tables, rows, p)


def _keying(scored: ScoredScale) -> tuple[Floats, Floats]:
    """Slope and offset that key each answer, and rescale it where the questions' response scales differ."""
    lowest = np.array([question.response.lowest for question in scored.questions], dtype=np.float64)
    highest = np.array([question.response.highest for question in scored.questions], dtype=np.float64)
    forward = np.array([question.key == 1 for question in scored.questions])
    slope = np.where(forward, 1.0, -1.0)
    if np.ptp(lowest) == 0 and np.ptp(highest) == 0:
        return slope, np.where(forward, 0.0, lowest + highest)
    points = 100 / (highest - lowest)
    return slope * points, np.where(forward, -lowest, highest) * points
