"""Group figures with everybody and without those whose answers are flagged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tazuna.disclosure.cell import KEYS
from tazuna.measurement.careless.flags import CARELESS, CarelessAnswers
from tazuna.measurement.cells import group_cells
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.moments import Measure


@dataclass(frozen=True, slots=True)
class Change:
    """How one figure differs: everybody, and without the flagged."""

    organisation_id: str
    wave: str
    measure: str
    n: int
    n_without: int
    mean: float
    mean_without: float

    @property
    def change(self) -> float:
        """Without the flagged less with everybody."""
        return self.mean_without - self.mean


@dataclass(frozen=True, slots=True)
class WithAndWithout:
    """Cells of everybody, and of those who are not flagged. Unprotected: their difference is the flagged.

    Parameters
    ----------
    everybody, without
        Columns of `tazuna.disclosure.cell.CELL_SCHEMA`; the same rows.
    """

    everybody: pl.DataFrame
    without: pl.DataFrame

    def largest_change(
        self, k_by_wave: Mapping[str, int], organisation_id: str | None = None
    ) -> Change | None:
        """The figure of a whole organisation that changes most, where that may be told.

        With a figure and the same without some people, the figure of those some can be computed: so it is
        told only where at least the wave's k people were left out, and at least k stay.

        Parameters
        ----------
        k_by_wave
            Threshold of each wave.
        organisation_id
            Of one organisation only; any by default.

        Returns
        -------
        Change or None
            None where nothing may be told. Response rates and contribution are not compared: the one does not
            hang on answers, the other has no common scale with the scores.
        """
        k = pl.col("wave").replace_strict(dict(k_by_wave), default=None, return_dtype=pl.Int64)
        of_all = (pl.col("group_by") == "all") & (pl.col("viewpoint") == "all")
        ours = pl.lit(value=True) if organisation_id is None else pl.col("organisation_id") == organisation_id
        told = (
            self.everybody.filter(
                of_all & ours & pl.col("measure").is_in(["response_rate", "contribution"]).not_()
            )
            .join(
                self.without.select(*KEYS, "n", "mean"),
                on=list(KEYS),
                suffix="_without",
                maintain_order="left",
            )
            .filter(pl.col("n_without") >= k, pl.col("n") - pl.col("n_without") >= k)
            .drop_nulls(["mean", "mean_without"])
            .sort((pl.col("mean_without") - pl.col("mean")).abs(), descending=True, maintain_order=True)
        )
        if told.is_empty():
            return None
        row = told.row(0, named=True)
        return Change(**{name: row[name] for name in Change.__dataclass_fields__})


def cells_with_and_without(
    people: pl.DataFrame,
    measures: Sequence[Measure],
    above: pl.DataFrame,
    rules: GroupRules,
    flagged: CarelessAnswers,
) -> WithAndWithout:
    """Compute all group figures twice.

    Parameters
    ----------
    people
        Those asked, with ``person_id``: as `tazuna.measurement.population.population` gives them.
    measures, above, rules
        As for `tazuna.measurement.cells.group_cells`.
    flagged
        As `tazuna.measurement.careless.flags.flag_answers` gives it. Somebody whom no rule can judge stays.
    """
    careless = flagged.people.filter(pl.col(CARELESS)).select("person_id", "wave")
    as_text = people.with_columns(pl.col("wave").cast(pl.String))
    kept = as_text.join(careless, on=["person_id", "wave"], how="anti", maintain_order="left")
    here = kept.with_columns(pl.col("wave").cast(pl.Categorical))
    # A group whose people are all flagged keeps its row, so that both tables have the same.
    everybody, without = (group_cells(part, measures, above, rules) for part in (people, here))
    places = everybody.select(KEYS).join(without, on=list(KEYS), how="left", maintain_order="left")
    emptied = places.with_columns(pl.col("suppressed").fill_null(value=False))
    return WithAndWithout(everybody, emptied)
