"""Resampling (再標本抽出) of means from sums and counts: a million people cost no more than a hundred."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tazuna.measurement.intervals import LEVEL, Floats

REPLICATES = 2_000
_NUMBERS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Resampled:
    """Means of one side with their resampled twins.

    Parameters
    ----------
    n, mean
        Shape (measures,): number of answers and mean; NaN without answers.
    replicates
        Shape (REPLICATES, measures).
    """

    n: Floats
    mean: Floats
    replicates: Floats


def generator_for(seed: int, organisation_id: str, wave: str) -> np.random.Generator:
    """A stream for each organisation and wave, so that figures do not depend on the order of work."""
    place = hashlib.sha256(json.dumps([organisation_id, wave]).encode()).digest()
    words = np.frombuffer(place, dtype="<u4").tolist()
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, *words])))


def resample_departments(
    sides: tuple[tuple[Floats, Floats], ...], rng: np.random.Generator
) -> tuple[Resampled, ...]:
    """Draw departments with replacement, the same draw for every side.

    Parameters
    ----------
    sides
        For each side numbers and totals of its answers, each of shape (departments, measures).
    rng
        Source of the draws.
    """
    departments = sides[0][0].shape[0]
    replicates: list[list[Floats]] = [[] for _ in sides]
    for block in _blocks(departments):
        draws = rng.multinomial(departments, np.full(departments, 1 / departments), size=block).astype(
            np.float64
        )
        for side, (n, total) in zip(replicates, sides, strict=True):
            side.append(_ratio(draws @ total, draws @ n))
    return tuple(
        Resampled(n.sum(axis=0), _ratio(total.sum(axis=0), n.sum(axis=0)), np.concatenate(side))
        for side, (n, total) in zip(replicates, sides, strict=True)
    )


def resample_people(values: Floats, counts: Floats, rng: np.random.Generator) -> Resampled:
    """Draw people with replacement, given how many of them have each score.

    Parameters
    ----------
    values, counts
        Shape (different scores,): each score of one measure and how many people have it.
    rng
        Source of the draws.

    Returns
    -------
    Resampled
        Of one measure.
    """
    n = int(counts.sum())
    if n == 0:
        return Resampled(np.zeros(1), np.full(1, np.nan), np.full((REPLICATES, 1), np.nan))
    draws = [rng.multinomial(n, counts / n, size=block) @ values / n for block in _blocks(values.size)]
    return Resampled(np.array([float(n)]), np.array([counts @ values / n]), np.concatenate(draws)[:, None])


def percentile_interval(replicates: Floats) -> tuple[Floats, Floats]:
    """Percentile interval of each measure (Efron & Tibshirani 1993, chapter 13).

    Parameters
    ----------
    replicates
        Shape (REPLICATES, measures); draws without an answer are NaN and left out.

    Returns
    -------
    lower, upper
        Shape (measures,); NaN where no draw had an answer.
    """
    drawn = np.isfinite(replicates).any(axis=0)
    known = np.where(drawn, replicates, 0.0)
    lower, upper = np.nanpercentile(known, [50 - 50 * LEVEL, 50 + 50 * LEVEL], axis=0)
    return np.where(drawn, lower, np.nan), np.where(drawn, upper, np.nan)


def _blocks(width: int) -> Iterator[int]:
    """Sizes of blocks of replicates that keep few enough numbers in memory."""
    size = max(1, _NUMBERS_AT_ONCE // width)
    for start in range(0, REPLICATES, size):
        yield min(size, REPLICATES - start)


def _ratio(total: Floats, n: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(total / n)
