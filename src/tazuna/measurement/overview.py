"""Everything measured in a study: scores of people, group figures, reliability, and how they were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace

import polars as pl

from tazuna.disclosure.relations import Links
from tazuna.disclosure.release import Release, release_cells
from tazuna.measurement.age_curve import BANDWIDTH, curve_cells
from tazuna.measurement.bootstrap import REPLICATES
from tazuna.measurement.cells import cell_measures, group_cells
from tazuna.measurement.company_side import company_scores
from tazuna.measurement.comparability import COLUMNS, comparisons
from tazuna.measurement.comparing import Comparability, judged
from tazuna.measurement.distributions import answer_cells
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.intervals import CLUSTERS_NEEDED, LEVEL
from tazuna.measurement.links import links_of
from tazuna.measurement.management_score import GapFact, company_cells, gap_cells, management_scales
from tazuna.measurement.pools import Released, pools_of, pools_released
from tazuna.measurement.population import population
from tazuna.measurement.reliability import (
    Reliability,
    beside_hidden_organisation,
    keyed_moments,
    pairwise_moments,
    reliability_of_sum,
)
from tazuna.measurement.scoring import score_people, scored_scales
from tazuna.measurement.structure import Structure, structure_of
from tazuna.measurement.units import organisations_above
from tazuna.study import Study

_PARTS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """How the figures were made, for the lines that say so.

    Parameters
    ----------
    seed, replicates
        Of the bootstrap.
    level
        Of all intervals, 0.95.
    clusters_needed
        Departments from which standard errors and resampling go by department.
    bandwidth
        Half width of the age curve's window, years.
    k
        Disclosure threshold of each wave.
    rules_version
        Version of the group rules.
    instruments
        Instrument id → version.
    gaps
        What was resampled, by organisation and wave.
    sha256
        Of the study's input.
    """

    seed: int
    replicates: int
    level: float
    clusters_needed: int
    bandwidth: float
    k: Mapping[str, int]
    rules_version: str
    instruments: Mapping[str, str]
    gaps: tuple[GapFact, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured, unprotected: stays on the machine of the person who holds the answers.

    Parameters
    ----------
    individual
        ``person_id``, ``wave``, scales, ``n_answered``, then the groups of each ruling: everybody with a
        row of answers.
    cells
        Columns of `tazuna.disclosure.cell.CELL_SCHEMA`, nothing suppressed.
    reliability
        Scale code → reliability at the last wave that answered it.
    comparability
        Whether groups and waves may be compared, scale by scale.
    links
        What connects the cells beyond their labels.
    """

    individual: pl.DataFrame
    cells: pl.DataFrame
    links: Links
    reliability: Mapping[str, WaveReliability]
    comparability: tuple[Comparability, ...]
    methods: MethodFacts


@dataclass(frozen=True, slots=True)
class StudyFigures:
    """What may be shown: protected group figures, reliability where enough answered, how they were made."""

    release: Release
    reliability: Mapping[str, WaveReliability]
    comparability: tuple[Comparability, ...]
    methods: MethodFacts


@dataclass(frozen=True, slots=True)
class WaveReliability:
    """Reliability of a scale, the wave it was computed at, and the one factor behind it, if any."""

    wave: str
    figures: Reliability
    structure: Structure | None = None


