"""Several outcomes of one draw (多重比較の調整): p-values that allow for how many were looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tazuna.evaluation.effect import FurtherOutcome
from tazuna.evaluation.estimate import Floats
from tazuna.evaluation.lottery.recentred import LotteryEffect
from tazuna.language import Message

_TIE = 1e-9


def further_outcomes(found: Sequence[tuple[str, Message, LotteryEffect]]) -> tuple[FurtherOutcome, ...]:
    """The secondary outcomes, with p-values adjusted for all of them; the primary one stays outside.

    Parameters
    ----------
    found
        Code, label and effect of each. Each effect is computed on the people who answered that question, all
        of them by the same redraws in the same order.

    Returns
    -------
    tuple of FurtherOutcome
        In the order given.
    """
    if not found:
        return ()
    effects = [effect for _, _, effect in found]
    adjusted = step_down(
        np.array([effect.statistic for effect in effects]),
        np.column_stack([effect.redrawn for effect in effects]),
    )
    return tuple(
        FurtherOutcome(code, label, effect.estimate, float(p))
        for (code, label, effect), p in zip(found, adjusted, strict=True)
    )


def step_down(statistics: Floats, redrawn: Floats) -> Floats:
    """Adjusted p-values by the step-down of the largest statistic (max-T).

    The outcome with the largest |t| is compared with the largest |t| of all outcomes in each redraw, the next
    with the largest of those that remain, and so on; no adjusted p-value is below that of the step before.
    The chance of one false claim or more among all outcomes is at most the level, however they go together
    (Westfall & Young 1993, Resampling-Based Multiple Testing; Romano & Wolf 2005,
    doi:10.1198/016214504000000539), and outcomes that go together cost little.

    Parameters
    ----------
    statistics
        Studentised statistics of the m outcomes, shape (m,).
    redrawn
        The same in each redraw if the draw changed nothing, shape (R, m).

    Returns
    -------
    Floats
        Shape (m,), in the order given.

    Examples
    --------
    >>> redrawn = np.array([[0.5, 2.5], [-1.0, 0.3], [3.5, -1.0]])
    >>> step_down(np.array([3.0, -1.5]), redrawn).tolist()
    [0.5, 0.5]
    """
    size = np.abs(statistics)
    order = np.argsort(-size, kind="stable")
    largest = np.maximum.accumulate(np.abs(redrawn[:, order[::-1]]), axis=1)[:, ::-1]
    as_far = (largest >= (1 - _TIE) * size[order]).sum(axis=0)
    stepped = np.maximum.accumulate((1 + as_far) / (1 + len(redrawn)))
    adjusted = np.empty_like(stepped)
    adjusted[order] = stepped
    return adjusted
