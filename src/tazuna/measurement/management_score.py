"""Management score (C/O経営スコア): the company side's answers, and the gaps between viewpoints with their
intervals.
"""

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

GAPS = (*((side, "employee") for side in STATEMENTS_IN_OFFICE), ("manager", "employee"))
_LABELS = pl.DataFrame(schema=dict.fromkeys((*PLACE, "viewpoint", "group_by", "group"), pl.String))


@dataclass(frozen=True, slots=True)
class GapFact:
    """How the intervals of an organisation's gaps at one wave were made.

    Parameters
    ----------
    resampled
        Whether departments (ten or more of them) or people were drawn on the employees' side.
    departments
        How many departments have an employee's answer.
    company_answers
        Viewpoint of the company side → number of respondents; from two on they are drawn too, one alone is
        taken as fixed.
    """

    organisation_id: str
    wave: str
    resampled: Literal["departments", "people"]
    departments: int
    company_answers: dict[str, int]


def management_scales(study: Study) -> tuple[str, ...]:
    """Codes of the scales that both sides are asked: those whose questions have a wording for the company
    side.
    """
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
    frames = [cell_frame(_LABELS, [], *(np.empty((0, 0)),) * 4)]
    for code, part in company.partition_by("measure", as_dict=True, maintain_order=True).items():
        measure = Measure(str(code[0]), pl.col("score"), "score")
        # Every respondent is one unit: few respondents, no departments.
        alone = part.with_columns(pl.lit("").alias("unit"))
        cells = cell_sums(unit_sums(alone, ("viewpoint",), [measure]), ("viewpoint",), [measure])
        labels = cells.select(*PLACE, "viewpoint", group_by=pl.lit("all"), group=pl.lit("all"))
        frames.append(long_cells(labels, cells, [measure]))
    return pl.concat(frames)


def gap_cells(
    people: pl.DataFrame, company: pl.DataFrame, scales: Sequence[str], above: pl.DataFrame, seed: int
) -> tuple[pl.DataFrame, tuple[GapFact, ...]]:
    """Differences between viewpoints, executive, HR and managers each less employees, with percentile
    bootstrap intervals.

    Parameters
    ----------
    people
        As `tazuna.measurement.population.population` gives it.
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
        ``gap.ms``. ``n`` is the number of employees, in the gap of managers the smaller of both numbers.
    facts
        One a place and wave.
    """
    measures = [Measure(code, pl.col(code), "score") for code in scales if code in people.columns]
    frames, facts = [cell_frame(_LABELS, [], *(np.empty((0, 0)),) * 4)], []
    if not measures:
        return frames[0], ()
    sums = pooled_upward(unit_sums(people, ("viewpoint",), measures), above).sort(PLACE)
    counts = [_score_counts(people, measure.name, above) for measure in measures]
    for place, part in sums.partition_by(PLACE, as_dict=True, maintain_order=True).items():
        organisation, wave = map(str, place)
        here = (pl.col("organisation_id") == organisation) & (pl.col("wave") == wave)
        said = company.filter(here)
        rng = generator_for(seed, organisation, wave)
        sides, departments = _employee_sides(part, [count.filter(here) for count in counts], measures, rng)
        for viewpoint in STATEMENTS_IN_OFFICE:
            sides[viewpoint] = _company_side(said.filter(pl.col("viewpoint") == viewpoint), measures, rng)
        frames += [
            _gap(organisation, wave, pair, sides, measures)
            for pair in GAPS
            if all(side in sides for side in pair)
        ]
        clustered = departments >= CLUSTERS_NEEDED
        answers = {name: int(sides[name].n.max()) for name in STATEMENTS_IN_OFFICE}
        facts.append(
            GapFact(organisation, wave, "departments" if clustered else "people", departments, answers)
        )
    return pl.concat(frames), tuple(facts)


def _score_counts(people: pl.DataFrame, code: str, above: pl.DataFrame) -> pl.DataFrame:
    """How many people of each viewpoint have each score."""
    counts = people.drop_nulls(code).group_by(*PLACE, "viewpoint", pl.col(code).alias("score")).len()
    pooled = counts.with_columns(pl.col(pl.Categorical).cast(pl.String)).join(above, on="organisation_id")
    grouped = pooled.group_by(pl.col("above").alias("organisation_id"), "wave", "viewpoint", "score")
    return grouped.agg(pl.col("len").sum()).sort("score")


def _employee_sides(
    part: pl.DataFrame, counts: list[pl.DataFrame], measures: Sequence[Measure], rng: np.random.Generator
) -> tuple[dict[str, Resampled], int]:
    """Resampled sides of employees and managers, and the number of departments with an employee's answer."""
    views = sorted(part["viewpoint"].unique().to_list())
    units = part.select("unit").unique().sort("unit")
    tables = {
        view: units.join(
            part.filter(pl.col("viewpoint") == view), on="unit", how="left", maintain_order="left"
        )
        for view in views
    }

    def answers(view: str, part: str) -> Floats:
        return table(tables[view], measures, part)

    departments = int(np.count_nonzero(answers("employee", "n").sum(axis=1))) if "employee" in tables else 0
    if departments >= CLUSTERS_NEEDED:
        sums = tuple((answers(view, "n"), answers(view, "total")) for view in views)
        return dict(zip(views, resample_departments(sums, rng), strict=True)), departments
    return {view: _drawn_people(view, counts, rng) for view in views}, departments


def _drawn_people(view: str, counts: list[pl.DataFrame], rng: np.random.Generator) -> Resampled:
    columns = []
    for count in counts:
        of_view = count.filter(pl.col("viewpoint") == view)
        columns.append(
            resample_people(of_view["score"].to_numpy(), of_view["len"].cast(pl.Float64).to_numpy(), rng)
        )
    return _side_by_side(columns)


def _company_side(said: pl.DataFrame, measures: Sequence[Measure], rng: np.random.Generator) -> Resampled:
    columns = []
    for measure in measures:
        scores = said.filter(pl.col("measure") == measure.name)["score"].sort().to_numpy()
        columns.append(resample_people(scores, np.ones(scores.size), rng))
    return _side_by_side(columns)


def _side_by_side(columns: list[Resampled]) -> Resampled:
    return Resampled(
        np.concatenate([column.n for column in columns]),
        np.concatenate([column.mean for column in columns]),
        np.hstack([column.replicates for column in columns]),
    )


def _gap(
    organisation: str,
    wave: str,
    pair: tuple[str, str],
    sides: dict[str, Resampled],
    measures: Sequence[Measure],
) -> pl.DataFrame:
    high, low = (sides[name] for name in pair)
    n = low.n if pair[0] in STATEMENTS_IN_OFFICE else np.minimum(high.n, low.n)
    mean = high.mean - low.mean
    lower, upper = percentile_interval(high.replicates - low.replicates)
    # One respondent alone can be resampled only as himself: with a single employee there is nothing to draw.
    lower, upper = (np.where(n >= 2, bound, np.nan) for bound in (lower, upper))
    names = [f"gap.{measure.name}" for measure in measures]
    place = {"organisation_id": organisation, "wave": wave, "viewpoint": "-".join(pair)}
    labels = pl.DataFrame({**place, "group_by": "all", "group": "all"})
    if pair[0] in STATEMENTS_IN_OFFICE and not high.n.any():
        labels = labels.clear()
    rows = labels.height
    return cell_frame(labels, names, *(np.tile(figure, (rows, 1)) for figure in (n, mean, lower, upper)))
