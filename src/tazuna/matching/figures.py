"""Figures of a draw (抽選の数字): who got which choice, by group under protection, beside the runner-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA
from tazuna.disclosure.release import release_cells
from tazuna.matching.chances import NORMAL_97_5, Chances
from tazuna.matching.costs import Comparison, Cost, runner_up
from tazuna.matching.fairness import Fairness, Yardstick
from tazuna.matching.feasibility import Prepared
from tazuna.matching.information import Information, information_of, rounded
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Floats, Integers
from tazuna.matching.mechanism import Mechanism

GROUPS = {"age_band": "age_band", "worksite": "worksite", "company": "sender"}
"""What the groups go by, and the column of the applicants."""
PLACED = "share.placed"
TENTHS = 10


@dataclass(frozen=True, slots=True)
class DrawFigures:
    """What there is to show of a draw.

    Parameters
    ----------
    fairness
        Of the draw itself: everybody who applied counts, also without a feasible choice.
    lower, upper
        Float64, one a rank: 95% interval of the share of applicants who got that choice.
    groups
        Cells of the share with a place (percent, Wilson's interval) by age band, worksite and company; groups
        below k and what would give them away are hidden.
    k
        Smallest group shown.
    in_every, in_none
        People who had a place in every redraw, and in none.
    chance_tenths
        Int64, ten: the other people by their chance of a place, up to 10%, up to 20%, …
    information
        What the round can show.
    chosen, runner_up
        The rules as chosen and the best alternative, both on average over redraws; None where there was no
        comparison or no alternative keeps the limits.
    """

    fairness: Fairness
    lower: Floats
    upper: Floats
    groups: pl.DataFrame
    k: int
    in_every: int
    in_none: int
    chance_tenths: Integers
    information: Information
    chosen: Cost | None
    runner_up: Cost | None

    def to_dict(self) -> dict[str, object]:
        """The entry ``figures`` of ``draw.json``; shares from 0 to 1, hidden ones null."""
        fair = self.fairness
        shares = {str(rank): float(share) for rank, share in enumerate(fair.share_by_rank, 1)}
        limits = zip(self.lower.tolist(), self.upper.tolist(), strict=True)
        figures: dict[str, object] = {
            "applicants": fair.applicants,
            "share_by_rank": shares,
            "share_by_rank_interval": {str(rank): list(pair) for rank, pair in enumerate(limits, 1)},
            "unmatched": fair.unmatched,
            "justified_envy": fair.justified_envy,
            "blocking_pairs": fair.blocking_outside,
            "blocking_inside_caps": fair.blocking_inside,
            "wasted_by_caps": fair.wasted,
            "placed_by_group": [_group(row) for row in self.groups.iter_rows(named=True)],
            "chance_of_a_place": {
                "in_no_redraw": self.in_none,
                "by_tenths": self.chance_tenths.tolist(),
                "in_every_redraw": self.in_every,
            },
            "information": self.information.to_dict(),
            "chosen": self.chosen and self.chosen.to_dict(),
            "runner_up": self.runner_up and self.runner_up.to_dict(),
        }
        return {name: value if name == "share_by_rank" else rounded(value) for name, value in figures.items()}


def figures_of_draw(
    prepared: Prepared,
    mechanism: Mechanism,
    numbers: Numbers,
    held: Integers,
    chances: Chances,
    *,
    k: int,
    comparison: Comparison | None = None,
) -> DrawFigures:
    """Count a draw.

    Parameters
    ----------
    prepared, mechanism, numbers, held, chances
        Of the draw; see `tazuna.matching.reasons.reasons_of`.
    k
        Smallest group that is shown, at least 5.
    comparison
        With other rules.

    Raises
    ------
    ThresholdError
        k is below the floor.
    """
    fair = Yardstick(prepared.market, mechanism.rules).measure(numbers, held, mechanism.taking_part(numbers))
    people = np.full(fair.by_rank.size, fair.applicants)
    lower, upper = wilson_limits(fair.by_rank, people)
    chance = chances.chance_any
    between = chance[(chance > 0) & (chance < 1)]
    tenth = np.clip(np.ceil(between * TENTHS).astype(np.int64) - 1, 0, TENTHS - 1)
    return DrawFigures(
        fairness=fair,
        lower=lower,
        upper=upper,
        groups=placed_by_group(prepared, held, k),
        k=k,
        in_every=int(np.count_nonzero(chance >= 1)),
        in_none=int(np.count_nonzero(chance <= 0)),
        chance_tenths=np.bincount(tenth, minlength=TENTHS),
        information=information_of(chance),
        chosen=None if comparison is None else comparison.rows[0],
        runner_up=None if comparison is None else runner_up(comparison),
    )


def wilson_limits(count: Integers, of: Integers) -> tuple[Floats, Floats]:
    """Lower and upper limit of a share, from 0 to 1; NaN of nobody.

    References
    ----------
    Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953
    """
    z = NORMAL_97_5
    with np.errstate(divide="ignore", invalid="ignore"):
        share = count / of
        centre = (share + z**2 / (2 * of)) / (1 + z**2 / of)
        half = z / (1 + z**2 / of) * np.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def placed_by_group(prepared: Prepared, held: Integers, k: int) -> pl.DataFrame:
    """The share with a place by group, protected: cells as `tazuna.disclosure.cell.CELL_SCHEMA`.

    A group below k is hidden, and others with it as far as it could be computed from the total and the rest.
    """
    seated = pl.Series("seated", held >= 0)
    cells = [
        prepared.people.select(pl.col(column).cast(pl.String).fill_null("").alias("group"), seated)
        .group_by("group")
        .agg(pl.len().cast(pl.Int64).alias("n"), pl.col("seated").sum().cast(pl.Int64).alias("count"))
        .sort("group")
        .with_columns(pl.lit(group_by).alias("group_by"))
        for group_by, column in GROUPS.items()
        if column in prepared.people.columns and prepared.people[column].is_not_null().any()
    ]
    if not cells:
        return pl.DataFrame(schema=CELL_SCHEMA)
    counts = pl.concat(cells)
    lower, upper = wilson_limits(counts["count"].to_numpy(), counts["n"].to_numpy())
    unprotected = counts.select(
        pl.lit("").alias("organisation_id"),
        pl.lit(prepared.round).alias("wave"),
        pl.lit("all").alias("viewpoint"),
        "group_by",
        "group",
        pl.lit(PLACED).alias("measure"),
        "n",
        (100 * pl.col("count") / pl.col("n")).alias("mean"),
        pl.Series("lower", 100 * lower),
        pl.Series("upper", 100 * upper),
        pl.lit(value=False).alias("suppressed"),
    )
    # Everybody who applied is a public number: the groups are protected against subtraction from it.
    total = unprotected.head(1).with_columns(
        pl.lit("all").alias("group_by"),
        pl.lit("all").alias("group"),
        pl.lit(held.size, pl.Int64).alias("n"),
        pl.lit(100 * float(np.mean(held >= 0))).alias("mean"),
    )
    return release_cells(pl.concat([unprotected, total]), {prepared.round: k}).cells.head(counts.height)


def _group(row: dict[str, object]) -> dict[str, object]:
    """A cell with shares from 0 to 1."""
    shares = {
        name: None if row[figure] is None else float(str(row[figure])) / 100
        for name, figure in (("share", "mean"), ("lower", "lower"), ("upper", "upper"))
    }
    return {"group_by": row["group_by"], "group": row["group"], "people": row["n"], **shares}
