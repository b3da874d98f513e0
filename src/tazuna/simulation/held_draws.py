"""The sample's draws (抽選の実施): every round by the mechanism of ``tazuna match``."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from tazuna.intake.schema import schema
from tazuna.matching.chances import Chances, chances_of
from tazuna.matching.draw_folder import draw_files, drawn_figures, redraw_seed
from tazuna.matching.drawing import Drawn, draw_round, ready_round
from tazuna.matching.lottery import Numbers
from tazuna.simulation.streams import Flags, Integers, stream
from tazuna.study import Study, Wave
from tazuna.study.settings import read_settings

REDRAWS = 1000
"""As many as ``tazuna match`` makes where nothing else is asked for."""
_AS_READ = {"number": pl.Float64(), "moment": pl.Datetime("us")}
_READ = ("organisations", "programs", "people", "applications", "priorities", "caps", "waves")


@dataclass(frozen=True, slots=True)
class HeldDraw:
    """A round of the sample after its draw; a applicants, sorted by id.

    Parameters
    ----------
    study
        The tables as they stood then.
    published_at
        After the wave before, and before the programmes start.
    """

    study: Study
    drawn: Drawn
    chances: Chances
    published_at: datetime.datetime

    @property
    def round(self) -> str:
        """Its name."""
        return self.drawn.ready.prepared.round

    @property
    def numbers(self) -> Numbers:
        """Lottery numbers of the applicants."""
        return self.drawn.numbers

    @property
    def person(self) -> Integers:
        """Shape (a,): numbers of the applicants among all people."""
        ids = pl.Series(self.drawn.ready.market.applicants, dtype=pl.String)
        return ids.cast(pl.Int64).to_numpy() - 1

    @property
    def offered(self) -> Flags:
        """Shape (a,): who got a place."""
        return np.asarray(self.drawn.outcome.held >= 0)

    @property
    def edges(self) -> tuple[Integers, Integers]:
        """Applicant (0 to a - 1) and programme, by its place in the table, of each feasible pair."""
        market = self.drawn.ready.market
        ids = self.study.tables["programs"]["program_id"]
        place = pl.Series(market.programs, dtype=pl.String).replace_strict(
            ids, pl.int_range(len(ids), eager=True), return_dtype=pl.Int64
        )
        return market.applicant_of_edge().astype(np.int64), place.to_numpy()[market.program]

    @property
    def program(self) -> Integers:
        """Shape (a,): the place held, by its programme's place in the table, or -1."""
        held = self.drawn.outcome.held
        programs = np.append(self.edges[1], -1)
        return np.asarray(programs[held])

    def files(self, sha256: str) -> dict[str, bytes]:
        """What ``tazuna match`` writes into its folder, by name.

        Parameters
        ----------
        sha256
            Of the files of the sample.
        """
        return draw_files(
            self.study,
            self.drawn,
            self.chances,
            drawn_figures(self.study, self.drawn, self.chances),
            sha256=sha256,
            published_at=self.published_at,
            language="ja",
        )


def hold_draws(
    seed: int, tables: Mapping[str, pl.DataFrame], settings: str, fiscal_year: int
) -> tuple[HeldDraw, ...]:
    """Draw every round of the table ``programs``, in its order.

    Parameters
    ----------
    tables
        Those of the sample as of the wave before the rounds.
    settings
        The text of ``study.toml``, whose rules hold.
    """
    study = _study_before(tables, settings)
    zone = ZoneInfo(study.timezone)
    published_at = datetime.datetime(fiscal_year, 12, 16, 12, tzinfo=zone)
    held = []
    for round_ in study.tables["programs"]["round"].unique(maintain_order=True):
        drawn = draw_round(study, ready_round(study, round_), *secret_and_beacon(seed, round_))
        chances = chances_of(
            drawn.ready.mechanism, method="simulated", seed=redraw_seed(drawn), draws=REDRAWS
        )
        held.append(HeldDraw(study, drawn, chances, published_at))
    return tuple(held)


def _typed(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """With numbers and moments as a table has them that was read from a file."""
    known = schema()[name].columns
    return table.with_columns(
        pl.col(column).cast(_AS_READ[known[column].type])
        for column in table.columns
        if column in known and known[column].type in _AS_READ
    )


def secret_and_beacon(seed: int, round_: str) -> tuple[str, str]:
    """Of a round: 128 bits, and a figure of seven digits; both stand in its ``draw.json``."""
    secret = hashlib.sha256(f"tazuna sample {seed} {round_}".encode()).hexdigest()[:32]
    return secret, str(stream(seed, "beacon", round_).integers(1_000_000, 10_000_000))


def _study_before(tables: Mapping[str, pl.DataFrame], settings: str) -> Study:
    """What `tazuna.study.folder.open_study` reads of the sample's folder, as far as a draw depends on it."""
    rules = read_settings(settings)
    applicants = tables["applications"]["person_id"].unique()
    people = tables["people"].filter(pl.col("person_id").is_in(applicants.implode()))
    waves = tables["waves"].select("wave", "label_ja", "fiscal_year", "k")
    return Study(
        title=rules.title,
        tables={name: _typed(name, people if name == "people" else tables[name]) for name in _READ},
        responses=pl.DataFrame(),
        instruments=(),
        waves=tuple(Wave(name, label, year, year, k) for name, label, year, k in waves.iter_rows()),
        orders=rules.orders,
        sha256="",
        match=rules.match,
        rounds=rules.rounds,
    )
