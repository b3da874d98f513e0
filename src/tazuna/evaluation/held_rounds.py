"""Draws that were held (実施済みの抽選): read back from the study folder, run again, and redrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from tazuna.errors import TazunaError
from tazuna.evaluation.arrays import Asked
from tazuna.evaluation.draw_checks import chances_differ, first_difference, not_reproduced
from tazuna.evaluation.draw_folders import DrawFolder, draws_in
from tazuna.evaluation.estimate import Flags
from tazuna.evaluation.lottery.draws import NO_PLACE, Draws
from tazuna.evaluation.refusal import Caution, Refusal
from tazuna.intake.faults import listed
from tazuna.language import message
from tazuna.matching.drawing import FORESEEN, SHORT, Drawn, draw_round, ready_round
from tazuna.matching.market import Indices
from tazuna.matching.outcome_tables import THE_DRAW
from tazuna.matching.redraws import Progress, redrawn_offers
from tazuna.study import Study
from tazuna.study.folder import open_study

REDRAWS = 10_000


@dataclass(frozen=True, slots=True)
class HeldRounds:
    """Rounds whose draws could be run again with the same result.

    Parameters
    ----------
    draws
        Everybody's place, in the draws and in redraws of them.
    persons
        Ids that ``draws.person`` indexes.
    drawn
        The draws again, one a round.
    published_at
        One a round: wall-clock time of the study; None where the record does not say.
    refilled
        Bool, one a row of ``draws``: got a place later that somebody gave back.
    cautions
        Draws without beacon, short secrets, refills, chances that could not be compared.
    """

    draws: Draws
    persons: tuple[str, ...]
    drawn: tuple[Drawn, ...]
    published_at: tuple[datetime | None, ...]
    refilled: Flags
    cautions: tuple[Caution, ...]

    @property
    def first_published(self) -> datetime | None:
        """When the first of the draws was published."""
        return min((at for at in self.published_at if at is not None), default=None)


def held_rounds(
    study: Study,
    path: Path,
    asked: Asked,
    *,
    draws: int = REDRAWS,
    threads: int | None = None,
    progress: Progress | None = None,
) -> HeldRounds | Refusal:
    """The draws in a study folder that gave the places asked about.

    Each is run again from its frozen tables, or from the study where they are missing, and must give the
    places of ``assignments.csv``. Its redraws have the seed "evaluate ROUND COMMITMENT", so that anybody can
    repeat them, and must agree with ``chances.csv`` up to chance.

    Parameters
    ----------
    path
        Where the study was opened from.
    draws
        How many redraws.
    threads
        None for one a core; the result is the same for any number.
    progress
        Told after every few redraws how many more are done.

    Returns
    -------
    HeldRounds or Refusal
        Refused are ``no_draw``, ``draw_incomplete``, ``round_twice``, ``draw_not_reproduced`` and
        ``chances_differ``.

    Raises
    ------
    TazunaError
        A file of a draw cannot be read.
    """
    found = draws_in(study, path)
    if isinstance(found, Refusal):
        return found
    folders = [
        folder for folder in found if not asked.question.rounds or folder.round in asked.question.rounds
    ]
    pairs: list[tuple[DrawFolder, Drawn]] = []
    for folder in folders:
        drawn = _again(study, path, folder)
        if isinstance(drawn, Refusal):
            return drawn
        if set(drawn.ready.market.programs) & set(asked.programs):
            pairs.append((folder, drawn))
    if not pairs:
        return _no_draw(found)
    redrawn = []
    for folder, drawn in pairs:
        edges = redrawn_offers(
            drawn.ready.mechanism,
            draws,
            f"evaluate {folder.round} {folder.commitment}",
            threads=threads,
            progress=progress,
        )
        differ = chances_differ(folder, drawn, edges)
        if differ is not None:
            return differ
        redrawn.append(edges)
    return _stacked(study, asked, pairs, redrawn)


def _again(study: Study, path: Path, folder: DrawFolder) -> Drawn | Refusal:
    """The draw, run again; refused where it cannot be or comes out differently."""
    try:
        tables = study if folder.tables is None else open_study(path, inside=folder.tables)
        tables.require_sound(waves=False)
        drawn = draw_round(tables, ready_round(tables, folder.round), folder.secret, folder.beacon)
    except TazunaError as error:
        return not_reproduced(folder, error.problem, same_tables=False)
    difference = first_difference(folder, drawn)
    if difference is None:
        return drawn
    same_tables = drawn.frozen.seal == folder.record["tables_sha256"]
    return not_reproduced(folder, difference.said(), same_tables=same_tables)


def _no_draw(found: tuple[DrawFolder, ...]) -> Refusal:
    problem = message("The study holds no draw of these places, so nobody's chance is known.")
    if found:
        problem = message(
            "The study holds no draw of these places, so nobody's chance is known; it holds those of "
            "{rounds}.",
            rounds=listed([folder.round for folder in found]),
        )
    return Refusal(
        "no_draw",
        problem,
        message(
            "If the places were drawn, copy everything that tazuna match wrote into the study folder, of "
            "several rounds into a folder each within draws."
        ),
    )


def _stacked(
    study: Study, asked: Asked, pairs: list[tuple[DrawFolder, Drawn]], redrawn: list[Indices]
) -> HeldRounds:
    """Round after round, programmes and people with the same code in all of them."""
    markets = [drawn.ready.market for _, drawn in pairs]
    programs = tuple(sorted({program for market in markets for program in market.programs}))
    persons = tuple(sorted({person for market in markets for person in market.applicants}))
    program_code = {program: code for code, program in enumerate(programs)}
    person_code = {person: code for code, person in enumerate(persons)}
    held, offers = [], []
    for (_, drawn), edges in zip(pairs, redrawn, strict=True):
        market = drawn.ready.market
        own = np.array([program_code[program] for program in market.programs], np.int32)
        # The last entry stands for no place, which index -1 finds.
        of_edge = np.append(own[market.program], np.int32(NO_PLACE)).astype(np.int32)
        held.append(of_edge[drawn.outcome.held])
        offers.append(of_edge[edges])
    people = [person for market in markets for person in market.applicants]
    draws = Draws(
        person=np.array([person_code[person] for person in people], np.int64),
        round=np.repeat(np.arange(len(markets)), [len(market.applicants) for market in markets]),
        rounds=tuple(folder.round for folder, _ in pairs),
        programs=programs,
        held=np.concatenate(held),
        redrawn=offers[0] if len(offers) == 1 else np.concatenate(offers, axis=1),
    )
    refilled = np.concatenate([_refilled(folder, drawn) for folder, drawn in pairs])
    return HeldRounds(
        draws=draws,
        persons=persons,
        drawn=tuple(drawn for _, drawn in pairs),
        published_at=tuple(folder.published_at(study.timezone) for folder, _ in pairs),
        refilled=refilled,
        cautions=tuple(_cautions(asked, pairs, int(refilled.sum()))),
    )


def _refilled(folder: DrawFolder, drawn: Drawn) -> Flags:
    """Bool, one an applicant: got a place of the round after the draw."""
    market = drawn.ready.market
    later = folder.assignments.filter(
        (pl.col("offer_round") > THE_DRAW) & pl.col("program_id").is_in(list(market.programs))
    )
    flags: Flags = (
        pl.Series(market.applicants, dtype=pl.String).is_in(later["person_id"].implode()).to_numpy()
    )
    return flags


def _cautions(asked: Asked, pairs: list[tuple[DrawFolder, Drawn]], refilled: int) -> list[Caution]:
    cautions = []
    foreseen = [folder.round for folder, drawn in pairs if FORESEEN in drawn.marks]
    if foreseen:
        cautions.append(
            Caution(
                "draw_foreseeable",
                message(
                    "No public figure went into the draw of {rounds}: the organiser could have foreseen it.",
                    rounds=listed(foreseen),
                ),
                message("Name a public figure before the next draw, and give it with --beacon."),
            )
        )
    short = [folder.round for folder, drawn in pairs if SHORT in drawn.marks]
    if short:
        cautions.append(
            Caution(
                "short_secret",
                message("The secret of the draw of {rounds} could be guessed.", rounds=listed(short)),
                message("Use a long random secret for the next draw."),
            )
        )
    if refilled:
        cautions.append(
            Caution(
                "refills",
                message(
                    "{count} people later got a place that somebody gave back; as the draw gave it to "
                    "others, they count as without an offer.",
                    count=refilled,
                ),
                message("Nothing needs to be done; the effect of taking part allows for them."),
            )
        )
    unchecked = [folder.round for folder, _ in pairs if folder.chances is None]
    if unchecked:
        cautions.append(
            Caution(
                "chances_not_compared",
                message(
                    "The chances of {rounds} could not be compared with those published: there is no "
                    "chances.csv.",
                    rounds=listed(unchecked),
                ),
                message("Copy chances.csv beside draw.json."),
            )
        )
    missing = sorted(set(asked.question.rounds) - {folder.round for folder, _ in pairs})
    if missing:
        cautions.append(
            Caution(
                "rounds_without_draw",
                message("The study holds no draw of {rounds}; they are left out.", rounds=listed(missing)),
                message("Copy what tazuna match wrote for them into a folder each within draws."),
            )
        )
    return cautions
