"""Which departments of a study are pooled (合算), from how many answered in each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tazuna.disclosure.joint import MOST, RESPONSE_RATE
from tazuna.disclosure.pooling import Pools, Tree, pools_among, pools_of_waves
from tazuna.disclosure.release import Release
from tazuna.measurement.moments import PLACE, Measure
from tazuna.measurement.units import current_units
from tazuna.study import Study

Released = Mapping[tuple[str, str], Sequence[tuple[str, ...]]]
"""(organisation, wave) → the pools of a wave that was released before."""
_DECIMALS = 3
"""Of sums in the key: sums of many numbers differ in their last bits from run to run."""


def pools_of(people: pl.DataFrame, measures: Sequence[Measure], study: Study, released: Released) -> Pools:
    """The pools of all organisations and waves of a study.

    The number that decides is the smallest behind any score that most answered, as in
    `tazuna.disclosure.joint`: a department that is hidden as a whole for its size is in a pool.

    Parameters
    ----------
    people
        Those asked, as `tazuna.measurement.population.population` gives them.
    measures
        As `tazuna.measurement.cells.cell_measures` gives them.
    study
        The study.
    released
        As `pools_released` gives them.
    """
    counted = [measure for measure in measures if measure.name != RESPONSE_RATE]
    keys = [*PLACE, "department", "age_band"]
    by_band = (
        people.lazy()
        .drop_nulls("department")
        .group_by(keys)
        .agg(
            pl.col("answered").sum().cast(pl.Int64).alias("answered"),
            *(measure.value.count().cast(pl.Int64).alias(f"{measure.name}|n") for measure in counted),
            *(
                measure.value.sum().round(_DECIMALS).alias(f"{measure.name}|total")
                for measure in counted
                if measure.kind == "score"
            ),
        )
        .collect()
        .with_columns(pl.col(pl.Categorical).cast(pl.String))
        .sort(keys)
    )
    numbers: dict[tuple[str, str], dict[str, int]] = {}
    draws = {}
    for (organisation, wave), part in by_band.partition_by(PLACE, as_dict=True, include_key=False).items():
        deciding = part.select("department", number=_deciding(part)).group_by("department").sum()
        numbers[organisation, wave] = dict(deciding.rows())
        draws[organisation, wave] = int.from_bytes(hashlib.sha256(part.write_csv().encode()).digest())
    k_by_wave = {wave.wave: wave.k for wave in study.waves}
    return pools_of_waves(numbers, department_tree(study), k_by_wave, draws, released)


def department_tree(study: Study) -> Tree:
    """The departments above each department, as they are today."""
    departments = study.table("departments")
    if departments is None or "parent_id" not in departments.columns:
        return Tree({})
    units = dict(current_units(study).rows())
    rows = departments.select("department_id", "parent_id").drop_nulls().rows()
    above = {
        department: units.get(parent, parent)
        for department, parent in rows
        if units[department] == department
    }
    return Tree({department: parent for department, parent in above.items() if department != parent})


def pools_released(earlier: Sequence[Release]) -> Released:
    """The pools of each organisation and wave released before; the first release of a wave counts."""
    found: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {}
    for release in earlier:
        groups = (
            release.cells.filter(group_by="department").select(*PLACE, "group").unique(maintain_order=True)
        )
        places = release.cells.select(PLACE).unique()
        here = groups.partition_by(PLACE, as_dict=True)
        for place in places.rows():
            pools = pools_among(here[place]["group"]) if place in here else {}
            found.setdefault(place, tuple(pools.values()))
    return found


def with_pools(sums: pl.DataFrame, pools: Pools) -> pl.DataFrame:
    """Sums by department once more for each pool: units stay those of the people."""
    held = [(*place, member, code) for (*place, code), members in pools.items() for member in members]
    names = [*PLACE, "department", "pool"]
    by_member = pl.DataFrame(held, schema=dict.fromkeys(names, pl.String), orient="row")
    more = sums.join(by_member, on=[*PLACE, "department"]).with_columns(department=pl.col("pool"))
    return pl.concat([sums, more.select(sums.columns)])


def _deciding(part: pl.DataFrame) -> pl.Series:
    """How many answered of each department and age band, by the fewest of any measure that most answered."""
    answered = part["answered"].to_numpy()
    n = part.select(pl.selectors.ends_with("|n")).to_numpy().reshape(part.height, -1)
    most = n.sum(axis=0) >= MOST * answered.sum()
    return pl.Series(np.column_stack([answered, n[:, most]]).min(axis=1))
