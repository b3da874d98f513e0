"""Questions that work differently between groups (特異項目機能, DIF) at the same θ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from tazuna.measurement.graded.groups import (
    FEWEST_LINKS,
    LinkedFit,
    expect_links,
    linked_fit,
    solved,
    with_own_row,
)
from tazuna.measurement.graded.items import Floats, levels_of
from tazuna.measurement.graded.population import grid

NOTICEABLE = 0.1
"""Difference of the expected answer, in its standard deviations, from which a question is said to differ."""
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class DifferentItem:
    """Whether a question works alike in all groups (特異項目機能, DIF), given θ.

    Parameters
    ----------
    code
        Of the question.
    statistic, df, p_value
        Likelihood ratio of parameters of one's own in each group against the same in all.
    adjusted_p
        After Benjamini & Hochberg over all questions tested.
    size
        Largest difference between two groups of the expected answer at equal θ, averaged over θ of all, in
        standard deviations of the answer; signed as later less earlier group.
    lowest, highest
        The groups between which it lies: who answer lower and who answer higher at equal θ.
    """

    code: str
    statistic: float
    df: int
    p_value: float
    adjusted_p: float
    size: float
    lowest: str
    highest: str

    @property
    def differs(self) -> bool:
        """Sure (at 5%) and noticeable (`NOTICEABLE`)."""
        return self.adjusted_p < LEVEL and abs(self.size) >= NOTICEABLE


def different_items(
    answers: Sequence[Floats], codes: Sequence[str], groups: Sequence[str], *, tolerance: float = 1e-4
) -> tuple[DifferentItem, ...]:
    """Test every question for working differently, the others linking the groups.

    Likelihood ratio of freeing one question (Thissen, Steinberg & Wainer 1993). A question that differs makes
    the others look different, so the surest one is freed first and the rest are tested again, until none
    differs (Kopf, Zeileis & Strobl 2015, doi:10.1177/0013164414529792, compare such ways). With many people
    small differences are sure; read the size.

    Parameters
    ----------
    answers, codes, groups
        As of `fit_linked`; every question asked in every group.

    Returns
    -------
    tuple of DifferentItem
        In the order of ``codes``; of a question that differs, with the other freed ones left free.

    Raises
    ------
    GradedError
        As `fit_linked`.
    """
    some = with_joined_categories([np.asarray(part[np.isfinite(part).any(axis=1)]) for part in answers])
    levels = levels_of(np.concatenate(some))
    expect_links(some, codes, groups, list(codes), (codes[0],))

    def tests(among: Sequence[str], freed: tuple[str, ...]) -> list[DifferentItem]:
        return _tests(some, levels, codes, groups, among, freed, tolerance)

    freed: tuple[str, ...] = ()
    while True:
        found = tests([code for code in codes if code not in freed], freed)
        differing = [item for item in found if item.differs]
        if not differing or len(codes) - len(freed) <= FEWEST_LINKS:
            break
        freed = (*freed, max(differing, key=lambda item: item.statistic / item.df).code)
    for code in freed:
        others = tuple(other for other in freed if other != code)
        found += tests([code], others)
    return tuple(sorted(found, key=lambda item: list(codes).index(item.code)))


def _tests(
    some: Sequence[Floats],
    levels: tuple[tuple[int, ...], ...],
    codes: Sequence[str],
    groups: Sequence[str],
    among: Sequence[str],
    freed: tuple[str, ...],
    tolerance: float,
) -> list[DifferentItem]:
    """Each of some questions freed beside those that are free already."""
    same, before = solved(some, levels, codes, freed, tolerance, None)
    tested = []
    for code in among:
        own = (*freed, code)
        start = with_own_row(same, before, list(codes).index(code))
        apart, model = solved(some, levels, codes, own, tolerance, start)
        statistic = max(0.0, 2 * (apart.log_likelihood - same.log_likelihood))
        column = list(codes).index(code)
        df = len(levels[column]) * (len(groups) - 1)
        linked = linked_fit(apart, model, levels, codes, groups, own)
        size, first, last = _size(linked, column)
        p_value = float(special.chdtrc(df, statistic))
        tested.append((code, statistic, df, p_value, size, groups[first], groups[last]))
    adjusted = stats.false_discovery_control([row[3] for row in tested])
    return [
        DifferentItem(code, statistic, df, p_value, float(q), size, lowest, highest)
        for (code, statistic, df, p_value, size, lowest, highest), q in zip(tested, adjusted, strict=True)
    ]


def with_joined_categories(answers: Sequence[Floats]) -> list[Floats]:
    """Answers in which a category that some group never chose is joined with the next lower common one.

    Its parameters could not be told in that group. Below the lowest common category everything joins it.
    """
    found = [part.copy() for part in answers]
    for column in range(found[0].shape[1]):
        given = [set(np.unique(part[np.isfinite(part[:, column]), column])) for part in found]
        common = np.array(sorted(set.intersection(*given)))
        if common.size:
            for part in found:
                place = np.maximum(np.searchsorted(common, part[:, column], side="right") - 1, 0)
                part[:, column] = np.where(np.isfinite(part[:, column]), common[place], np.nan)
    return found


def _size(linked: LinkedFit, column: int) -> tuple[float, int, int]:
    """Largest mean difference of the expected answer between groups, over θ of all groups together.

    Its size, and the groups of the lowest and of the highest answer.
    """
    theta = grid()
    weights = np.exp(linked.populations.log_weights()).mean(axis=0)
    expected = np.array([items.expected(theta)[column] for items in linked.items])
    chances = np.array([items.chances(theta)[column] for items in linked.items]).mean(axis=0)
    values = np.arange(len(chances))
    mean = weights @ (values @ chances)
    spread = np.sqrt(weights @ (values**2 @ chances) - mean**2)
    level = expected @ weights
    lowest, highest = int(level.argmin()), int(level.argmax())
    size = (level[max(lowest, highest)] - level[min(lowest, highest)]) / spread
    return float(size), lowest, highest
