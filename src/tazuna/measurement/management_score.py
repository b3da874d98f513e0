"""Management score (C/O経営スコア): what the company side says, and the gaps between viewpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from tazuna.disclosure.cell import STATEMENTS_IN_OFFICE
from tazuna.measurement.bootstrap import (
    Resampled,
    generator_for,
    percentile_interval,
    resample_departments,
    resample_people,
)
from tazuna.measurement.cells import cell_frame, long_cells
from tazuna.measurement.intervals import CLUSTERS_NEEDED, Floats
from tazuna.measurement.moments import PLACE, Measure, cell_sums, pooled_upward, table, unit_sums
from tazuna.study import Study

GAPS = (
    *((side, "employee") for side in STATEMENTS_IN_OFFICE),
    ("manager", "employee"),
    *((side, "all") for side in STATEMENTS_IN_OFFICE),
)
"""Against everybody too: where few managers hide the employees' own figure, that of everybody is shown."""


@dataclass(frozen=True, slots=True)
class GapFact:
    """How the intervals of an organisation's gaps at one wave were made.

    Parameters
    ----------
    departments
        How many departments have an employee's answer.
    company_answers
        Viewpoint of the company side → number of respondents; from two on they are drawn too, one alone is
        taken as fixed.
    """

    organisation_id: str
    wave: str
    departments: int
    company_answers: dict[str, int]

    @property
    def resampled(self) -> Literal["departments", "people"]:
        """What was drawn on the side of employees and managers: departments where there are ten or more."""
        return "departments" if self.departments >= CLUSTERS_NEEDED else "people"


def management_scales(study: Study) -> tuple[str, ...]:
    """Codes of the scales that both sides answer: their questions have a wording for the company side."""
    return tuple(
        scale.code
        for instrument in study.instruments
        for scale in instrument.scales.values()
        if all(instrument.questions[code].company_wording for code in scale.questions)
    )


def company_cells(company: pl.DataFrame) -> pl.DataFrame:
    """Cells of the viewpoints executive and hr; an interval only from two respondents on.

    Parameters
    ----------
    company
        As `tazuna.measurement.company_side.company_scores` gives it.
    """
    codes = company["measure"].unique().sort()
    # Every respondent is one unit: few respondents, no departments.
    alone = company.with_columns(pl.lit("").alias("unit"))
    measures = [Measure(code, pl.when(pl.col("measure") == code).then("score"), "score") for code in codes]
    cells = cell_sums(unit_sums(alone, ("viewpoint",), measures), ("viewpoint",), measures)
    labels = cells.select(*PLACE, "viewpoint", group_by=pl.lit("all"), group=pl.lit("all"))
    return long_cells(labels, cells, measures)


def gap_cells(
    people: pl.DataFrame, company: pl.DataFrame, scales: Sequence[str], above: pl.DataFrame, seed: int
) -> tuple[pl.DataFrame, tuple[GapFact, ...]]:
    """What executives, HR and managers say, each less what employees say, with bootstrap intervals.

    What executives and HR say also less what everybody says.

    Parameters
    ----------
    people
        Those asked, as `tazuna.measurement.population.population` gives them.
    company
        As `tazuna.measurement.company_side.company_scores` gives it.
    scales
        As `management_scales` gives them; those without a score among the people are left out.
    above
        As `tazuna.measurement.units.organisations_above` gives it.
    seed
        Of the resampling; each organisation and wave has its own stream.

    Returns
    -------
    cells
        Columns of `tazuna.disclosure.cell.CELL_SCHEMA`; ``viewpoint`` ``executive-employee``, measure
        ``gap.ms``. ``n`` is the number of employees (of everybody), in the gap of managers the smaller of
        both numbers.
    facts
        One a place and wave.
    """
    measures = [Measure(code, pl.col(code), "score") for code in scales if code in people.columns]
    if not measures:
        return cell_frame([], [], *np.empty((4, 0, 0))), ()
    labels: list[tuple[str, ...]] = []
    figures: list[tuple[Floats, ...]] = []
    facts = []
    sums = pooled_upward(unit_sums(people, ("viewpoint",), measures), above)
    departments_at = _departments(sums)
    few = [place for place, departments in departments_at.items() if departments < CLUSTERS_NEEDED]
    counts = _score_counts(people, measures, above, few)
    for (organisation, wave), departments in departments_at.items():
        here = (pl.col("organisation_id") == organisation) & (pl.col("wave") == wave)
        rng = generator_for(seed, organisation, wave)
        if departments >= CLUSTERS_NEEDED:
            sides = _drawn_departments(sums.filter(here), measures, rng)
        else:
            sides = _drawn_people(counts.filter(here), ("employee", "manager"), measures, rng)
        sides |= _drawn_people(company.filter(here), STATEMENTS_IN_OFFICE, measures, rng)
        if departments < CLUSTERS_NEEDED:
            sides |= _drawn_people(counts.filter(here), ("all",), measures, rng)
        for name, other in GAPS:
            if sides[name].n.any() or name not in STATEMENTS_IN_OFFICE:
                labels.append((organisation, wave, f"{name}-{other}", "all", "all"))
                figures.append(_gap(sides[name], sides[other], in_office=name in STATEMENTS_IN_OFFICE))
        answers = {name: int(sides[name].n.max()) for name in STATEMENTS_IN_OFFICE}
        facts.append(GapFact(organisation, wave, departments, answers))
    columns = np.array(figures).reshape(-1, 4, len(measures)).swapaxes(0, 1)
    return cell_frame(labels, [f"gap.{measure.name}" for measure in measures], *columns), tuple(facts)


