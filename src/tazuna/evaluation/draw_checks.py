"""Whether a draw that is run again (抽選の再実行) is the one that was held."""

from __future__ import annotations

import numpy as np
import polars as pl

from tazuna.evaluation.draw_folders import DrawFolder
from tazuna.evaluation.estimate import Floats
from tazuna.evaluation.refusal import Refusal
from tazuna.language import Message, message
from tazuna.matching.draw import commitment_of
from tazuna.matching.drawing import Drawn
from tazuna.matching.market import Indices
from tazuna.matching.outcome_tables import THE_DRAW
from tazuna.matching.record import RECORD
from tazuna.matching.seals import Difference
from tazuna.matching.verifying import ASSIGNMENTS

DISAGREEMENT = 6.0
"""Standard errors apart that two chances never are by chance, however many pairs there are."""


def first_difference(folder: DrawFolder, drawn: Drawn) -> Difference | None:
    """The first person to whom the draw gives another place than the assignments say.

    Somebody whose row was overwritten by a place of a later offer is passed over; people of other rounds in
    the same table too.
    """
    if commitment_of(folder.secret) != folder.record["commitment"]:
        return Difference(
            folder.file(RECORD),
            message("entry {entry}", entry="seed"),
            message("a secret with the published SHA-256 {hash}", hash=folder.commitment),
            commitment_of(folder.secret),
        )
    market, held = drawn.ready.market, drawn.outcome.held
    seated = held >= 0
    expected = pl.DataFrame(
        {
            "person_id": pl.Series(market.applicants, dtype=pl.String).filter(pl.Series(seated)),
            "expected": pl.Series(
                [market.programs[market.program[edge]] for edge in held[seated]], dtype=pl.String
            ),
        }
    )
    here = folder.assignments.filter(pl.col("program_id").is_in(list(market.programs)))
    by_draw = pl.col("offer_round") == THE_DRAW
    given = here.filter(by_draw).select("person_id", given="program_id")
    later = here.filter(~by_draw)["person_id"]
    differences = (
        expected.join(given, on="person_id", how="full", coalesce=True)
        .filter(pl.col("expected").ne_missing(pl.col("given")))
        .filter(pl.col("given").is_not_null() | ~pl.col("person_id").is_in(later.implode()))
        .sort("person_id")
    )
    none = message("no place")
    for person, wanted, found in differences.head(1).iter_rows():
        place = message("person {person}", person=person)
        return Difference(folder.file(ASSIGNMENTS), place, wanted or none, found or none)
    return None


def not_reproduced(folder: DrawFolder, why: Message, *, same_tables: bool) -> Refusal:
    """The draw comes out differently, or cannot be run again at all.

    Parameters
    ----------
    same_tables
        Whether the tables have the hash of the record.
    """
    if same_tables:
        cure = message(
            "Put {file} back as tazuna match wrote it; mark places that were given later with offer_round 2 "
            "or higher.",
            file=folder.file(ASSIGNMENTS),
        )
    elif folder.tables is None:
        cure = message(
            "The tables are no longer those of the draw: put the folder tables that tazuna match wrote "
            "beside {file}.",
            file=folder.file(RECORD),
        )
    else:
        cure = message("Put {folder} back as tazuna match wrote it.", folder=folder.tables)
    return Refusal(
        "draw_not_reproduced",
        message(
            "Run again, the draw of {round} does not come out as it was recorded: {why}",
            round=folder.round,
            why=why,
        ),
        cure,
    )


def chances_differ(folder: DrawFolder, drawn: Drawn, redrawn: Indices) -> Refusal | None:
    """A refusal where a published chance is none that these redraws could have come from.

    Shares are compared as arcsines of their roots, whose error does not depend on the chance (Anscombe 1948,
    doi:10.1093/biomet/35.3-4.246).

    Parameters
    ----------
    redrawn
        Shape (R, applicants): the edge held in each redraw, or -1.
    """
    if folder.chances is None:
        return None
    draws, edges = len(redrawn), drawn.ready.market.edges
    counts = np.bincount(redrawn.ravel() + 1, minlength=edges + 1)[1:]
    told = drawn.ready.prepared.pairs.select("person_id", "program_id").join(
        folder.chances, on=["person_id", "program_id"], how="left", maintain_order="left"
    )
    published = told["chance"].fill_null(0.0).to_numpy()
    apart = np.abs(_angle(published, folder.redraws) - _angle(counts / draws, draws))
    error = np.sqrt((0.0 if folder.redraws is None else 1 / folder.redraws) + 1 / draws)
    worst = int(np.argmax(apart)) if edges else 0
    if not edges or apart[worst] <= DISAGREEMENT * error:
        return None
    person, program = told.row(worst)[:2]
    return Refusal(
        "chances_differ",
        message(
            "The chance of {person} at {program} in round {round} was published as {published}, and "
            "redrawing gives {found}.",
            person=person,
            program=program,
            round=folder.round,
            published=f"{published[worst]:.4f}",
            found=f"{counts[worst] / draws:.4f}",
        ),
        message(
            "Put {file} back as tazuna match wrote it; if it was not changed, the rules of the draw were.",
            file=folder.file("chances.csv"),
        ),
    )


def _angle(share: Floats, draws: int | None) -> Floats:
    """2 arcsin √p with Anscombe's correction; standard error 1/√draws. ``draws`` None: p is exact."""
    corrected = share if draws is None else (share * draws + 0.375) / (draws + 0.75)
    angle: Floats = 2 * np.arcsin(np.sqrt(np.clip(corrected, 0.0, 1.0)))
    return angle
