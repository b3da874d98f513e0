"""How many latent classes, and whether they come out again in people whom they were not made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.measurement.classes.agreement import adjusted_rand, cross_table
from tazuna.measurement.classes.latent_classes import ClassError, LatentClasses, fit_latent_classes
from tazuna.measurement.graded.items import Floats, levels_of

MOST_CLASSES = 8
SPLITS = 5
MOST_PEOPLE = 2_000
"""Of more people so many are drawn: groups that these do not show would be too small to be named."""
STARTS_OF_A_HALF = 10
REPLICATED_FROM = 0.8
"""Adjusted Rand index from which classes count as the same in a held-out half."""
SMALLEST_SHARE = 0.05
_RISES = 2

Verdict = Literal["replicated", "not_replicated", "one_class", "small_class"]
"""``one_class``: the answers fall into no groups; ``small_class``: a class under 5% of the people."""


@dataclass(frozen=True, slots=True)
class ClassSolution:
    """Classes with the evidence for their number and for their being there at all.

    Parameters
    ----------
    classes
        The model with the smallest BIC; its ``n`` tells of how many.
    bic
        Of 1, 2, … classes, as far as was tried.
    adjusted_rand
        Of each split: the held-out half grouped by the other half's classes and by its own. Empty for one
        class.
    verdict
        Only ``replicated`` classes may be named as groups of people.
    """

    classes: LatentClasses
    bic: tuple[float, ...]
    adjusted_rand: tuple[float, ...]
    verdict: Verdict

    @property
    def replication(self) -> float:
        """Median adjusted Rand index over the splits; NaN for one class."""
        return float(np.median(self.adjusted_rand)) if self.adjusted_rand else float("nan")


def find_classes(
    answers: Floats,
    codes: Sequence[str],
    rng: np.random.Generator,
    *,
    most: int = MOST_CLASSES,
    splits: int = SPLITS,
    people: int = MOST_PEOPLE,
) -> ClassSolution:
    """Find the number of classes by BIC and replicate them in held-out halves.

    The number is raised until BIC has risen twice running (Nylund, Asparouhov & Muthén 2007,
    doi:10.1080/10705510701575396, on BIC). Replication is Breckenridge's (1989,
    doi:10.1207/s15327906mbr2402_1): classes of one half place the people of the other, who are also grouped
    anew; the two groupings are compared, over several random halves.

    Parameters
    ----------
    answers, codes
        As of `fit_latent_classes`.
    rng
        Of starts and halves.
    most
        Largest number of classes tried.
    splits
        Number of random halvings.
    people
        Of more people so many are drawn at random.

    Raises
    ------
    ClassError
        Not even one class can be fitted.
    """
    known = answers[np.isfinite(answers).any(axis=1)]
    if len(known) > people:
        known = rng.choice(known, people, replace=False)
    levels = levels_of(known)
    tried: list[LatentClasses] = []
    for count in range(1, most + 1):
        try:
            tried.append(fit_latent_classes(known, codes, count, rng, levels=levels))
        except ClassError:
            if not tried:
                raise
            break
        bic = [found.bic for found in tried]
        if len(bic) > _RISES and min(bic[-_RISES:]) > min(bic):
            break
    best = min(tried, key=lambda found: found.bic)
    count = len(best.sizes)
    again = _over_splits(known, codes, count, levels, rng, splits) if count > 1 else ()
    return ClassSolution(best, tuple(found.bic for found in tried), again, _verdict(best, again))


def _verdict(best: LatentClasses, again: tuple[float, ...]) -> Verdict:
    if len(best.sizes) == 1:
        return "one_class"
    if best.sizes.min() < SMALLEST_SHARE:
        return "small_class"
    return "replicated" if again and np.median(again) >= REPLICATED_FROM else "not_replicated"


def _over_splits(
    known: Floats,
    codes: Sequence[str],
    count: int,
    levels: tuple[tuple[int, ...], ...],
    rng: np.random.Generator,
    splits: int,
) -> tuple[float, ...]:
    """The index of each split; none where a half is too small for the model."""
    found = []
    for _ in range(splits):
        order = rng.permutation(len(known))
        halves = known[order[: len(known) // 2]], known[order[len(known) // 2 :]]
        try:
            made, held_out = (
                fit_latent_classes(half, codes, count, rng, levels=levels, starts=STARTS_OF_A_HALF)
                for half in halves
            )
        except ClassError:
            return ()
        placed, own = made.classes_of(halves[1]), held_out.classes_of(halves[1])
        found.append(adjusted_rand(cross_table(placed, own, count, count)))
    return tuple(found)
