"""What the simulator assumes (シミュレーションの仮定): its truth, not facts about the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

AREA_CORRELATIONS = (
    (1.00, 0.60, 0.50, 0.45, 0.50),
    (0.60, 1.00, 0.55, 0.45, 0.55),
    (0.50, 0.55, 1.00, 0.60, 0.40),
    (0.45, 0.45, 0.60, 1.00, 0.50),
    (0.50, 0.55, 0.40, 0.50, 1.00),
)


@dataclass(frozen=True, slots=True)
class AgeProfile:
    """How the five areas shift with age (年齢曲線), in SD, linear between the given ages.

    Public sources disagree on the curve, so it is an assumption that can be changed. The default falls
    slightly from the twenties to the early forties and is flat afterwards.
    """

    ages: tuple[float, ...] = (20, 30, 42, 50, 65)
    shifts: tuple[float, ...] = (0.20, 0.10, -0.10, -0.08, -0.05)


@dataclass(frozen=True, slots=True)
class UsedDip:
    """A dip in being used (活用実感) around an age, only among people whose true C/O score is high.

    ``depth`` is in SD at ``centre``; ``width`` is the standard deviation of the bell in years; ``level`` the
    true score (0-100) from which somebody counts as high.
    """

    depth: float = 0.45
    centre: float = 35.0
    width: float = 4.0
    level: float = 60.0


@dataclass(frozen=True, slots=True)
class InternalRound:
    """How large the round of internal side work (社内副業) is, which no public figure stands behind.

    It is made so large that the draw can tell an effect: the published rounds of three companies have 20
    places, whatever their applicants are.

    Parameters
    ----------
    people_a_post, most_posts
        One post for so many people who may apply, and most posts of a company.
    places
        A post has one of these numbers of places.
    applicants_a_place
        Over all posts of a company.
    declined_below
        Interview score, in SD, below which a post declines; the others are equal, and the draw decides.
    """

    people_a_post: int = 30
    most_posts: int = 40
    places: tuple[int, ...] = (3, 4, 5)
    applicants_a_place: float = 2.3
    declined_below: float = -1.3


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Every strength that the simulator builds in; written to ``truth.json``.

    Parameters
    ----------
    area_correlations
        Shape (5, 5): correlations of the area traits.
    climate_correlation
        Of each area with the sixth trait, the felt support of the workplace (職場の支え).
    company_share, department_share, climate_company_share, climate_department_share
        Share of a trait's variance between companies and between departments.
    stability
        Correlation of a person's own part from wave to wave.
    company_drift
        SD of a company's change from wave to wave, in each trait.
    optimism
        How much higher a viewpoint sees the company than its employees do, in SD of the employees.
    response_rates
        By worksite, at average traits; ``response_slope`` is the log odds for each SD of the areas' mean.
    missing, broke_off, careless
        Shares of single answers left out, of people who stop midway, and of people who do not read.
    turnover, transfers, leaving_slope
        Shares a year; log weight of leaving for each SD of less intention to stay.
    self_selection
        Log weight of applying for each SD of the mean of the areas; where few apply also the expected
        difference in SD between applicants and everybody.
    internal
        See `InternalRound`.
    giving_back
        Share of those with a place in a draw who give it back before the start; somebody else gets it then.
    no_show, withdrawing
        Shares of the others with a place.
    outside_work
        Share of applicants who find outside side work of their own, with and without a place in a draw; it
        changes nothing here.
    evaluation_consent
        Share of people who let their answers be used to evaluate programmes.
    effects
        Scale or outcome → effect of completing a place, in SD of that latent variable.
    effect_spread
        SD of the effect over people, relative to the effect; 0 = the same effect for everybody.
    """

    area_correlations: tuple[tuple[float, ...], ...] = AREA_CORRELATIONS
    climate_correlation: float = 0.25
    company_share: float = 0.03
    department_share: float = 0.05
    climate_company_share: float = 0.10
    climate_department_share: float = 0.12
    stability: float = 0.85
    company_drift: float = 0.12
    age_profile: AgeProfile = AgeProfile()
    used_dip: UsedDip = UsedDip()
    optimism: Mapping[str, float] = field(
        default_factory=lambda: {"executive": 1.25, "hr": 0.75, "manager": 0.35, "employee": 0.0}
    )
    response_rates: Mapping[str, float] = field(default_factory=lambda: {"office": 0.80, "field": 0.55})
    response_slope: float = 0.35
    missing: float = 0.02
    broke_off: float = 0.015
    careless: float = 0.02
    turnover: float = 0.07
    transfers: float = 0.04
    leaving_slope: float = 0.5
    self_selection: float = 0.6
    internal: InternalRound = InternalRound()
    giving_back: float = 0.04
    no_show: float = 0.05
    withdrawing: float = 0.08
    outside_work: Mapping[str, float] = field(default_factory=lambda: {"with a place": 0.03, "without": 0.08})
    evaluation_consent: float = 0.95
    effects: Mapping[str, float] = field(
        default_factory=lambda: {
            "innovation": 0.40,
            "party": 0.35,
            "leadership": 0.30,
            "perseverance": 0.25,
            "co4": 0.25,
            "co5": 0.20,
            "performance": 0.30,
            "stay": 0.0,
        }
    )
    effect_spread: float = 0.0
