"""What a draw gives as tables (抽選結果の表): everybody's place and chances, and what was removed."""

from __future__ import annotations

import numpy as np
import polars as pl

from tazuna.language import Language
from tazuna.matching.chances import STATUSES, Chances
from tazuna.matching.drawing import Drawn
from tazuna.matching.feasibility import Prepared
from tazuna.matching.next_steps import next_steps_of
from tazuna.matching.reasons import reasons_of
from tazuna.study import Study

THE_DRAW = 1
"""``offer_round`` of a place that the draw gave; later ones are places that somebody gave back."""


def assignments_table(study: Study, drawn: Drawn, chances: Chances, language: Language) -> pl.DataFrame:
    """One row for everybody who applied, also those who got nothing.

    Returns
    -------
    pl.DataFrame
        person_id, program_id (null: no place), rank, chance (of that place), chance_any (of any place),
        offer_round, reason and next_step in ``language``; sorted by person.
    """
    ready = drawn.ready
    market, held = ready.market, drawn.outcome.held
    seated = held >= 0
    edge = np.maximum(held, 0)
    reasons = reasons_of(ready.prepared, ready.mechanism, drawn.numbers, held, chances)
    taking_part = ready.mechanism.taking_part(drawn.numbers)
    next_steps = next_steps_of(study, ready.prepared, held, taking_part)
    if not market.edges:
        edge = np.zeros(0, np.int64)
    place = pl.DataFrame(
        {
            "program_id": pl.Series(market.programs, dtype=pl.String)[market.program[edge]],
            "rank": market.rank[edge],
            "chance": chances.chance[edge],
            "offer_round": np.full(edge.size, THE_DRAW),
        }
    )
    if not market.edges:
        place = place.clear(len(market.applicants))
    return (
        pl.DataFrame({"person_id": pl.Series(market.applicants, dtype=pl.String)})
        .hstack(place.select(pl.when(pl.Series(seated)).then(pl.all())))
        .select(
            "person_id",
            "program_id",
            "rank",
            "chance",
            pl.Series("chance_any", chances.chance_any),
            "offer_round",
            reasons.texts(language).alias("reason"),
            next_steps.texts(language).replace("", None).alias("next_step"),
        )
    )


def chances_table(prepared: Prepared, chances: Chances) -> pl.DataFrame:
    """One row a feasible application: person_id, program_id, rank, chance, std_error, status."""
    return prepared.pairs.select(
        "person_id",
        "program_id",
        "rank",
        pl.Series("chance", chances.chance),
        pl.Series("std_error", chances.std_error),
        pl.Series("status", list(STATUSES), dtype=pl.String)[chances.status.astype(np.int64)].alias("status"),
    )


def removed_table(prepared: Prepared) -> pl.DataFrame:
    """One row a pair that could not be placed: person_id, program_id and the code of the reason."""
    return prepared.removed.select("person_id", "program_id", "reason")
