"""The effect of taking part, and of an hour (参加の効果・1時間あたりの効果), with the draw as instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.effect import FirstStage
from tazuna.evaluation.estimate import Estimate, Flags, Floats, Integers
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.inversion import Inversion, inverted
from tazuna.evaluation.lottery.recentred import (
    by_redraws,
    error_units,
    lottery_effect,
    offer_regression,
)
from tazuna.evaluation.refusal import Refusal, everybody_treated, nobody_treated
from tazuna.evaluation.regression import least_squares
from tazuna.evaluation.studentised import studentised
from tazuna.language import message

EXPOSURE = "(taking part)"
"""Name of what works among the columns, for refusals."""
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class TwoStage:
    """The effect of what an offer leads to.

    Parameters
    ----------
    estimate
        In units of the outcome per unit of the exposure, on those whom an offer moves; the interval may be
        unbounded.
    moved
        By how much an offer raises the exposure, in its units.
    inversion
        The test of every other effect.
    """

    estimate: Estimate
    moved: float
    inversion: Inversion


def two_stage_effect(
    y: Floats,
    exposure: Floats,
    offers: Offers,
    controls: Floats,
    names: Sequence[str],
    *,
    clusters: Integers | None = None,
) -> TwoStage | Refusal:
    """Effect of taking part, or of an hour, by two-stage least squares.

    The estimate divides what an offer does to the outcome by what it does to the exposure (Imbens & Angrist
    1994, doi:10.2307/2951620; with recentred offers Borusyak & Hull 2023, doi:10.3982/ECTA19367). The
    interval holds every b for which the draw does not move y - b·exposure more than redraws do (Imbens &
    Rosenbaum 2005, doi:10.1111/j.1467-985X.2004.00339.x). It is valid however little the offer moves the
    exposure, and where that may be nothing it is unbounded. The p-value of no effect is that of the offer. An
    offer must work only through the exposure.

    Parameters
    ----------
    y, offers, controls, names, clusters
        As of `recentred.lottery_effect`.
    exposure
        Shape (n,): 1 who took part and 0 who did not, or hours.

    Returns
    -------
    TwoStage or Refusal
        Refused are what `recentred.lottery_effect` refuses, an exposure that nobody or everybody has alike,
        and one that an offer does not raise.
    """
    fit = offer_regression(y, offers, controls, names, clusters)
    if isinstance(fit, Refusal):
        return fit
    if np.ptp(exposure) == 0:
        return everybody_treated() if exposure[0] else nobody_treated()
    # An outcome that follows from the exposure without error has no interval.
    through = least_squares(y, np.column_stack([controls, exposure]), (*names, EXPOSURE))
    if isinstance(through, Refusal):
        return through
    moved = _moved(exposure, offers, controls)
    if moved <= _NOTHING * float(np.ptp(exposure)):
        return _offer_moves_nothing()
    covariance, groups = error_units(clusters)
    inversion = inverted(
        y, exposure, offers.offered, offers.redrawn, controls, covariance=covariance, clusters=groups
    )
    return TwoStage(by_redraws(inversion, offers), moved, inversion)


def first_stage(
    took_part: Flags,
    offers: Offers,
    controls: Floats,
    names: Sequence[str],
    *,
    clusters: Integers | None = None,
) -> FirstStage | Refusal:
    """How much an offer raises the share that takes part.

    Parameters
    ----------
    took_part
        Shape (n,).
    offers, controls, names, clusters
        As of `recentred.lottery_effect`.

    Returns
    -------
    FirstStage or Refusal
        Where exactly those with an offer took part the estimate is 1 without error. Refused are what
        `recentred.lottery_effect` refuses, and nobody or everybody taking part.
    """
    shares = [
        float(took_part[side].mean()) if side.any() else 0.0 for side in (offers.offered, ~offers.offered)
    ]
    if (took_part == offers.offered).all() and 0 < took_part.mean() < 1:
        return FirstStage(_exactly_one(offers), *shares)
    found = lottery_effect(took_part.astype(np.float64), offers, controls, names, clusters=clusters)
    if not isinstance(found, Refusal):
        return FirstStage(found.estimate, *shares)
    if found.code == "constant_outcome":
        return everybody_treated() if took_part.all() else nobody_treated()
    return found


def _exactly_one(offers: Offers) -> Estimate:
    """The first stage where taking part is the offer: only redraws with the same offers reach it."""
    alike = int((offers.redrawn == offers.offered).all(axis=1).sum())
    n_offered = int(offers.offered.sum())
    return Estimate(
        estimate=1.0,
        std_error=0.0,
        lower=1.0,
        upper=1.0,
        p_value=(1 + alike) / (1 + len(offers.redrawn)),
        n_treated=n_offered,
        n_comparison=len(offers.offered) - n_offered,
        inference="redraws",
    )


def _moved(exposure: Floats, offers: Offers, controls: Floats) -> float:
    found = studentised(exposure[:, None], offers.offered[None, :], controls)
    return float(found.coefficients[0, 0])


def _offer_moves_nothing() -> Refusal:
    return Refusal(
        "offer_moves_nothing",
        message(
            "People with an offer took part no more than those without, so the draw shows no effect of it."
        ),
        message("Check the participation table; report the effect of the offer instead."),
    )
