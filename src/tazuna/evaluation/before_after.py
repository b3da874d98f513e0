"""Before and after without a comparison (前後比較): rung E, a change, never an effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.estimate import Estimate, Flags, Floats, Integers, t_estimate
from tazuna.evaluation.refusal import Caution, Refusal, too_few_rows
from tazuna.language import message

SELECTED = 0.2
"""Standard deviations by which a group must start above or below everybody to be called selected."""
FEWEST_PEOPLE = 10
_FEWEST_GROUPS = 2
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """A change between two waves.

    Parameters
    ----------
    change
        Mean of after less before, of the same people; its ``n_comparison`` is 0: there is none.
    before, after
        Means of these people.
    n_lost
        Of the group, people who lack one of the two answers.
    expected_return
        What regression to the mean alone would bring, in units of the outcome; None where nothing is known of
        everybody's start.
    cautions
        ``no_comparison`` always; others where they apply.
    """

    change: Estimate
    before: float
    after: float
    n_lost: int
    expected_return: float | None
    cautions: tuple[Caution, ...]


def before_after(
    before: Floats,
    after: Floats,
    *,
    group: Flags | None = None,
    retest: float | None = None,
    clusters: Integers | None = None,
) -> Change | Refusal:
    """Paired change d̄ with a t interval: standard error s_d/√n, by cluster where clusters are given.

    Whoever is chosen for a low start rises without any help, because part of a low answer is chance: expected
    is (1 - r)(μ - x̄), with μ the start of everybody, x̄ that of the group and r the slope of after on before
    without a programme, which is their correlation where the spread stays the same and, unlike a correlation,
    does not shrink when people are chosen by their start (Barnett, van der Pols & Dobson 2005,
    doi:10.1093/ije/dyh299).

    Parameters
    ----------
    before, after
        Shape (n,), everybody, NaN where there is no answer.
    group
        Shape (n,): whose change is asked for, such as those who took part; everybody where None.
    retest
        r, 0 to 1; the slope of those outside the group where None and at least `FEWEST_PEOPLE` of them
        answered twice, else that of everybody.
    clusters
        Shape (n,).

    Returns
    -------
    Change or Refusal
        Refused are fewer than `FEWEST_PEOPLE` pairs, one cluster, and the same change of everybody.
    """
    if not (len(before) == len(after)):
        raise ValueError(f"{len(before)} answers before and {len(after)} after")
    chosen = np.ones(len(before), dtype=bool) if group is None else group
    paired = np.isfinite(before) & np.isfinite(after)
    used = chosen & paired
    n = int(used.sum())
    if n < FEWEST_PEOPLE:
        return too_few_rows(n, FEWEST_PEOPLE)
    difference = after[used] - before[used]
    if np.ptp(difference) <= _SAME * np.abs(difference).max():
        return _same_change(float(difference[0]))
    error, df = _std_error(difference, None if clusters is None else clusters[used])
    if df < _FEWEST_GROUPS - 1:
        return Refusal(
            "one_cluster",
            message("Everybody belongs to the same group, so its error cannot be told."),
            message("Go by a finer grouping, such as department instead of company, or by person."),
        )
    if not error > 0:
        return _same_change(float(difference.mean()))
    lost = int((chosen & ~paired).sum())
    back = None if chosen.all() else _expected_return(before, after, chosen, used, retest)
    return Change(
        change=t_estimate(float(difference.mean()), error, df, n, 0),
        before=float(before[used].mean()),
        after=float(after[used].mean()),
        n_lost=lost,
        expected_return=back,
        cautions=_cautions(before, chosen, used, lost, back),
    )


def _std_error(difference: Floats, clusters: Integers | None) -> tuple[float, float]:
    """Standard error of the mean and its degrees of freedom."""
    n = len(difference)
    code = np.arange(n) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    sums = np.bincount(code, weights=difference - difference.mean())
    groups = len(sums)
    if groups < _FEWEST_GROUPS:
        return 0.0, 0.0
    return float(np.sqrt(groups / (groups - 1) * (sums @ sums)) / n), float(groups - 1)


def _expected_return(
    before: Floats, after: Floats, chosen: Flags, used: Flags, retest: float | None
) -> float | None:
    r = retest
    if r is None:
        paired = np.isfinite(before) & np.isfinite(after)
        others = paired & ~chosen
        base = others if others.sum() >= FEWEST_PEOPLE else paired
        if np.ptp(before[base]) == 0:
            return None
        spread = np.cov(before[base], after[base])
        r = float(np.clip(spread[0, 1] / spread[0, 0], 0.0, 1.0))
    everybody = before[np.isfinite(before)]
    return float((1 - r) * (everybody.mean() - before[used].mean()))


def _cautions(
    before: Floats, chosen: Flags, used: Flags, lost: int, back: float | None
) -> tuple[Caution, ...]:
    found = [
        Caution(
            "no_comparison",
            message("This is a change, not an effect: nobody without the programme was followed beside."),
            message("Add people who did not take part, or draw the places by lot next time."),
        )
    ]
    everybody = before[np.isfinite(before)]
    away = (before[used].mean() - everybody.mean()) / max(float(everybody.std(ddof=1)), 1e-300)
    if back is not None and abs(away) > SELECTED:
        found.append(
            Caution(
                "regression_to_the_mean",
                message(
                    "The group started {away} standard deviations from everybody; a change of about {back} "
                    "would come by itself (regression to the mean).",
                    away=f"{away:+.1f}",
                    back=f"{back:+.2g}",
                ),
                message("Compare with people who started alike and did not take part."),
            )
        )
    if lost > 0.2 * int(chosen.sum()):
        found.append(
            Caution(
                "many_lost",
                message(
                    "{lost} of {people} people lack one of the two answers.",
                    lost=lost,
                    people=int(chosen.sum()),
                ),
                message("Compare the start of those who answered twice with that of the others."),
            )
        )
    return tuple(found)


def _same_change(value: float) -> Refusal:
    return Refusal(
        "constant_change",
        message(
            "Everybody changed by the same amount ({value}), so no uncertainty can be told.",
            value=f"{value:g}",
        ),
        message("Check how the two columns were filled; one may be a copy of the other."),
    )
