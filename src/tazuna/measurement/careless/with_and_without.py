"""Figures of whole organisations with everybody and without those whose answers are flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tazuna.disclosure.cell import KEYS
from tazuna.measurement.careless.flags import CARELESS, CarelessAnswers
from tazuna.measurement.cells import cells_by
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.moments import Measure, unit_sums


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

    def left_out(self) -> pl.Series:
        """How many people each row is without: fewer than k, and the two figures together tell of a few."""
        return self.everybody["n"].fill_null(0) - self.without["n"].fill_null(0)


def cells_with_and_without(
    people: pl.DataFrame,
    measures: Sequence[Measure],
    above: pl.DataFrame,
    rules: GroupRules,
    flagged: CarelessAnswers,
) -> WithAndWithout:
    """Compute the figures of whole organisations twice.

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
    everybody, without = (
        cells_by(unit_sums(part, (), measures), (), measures, above, rules) for part in (people, here)
    )
    # An organisation whose people are all flagged keeps its row, so that both tables have the same.
    places = everybody.select(KEYS).join(without, on=list(KEYS), how="left", maintain_order="left")
    return WithAndWithout(everybody, places.with_columns(pl.col("suppressed").fill_null(value=False)))
