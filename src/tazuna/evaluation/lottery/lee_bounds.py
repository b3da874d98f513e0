"""Bounds of the effect when answering depends on the offer (リー・バウンド), weighted by the chances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from tazuna.evaluation.estimate import LEVEL, Flags, Floats, Integers
from tazuna.evaluation.refusal import Refusal
from tazuna.language import message

BOOTSTRAPS = 999
FEWEST_ANSWERS = 10
"""On each side, below which no bounds are given."""
_CELLS_AT_ONCE = 2_000_000
_NEWTON_STEPS = 8
"""Five reach the last digit."""


@dataclass(frozen=True, slots=True)
class LeeBounds:
    """Effect on those who answer with or without an offer, whoever the others are.

    Parameters
    ----------
    lower, upper
        In units of the outcome; equal where both sides answered at the same rate.
    interval
        95%, holds the effect (not the whole range between the bounds).
    lower_error, upper_error
        Bootstrap standard errors of the bounds.
    trimmed
        Share of the answers of one side that was left out, 0–1.
    side
        Whose.
    """

    lower: float
    upper: float
    interval: tuple[float, float]
    lower_error: float
    upper_error: float
    trimmed: float
    side: Literal["offered", "not_offered"]


def lee_bounds(
    y: Floats,
    answered: Flags,
    offered: Flags,
    chance: Floats,
    *,
    rng: np.random.Generator,
    clusters: Integers | None = None,
    bootstraps: int = BOOTSTRAPS,
) -> LeeBounds | Refusal:
    """Trim the side that answered more until both answered alike, from above and from below.

    If the offer makes nobody less likely to answer (or nobody more), the side that answers more holds some
    people who would not have answered otherwise, at most the lowest or the highest of its outcomes (Lee 2009,
    doi:10.1111/j.1467-937X.2009.00536.x). People are weighted before trimming: 1/p and 1/(1-p) make the arms
    alike, and times p(1-p) the effect is that of the main estimate, weighted by p(1-p). Together these
    weights are 1-p for those offered a place and p for the others. Without them the arms differ before
    anybody is trimmed, since people with a good chance sit mostly on one side. The person at the limit is cut
    in part.

    Parameters
    ----------
    y
        Outcome, shape (n,), of all people at risk who were asked; anything where not answered.
    answered, offered
        Shape (n,).
    chance
        Of an offer, 0 < p < 1, shape (n,).
    rng
        Draws people with replacement.
    clusters
        Code of the person, shape (n,), where somebody stands in two rows.
    bootstraps
        How often.

    Returns
    -------
    LeeBounds or Refusal
        The interval follows Imbens & Manski 2004, doi:10.1111/j.1468-0262.2004.00555.x: with range Δ and
        bootstrap errors of the bounds it reaches c errors beyond them, Φ(c + Δ/max σ) - Φ(-c) = .95. It
        treats people as drawn one by one, which a draw with fixed places is not; approximate.
        Refused are fewer than ten answers on a side.
    """
    few = min(int((answered & side).sum()) for side in (offered, ~offered))
    if few < FEWEST_ANSWERS:
        return _too_few(few)
    order = np.argsort(np.where(answered, y, np.inf), kind="stable")
    sides = _Sides.of(
        np.where(answered, y, 0.0)[order],
        answered[order],
        offered[order],
        np.where(offered, 1 - chance, chance)[order],
    )
    whole = np.ones((1, len(y)))
    lower, upper, excess = (part[0] for part in sides.bounds(whole))
    code = np.arange(len(y)) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    again = _bootstrapped(sides, code[order], rng, bootstraps)
    lower_error, upper_error = (float(np.nanstd(part, ddof=1)) for part in again)
    reach = _imbens_manski(float(upper - lower), max(lower_error, upper_error))
    return LeeBounds(
        lower=float(lower),
        upper=float(upper),
        interval=(float(lower - reach * lower_error), float(upper + reach * upper_error)),
        lower_error=lower_error,
        upper_error=upper_error,
        trimmed=float(abs(excess)),
        side="offered" if excess >= 0 else "not_offered",
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    """Outcomes in rising order with their weights on each side; ``asked`` counts those who did not answer."""

    y: Floats
    answers: tuple[Floats, Floats]
    asked: tuple[Floats, Floats]

    @classmethod
    def of(cls, y: Floats, answered: Flags, offered: Flags, weight: Floats) -> _Sides:
        """Arrays of shape (n,), sorted by ``y``; offered people first."""
        asked = weight * offered, weight * ~offered
        return cls(y, (asked[0] * answered, asked[1] * answered), asked)

    def bounds(self, times: Floats) -> tuple[Floats, Floats, Floats]:
        """Both bounds, and the share of answers that one side has in excess (negative: not offered).

        ``times`` says how often each row counts, shape (b, n); results have shape (b,).
        """
        answers = [times * part for part in self.answers]
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = [
                part.sum(axis=1) / (times @ asked) for part, asked in zip(answers, self.asked, strict=True)
            ]
            excess = np.where(rate[0] >= rate[1], 1 - rate[1] / rate[0], rate[0] / rate[1] - 1)
            shares = np.maximum(excess, 0.0), np.maximum(-excess, 0.0)
            low, high = zip(
                *(self._trimmed_means(part, cut) for part, cut in zip(answers, shares, strict=True)),
                strict=True,
            )
            return low[0] - high[1], high[0] - low[1], excess

    def _trimmed_means(self, weights: Floats, cut: Floats) -> tuple[Floats, Floats]:
        """Means without the share ``cut`` of the weight at the top, and without that at the bottom."""
        reached = np.cumsum(weights, axis=1)
        total = reached[:, -1:]
        keep = total * (1 - cut[:, None])
        before = reached - weights
        bottom = np.clip(keep - before, 0.0, weights)
        top = np.clip(reached - (total - keep), 0.0, weights)
        return bottom @ self.y / bottom.sum(axis=1), top @ self.y / top.sum(axis=1)


def _bootstrapped(
    sides: _Sides, code: Integers, rng: np.random.Generator, count: int
) -> tuple[Floats, Floats]:
    """Bounds of people drawn with replacement, shape (count,) each."""
    people = int(code.max()) + 1
    step = max(1, _CELLS_AT_ONCE // len(code))
    lower, upper = [], []
    for start in range(0, count, step):
        drawn = rng.multinomial(people, np.full(people, 1 / people), size=min(step, count - start))
        low, high, _ = sides.bounds(drawn[:, code].astype(np.float64))
        lower.append(low)
        upper.append(high)
    return np.concatenate(lower), np.concatenate(upper)


def _imbens_manski(width: float, error: float) -> float:
    """Errors c beyond the bounds: between 1.645 (far apart) and 1.960 (a point).

    Φ(c + width / error) - Φ(-c) is concave in c, so that Newton's steps from below rise to where it is 95%.
    """
    if error == 0:
        return 0.0
    apart, c = width / error, float(special.ndtri(LEVEL))
    for _ in range(_NEWTON_STEPS):
        short = LEVEL - (special.ndtr(c + apart) - special.ndtr(-c))
        slope = (np.exp(-((c + apart) ** 2) / 2) + np.exp(-(c**2) / 2)) / np.sqrt(2 * np.pi)
        c += float(short / slope)
    return c


def _too_few(answers: int) -> Refusal:
    return Refusal(
        "too_few_answers",
        message(
            "Only {answers} people of one side of the draw answered, and bounds for the missing answers need "
            "{needed}.",
            answers=answers,
            needed=FEWEST_ANSWERS,
        ),
        message("Ask those who have not answered once more, or pool several rounds."),
    )
