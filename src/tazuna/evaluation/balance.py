"""How alike two groups are (群間のバランス), before and after weighting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from tazuna.evaluation.estimate import Flags, Floats

LIMIT = 0.1
"""Standardised difference up to which a covariate counts as balanced (Austin 2009, doi:10.1002/sim.3697)."""

SCHEMA = {
    "covariate": pl.String,
    "kind": pl.String,
    "mean_treated": pl.Float64,
    "mean_comparison": pl.Float64,
    "difference_before": pl.Float64,
    "mean_treated_weighted": pl.Float64,
    "mean_comparison_weighted": pl.Float64,
    "difference_after": pl.Float64,
    "variance_ratio_before": pl.Float64,
    "variance_ratio_after": pl.Float64,
}
"""Columns of ``balance.csv``."""


@dataclass(frozen=True, slots=True)
class CovariateBalance:
    """One covariate.

    Parameters
    ----------
    covariate
        Its name.
    kind
        ``binary`` columns hold two values only.
    mean_treated, mean_comparison
        Before weighting, in units of the covariate.
    difference_before, difference_after
        Treated less comparison: over the standard deviation, or the plain difference of binary columns. NaN
        where the covariate does not vary among those whose deviation divides, though the means differ.
    mean_treated_weighted, mean_comparison_weighted
        After weighting.
    variance_ratio_before, variance_ratio_after
        Variance of the treated over that of the comparison; NaN for binary columns, whose means say it all.
    """

    covariate: str
    kind: Literal["binary", "continuous"]
    mean_treated: float
    mean_comparison: float
    difference_before: float
    mean_treated_weighted: float
    mean_comparison_weighted: float
    difference_after: float
    variance_ratio_before: float
    variance_ratio_after: float


@dataclass(frozen=True, slots=True)
class Balance:
    """All covariates, and how many people the weighted groups are worth.

    Parameters
    ----------
    covariates
        In the order given.
    effective_treated, effective_comparison
        (Σw)²/Σw² (Kish 1965): people of equal weight that would tell as much.
    """

    covariates: tuple[CovariateBalance, ...]
    effective_treated: float
    effective_comparison: float

    @property
    def unbalanced(self) -> tuple[str, ...]:
        """Names of covariates that differ by more than `LIMIT` after weighting."""
        return tuple(c.covariate for c in self.covariates if not abs(c.difference_after) <= LIMIT)

    @property
    def is_reached(self) -> bool:
        """Whether no covariate differs by more than `LIMIT` after weighting."""
        return not self.unbalanced


def balance(
    treated: Flags,
    x: Floats,
    names: Sequence[str],
    weights: Floats | None = None,
    *,
    target: Literal["ate", "att"] = "att",
) -> Balance:
    """Compare the groups covariate by covariate.

    A standardised difference is (x̄₁ - x̄₀)/s; s is the deviation of the treated for ``att``, and
    √((s₁² + s₀²)/2) for ``ate``, before weighting both times, so that a change of the difference is a change
    of the means (Stuart 2010, doi:10.1214/09-STS313). Binary columns show the plain difference.

    Parameters
    ----------
    treated
        Shape (n,).
    x
        Shape (n, k).
    names
        Of the k columns.
    weights
        Not negative, shape (n,), as `adjusted.Adjusted.weights`; 0 leaves a person out. Equal where None.
    target
        Whose deviation divides.

    Raises
    ------
    ValueError
        If a group has fewer than two people, or no weight.
    """
    w = np.ones(len(treated)) if weights is None else weights
    sides = (treated, ~treated)
    if min(int(side.sum()) for side in sides) < 2 or min(float(w[side].sum()) for side in sides) <= 0:
        raise ValueError("each group needs two people and some weight")
    before = [_moments(x[side], np.ones(int(side.sum()))) for side in sides]
    after = [_moments(x[side], w[side]) for side in sides]
    variance = before[0][1] if target == "att" else (before[0][1] + before[1][1]) / 2
    binary = np.array([len(np.unique(column)) <= 2 for column in x.T], dtype=bool)
    divisor = np.where(binary, 1.0, np.sqrt(variance))
    found = np.column_stack(
        [
            before[0][0],
            before[1][0],
            _over(before[0][0] - before[1][0], divisor),
            after[0][0],
            after[1][0],
            _over(after[0][0] - after[1][0], divisor),
            np.where(binary, np.nan, _over(before[0][1], before[1][1])),
            np.where(binary, np.nan, _over(after[0][1], after[1][1])),
        ]
    )
    worth = [float(w[side].sum() ** 2 / (w[side] ** 2).sum()) for side in sides]
    return Balance(
        tuple(
            CovariateBalance(name, "binary" if two else "continuous", *map(float, row))
            for name, two, row in zip(names, binary, found, strict=True)
        ),
        *worth,
    )


def balance_frame(found: Balance) -> pl.DataFrame:
    """One row a covariate with the columns of `SCHEMA`; what is not defined is null."""
    rows = [tuple(getattr(c, column) for column in SCHEMA) for c in found.covariates]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(pl.selectors.float().fill_nan(None))


def love_plot(found: Balance) -> pl.DataFrame:
    """What a love plot draws: two rows a covariate, the greatest difference before weighting first.

    Returns
    -------
    pl.DataFrame
        covariate, kind, stage (``before``, ``after``), difference (signed), size (without sign), order (1 …).
    """
    stages = {"difference_before": "before", "difference_after": "after"}
    return (
        balance_frame(found)
        .select(
            "covariate",
            "kind",
            *stages,
            order=pl.col("difference_before").abs().rank("ordinal", descending=True),
        )
        .unpivot(
            list(stages), index=["covariate", "kind", "order"], variable_name="stage", value_name="difference"
        )
        .with_columns(
            pl.col("stage").replace_strict(stages),
            pl.col("order").cast(pl.Int64),
            size=pl.col("difference").abs(),
        )
        .sort("order", pl.col("stage") == "after", nulls_last=True)
        .select("covariate", "kind", "stage", "difference", "size", "order")
    )


def _moments(x: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Weighted means and variances, shape (k,); with equal weights the usual n - 1 divides."""
    share = w / w.sum()
    mean = share @ x
    rest = 1 - float(share @ share)
    spread = share @ (x - mean) ** 2
    return mean, spread / rest if rest > 0 else np.full_like(spread, np.nan)


def _over(top: Floats, bottom: Floats) -> Floats:
    """Shape (k,): the ratio; 0 where both are 0, NaN where only the divisor is."""
    safe = np.where(bottom > 0, bottom, 1.0)
    return np.where(bottom > 0, top / safe, np.where(top == 0, 0.0, np.nan))
