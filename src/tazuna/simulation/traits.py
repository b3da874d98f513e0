"""Latent traits (潜在特性): five correlated areas, the workplace's support, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.organisations import FIRST_FISCAL_YEAR, Units
from tazuna.simulation.population import People
from tazuna.simulation.streams import Floats, Integers, normal, stream

AREAS = ("co1", "co2", "co3", "co4", "co5")
CLIMATE = "climate"
GENERAL = "general"

LOADINGS: Mapping[str, tuple[float, float]] = {
    "ms_see": (0.60, 0.20),
    "ms_grow": (0.25, 0.65),
    "ms_connect": (0.20, 0.65),
    "engagement": (0.45, 0.35),
    "innovation": (0.50, 0.20),
    "drive": (0.45, 0.30),
    "idea_use": (0.25, 0.50),
    "party": (0.45, 0.25),
    "leadership": (0.50, 0.10),
    "perseverance": (0.45, 0.10),
    "used": (0.40, 0.40),
    "opportunity": (0.25, 0.55),
    "stay": (0.10, 0.45),
    "recommend": (0.20, 0.55),
    "isolation": (-0.30, -0.25),
    "learning": (0.55, 0.15),
    "gave_up": (-0.40, -0.15),
    "lg_practice": (0.60, 0.10),
    "lg_interest": (0.55, 0.10),
    "lg_support": (0.15, 0.65),
    "lg_use_here": (0.30, 0.50),
    "lg_met": (0.20, 0.25),
    "lg_knows": (0.45, 0.15),
    "lg_explains": (0.55, 0.10),
    "lg_plan": (0.60, 0.05),
    "lg_not_block": (0.30, 0.25),
    "lg_wish_filed": (0.40, 0.05),
    "lg_wish_met": (0.15, 0.40),
    "sheet": (0.20, 0.30),
}
"""Scale → weights of the areas' mean and of the workplace's support, in SD; the rest is the scale's own."""

_OWN_STABLE = 0.6


@dataclass(frozen=True, slots=True)
class Ground:
    """What stays the same over the waves: effects of companies, departments and persons on the six traits.

    Parameters
    ----------
    company, department, person
        Shapes (c, 6), (l, 6), (n, 6); scaled so that their variances add up to one.
    centre, scale
        Shape (6,): mean and standard deviation in the first wave, subtracted and divided out at every wave.
    """

    company: Floats
    department: Floats
    person: Floats
    centre: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]


def trait_correlations(assumed: Assumptions) -> npt.NDArray[np.float64]:
    """Correlations of the five areas and the workplace's support; shape (6, 6)."""
    whole = np.full((6, 6), assumed.climate_correlation)
    whole[:5, :5] = assumed.area_correlations
    whole[5, 5] = 1.0
    return whole


def lay_ground(seed: int, units: Units, people: People, department: Integers, assumed: Assumptions) -> Ground:
    """Draw the fixed effects and standardise the six traits in the first wave.

    Parameters
    ----------
    department
        Shape (n,): departments at the first wave.
    """
    root = np.linalg.cholesky(trait_correlations(assumed)).astype(np.float32)
    company_share = np.array([assumed.company_share] * 5 + [assumed.climate_company_share], dtype=np.float32)
    department_share = np.array(
        [assumed.department_share] * 5 + [assumed.climate_department_share], dtype=np.float32
    )
    person_share = 1.0 - company_share - department_share

    def correlated(part: str, count: int, share: Floats) -> Floats:
        drawn = normal(stream(seed, part), (count, 6)) @ root.T
        return np.asarray(drawn * np.sqrt(share), dtype=np.float32)

    by_department = correlated("department traits", len(units.leaves), department_share)
    for new in np.flatnonzero(units.founded > 0):
        before = (units.becomes == new) & (units.founded == 0)
        by_department[new] = by_department[before].mean(axis=0)
    ground = Ground(
        company=correlated("company traits", len(units.companies), company_share),
        department=by_department,
        person=correlated("person traits", people.count, person_share),
        centre=np.zeros(6),
        scale=np.ones(6),
    )
    first = people.joins == 0
    raw = _raw_traits(seed, ground, people, department, 0, assumed)[first].astype(np.float64)
    return Ground(ground.company, ground.department, ground.person, raw.mean(axis=0), raw.std(axis=0))


