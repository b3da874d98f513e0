"""A synthetic consortium (架空のコンソーシアム): every table of a study, and the truth behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from tazuna.errors import TazunaError
from tazuna.instrument.shipped import shipped_instruments
from tazuna.language import message
from tazuna.simulation.applying import application_tables, draw_applications
from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.calibration import THIRD_ROUND
from tazuna.simulation.held_draws import HeldDraw, hold_draws
from tazuna.simulation.internal_side_work import internal_round_name
from tazuna.simulation.naming import wave_name
from tazuna.simulation.organisations import FIRST_FISCAL_YEAR, found_units
from tazuna.simulation.population import departments_at, draw_people
from tazuna.simulation.programs import cap_table, offer_programs, proportional_sizes, published_sizes
from tazuna.simulation.questionnaire import questionnaire
from tazuna.simulation.settings_text import study_settings
from tazuna.simulation.staff_tables import wave_table
from tazuna.simulation.streams import Flags, Floats
from tazuna.simulation.taking_part import effects_of_completing, take_part
from tazuna.simulation.traits import GENERAL, lay_ground
from tazuna.simulation.truth import RoundTruth, true_scores, truth_document
from tazuna.simulation.yearly_wave import Setting, Wave, live_through, tables_at

K = 10
FEWEST_PEOPLE_A_COMPANY = 30
FEWEST_PEOPLE_PUBLISHED = 8_000
MOST_WAVES = 10
Rounds = Literal["proportional", "published"]


@dataclass(frozen=True, slots=True)
class Consortium:
    """A simulated study.

    Parameters
    ----------
    tables
        Table name → frame with the columns of the table contract.
    truth
        What the simulator built in, ready for JSON.
    settings
        The text of ``study.toml``.
    draws
        One a round; none in a sample of one wave.
    """

    tables: Mapping[str, pl.DataFrame]
    truth: Mapping[str, object]
    settings: str
    draws: tuple[HeldDraw, ...]


def simulate(
    *,
    people: int = 1200,
    companies: int = 3,
    waves: int = 3,
    seed: int,
    rounds: Rounds = "proportional",
    assumed: Assumptions | None = None,
) -> Consortium:
    """Simulate a consortium from a latent-trait model; the same arguments give the same tables.

    A mutual, a regional and an internal side-work round follow the last wave but one, and are drawn with the
    mechanism and the rules that ``study.toml`` states; a sample of one wave has none.

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
    rounds
        ``proportional``: in proportion to the companies; ``published``: exactly the size of the third mutual
        round and of the regional round, which takes 33 companies and at least 8,000 people.
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
    _expect_sizes(people, companies, waves, seed, rounds)
    setting = _settle(people, companies, waves, seed, assumed or Assumptions())
    tables: dict[str, list[pl.DataFrame]] = {}
    scores: list[pl.DataFrame] = []
    effects: Mapping[str, Floats] = {}
    held: RoundTruth | None = None
    draws: tuple[HeldDraw, ...] = ()
    wave: Wave | None = None
    year = FIRST_FISCAL_YEAR + waves - 2
    settings = study_settings(
        [wave_name(number) for number in range(waves)], K, internal_round_name(year) if waves > 1 else None
    )
    for number in range(waves):
        wave = live_through(setting, wave, effects)
        for name, rows in tables_at(setting, wave).items():
            tables.setdefault(name, []).append(rows)
        scores.append(true_scores(setting, wave))
        if number == waves - 2:
            entered = _enter_rounds(setting, wave, people, rounds)
            tables |= {name: [table] for name, table in entered.tables.items()}
            draws = hold_draws(seed, _as_of_the_draw(setting, tables), settings, year)
            took = take_part(seed, draws, entered.tables["programs"], setting.people.count, setting.assumed)
            tables |= {name: [table] for name, table in took.tables.items()}
            held = RoundTruth(number, entered.applied, entered.may_apply, wave.latents[GENERAL], draws, took)
            effects = effects_of_completing(seed, took.completed, setting.assumed)
    assert wave is not None
    organisations = [setting.units.organisations, *tables.pop("organisations", [])]
    return Consortium(
        tables={
            "organisations": pl.concat(organisations),
            "departments": setting.units.departments,
            "waves": wave_table(waves, K),
            **{name: pl.concat(rows) for name, rows in tables.items()},
        },
        truth=truth_document(setting, pl.concat(scores), held, wave, effects),
        settings=settings,
        draws=draws,
    )


def _settle(people: int, companies: int, waves: int, seed: int, assumed: Assumptions) -> Setting:
    instruments = shipped_instruments()
    units = found_units(seed, people=people, companies=companies, waves=waves, group_firms=companies // 5)
    staff = draw_people(seed, units, waves=waves, turnover=assumed.turnover)
    first = departments_at(seed, units, staff, 0, None, assumed.transfers)
    return Setting(
        seed=seed,
        waves=waves,
        assumed=assumed,
        items=questionnaire(seed, instruments),
        score_codes=frozenset(instruments["management_score"].questions),
        units=units,
        people=staff,
        ground=lay_ground(seed, units, staff, first, assumed),
    )


@dataclass(frozen=True, slots=True)
class _Entered:
    """The rounds before their draws; flags of shape (n,) over all people."""

    tables: Mapping[str, pl.DataFrame]
    applied: Flags
    may_apply: Flags


def _enter_rounds(setting: Setting, wave: Wave, people: int, rounds: Rounds) -> _Entered:
    """What is on offer after a wave, who applies, and how hosts sort them."""
    seed, staff = setting.seed, setting.people
    companies = len(setting.units.companies)
    sizes = published_sizes() if rounds == "published" else proportional_sizes(companies, people)
    year = FIRST_FISCAL_YEAR + wave.number
    may_apply = wave.present & (staff.status == 0)
    free = np.bincount(staff.company[may_apply], minlength=companies)
    programs = offer_programs(seed, setting.units, sizes, free, setting.assumed.internal, year)
    applications = draw_applications(
        seed,
        programs,
        sizes,
        may_apply=may_apply,
        company=staff.company,
        companies=companies,
        general=wave.latents[GENERAL],
        assumed=setting.assumed,
    )
    return _Entered(
        tables={
            "organisations": programs.hosts,
            "programs": programs.table,
            **application_tables(seed, applications, programs, staff.count, year),
            "caps": cap_table(programs),
        },
        applied=applications.applied(staff.count),
        may_apply=may_apply,
    )


def _as_of_the_draw(setting: Setting, tables: Mapping[str, list[pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """Every table so far; of people only the latest wave, as which the applicants are taken."""
    return {
        **{name: rows[-1] for name, rows in tables.items()},
        "organisations": pl.concat([setting.units.organisations, *tables["organisations"]]),
        "waves": wave_table(setting.waves, K),
    }


def _expect_sizes(people: int, companies: int, waves: int, seed: int, rounds: Rounds) -> None:
    if companies < 1 or people < FEWEST_PEOPLE_A_COMPANY * companies:
        raise TazunaError(
            message(
                "{people} people in {companies} companies: a sample needs at least one company, "
                "and {least} people in each.",
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
    firms = int(THIRD_ROUND["senders"].value)
    if rounds == "published" and (companies != firms or people < FEWEST_PEOPLE_PUBLISHED):
        raise TazunaError(
            message(
                "Rounds of the published size take {firms} companies and at least {least} people; "
                "this sample has {companies} and {people}.",
                firms=firms,
                least=FEWEST_PEOPLE_PUBLISHED,
                companies=companies,
                people=people,
            ),
            message("Choose these numbers, or rounds in proportion to the companies."),
        )
