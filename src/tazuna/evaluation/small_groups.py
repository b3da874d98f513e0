"""Small groups in an evaluation (少人数の保護): what of its tables would tell of fewer than k people.

An effect is a difference between two sides and tells neither of them. The tables beside it hold figures of
groups, as the release does, and follow the rules of the release: nothing of fewer than k people, and nothing
from which such a figure could be subtracted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate, Flags, Integers
from tazuna.evaluation.refusal import Refusal
from tazuna.language import message

HIDDEN = "hidden"
"""Code of what is not shown. The same of a small group and of one that would give a small one away."""


def hidden_group() -> Refusal:
    """In place of a hidden figure; never says why, nor of how many people it is."""
    return Refusal(
        HIDDEN,
        message("Not shown, to protect small groups."),
        message("Merge groups, or pool several rounds."),
    )


def hidden_parts(sizes: Integers, k: int) -> Flags:
    """Which parts of a whole to hide, so that none of fewer than k people is left over by subtraction.

    Parameters
    ----------
    sizes
        Shape (parts, sides): people of each part on each side.
    k
        Threshold.

    Returns
    -------
    Flags
        Shape (parts,): parts with fewer than k people on a side and, where these are one part alone or fewer
        than k people on a side together, the smallest others.
    """
    hidden: Flags = sizes.min(axis=1) < k
    others = np.argsort(sizes.min(axis=1), kind="stable").tolist()
    for part in (part for part in others if not hidden[part]):
        together = sizes[hidden].sum(axis=0)
        if not hidden.any() or (hidden.sum() > 1 and (together >= k).all()):
            break
        hidden[part] = True
    return hidden


def protected(found: Effect, k: int) -> Effect | Refusal:
    """An effect without figures of fewer than k people.

    A change (rung E) is itself the figure of one group and is refused for fewer than k. On the other rungs a
    side of fewer than k people leaves the effect, and takes away what describes that side: balance, hours,
    shares that took part, answers, and the people at risk. Units of a roll-out (rung C) are no people.
    """
    if found.rung == "C":
        return replace(found, naive=_plain(found.naive, k))
    sides = [found.estimate.n_treated]
    if found.rung == "E":
        return hidden_group() if sides[0] < k else replace(found, naive=_plain(found.naive, k))
    sides.append(found.estimate.n_comparison)
    answers = found.attrition
    if answers is not None and min(answers.answered_treated, answers.answered_comparison) < k:
        answers = None
    shown = replace(found, naive=_plain(found.naive, k), attrition=answers)
    if min(sides) >= k:
        return shown
    return replace(shown, attrition=None, balance=None, dose=None, first_stage=None, at_risk=())


def _plain(found: Estimate | Refusal, k: int) -> Estimate | Refusal:
    """A plain difference, with the mean of all, tells the mean of either side."""
    if isinstance(found, Estimate) and min(found.n_treated, found.n_comparison) < k:
        return hidden_group()
    return found
