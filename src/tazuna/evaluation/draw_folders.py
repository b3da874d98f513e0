"""Draws in a study folder (抽選の記録): ``draw.json`` with assignments and chances, as `match` wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from tazuna.evaluation.refusal import Refusal
from tazuna.intake.sources import read_table, study_files, study_folders
from tazuna.language import Message, message
from tazuna.matching.outcome_tables import THE_DRAW
from tazuna.matching.record import RECORD, record_of
from tazuna.matching.seals import Difference
from tazuna.study import Study
from tazuna.study.sources import SETTINGS_FILE, Files

DRAWS = "draws"
"""Folder of a study with a folder for each draw, where there are several."""
_OFFERS = ("person_id", "program_id", "offer_round")
_CHANCES = ("person_id", "program_id", "chance")


@dataclass(frozen=True, slots=True)
class DrawFolder:
    """One draw as it lies in the study.

    Parameters
    ----------
    inside
        Folder within the study; empty for the study itself.
    record
        ``draw.json``.
    assignments
        person_id, program_id (null: no place), offer_round (Int64).
    chances
        person_id, program_id, chance (Float64); None where there is no such table.
    tables
        Folder of the frozen tables; None where it is missing.
    """

    inside: str
    record: Mapping[str, object]
    assignments: pl.DataFrame
    chances: pl.DataFrame | None
    tables: str | None

    @property
    def round(self) -> str:
        """Name of the round."""
        return str(self.record["round"])

    @property
    def secret(self) -> str:
        """What the key was made of."""
        return str(self.record["seed"])

    @property
    def beacon(self) -> str | None:
        """The public figure; None where there was none."""
        return None if self.record.get("beacon") is None else str(self.record["beacon"])

    @property
    def commitment(self) -> str:
        """SHA-256 of the secret, as published."""
        return str(self.record["commitment"])

    @property
    def redraws(self) -> int | None:
        """How many redraws the chances come from; None where they are exact."""
        said = self.record.get("chances")
        draws = said.get("draws") if isinstance(said, Mapping) else None
        return draws if isinstance(draws, int) and draws > 0 else None

    def published_at(self, timezone: str) -> datetime | None:
        """When it was published, as wall-clock time in ``timezone``; None where the record does not say."""
        try:
            at = datetime.fromisoformat(str(self.record.get("published_at")))
        except ValueError:
            return None
        return at if at.tzinfo is None else at.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)

    def file(self, name: str) -> str:
        """A file of the draw as the study has it."""
        return f"{self.inside}/{name}" if self.inside else name


def draws_in(study: Study, path: Path) -> tuple[DrawFolder, ...] | Refusal:
    """Every draw in a study: at its top, and in the folders of ``draws``.

    Places given later are told by the assignments of the draw and by those at the top alike: whoever keeps
    one table of all rounds writes them there.

    Raises
    ------
    UnreadableSourceError
        A table of a draw cannot be read.
    """
    found = []
    kept_up = study.table("assignments")
    for inside in ("", *(f"{DRAWS}/{name}" for name in study_folders(path, DRAWS))):
        files = study_files(path, inside)
        if RECORD not in files:
            continue
        name = f"{inside}/{RECORD}" if inside else RECORD
        record = record_of(files[RECORD](), name)
        if isinstance(record, Difference):
            return not_as_written(record.said())
        given = kept_up if not inside else _read(files, "assignments.csv", _OFFERS)
        if given is None:
            return _incomplete(name)
        chances = study.table("chances") if not inside else _read(files, "chances.csv", _CHANCES)
        tables = f"{inside}/tables".lstrip("/")
        found.append(
            DrawFolder(
                inside=inside,
                record=record,
                assignments=_with_later(_offers(given), kept_up),
                chances=None if chances is None else chances.select(_CHANCES),
                tables=tables if SETTINGS_FILE in study_files(path, tables) else None,
            )
        )
    return _each_once(found)


def not_as_written(difference: Message) -> Refusal:
    """A file of a draw was changed."""
    return Refusal(
        "draw_not_reproduced",
        message("The record of the draw is not as it was written: {difference}", difference=difference),
        message("Put the files back as tazuna match wrote them, and check them with tazuna verify-draw."),
    )


def _each_once(found: list[DrawFolder]) -> tuple[DrawFolder, ...] | Refusal:
    places: dict[str, str] = {}
    for folder in found:
        if folder.round in places:
            return Refusal(
                "round_twice",
                message(
                    "Round {round} was drawn twice: {one} and {other}.",
                    round=folder.round,
                    one=places[folder.round],
                    other=folder.file(RECORD),
                ),
                message("Keep in the study only the draw that was valid."),
            )
        places[folder.round] = folder.file(RECORD)
    return tuple(found)


def _incomplete(name: str) -> Refusal:
    return Refusal(
        "draw_incomplete",
        message("{file} lies in the study, but assignments.csv does not lie beside it.", file=name),
        message("Copy everything that tazuna match wrote."),
    )


def _read(files: Files, name: str, columns: tuple[str, ...]) -> pl.DataFrame | None:
    """A table that ``match`` wrote, as text but for its numbers; None where it is not there."""
    if name not in files:
        return None
    (raw,) = read_table(files[name](), name, frozenset(columns))
    kept = [column for column in columns if column in raw.frame.columns]
    return raw.frame.select(kept).with_columns(
        pl.col(column).cast(pl.Float64, strict=False)
        for column in kept
        if column in ("chance", "offer_round")
    )


def _with_later(offers: pl.DataFrame, kept_up: pl.DataFrame | None) -> pl.DataFrame:
    if kept_up is None:
        return offers
    later = _offers(kept_up).filter(pl.col("offer_round") > THE_DRAW)
    return pl.concat([offers, later]).unique(maintain_order=True)


def _offers(given: pl.DataFrame) -> pl.DataFrame:
    later = pl.col("offer_round") if "offer_round" in given.columns else pl.lit(None)
    return given.select(
        "person_id", "program_id", later.cast(pl.Int64).fill_null(THE_DRAW).alias("offer_round")
    )
