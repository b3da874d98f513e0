"""Draws that were held (実施済みの抽選): read back from the study folder, run again, and redrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tazuna.evaluation.arrays import Asked
from tazuna.evaluation.estimate import Flags
from tazuna.evaluation.lottery.draws import Draws
from tazuna.evaluation.refusal import Caution, Refusal
from tazuna.matching.drawing import Drawn
from tazuna.matching.redraws import Progress
from tazuna.study import Study

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
        Draws without beacon, short secrets, refills.
    """

    draws: Draws
    persons: tuple[str, ...]
    drawn: tuple[Drawn, ...]
    published_at: tuple[datetime | None, ...]
    refilled: Flags
    cautions: tuple[Caution, ...]


def held_rounds(
    study: Study,
    path: Path,
    asked: Asked,
    *,
    draws: int = REDRAWS,
    threads: int | None = None,
    progress: Progress | None = None,
) -> HeldRounds | Refusal:
    """The draws in a study folder that gave the places asked about."""
    raise NotImplementedError
