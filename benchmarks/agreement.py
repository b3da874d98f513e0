"""Whether the peer computes the same figures as ``tazuna score``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tazuna.instrument.shipped import shipped_instruments
from tazuna.measurement.scoring import is_binary, scored_scales

KEYS = ("organisation_id", "wave", "viewpoint", "group_by", "group", "measure")
BOUNDS = ("lower", "upper")
FIGURES = ("n", "mean", *BOUNDS)
TOLERANCE = 1e-6
DRAWN_TOLERANCE = 0.1
"""Part of an interval's width by which bounds from different random draws may differ."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """``shown``: group figures that tazuna shows; ``same``: those that the peer has too, all equal."""

    shown: int
    same: int


def write_asked(path: Path) -> None:
    """What the peer is told of scales (their questions with lowest, highest category, key) and questions."""
    instruments = list(shipped_instruments().values())
    columns = [code for instrument in instruments for code in instrument.questions]
    scales = [
        {
            "code": scored.code,
            "items": [
                {"code": q.code, "low": q.response.lowest, "high": q.response.highest, "key": q.key}
                for q in scored.questions
            ],
            "needed": scored.scale.minimum_share * scored.asked,
            "binary": is_binary(scored),
        }
        for scored in scored_scales(instruments, columns)
        if scored.scale.kind != "item"
    ]
    questions = [
        {
            "code": question.code,
            "categories": [category.value for category in question.response.categories],
            "ordered": question.response.ordered,
        }
        for instrument in instruments
        for question in instrument.questions.values()
    ]
    path.write_text(json.dumps({"scales": scales, "questions": questions}), "utf-8")


def agreement(ours: Path, peers: Path) -> Agreement:
    """Compare two files of group figures.

    Raises
    ------
    RuntimeError
        The peer has a figure that tazuna hides or lacks, or one that differs.
    """
    shown = pl.read_csv(ours, infer_schema_length=None).filter(~pl.col("suppressed"))
    theirs = pl.read_csv(peers, infer_schema_length=None).drop_nulls("n")
    both = theirs.join(shown, on=KEYS, how="left", suffix="_ours")
    lacking = both.filter(pl.col("n_ours").is_null())
    drawn = pl.col("measure").str.starts_with("gap.")
    by_chance = DRAWN_TOLERANCE * (pl.col("upper_ours") - pl.col("lower_ours"))

    def differs(name: str) -> pl.Expr:
        theirs, ours = pl.col(name), pl.col(f"{name}_ours")
        allowed = pl.when(drawn).then(by_chance).otherwise(TOLERANCE) if name in BOUNDS else TOLERANCE
        return ((theirs - ours).abs() > allowed).fill_null(theirs.is_null() != ours.is_null())

    different = both.filter(pl.any_horizontal(differs(name) for name in FIGURES))
    if lacking.height or different.height:
        raise RuntimeError(f"the peer does not agree: {lacking.head(5)} {different.head(5)}")
    return Agreement(shown.height, both.height)
