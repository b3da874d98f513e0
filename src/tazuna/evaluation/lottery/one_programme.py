"""One programme (1つのプログラム) instead of any place: compared with what, and against no place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tazuna.evaluation.collinearity import TOLERANCE
from tazuna.evaluation.estimate import Estimate, Flags, Floats, Integers
from tazuna.evaluation.lottery.draws import NO_PLACE, Draws, Offers
from tazuna.evaluation.lottery.recentred import (
    OFFER,
    error_units,
    lottery_effect,
)
from tazuna.evaluation.lottery.two_exposures import two_exposures
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.regression import Fit, least_squares
from tazuna.language import message

OFFER_ELSEWHERE = "(offer elsewhere)"
"""Name of the offer of another place among the columns, for refusals."""
FEWEST_EXPECTED = 5
"""People on a side, and squares of the draw, below which no effect is given."""
_CELLS_AT_ONCE = 2_000_000


def fallback_mix(draws: Draws, asked: Flags, rows: Flags) -> dict[str, float]:
    """Where people go when the draw does not give them the programmes asked about.

    The effect of one programme, estimated by its offers, is against this mix and not against no place: the
    draw that takes the programme away gives many of them another one. Each person's mix comes from the
    redraws without the programme; people are weighted by p(1-p), as in the effect.

    Parameters
    ----------
    draws
        Of the rounds, n rows.
    asked
        Shape (programs,): the programmes asked about.
    rows
        Shape (n,): the analysis sample.

    Returns
    -------
    dict
        Id of a programme, or ``""`` for no place, → share. The largest first; shares sum to 1. Empty where
        the draw decides about nobody among the rows.
    """
    chance = draws.offers(asked).chance
    weight = chance * (1 - chance) * rows
    kept = np.flatnonzero(weight > 0)
    if not len(kept):
        return {}
    # A person's weight is spread over the redraws without the programme: (1-p)·R of them.
    each = weight[kept] / (1 - chance[kept])
    totals = np.zeros(len(draws.programs) + 1)
    step = max(1, _CELLS_AT_ONCE // len(kept))
    for start in range(0, len(draws.redrawn), step):
        held = draws.redrawn[start : start + step, kept]
        spread = np.broadcast_to(each, held.shape)
        totals += np.bincount((held - NO_PLACE).ravel(), spread.ravel(), minlength=len(totals))
    totals[1:][asked] = 0.0
    shares = totals / totals.sum()
    names = ("", *draws.programs)
    return {names[at]: float(shares[at]) for at in np.argsort(-shares, kind="stable") if shares[at] > 0}


def effect_against_no_place(
    y: Floats,
    program: Offers,
    elsewhere: Offers,
    controls: Floats,
    names: Sequence[str],
    *,
    clusters: Integers | None = None,
) -> Estimate | Refusal:
    """Effect of the programmes asked about, compared with no place at all.

    Regresses the outcome on the offer of the programme, the offer of another place, both chances and the
    controls: with the chances held fixed the two offers are recentred, and each instrument for itself. The
    test holds whatever the other places do (`two_exposures.TwoExposures.p_value`); a test of the programme
    alone does not: it rejects where the programme has no effect and the other places have one. Where effects
    differ between people, each coefficient takes up a little of the other's differences (Goldsmith-Pinkham,
    Hull & Kolesár 2024, doi:10.1257/aer.20221116).

    Parameters
    ----------
    y
        Outcome of the analysis sample, shape (n,): people with 0 < p < 1 for the programme, the same as for
        its effect against the fallback mix.
    program, elsewhere
        Offers of the programmes asked about and of all other places, to the same n rows.
    controls, names, clusters
        As of `recentred.lottery_effect`: with the chance of the programme.

    Returns
    -------
    Estimate or Refusal
        Where nobody gets another place it is the effect of the offer itself. Refused are, beside what
        `recentred.lottery_effect` refuses, fewer than five people expected without any place, and draws in
        which the programme and the other places move together.
    """
    plain = lottery_effect(y, program, controls, names, clusters=clusters)
    if isinstance(plain, Refusal):
        return plain
    if not (elsewhere.offered.any() or elsewhere.redrawn.any()):
        return plain.estimate
    refused = _nobody_left_without(program, elsewhere)
    if refused is not None:
        return refused
    columns, named = _with_column(controls, tuple(names), elsewhere.chance, "chance elsewhere")
    drawn = program.offered.astype(np.float64), elsewhere.offered.astype(np.float64)
    covariance, groups = error_units(clusters)
    fit = least_squares(
        y,
        np.column_stack([columns, *drawn]),
        (*named, OFFER, OFFER_ELSEWHERE),
        covariance=covariance,
        clusters=groups,
    )
    if not isinstance(fit, Fit):
        return fit
    for name in (OFFER, OFFER_ELSEWHERE):
        told = fit.estimate(name, int(drawn[0].sum()), int(len(y) - drawn[0].sum()))
        if isinstance(told, Refusal):
            return told
    found = two_exposures(
        y,
        drawn,
        lambda part: (program.redrawn[part], elsewhere.redrawn[part]),
        len(program.redrawn),
        columns,
        covariance=covariance,
        clusters=groups,
    )
    if found.information < FEWEST_EXPECTED:
        return _moves_together(found.information)
    lower, upper = found.interval()
    return Estimate(
        estimate=found.estimate,
        std_error=found.std_error,
        lower=lower,
        upper=upper,
        p_value=found.p_value(),
        n_treated=int(program.offered.sum()),
        n_comparison=int((~program.offered & ~elsewhere.offered).sum()),
        inference="redraws",
    )


def _with_column(
    controls: Floats, names: tuple[str, ...], column: Floats, name: str
) -> tuple[Floats, tuple[str, ...]]:
    """The controls and a column, unless it adds nothing to them."""
    rest = column - controls @ np.linalg.lstsq(controls, column, rcond=None)[0]
    if np.linalg.norm(rest) <= TOLERANCE * np.linalg.norm(column):
        return controls, names
    return np.column_stack([controls, column]), (*names, name)


def _nobody_left_without(program: Offers, elsewhere: Offers) -> Refusal | None:
    expected = float((1 - program.chance - elsewhere.chance).sum())
    without = int((~program.offered & ~elsewhere.offered).sum())
    if expected >= FEWEST_EXPECTED and without:
        return None
    return Refusal(
        "nobody_without_place",
        message(
            "Those who miss this programme nearly all get another place: {expected} of {people} are expected "
            "to be left without any, so an effect against no place cannot be told.",
            expected=f"{expected:.1f}",
            people=len(program.offered),
        ),
        message("Read the effect against the other places, or ask about any place of the round."),
    )


def _moves_together(information: float) -> Refusal:
    return Refusal(
        "places_move_together",
        message(
            "The draw hardly tells this programme from the other places: with these held fixed its "
            "information V is {v}, and {needed} is needed.",
            v=f"{information:.1f}",
            needed=FEWEST_EXPECTED,
        ),
        message("Read the effect against the other places, or ask about any place of the round."),
    )