def measure(
    study: Study, *, seed: int, pools: Released | None = None, comparing: Executor | None = None
) -> Measured:
    """Measure a study.

    Parameters
    ----------
    study
        Validated tables.
    seed
        Of the bootstrap intervals, not negative; the same seed gives the same figures.
    pools
        The pools of waves that were released before, as `tazuna.measurement.pools.pools_released` gives them.
    comparing
        Tests whether groups may be compared, as `tazuna.measurement.comparing.comparing_process` gives it;
        without it a thread of this process does, and the rest waits for it.

    Returns
    -------
    Measured
        Unprotected; show group figures by `release_study` only.
    """
    rules = group_rules()
    everybody = population(study, score_people(study), rules)
    above = organisations_above(study)
    scales = scored_scales(study.instruments, study.responses.columns)
    individual = everybody.filter(pl.col("n_answered").is_not_null()).select(
        "person_id", "wave", *(scored.code for scored in scales), "n_answered", *rules.rulings
    )
    asked_alike = everybody.select(name for name in COLUMNS if name in everybody.columns)
    people = everybody.filter("asked").drop("person_id")
    del everybody  # As large as the two that came of it.
    measures = cell_measures(people, scales, rules)
    company = company_scores(study, above)
    together = pools_of(people, measures, study, pools or {})
    # Each keeps a single core busy for much of its time.
    with ThreadPoolExecutor(_PARTS_AT_ONCE) as threads:
        alike = comparisons(study, asked_alike, scales, [wave.wave for wave in study.waves])
        comparable = (comparing or threads).submit(judged, alike)
        groups = threads.submit(group_cells, people, measures, above, rules, together)
        answers = threads.submit(answer_cells, people, study, above, rules)
        reliable = threads.submit(reliability_by_scale, study)
        curves = threads.submit(curve_cells, people, measures, above)
        gaps, gap_facts = threads.submit(
            gap_cells, people, company, management_scales(study), above, seed
        ).result()
    cells = pl.concat([groups.result(), company_cells(company), gaps, curves.result(), answers.result()])
    return Measured(
        individual=individual.with_columns(pl.col(pl.Categorical).cast(pl.String)),
        cells=in_order(cells, study),
        links=links_of(study, rules, together),
        reliability=reliable.result(),
        comparability=comparable.result(),
        methods=MethodFacts(
            seed=seed,
            replicates=REPLICATES,
            level=LEVEL,
            clusters_needed=CLUSTERS_NEEDED,
            bandwidth=BANDWIDTH,
            k={wave.wave: wave.k for wave in study.waves},
            rules_version=rules.version,
            instruments={instrument.id: instrument.version for instrument in study.instruments},
            gaps=gap_facts,
            sha256=study.sha256,
        ),
    )


def release_study(
    study: Study, *, seed: int, earlier: Sequence[Release] = (), comparing: Executor | None = None
) -> StudyFigures:
    """Measure a study and protect what may be shown of it.

    Parameters
    ----------
    study, seed, comparing
        As `measure`.
    earlier
        Releases before this one, the first one first: their waves stay as they were shown.

    Returns
    -------
    StudyFigures
        Without single people; reliability of a scale only where at least the wave's k people are behind it.

    Raises
    ------
    ThresholdError
        A wave's k is below the floor.
    DisclosureError
        Hidden figures would stay too well known.
    """
    measured = measure(study, seed=seed, pools=pools_released(earlier), comparing=comparing)
    return released(measured, earlier)


def released(measured: Measured, earlier: Sequence[Release] = ()) -> StudyFigures:
    """What may be shown of what was measured."""
    k = measured.methods.k
    release = release_cells(measured.cells, k, measured.links, earlier)
    totals = release.cells.filter("suppressed", group_by="all", viewpoint="all")
    hidden = set(totals.select("wave", "measure").rows())
    enough = {
        code: _uncounted(found, k[found.wave]) if (found.wave, code) in hidden else found
        for code, found in measured.reliability.items()
        if found.figures.n >= k[found.wave]
    }
    return StudyFigures(release, enough, measured.comparability, measured.methods)


def _uncounted(found: WaveReliability, k: int) -> WaveReliability:
    """Reliability over organisations of which one is hidden."""
    structure = None if found.structure is None else replace(found.structure, fit=None)
    return WaveReliability(found.wave, beside_hidden_organisation(found.figures, k), structure)


def reliability_by_scale(study: Study) -> dict[str, WaveReliability]:
    """Reliability of every scale of two questions or more, at the last wave where it can be computed.

    One wave only, so that nobody's answers count twice.
    """
    found: dict[str, WaveReliability] = {}
    for wave in reversed(study.waves):
        answers = study.responses.filter(pl.col("wave") == wave.wave)
        for instrument in study.instruments:
            scales = [
                scored
                for scored in scored_scales([instrument], answers.columns)
                if scored.code not in found and len(scored.questions) > 1
            ]
            moments = pairwise_moments(
                answers, sorted({q.code for scored in scales for q in scored.questions})
            )
            for scored in scales:
                keyed = keyed_moments(moments, scored)
                figures = reliability_of_sum(keyed)
                if figures is not None:
                    found[scored.code] = WaveReliability(wave.wave, figures, structure_of(keyed))
    return found


def in_order(cells: pl.DataFrame, study: Study) -> pl.DataFrame:
    """Cells sorted by organisation, wave (in time) and the rest: the same study gives the same table."""
    position = {wave.wave: place for place, wave in enumerate(study.waves)}
    in_time = pl.col("wave").replace_strict(position, return_dtype=pl.Int64)
    return cells.sort("organisation_id", in_time, "viewpoint", "group_by", "group", "measure")
