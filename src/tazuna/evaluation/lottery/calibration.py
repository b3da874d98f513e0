"""Rung D held against rung A (段階Dの検算): what a comparison group would have said of the same people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import linalg

from tazuna.evaluation.adjusted import adjusted_effect
from tazuna.evaluation.effect import Calibration
from tazuna.evaluation.estimate import Floats, Integers, t_estimate
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.recentred import lottery_effect, main_controls
from tazuna.evaluation.refusal import Refusal


def calibration(
    y: Floats,
    offers: Offers,
    x: Floats,
    names: Sequence[str],
    *,
    folds: Integers,
    rounds: Integers | None = None,
    baseline: Floats | None = None,
    clusters: Integers | None = None,
) -> Calibration | Refusal:
    """The adjusted comparison, made as if nobody knew the draw, beside the lottery.

    LaLonde (1986, American Economic Review 76(4), 604–620) did so with an experiment in training. Here both
    sides compare people offered a place with people who were not: the same treatment, on the same people and
    with the same weights p(1-p), so that nothing but knowing the chances sets them apart. Taking part instead
    of the offer would not do: the lottery then speaks of those whom an offer moves, the comparison of all.
    Rung D is `adjusted.adjusted_effect` for everybody, within its overlap; the lottery is estimated anew on
    the people whom the overlap keeps.

    Parameters
    ----------
    y
        Outcome of the analysis sample, shape (n,).
    offers
        To the same n rows.
    x, names, folds
        Covariates from before the draw that rung D would have, the baseline among them, without the chance;
        as of `adjusted.adjusted_effect`. Folds must not cut clusters.
    rounds, baseline, clusters
        As of `recentred.main_controls` and `recentred.lottery_effect`.

    Returns
    -------
    Calibration or Refusal
        The difference, D less A, has a normal interval from both influence functions together; approximate,
        since it takes offers of different people as independent. Refused is what either side refuses.
    """
    adjusted = adjusted_effect(
        y,
        offers.offered,
        x,
        names,
        folds=folds,
        target="ate",
        clusters=clusters,
        weights=offers.chance * (1 - offers.chance),
    )
    if isinstance(adjusted, Refusal):
        return adjusted
    kept = adjusted.kept
    same = offers.among(kept)
    controls, control_names = main_controls(
        same.chance,
        None if rounds is None else rounds[kept],
        None if baseline is None else baseline[kept],
    )
    people = None if clusters is None else clusters[kept]
    lottery = lottery_effect(y[kept], same, controls, control_names, clusters=people)
    if isinstance(lottery, Refusal):
        return lottery
    apart = adjusted.influence[kept] - _influence(y[kept], same, controls)
    code = np.arange(len(apart)) if people is None else np.unique(people, return_inverse=True)[1]
    sums = np.bincount(code, apart)
    std_error = float(np.sqrt(len(sums) / (len(sums) - 1) * (sums @ sums))) / len(apart)
    difference = t_estimate(
        adjusted.estimate.estimate - lottery.estimate.estimate,
        std_error,
        float("inf"),
        lottery.estimate.n_treated,
        lottery.estimate.n_comparison,
    )
    return Calibration(lottery=lottery.estimate, adjusted=adjusted.estimate, difference=difference)


def _influence(y: Floats, offers: Offers, controls: Floats) -> Floats:
    """Of the coefficient of the offer: n·d̃·e/d̃'d̃, shape (n,)."""
    q = linalg.qr(controls, mode="economic")[0]
    d, outcome = (column - q @ (q.T @ column) for column in (offers.offered.astype(np.float64), y))
    length = float(d @ d)
    influence: Floats = len(y) * d * (outcome - d * (d @ outcome) / length) / length
    return influence
