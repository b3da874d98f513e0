"""One wave (調査回) of the sample: who is there, what they feel, what they answer, who leaves afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tazuna.simulation.answering import answers_at, filter_questions, response_table, who_responds
from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.company_side import company_answers_at
from tazuna.simulation.naming import person_ids, wave_name
from tazuna.simulation.organisations import FIELD_SHARES, FIRST_FISCAL_YEAR, Units
from tazuna.simulation.population import (
    People,
    departments_at,
    who_manages,
    yearly_leavers,
)
from tazuna.simulation.questionnaire import Item, expected_score
from tazuna.simulation.staff_tables import people_table
from tazuna.simulation.streams import Flags, Floats, Integers, gumbel, largest_in_groups, stream
from tazuna.simulation.traits import AREAS, GENERAL, Ground, latent_variables, traits_at

_CONTRIBUTION_CUTS = (-1.645, -0.674, 0.674, 1.645)
_USED_A_SHEET = 0.15
PERFORMANCE_SD = 10.0
"""In points of the boss's rating."""
VIEWS = ("ms_see", "ms_grow", "ms_connect")


@dataclass(frozen=True, slots=True)
class Setting:
    """What all waves share."""

    seed: int
    waves: int
    assumed: Assumptions
    items: tuple[Item, ...]
    score_codes: frozenset[str]
    units: Units
    people: People
    ground: Ground


@dataclass(frozen=True, slots=True)
class Wave:
    """Everybody at one wave, as arrays of shape (n,) over all who are ever employed.

    ``latents`` holds what is measured, effects of programmes and the managers' optimism included; ``present``
    who is employed; ``leaves`` who leaves before the next wave.
    """

    number: int
    department: Integers
    present: Flags
    manages: Flags
    boss: Integers
    latents: Mapping[str, Floats]
    leaves: Flags

    @property
    def active(self) -> Integers:
        """Numbers of the people present."""
        return np.flatnonzero(self.present)


def live_through(setting: Setting, before: Wave | None, effects: Mapping[str, Floats]) -> Wave:
    """The wave after ``before``, or the first.

    Parameters
    ----------
    effects
        Latent variable → shape (n,), what programmes have added since the wave before.
    """
    seed, units, people, assumed = setting.seed, setting.units, setting.people, setting.assumed
    number = 0 if before is None else before.number + 1
    previous = None if before is None else before.department
    department = departments_at(seed, units, people, number, previous, assumed.transfers)
    present = people.joins == number
    if before is not None:
        present = present | (before.present & ~before.leaves)
    manages, boss = who_manages(units, people, present, department, number)
    latents = _latents(setting, department, number)
    for latent, effect in effects.items():
        latents[latent] = latents[latent] + effect
    for view in VIEWS:
        latents[view] = latents[view] + manages.astype(np.float32) * np.float32(assumed.optimism["manager"])
    leaving = -assumed.leaving_slope * latents["stay"] + gumbel(stream(seed, "leaves", number), people.count)
    leaving = np.where(present, leaving, -np.inf)
    leaves = largest_in_groups(leaving, people.company, yearly_leavers(units, assumed.turnover)) & present
    return Wave(number, department, present, manages, boss, latents, leaves)


def _latents(setting: Setting, department: Integers, wave: int) -> dict[str, Floats]:
    people, assumed, items = setting.people, setting.assumed, setting.items
    traits = traits_at(setting.seed, setting.ground, people, department, wave, assumed)
    areas = {area: traits[:, place] for place, area in enumerate(AREAS)}
    high = expected_score(area_items(items), areas) >= assumed.used_dip.level
    scales = tuple(dict.fromkeys(item.latent for item in items))
    age = FIRST_FISCAL_YEAR + wave - people.birth_year
    return latent_variables(setting.seed, scales, traits, wave, age, high, assumed)


