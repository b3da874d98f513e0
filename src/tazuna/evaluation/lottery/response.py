"""Whether answering depends on the offer (回答の偏り), tested by the redraws."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.effect import Attrition
from tazuna.evaluation.estimate import Flags, Integers
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.lee_bounds import LeeBounds
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.refusal import Refusal


def response_by_offer(
    answered: Flags,
    offers: Offers,
    *,
    rounds: Integers | None = None,
    clusters: Integers | None = None,
    bounds: LeeBounds | Refusal | None = None,
) -> Attrition:
    """Who answered, by arm, and whether the offer changed it.

    Answering is an outcome like any other that the draw may move: the effect of the offer on it, as
    `recentred.lottery_effect` estimates and tests it.

    Parameters
    ----------
    answered
        Shape (n,): whose outcome is known, among all people at risk who were asked.
    offers
        To the same n rows.
    rounds, clusters
        As of `recentred.main_controls` and `recentred.lottery_effect`.
    bounds
        To be shown beside; a refusal shows none.

    Returns
    -------
    Attrition
        Its difference is None where everybody or nobody answered, or the draw cannot tell.
    """
    offered = offers.offered
    controls, names = main_controls(offers.chance, rounds)
    found = lottery_effect(answered.astype(np.float64), offers, controls, names, clusters=clusters)
    shown = bounds if isinstance(bounds, LeeBounds) else None
    return Attrition(
        asked_treated=int(offered.sum()),
        asked_comparison=int((~offered).sum()),
        answered_treated=int((offered & answered).sum()),
        answered_comparison=int((~offered & answered).sum()),
        difference=found.estimate if isinstance(found, LotteryEffect) else None,
        lower_bound=None if shown is None else shown.lower,
        upper_bound=None if shown is None else shown.upper,
        bounds_interval=None if shown is None else shown.interval,
    )
