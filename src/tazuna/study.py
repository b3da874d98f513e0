"""The study (調査フォルダ): validated, typed tables with their settings, frozen and hashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tazuna.instrument.model import Instrument
from tazuna.intake.faults import Fault, Notice


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave (調査回): ``year`` is the calendar year in which ages are taken; ``k`` its disclosure threshold."""

    wave: str
    label: str
    year: int | None
    fiscal_year: int | None
    k: int


@dataclass(frozen=True, slots=True)
class Study:
    """Everything that the analysis reads; made by `open_study` from files, or by the web application from rows.

    Parameters
    ----------
    title
        As in ``study.toml``.
    tables
        Our table name → typed frame, required columns present, optional ones absent where the file has none:
        ``organisations``, ``departments``, ``people``, ``company_answers``, ``programs``, … as in the table contract.
        ``people`` holds ``birth_year`` (Int64), never a date of birth, and no name, kana or e-mail.
    responses
        One row a person and wave (the latest answer): ``person_id``, ``wave``, ``answered_at``, then one Int16 column a
        question code (null = not answered). An empty frame where the study has no answers.
    instruments
        Instruments in use, question codes unique over all.
    waves
        In order, earliest first.
    orders
        Ordered text columns, lowest first, e.g. ``{"contribution": ("D", "C", "B", "A", "S")}``.
    sha256
        Of the input files, in hexadecimal.
    set_aside
        Table → number of rows set aside (``--skip-faulty``); ``emptied`` the same for cells.
    """

    title: str
    tables: Mapping[str, pl.DataFrame]
    responses: pl.DataFrame
    instruments: tuple[Instrument, ...]
    waves: tuple[Wave, ...]
    orders: Mapping[str, tuple[str, ...]]
    sha256: str
    faults: tuple[Fault, ...] = ()
    notices: tuple[Notice, ...] = ()
    set_aside: Mapping[str, int] | None = None
    emptied: Mapping[str, int] | None = None

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
