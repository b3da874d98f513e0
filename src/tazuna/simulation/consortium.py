"""A synthetic consortium (架空のコンソーシアム): every table of a study, and the truth behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.errors import TazunaError
from tazuna.instrument.shipped import shipped_instruments
from tazuna.language import message
from tazuna.simulation.answering import answers_at, filter_questions, response_table, who_responds
from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.company_side import company_answers_at
from tazuna.simulation.organisations import DIVISIONS, FIRST_FISCAL_YEAR, Units, found_units
from tazuna.simulation.population import (
    People,
    departments_at,
    draw_people,
    people_table,
    person_ids,
    wave_name,
    wave_table,
    who_manages,
    yearly_leavers,
)
from tazuna.simulation.questionnaire import Item, expected_score, questionnaire
from tazuna.simulation.streams import Flags, Floats, gumbel, largest_in_groups, stream
from tazuna.simulation.traits import AREAS, GENERAL, latent_variables, lay_ground, traits_at

K = 10
CONTRIBUTION = ("D", "C", "B", "A", "S")
_CONTRIBUTION_CUTS = (-1.645, -0.674, 0.674, 1.645)
FEWEST_PEOPLE_A_COMPANY = 30
MOST_WAVES = 10


@dataclass(frozen=True, slots=True)
class Consortium:
    """A simulated study.

    Parameters
    ----------
    tables
        Table name → frame with the columns of the table contract.
    truth
        What the simulator built in, ready for JSON.
    """

    tables: Mapping[str, pl.DataFrame]
    truth: Mapping[str, object]


def simulate(
    *, people: int = 1200, companies: int = 3, waves: int = 3, seed: int, assumed: Assumptions | None = None
) -> Consortium:
    """Simulate a consortium from a latent-trait model; the same arguments give the same tables.

    Parameters
    ----------
    people
        Staff of all companies at each wave; leavers are replaced.
    companies
        Member companies.
    waves
        Yearly waves, the first in fiscal 2023.
    seed
        0 or more.
    assumed
        The strengths that are built in.

    Returns
    -------
    Consortium

    Raises
    ------
    TazunaError
        When there are too few people for the companies, or another number is out of range.
    """
    _expect_sizes(people, companies, waves, seed)
    assumed = assumed or Assumptions()
    instruments = shipped_instruments()
    items = questionnaire(seed, instruments)
    units = found_units(seed, people=people, companies=companies, waves=waves, group_firms=companies // 5)
    staff = draw_people(seed, units, waves=waves, turnover=assumed.turnover)
    present = staff.joins == 0
    department = departments_at(seed, units, staff, 0, None, assumed.transfers)
    ground = lay_ground(seed, units, staff, department, assumed)
    tables: dict[str, list[pl.DataFrame]] = {"people": [], "responses": [], "company_answers": []}
    for wave in range(waves):
        if wave > 0:
            department = departments_at(seed, units, staff, wave, department, assumed.transfers)
            present = present | (staff.joins == wave)
        traits = traits_at(seed, ground, staff, department, wave, assumed)
        latents = _latents(seed, items, traits, wave, staff, assumed)
        manages, boss = who_manages(units, staff, present, department, wave)
        rows = np.flatnonzero(present)
        grade = stream(seed, "grade", wave).standard_normal(staff.count, dtype=np.float32)
        graded = np.digitize(0.8 * latents["performance"] + 0.6 * grade, _CONTRIBUTION_CUTS)
        contribution = pl.Series("contribution", CONTRIBUTION).gather(pl.Series(graded[rows]))
        tables["people"].append(
            people_table(
                units,
                staff,
                rows,
                department,
                wave=wave,
                wave_id=wave_name(wave),
                manages=manages,
                boss=boss,
                contribution=contribution,
            )
        )
        for view in [code for code in latents if code.startswith("ms_")]:
            latents[view] = latents[view] + np.float32(assumed.optimism["manager"]) * manages
        tables["responses"].append(
            _responses(seed, wave, items, units, staff, department, present, latents, assumed)
        )
        score_items = [item for item in items if item.code in instruments["management_score"].questions]
        tables["company_answers"].append(
            company_answers_at(
                seed,
                wave,
                units,
                score_items,
                {item.latent: latents[item.latent][rows] for item in score_items},
                staff.company[rows],
                assumed,
            )
        )
        leaving = -assumed.leaving_slope * latents["stay"] + gumbel(stream(seed, "leaves", wave), staff.count)
        leavers = yearly_leavers(units, assumed.turnover)
        present = present & ~largest_in_groups(np.where(present, leaving, -np.inf), staff.company, leavers)
    whole = {name: pl.concat(frames) for name, frames in tables.items()}
    return Consortium(
        tables={
            "organisations": units.organisations,
            "departments": units.departments,
            "waves": wave_table(waves, K),
            **whole,
        },
        truth={"seed": seed},
    )


def _expect_sizes(people: int, companies: int, waves: int, seed: int) -> None:
    if companies < 1 or people < FEWEST_PEOPLE_A_COMPANY * companies:
        raise TazunaError(
            message(
                "{people} people in {companies} companies: a sample needs at least one company and {least} people in each.",
                people=people,
                companies=companies,
                least=FEWEST_PEOPLE_A_COMPANY,
            ),
            message("Choose more people or fewer companies."),
        )
    if not 1 <= waves <= MOST_WAVES:
        raise TazunaError(
            message("{waves} waves: a sample has 1 to {most} waves.", waves=waves, most=MOST_WAVES),
            message("Choose another number of waves."),
        )
    if seed < 0:
        raise TazunaError(
            message("The seed {seed} is below 0.", seed=seed), message("Choose a whole number of 0 or more.")
        )


def _latents(
    seed: int, items: tuple[Item, ...], traits: Floats, wave: int, staff: People, assumed: Assumptions
) -> dict[str, Floats]:
    area_items = [item for item in items if item.latent in AREAS and item.scored]
    areas = {area: traits[:, place] for place, area in enumerate(AREAS)}
    high = expected_score(area_items, areas) >= assumed.used_dip.level
    scales = tuple(dict.fromkeys(item.latent for item in items))
    age = FIRST_FISCAL_YEAR + wave - staff.birth_year
    return latent_variables(seed, scales, traits, wave, age, high, assumed)


def _responses(
    seed: int,
    wave: int,
    items: tuple[Item, ...],
    units: Units,
    staff: People,
    department: np.ndarray,
    present: Flags,
    latents: Mapping[str, Floats],
    assumed: Assumptions,
) -> pl.DataFrame:
    field_share = np.array([kind.field_share for kind in DIVISIONS])[units.leaf_division[department]]
    asked = present & ((staff.status == 0) | (staff.status == 3))
    responds = who_responds(seed, wave, latents[GENERAL], staff.worksite_draw < field_share, asked, assumed)
    columns = answers_at(seed, wave, items, latents, responds, assumed)
    rows = np.flatnonzero(responds)
    sheet = stream(seed, "used a career sheet", wave).random(rows.size) < 0.15
    answered = filter_questions(columns, sheet)
    ids = person_ids(rows, staff.count)
    return response_table(
        ids, wave_name(wave), FIRST_FISCAL_YEAR + wave, answered, stream(seed, "answered at", wave)
    )
