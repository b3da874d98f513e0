"""Rung B (回帰不連続): people just above and just below the cut-off of an interview score."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.arrays import Asked, CutoffArrays
from tazuna.evaluation.assumptions import cutoff_assumptions
from tazuna.evaluation.balance import Balance, balance
from tazuna.evaluation.bandwidth import triangular
from tazuna.evaluation.discontinuity import Discontinuity, discontinuity
from tazuna.evaluation.effect import Effect, OtherDesign
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.verdicts import Saying, cutoff_verdict
from tazuna.language import message


def rung_b(asked: Asked, arrays: CutoffArrays, naive: Estimate | Refusal) -> Effect | Refusal:
    """Effect at the cut-off; the bias-corrected estimate stands first among the other designs.

    Parameters
    ----------
    asked, arrays
        The question and its arrays.
    naive
        Unadjusted, for the result.
    """
    repeated = len(np.unique(arrays.clusters)) < len(arrays.clusters)
    found = discontinuity(
        arrays.y,
        arrays.score,
        arrays.treated,
        arrays.cutoff,
        clusters=arrays.clusters if repeated else None,
    )
    if isinstance(found, Refusal):
        return found
    near = np.abs(arrays.score - arrays.cutoff) < found.bandwidth
    deviation = float(arrays.y[near & ~arrays.treated].std(ddof=1))
    assumptions = cutoff_assumptions(found)
    saying = Saying(asked, deviation, assumptions)
    return Effect(
        question=asked.question,
        rung="B",
        estimand=message("effect of a place on applicants whose interview score was near the cut-off"),
        estimate=found.estimate,
        deviation=deviation,
        naive=naive,
        weights=message(
            "by nearness to the cut-off, up to {width} points of the score away from it",
            width=f"{found.bandwidth:.3g}",
        ),
        verdict=cutoff_verdict(saying, found.estimate, found.corrected),
        assumptions=assumptions,
        cautions=(*arrays.cautions, *found.cautions),
        attrition=None,
        balance=_balance(arrays, found),
        other_designs=(
            OtherDesign(
                "B",
                message("the same with curved lines within the same width (bias-corrected)"),
                found.corrected,
            ),
        ),
        not_above=(),
    )


def _balance(arrays: CutoffArrays, found: Discontinuity) -> Balance:
    """Of what was known before, near the cut-off, weighted by nearness."""
    weights = triangular(arrays.score - arrays.cutoff, found.bandwidth)
    near = weights > 0
    known = arrays.people.covariates.among(arrays.row[near])
    return balance(arrays.treated[near], known.x, known.names, weights[near], target="ate")