def _departments(sums: pl.DataFrame) -> dict[tuple[str, str], int]:
    """How many departments have an employee's answer, by organisation and wave in order."""
    answered = pl.any_horizontal(pl.selectors.ends_with("|n") > 0) & (pl.col("viewpoint") == "employee")
    counted = sums.group_by(PLACE).agg(pl.col("unit").filter(answered).n_unique()).sort(PLACE)
    return {(organisation, wave): count for organisation, wave, count in counted.iter_rows()}


def _score_counts(
    people: pl.DataFrame, measures: Sequence[Measure], above: pl.DataFrame, places: Sequence[tuple[str, str]]
) -> pl.DataFrame:
    """How many people of each viewpoint, and of all, have each score, in the organisations of these places.

    Columns as those of company scores, and ``people``.
    """
    wanted = {organisation for organisation, _ in places}
    below = above.filter(pl.col("above").is_in(wanted))
    here = people.filter(pl.col("organisation_id").cast(pl.String).is_in(below["organisation_id"].implode()))
    keys = [*PLACE, "viewpoint"]
    frames = []
    for measure in measures:
        counts = here.group_by(*keys, score=measure.value).agg(people=pl.len().cast(pl.Float64))
        frames.append(counts.drop_nulls("score").with_columns(measure=pl.lit(measure.name)))
    pooled = (
        pl.concat(frames)
        .with_columns(pl.col(pl.Categorical).cast(pl.String))
        .join(below, on="organisation_id")
    )
    grouped = pooled.group_by(
        pl.col("above").alias("organisation_id"), "wave", "viewpoint", "measure", "score"
    )
    by_viewpoint = grouped.agg(pl.col("people").sum())
    everybody = by_viewpoint.with_columns(viewpoint=pl.lit("all"))
    same_score = ["organisation_id", "wave", "viewpoint", "measure", "score"]
    return pl.concat([by_viewpoint, everybody.group_by(same_score).agg(pl.col("people").sum())])


def _drawn_departments(
    part: pl.DataFrame, measures: Sequence[Measure], rng: np.random.Generator
) -> dict[str, Resampled]:
    """Employees, managers and everybody of the same drawn departments."""
    units = part.select("unit").unique().sort("unit")
    sums = []
    for view in ("employee", "manager"):
        rows = units.join(
            part.filter(pl.col("viewpoint") == view), on="unit", how="left", maintain_order="left"
        )
        sums.append((table(rows, measures, "n"), table(rows, measures, "total")))
    (n, total), (n_managers, total_managers) = sums
    everybody = (n + n_managers, total + total_managers)
    employees, managers, together = resample_departments((*sums, everybody), rng)
    return {"employee": employees, "manager": managers, "all": together}


def _drawn_people(
    said: pl.DataFrame, views: Sequence[str], measures: Sequence[Measure], rng: np.random.Generator
) -> dict[str, Resampled]:
    """Each viewpoint's people drawn by themselves; ``people`` of them have each score."""
    sides = {}
    for view in views:
        columns = []
        for measure in measures:
            rows = said.filter(pl.col("viewpoint") == view, pl.col("measure") == measure.name).sort("score")
            columns.append(resample_people(rows["score"].to_numpy(), rows["people"].to_numpy(), rng))
        sides[view] = _side_by_side(columns)
    return sides


def _side_by_side(columns: list[Resampled]) -> Resampled:
    return Resampled(
        np.concatenate([column.n for column in columns]),
        np.concatenate([column.mean for column in columns]),
        np.hstack([column.replicates for column in columns]),
    )


def _gap(high: Resampled, low: Resampled, *, in_office: bool) -> tuple[Floats, Floats, Floats, Floats]:
    """Number, difference and interval of each measure; in office the high side does not count into n."""
    n = low.n if in_office else np.minimum(high.n, low.n)
    lower, upper = percentile_interval(high.replicates - low.replicates)
    # One person alone can be drawn only as that person: there is nothing to say of the spread.
    lower, upper = (np.where(n >= 2, bound, np.nan) for bound in (lower, upper))
    return n, high.mean - low.mean, lower, upper
