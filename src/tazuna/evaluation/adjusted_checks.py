"""What makes an adjusted comparison impossible, or doubtful."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import linalg

from tazuna.evaluation.collinearity import collinear
from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.refusal import (
    Caution,
    Refusal,
    constant_outcome,
    everybody_treated,
    listed,
    nobody_treated,
)
from tazuna.language import message

FEWEST_A_SIDE = 10
"""People on each side within the overlap below which no adjusted comparison is given."""
HEAVY = 0.1
"""Share of a side's weight from which on one person is said to decide much."""
CLUSTERS_WANTED = 20
_NEARLY = 1e-6


def fault_of_inputs(
    y: Floats, treated: Flags, x: Floats, names: Sequence[str], folds: Integers, clusters: Integers | None
) -> Refusal | None:
    """What the columns as given do not carry; parameters as of `adjusted.adjusted_effect`."""
    n = len(y)
    if x.shape != (n, len(names)) or treated.shape != (n,) or folds.shape != (n,):
        raise ValueError(f"shapes do not agree: y {n}, x {x.shape}, {len(names)} names, folds {folds.shape}")
    missing = [name for name, column in zip(names, x.T, strict=True) if not np.isfinite(column).all()]
    if missing or not np.isfinite(y).all():
        return Refusal(
            "missing_values",
            message("There are empty values in: {columns}", columns=listed(missing) or "y"),
            message(
                "Leave out the rows with empty values, or fill them and mark them, before the regression."
            ),
        )
    if treated.all():
        return everybody_treated()
    if not treated.any():
        return nobody_treated()
    if np.ptp(y) == 0:
        return constant_outcome(float(y[0]))
    if clusters is not None:
        whole = len(np.unique(np.stack([clusters, folds]), axis=1).T) == len(np.unique(clusters))
        if not whole:
            raise ValueError("folds cut clusters; draw them with the clusters given")
    return _collinear(x, names)


def fault_of_overlap(
    treated: Flags, kept: Flags, limits: tuple[float, float], chances: Floats
) -> Refusal | None:
    """Nobody comparable, or too few; ``treated``, ``kept`` and ``chances`` of shape (n,)."""
    left = int((kept & treated).sum()), int((kept & ~treated).sum())
    if min(left) >= FEWEST_A_SIDE:
        return None
    return Refusal(
        "no_overlap",
        message(
            "Too few comparable people: with a chance of taking part between {low} and {high} there are "
            "{treated} who took part (median chance {middle_treated}) and {comparison} who did not "
            "({middle_comparison}); {needed} are needed on each side.",
            low=f"{limits[0]:.0%}",
            high=f"{limits[1]:.0%}",
            treated=left[0],
            comparison=left[1],
            middle_treated=f"{np.median(chances[treated]):.0%}",
            middle_comparison=f"{np.median(chances[~treated]):.0%}",
            needed=FEWEST_A_SIDE,
        ),
        message("Take out covariates that decide about taking part, or widen who is compared."),
    )


def fault_of_sides(
    treated: Flags, x: Floats, names: Sequence[str], folds: Integers, sides: Sequence[bool]
) -> Refusal | None:
    """What a side does not carry: too few people outside a fold, collinear columns.

    Parameters
    ----------
    treated, x, names, folds
        As of `adjusted.adjusted_effect`.
    sides
        Sides on which an outcome model is learned.
    """
    needed = x.shape[1] + 2
    for side in sides:
        arm = treated == side
        fewest = int(arm.sum() - np.unique(folds[arm], return_counts=True)[1].max())
        if fewest < needed:
            return _too_few(fewest, needed, side)
        refused = _collinear(x[arm], names, side=side)
        if refused is not None:
            return refused
    return None


def weight_cautions(
    treated: Flags, kept: Flags, weights: Floats, clusters: Integers | None
) -> tuple[Caution, ...]:
    """Much left out, one person who weighs much, few clusters; arrays of shape (n,)."""
    cautions: list[Caution] = []
    lost = 1 - (kept & treated).sum() / treated.sum()
    if lost > 0.2:
        cautions.append(
            Caution(
                "many_trimmed",
                message(
                    "{share} of those who took part have nobody like them to compare with.",
                    share=f"{lost:.0%}",
                ),
                message(
                    "Say beside the number for whom it holds; compare those left out in the balance table."
                ),
            )
        )
    largest = max(float(weights[side].max() / weights[side].sum()) for side in (treated, ~treated))
    if largest > HEAVY:
        cautions.append(
            Caution(
                "heavy_weight",
                message("One person carries {share} of the weight of a side.", share=f"{largest:.0%}"),
                message("Narrow the overlap, or take out covariates that decide about taking part."),
            )
        )
    if clusters is not None:
        groups = len(np.unique(clusters[kept]))
        if groups < CLUSTERS_WANTED:
            cautions.append(
                Caution(
                    "few_clusters",
                    message("Only {clusters} clusters: the intervals may be too narrow.", clusters=groups),
                    message("Read the result as a hint, or add departments or companies."),
                )
            )
    return tuple(cautions)


def _collinear(x: Floats, names: Sequence[str], side: bool | None = None) -> Refusal | None:
    """Refuse columns that add nothing to a constant and the columns before them."""
    spread = x.std(axis=0)
    if spread.size == 0:
        return None
    if spread.min() > 0:
        z = (x - x.mean(axis=0)) / spread
        # Far from collinear by squares, which is quick; only what is near needs the exact account below.
        if np.linalg.eigvalsh(z.T @ z / len(z))[0] > _NEARLY:
            return None
    columns = np.column_stack([np.ones(len(x)), x])
    # The triangular factor has the same lengths and angles between columns, with k rows instead of n.
    r = linalg.qr(columns, mode="r")[0][: columns.shape[1]]
    found = collinear(r, ("(constant)", *names), np.linalg.norm(r, axis=0), within_groups=False)
    if found is None or side is None:
        return found
    if side:
        cure = message(
            "Among those who took part they say nothing of their own: take them out, or merge categories."
        )
    else:
        cure = message(
            "Among those who did not take part they say nothing of their own: take them out, "
            "or merge categories."
        )
    return Refusal(found.code, found.problem, cure)


def _too_few(rows: int, needed: int, side: bool) -> Refusal:
    cure = message("Take covariates out, or wait until more people have answered.")
    if side:
        problem = message(
            "Only {rows} who took part are left to learn the outcome from, and the covariates need {needed}.",
            rows=rows,
            needed=needed,
        )
    else:
        problem = message(
            "Only {rows} who did not take part are left to learn the outcome from, and the covariates need "
            "{needed}.",
            rows=rows,
            needed=needed,
        )
    return Refusal("too_few_people", problem, cure)