def area_items(items: tuple[Item, ...]) -> list[Item]:
    """The scored items of the five areas."""
    return [item for item in items if item.latent in AREAS and item.scored]


def scales_of(items: tuple[Item, ...]) -> dict[str, list[Item]]:
    """Scored, ordered items by what they measure, and the two totals."""
    scored = [item for item in items if item.scored and item.thresholds]
    found: dict[str, list[Item]] = {"co": area_items(items)}
    found["ms"] = [item for item in scored if item.latent in VIEWS]
    for item in scored:
        found.setdefault(item.latent, []).append(item)
    return found


def tables_at(setting: Setting, wave: Wave) -> dict[str, pl.DataFrame]:
    """The rows of one wave in ``people``, ``responses``, ``company_answers`` and ``outcomes``."""
    rows = wave.active
    score_items = [item for item in setting.items if item.code in setting.score_codes]
    return {
        "people": people_table(
            setting.units,
            setting.people,
            rows,
            wave.department,
            wave=wave.number,
            wave_id=wave_name(wave.number),
            manages=wave.manages,
            boss=wave.boss,
            contribution=_contribution(setting, wave)[rows],
            consents=_consents(setting)[rows],
        ),
        "responses": _responses(setting, wave),
        "company_answers": company_answers_at(
            setting.seed,
            wave.number,
            setting.units,
            score_items,
            {item.latent: wave.latents[item.latent][rows] for item in score_items},
            setting.people.company[rows],
            setting.assumed,
        ),
        "outcomes": _outcomes(setting, wave),
    }


def _consents(setting: Setting) -> Flags:
    """Who lets their answers be used to evaluate programmes: the same people at every wave."""
    asked = stream(setting.seed, "consent to evaluation").random(setting.people.count)
    return np.asarray(asked < setting.assumed.evaluation_consent)


def _contribution(setting: Setting, wave: Wave) -> Integers:
    """The yearly grade, 0 to 4, from performance and chance."""
    chance = stream(setting.seed, "grade", wave.number).standard_normal(wave.present.size, dtype=np.float32)
    return np.digitize(0.8 * wave.latents["performance"] + 0.6 * chance, _CONTRIBUTION_CUTS)


def _outcomes(setting: Setting, wave: Wave) -> pl.DataFrame:
    """The boss's rating of performance (mean 50), and who left before the next wave."""
    rows = wave.active
    last = wave.number == setting.waves - 1
    left = [None] * rows.size if last else wave.leaves[rows].astype(np.int64)
    return pl.DataFrame(
        {
            "person_id": person_ids(rows, setting.people.count),
            "wave": pl.repeat(wave_name(wave.number), rows.size, eager=True),
            "performance": np.round(
                50 + PERFORMANCE_SD * wave.latents["performance"][rows].astype(np.float64), 1
            ),
            "left": pl.Series(left, dtype=pl.Int64),
            "rater": pl.repeat("boss", rows.size, eager=True),
            "measured_on": pl.repeat(date(FIRST_FISCAL_YEAR + wave.number, 10, 31), rows.size, eager=True),
        }
    )


def _responses(setting: Setting, wave: Wave) -> pl.DataFrame:
    seed, people, number = setting.seed, setting.people, wave.number
    division = setting.units.leaf_division[wave.department]
    in_field = people.worksite_draw < FIELD_SHARES[division]
    asked = wave.present & ((people.status == 0) | (people.status == 3))
    responds = who_responds(seed, number, wave.latents[GENERAL], in_field, asked, setting.assumed)
    answers = answers_at(seed, number, setting.items, wave.latents, responds, setting.assumed)
    rows = np.flatnonzero(responds)
    sheet = stream(seed, "used a career sheet", number).random(rows.size) < _USED_A_SHEET
    return response_table(
        person_ids(rows, people.count),
        wave_name(number),
        FIRST_FISCAL_YEAR + number,
        filter_questions(answers, sheet),
        stream(seed, "answered at", number),
    )
