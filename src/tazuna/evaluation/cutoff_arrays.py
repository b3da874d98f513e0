"""Rung B as arrays (面談の点数と合格点): scores around the cut-off of programmes that chose by interview."""

from __future__ import annotations

import numpy as np
import polars as pl

from tazuna.evaluation.arrays import Asked, CutoffArrays, PeopleArrays
from tazuna.evaluation.held_rounds import HeldRounds
from tazuna.evaluation.refusal import Caution, Refusal, everybody_treated, nobody_treated
from tazuna.evaluation.taking_part import taking_part
from tazuna.language import message
from tazuna.matching.feasibility import screened
from tazuna.matching.outcome_tables import THE_DRAW
from tazuna.study import Study


def cutoff_arrays(
    study: Study, asked: Asked, people: PeopleArrays, held: HeldRounds | None = None
) -> CutoffArrays | Refusal:
    """Everybody whom a programme interviewed, by how far their score was from its cut-off.

    Programmes count that say so (column ``tie_breaker``: score). The cut-off of a programme is the lowest
    score that got a place. Who got one is told by the draws, else by the table assignments, else by who came.
    Somebody who declined after the interview, or got a better choice, has no place with a score above the
    cut-off: the design then refuses, because the cut-off did not decide alone.

    Parameters
    ----------
    held
        The draws, where there are any.

    Returns
    -------
    CutoffArrays or Refusal
        Refused are ``not_screened``, ``no_scores``, ``none_treated`` and ``all_treated``.
    """
    scores = _scores(study, asked)
    if isinstance(scores, Refusal):
        return scores
    seated = _seated(study, asked, held).with_columns(seated=pl.lit(value=True))
    rows = (
        scores.join(seated, on=["person_id", "program_id"], how="left", maintain_order="left")
        .with_columns(pl.col("seated").fill_null(value=False))
        .with_columns(cutoff=pl.col("score").filter("seated").min().over("program_id"))
        .sort("program_id", "person_id")
    )
    if not rows["seated"].any():
        return nobody_treated()
    decided = rows.filter((~pl.col("seated")).any().over("program_id") & pl.col("cutoff").is_not_null())
    if not decided.height:
        return everybody_treated()
    index = (
        decided["person_id"]
        .replace_strict(list(people.person), range(len(people.person)), default=-1, return_dtype=pl.Int64)
        .to_numpy()
    )
    y = np.where(index >= 0, people.outcome.y[index], np.nan)
    answered = np.isfinite(y)
    decided, index, y = decided.filter(pl.Series(answered)), index[answered], y[answered]
    programs = decided["program_id"].unique().sort().to_list()
    code = decided["program_id"].replace_strict(programs, range(len(programs)), return_dtype=pl.Int64)
    return CutoffArrays(
        y=y,
        score=(decided["score"] - decided["cutoff"]).to_numpy(),
        treated=decided["seated"].to_numpy(),
        cutoff=0.0,
        program=code.to_numpy(),
        programs=tuple(programs),
        clusters=index,
        row=index,
        people=people,
        cautions=(*asked.cautions, *people.cautions, *_several(len(programs))),
    )


def _scores(study: Study, asked: Asked) -> pl.DataFrame | Refusal:
    """person_id, program_id and score of everybody whom a screened programme asked about interviewed."""
    programs, priorities = study.table("programs"), study.table("priorities")
    mine = pl.DataFrame(schema={"program_id": pl.String})
    if programs is not None:
        chosen = programs.with_columns(screened(programs)).filter("screened")
        mine = chosen.filter(pl.col("program_id").is_in(list(asked.programs))).select("program_id")
    if not mine.height:
        return Refusal(
            "not_screened",
            message("None of these programmes chose by interview score, so there is no cut-off."),
            message(
                "Where scores decided, say so in the table programs with the column tie_breaker = score."
            ),
        )
    if priorities is None or "score" not in priorities.columns:
        return _no_scores()
    known = priorities.filter(pl.col("program_id").is_in(mine["program_id"].implode())).drop_nulls("score")
    if "eligible" in known.columns:
        known = known.filter(pl.col("eligible").fill_null(value=True))
    return known.select("person_id", "program_id", "score") if known.height else _no_scores()


def _no_scores() -> Refusal:
    return Refusal(
        "no_scores",
        message("The table priorities has no interview score of these programmes."),
        message("Add the column score (面談の点数) to the table priorities."),
    )


def _seated(study: Study, asked: Asked, held: HeldRounds | None) -> pl.DataFrame:
    """person_id and program_id of everybody who got a place asked about."""
    given = study.table("assignments")
    if held is not None:
        draws = held.draws
        names = np.array([*draws.programs, ""])[draws.held]
        seated = pl.DataFrame(
            {"person_id": [held.persons[code] for code in draws.person], "program_id": names}
        )
    elif given is not None:
        seated = given.select(
            "person_id",
            "program_id",
            *((pl.col("offer_round").fill_null(THE_DRAW),) if "offer_round" in given.columns else ()),
        )
        if "offer_round" in seated.columns:
            seated = seated.filter(pl.col("offer_round") == THE_DRAW).drop("offer_round")
    else:
        seated = taking_part(study, asked.programs).select("person_id", "program_id")
    return seated.filter(pl.col("program_id").is_in(list(asked.programs))).unique()


def _several(programs: int) -> list[Caution]:
    if programs == 1:
        return []
    return [
        Caution(
            "cutoffs_put_together",
            message(
                "The cut-offs of {count} programmes are put together: scores count from the cut-off of each.",
                count=programs,
            ),
            message("Read the effect as an average over the programmes; their interviews may differ."),
        )
    ]
