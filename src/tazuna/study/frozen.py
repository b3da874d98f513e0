"""The study (調査フォルダ): validated, typed tables with their settings, frozen and hashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from tazuna.errors import StudyError
from tazuna.instrument.model import Instrument
from tazuna.intake.fault_table import FaultTable
from tazuna.intake.faults import Notice
from tazuna.language import message
from tazuna.study.match_settings import MatchSettings

REQUIRED_TABLES = ("organisations", "people")


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave (調査回): ``year`` is the calendar year in which ages are taken; ``k`` its threshold."""

    wave: str
    label: str
    year: int | None
    fiscal_year: int | None
    k: int


@dataclass(frozen=True, slots=True)
class Study:
    """Everything that the analysis reads; made by `open_study` from files.

    Parameters
    ----------
    title
        As in ``study.toml``.
    tables
        Our table name → typed frame, required columns present, optional ones absent where the file has none:
        ``organisations``, ``departments``, ``people``, ``company_answers``, ``programs``, … as in the table
        contract. ``people`` holds ``birth_year`` (Int64), never a date of birth, and no name, kana or e-mail.
    responses
        One row a person and wave (the latest answer): ``person_id``, ``wave``, ``answered_at``,
        ``language`` where the files tell in which one somebody answered, then one Int16 column a question
        code (null = not answered). An empty frame where the study has no answers.
    instruments
        Instruments in use, question codes unique over all.
    waves
        In order, earliest first.
    orders
        Ordered text columns, lowest first, e.g. ``{"contribution": ("D", "C", "B", "A", "S")}``.
    sha256
        Of the input files, in hexadecimal.
    faults, notices
        What broke a rule, and what was normalised. Without ``skip_faulty`` a table with a fault is not in
        ``tables``.
    rows_in_file
        Table → data rows in its file; those read and those set aside together.
    set_aside
        Table → number of rows set aside, where any were; ``emptied`` the same for cells of the rows that
        were read.
    skip_faulty
        Whether the study goes on without what is faulty; every output then says so.
    program_groups
        Columns of ``programs`` that the caps of kind ``region`` mean; several where regions are nested.
    match, rounds
        The rules of every round, and of the rounds that have rules of their own; see `match_of`.
    timezone
        In which moments such as ``answered_at`` are wall-clock time.
    """

    title: str
    tables: Mapping[str, pl.DataFrame]
    responses: pl.DataFrame
    instruments: tuple[Instrument, ...]
    waves: tuple[Wave, ...]
    orders: Mapping[str, tuple[str, ...]]
    sha256: str
    faults: FaultTable = field(default_factory=FaultTable)
    notices: tuple[Notice, ...] = ()
    rows_in_file: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    emptied: Mapping[str, int] = field(default_factory=dict)
    skip_faulty: bool = False
    program_groups: tuple[str, ...] = ("prefecture",)
    match: MatchSettings = field(default_factory=MatchSettings)
    rounds: Mapping[str, MatchSettings] = field(default_factory=dict)
    timezone: str = "Asia/Tokyo"

    def rows_read(self) -> tuple[tuple[str, int], ...]:
        """Table → number of rows read from it, set-aside ones not counted."""
        return tuple((name, rows - self.set_aside.get(name, 0)) for name, rows in self.rows_in_file.items())

    def skipped_counts(self) -> tuple[tuple[str, int, int], ...]:
        """Table, rows set aside and cells emptied, where ``skip_faulty`` left anything out."""
        if not self.skip_faulty:
            return ()
        return tuple(
            (name, self.set_aside.get(name, 0), self.emptied.get(name, 0))
            for name in self.rows_in_file
            if name in self.set_aside or name in self.emptied
        )

    def require_sound(self, *, waves: bool = True) -> None:
        """Refuse to go on with faults that nobody chose to skip, or without a single organisation or person.

        Parameters
        ----------
        waves
            Whether a wave is needed too; a draw needs none.

        Raises
        ------
        StudyError
            There are faults and the study was not opened with ``skip_faulty``, or nothing is left of a table
            that every analysis needs.
        """
        if not self.faults or self.skip_faulty:
            self._require_rows(waves=waves)
            return
        tables = self.faults.counts("table")
        raise StudyError(
            message(
                "{title} has {count} faults: {tables}.",
                title=self.title,
                count=len(self.faults),
                tables=", ".join(f"{table} {count}" for table, count in tables.items()),
            ),
            message(
                "See them with tazuna check, correct them, and try again; or go on without the faulty rows "
                "and cells with --skip-faulty."
            ),
        )

    def _require_rows(self, *, waves: bool) -> None:
        for name in REQUIRED_TABLES:
            if name not in self.tables or not self.tables[name].height:
                raise StudyError(
                    message(
                        "{title}: no row of the table {table} can be used, and nothing can be computed "
                        "without one.",
                        title=self.title,
                        table=name,
                    ),
                    message("See what is wrong with tazuna check, and correct or fill in the table."),
                )
        if waves and not self.waves:
            raise StudyError(
                message(
                    "{title} has no wave, so nothing was asked that could be computed.", title=self.title
                ),
                message("Add the answers with the column wave (調査回), or a table of waves."),
            )

    def match_of(self, round_: str) -> MatchSettings:
        """The rules of a round: its own, else those of every round."""
        return self.rounds.get(round_, self.match)

    def table(self, name: str) -> pl.DataFrame | None:
        """The table, or None where the study has none."""
        return self.tables.get(name)

    def people_at(self, wave: str) -> pl.DataFrame:
        """One row a person as of ``wave``: rows of that wave, else rows without a wave."""
        people = self.tables["people"]
        if "wave" not in people.columns:
            return people
        as_of = people.filter(pl.col("wave") == wave)
        undated = people.filter(pl.col("wave").is_null())
        return pl.concat([as_of, undated.join(as_of, on="person_id", how="anti")]).drop("wave")