def traits_at(
    seed: int, ground: Ground, people: People, department: Integers, wave: int, assumed: Assumptions
) -> Floats:
    """The six traits of everybody at a wave: mean 0 and variance 1 in the first wave; shape (n, 6)."""
    raw = _raw_traits(seed, ground, people, department, wave, assumed)
    return np.asarray((raw - ground.centre) / ground.scale, dtype=np.float32)


def _raw_traits(
    seed: int, ground: Ground, people: People, department: Integers, wave: int, assumed: Assumptions
) -> Floats:
    root = np.linalg.cholesky(trait_correlations(assumed)).astype(np.float32)
    person_share = 1.0 - np.array(
        [assumed.company_share + assumed.department_share] * 5
        + [assumed.climate_company_share + assumed.climate_department_share]
    )
    passing = normal(stream(seed, "passing traits", wave), (people.count, 6)) @ root.T
    passing *= np.sqrt((1 - assumed.stability) * person_share).astype(np.float32)
    traits = ground.person * np.float32(np.sqrt(assumed.stability)) + passing
    traits += (ground.company + _drift(seed, len(ground.company), wave, assumed))[people.company]
    traits += ground.department[department]
    age = FIRST_FISCAL_YEAR + wave - people.birth_year
    shift = np.interp(age, assumed.age_profile.ages, assumed.age_profile.shifts)
    traits[:, :5] += shift[:, None].astype(np.float32)
    return np.asarray(traits, dtype=np.float32)


def _drift(seed: int, companies: int, wave: int, assumed: Assumptions) -> Floats:
    """How far the companies have moved since the first wave; shape (c, 6)."""
    moved = np.zeros((companies, 6), dtype=np.float32)
    for past in range(1, wave + 1):
        moved += np.float32(assumed.company_drift) * normal(stream(seed, "drift", past), (companies, 6))
    return moved


def general_trait(traits: Floats, assumed: Assumptions) -> Floats:
    """The mean of the five areas, in SD of its variance under the assumed correlations; shape (n,)."""
    spread = np.sqrt(np.mean(np.array(assumed.area_correlations)))
    return np.asarray(traits[:, :5].mean(axis=1) / spread, dtype=np.float32)


def latent_variables(
    seed: int,
    scales: tuple[str, ...],
    traits: Floats,
    wave: int,
    age: Integers,
    level_is_high: npt.NDArray[np.bool_],
    assumed: Assumptions,
) -> dict[str, Floats]:
    """What every scale measures, for everybody at a wave, before any effect of a programme.

    Each is ``a * general + b * climate + own``; the own part keeps the variance at one and is to three fifths
    the same at every wave.

    Parameters
    ----------
    scales
        The scales that the instruments ask for.
    traits
        Shape (n, 6).
    age
        Shape (n,), in years.
    level_is_high
        Shape (n,): true score high enough for the dip in being used.

    Returns
    -------
    dict
        Scale → shape (n,), variance about one. ``performance`` follows from being used and the areas.
    """
    general, climate = general_trait(traits, assumed), traits[:, 5]
    between = assumed.climate_correlation / np.sqrt(np.mean(np.array(assumed.area_correlations)))
    found: dict[str, Floats] = {GENERAL: general}
    found |= {area: np.ascontiguousarray(traits[:, place]) for place, area in enumerate(AREAS)}
    for scale in scales:
        if scale in found:
            continue
        a, b = LOADINGS.get(scale, (0.4, 0.2))
        rest = np.sqrt(1.0 - a * a - b * b - 2.0 * a * b * between)
        found[scale] = _own(seed, scale, wave, general.size) * np.float32(rest)
        found[scale] += np.float32(a) * general + np.float32(b) * climate
    dip = assumed.used_dip
    bell = dip.depth * np.exp(-0.5 * ((age - dip.centre) / dip.width) ** 2)
    if "used" in found:
        found["used"] -= np.where(level_is_high, bell, 0.0).astype(np.float32)
        own = _own(seed, "performance", wave, general.size)
        found["performance"] = (
            np.float32(0.45) * found["used"] + np.float32(0.2) * general + np.float32(0.8) * own
        )
    return found


def _own(seed: int, scale: str, wave: int, count: int) -> Floats:
    stable = normal(stream(seed, "own part", scale), count)
    passing = normal(stream(seed, "passing part", scale, wave), count)
    return np.asarray(np.sqrt(_OWN_STABLE) * stable + np.sqrt(1 - _OWN_STABLE) * passing, dtype=np.float32)
