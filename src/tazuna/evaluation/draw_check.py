"""Whether the draw decided alone (抽選の偏りの検査): what was known before must not go with the offer."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.balance import Balance, balance
from tazuna.evaluation.estimate import Floats, Integers
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.recentred import error_units
from tazuna.evaluation.studentised import studentised

_TIE = 1e-9
_FLAT = 1e-9


def draw_balance(offers: Offers, known: Floats, names: tuple[str, ...]) -> Balance:
    """Covariates by offer, before and after weighting offers by 1 - p and the others by p.

    Both weighted groups stand for the people at risk as the main estimate does, with weight p(1-p).

    Parameters
    ----------
    offers
        Of n rows, all at risk.
    known, names
        Shape (n, k) and k names.
    """
    chance = offers.chance
    weights = np.where(offers.offered, 1 - chance, chance)
    return balance(offers.offered, known, names, weights, target="ate")


def draw_balance_p(
    offers: Offers, known: Floats, controls: Floats, clusters: Integers | None
) -> float | None:
    """Whether any covariate goes with the offer more than in redraws: the largest |t| of all of them.

    Parameters
    ----------
    offers, known
        As of `draw_balance`.
    controls
        Constant, chance and rounds, shape (n, c).
    clusters
        As of `recentred.lottery_effect`.

    Returns
    -------
    float or None
        Exact p-value by redraws; None where nothing known varies beyond the controls.
    """
    fitted = controls @ np.linalg.lstsq(controls, known, rcond=None)[0]
    varies = np.linalg.norm(known - fitted, axis=0) > _FLAT * np.linalg.norm(known, axis=0)
    if not varies.any():
        return None
    covariance, groups = error_units(clusters)
    drawn, redrawn = (
        _largest(
            studentised(
                known[:, varies], rows.astype(np.float64), controls, covariance=covariance, clusters=groups
            ).statistics
        )
        for rows in (offers.offered[None, :], offers.redrawn)
    )
    return float((1 + (redrawn >= drawn[0] * (1 - _TIE)).sum()) / (1 + len(redrawn)))


def _largest(statistics: Floats) -> Floats:
    """Shape (r,): a redraw that tells nothing of a covariate counts as 0."""
    largest: Floats = np.abs(np.nan_to_num(statistics)).max(axis=1)
    return largest
