"""Who applies where (応募), keen people first, and how hosts sort applicants into tiers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.internal_side_work import lists_of_posts
from tazuna.simulation.naming import labels, person_ids
from tazuna.simulation.programs import Programs, RoundSizes
from tazuna.simulation.streams import Flags, Floats, Integers, gumbel, largest_in_groups, stream

MOST_CHOICES = 4
_LIST_LENGTHS = {"mutual": (0.52, 0.27, 0.14, 0.07), "regional": (0.70, 0.20, 0.07, 0.03)}
TIER_CUTS = (0.7, 0.0)
HOST_TIERS = len(TIER_CUTS) + 1
DECLINED_BELOW = -0.75
_INTERVIEW_VALIDITY = 0.4


@dataclass(frozen=True, slots=True)
class Applications:
    """Applications as arrays of shape (a,): person, programme, rank, tier, eligibility, interview score."""

    person: Integers
    program: Integers
    rank: Integers
    tier: Integers
    eligible: Flags
    score: Floats

    def applied(self, count: int) -> Flags:
        """Who of all people applied anywhere; shape (n,)."""
        return np.bincount(self.person, minlength=count) > 0

    def followed_by(self, others: Applications) -> Applications:
        """These and others."""
        both = ((getattr(self, name), getattr(others, name)) for name in self.__slots__)
        return Applications(*(np.concatenate(pair) for pair in both))

    def among(self, rows: Flags) -> Applications:
        """Some of them."""
        return Applications(*(getattr(self, name)[rows] for name in self.__slots__))


def draw_applications(
    seed: int,
    programs: Programs,
    sizes: RoundSizes,
    *,
    may_apply: Flags,
    company: Integers,
    companies: int,
    general: Floats,
    assumed: Assumptions,
) -> Applications:
    """Draw the applicants of all rounds, their lists, and the interviews; nobody applies to two rounds.

    Parameters
    ----------
    may_apply, company, general
        Shape (n,): who is present and active, company numbers, the mean of the areas in SD.
    assumed
        ``self_selection`` is the log weight of applying for each SD of ``general``.
    """
    pairs = []
    free = may_apply.copy()
    for round_, of_round in programs.rounds().items():
        keen = assumed.self_selection * general + gumbel(stream(seed, "keen", round_), general.size)
        keen = np.where(free, keen, -np.inf).astype(np.float32)
        if round_ == "internal":
            inside = lists_of_posts(
                seed, programs.posts, programs.first_post, keen, free, company, assumed.internal
            )
            continue
        if round_ == "mutual":
            chosen = _entrants_by_firm(sizes.entrants, keen, company, companies, free)
            lengths = _list_lengths(seed, round_, chosen.size)
        else:
            lengths = _list_lengths(seed, round_, sizes.applications)
            lengths = lengths[: np.searchsorted(np.cumsum(lengths), sizes.applications) + 1]
            lengths[-1] -= lengths.sum() - sizes.applications
            chosen = np.argsort(-keen, kind="stable")[: min(lengths.size, int(free.sum()))]
            lengths = lengths[: chosen.size]
        free[chosen] = False
        pairs.append(
            _lists(seed, round_, programs, np.flatnonzero(of_round), chosen, lengths, company[chosen])
        )
    person, program, rank = (np.concatenate(columns) for columns in zip(*pairs, strict=True))
    hosts = _interview(stream(seed, "interviews"), person, program, rank, general, DECLINED_BELOW)
    posts = _interview(
        stream(seed, "interviews", "internal"), *inside, general, assumed.internal.declined_below
    )
    return hosts.followed_by(replace(posts, tier=np.ones_like(posts.tier)))


def _list_lengths(seed: int, round_: str, people: int) -> Integers:
    rng = stream(seed, "list lengths", round_)
    return rng.choice(np.arange(1, MOST_CHOICES + 1), size=people, p=_LIST_LENGTHS[round_])


def _entrants_by_firm(
    entrants: int, keen: Floats, company: Integers, companies: int, may_apply: Flags
) -> Integers:
    """At least one entrant of each firm, the others in proportion to the root of its staff."""
    root = np.sqrt(np.bincount(company[may_apply], minlength=companies))
    exact = np.maximum(entrants - companies, 0) * root / root.sum()
    quota = 1 + np.floor(exact).astype(np.int64)
    quota[np.argsort(np.floor(exact) - exact, kind="stable")[: entrants - quota.sum()]] += 1
    return np.flatnonzero(largest_in_groups(keen, company, quota) & may_apply)


def _lists(
    seed: int,
    round_: str,
    programs: Programs,
    offered: Integers,
    person: Integers,
    lengths: Integers,
    own_company: Integers,
) -> tuple[Integers, Integers, Integers]:
    """Each person's strict list of programmes of other firms, popular ones more often."""
    noise = gumbel(stream(seed, "tastes", round_), person.size * offered.size).reshape(
        person.size, offered.size
    )
    taste = programs.appeal[offered] + noise
    taste = np.where(programs.company[offered] == own_company[:, None], -np.inf, taste)
    most = min(MOST_CHOICES, offered.size)
    best = np.argsort(-taste, axis=1, kind="stable")[:, :most]
    feasible = np.isfinite(np.take_along_axis(taste, best, axis=1))
    listed = (np.arange(most) < lengths[:, None]) & feasible
    who, place = np.nonzero(listed)
    return person[who], offered[best[who, place]], place + 1


def _interview(
    rng: np.random.Generator,
    person: Integers,
    program: Integers,
    rank: Integers,
    general: Floats,
    declined_below: float,
) -> Applications:
    noise = rng.standard_normal(person.size)
    applicants = general[person]
    fit = (applicants - applicants.mean()) / max(float(applicants.std()), 1e-6)
    seen = _INTERVIEW_VALIDITY * fit + np.sqrt(1 - _INTERVIEW_VALIDITY**2) * noise
    return Applications(
        person=person,
        program=program,
        rank=rank,
        tier=1 + (seen < TIER_CUTS[0]).astype(np.int64) + (seen < TIER_CUTS[1]),
        eligible=np.asarray(seen >= declined_below),
        score=np.round(60 + 10 * seen, 1).astype(np.float32),
    )


def application_tables(
    seed: int, applications: Applications, programs: Programs, count: int, fiscal_year: int
) -> dict[str, pl.DataFrame]:
    """The tables ``applications`` and ``priorities``."""
    rng, some = stream(seed, "entries"), stream(seed, "ties").random(applications.person.size) < 0.3
    size = applications.person.size
    ids = person_ids(applications.person, count)
    program = labels(programs.table["program_id"].to_list(), applications.program)
    regional = programs.regional[applications.program]
    first_day = date(fiscal_year, 11, 6).toordinal() - date(1970, 1, 1).toordinal()
    entry_by_person = rng.random(count, dtype=np.float32)[applications.person] < 0.85
    entered = pl.DataFrame(
        {
            "person_id": ids,
            "program_id": program,
            "rank": applications.rank,
            "consented_at": pl.Series(first_day + rng.integers(0, 25, size)).cast(pl.Int32).cast(pl.Date),
            "entry": labels(("nominated", "volunteered"), (entry_by_person | regional).astype(np.int64)),
            "tie": labels(("none", "some"), (regional & some).astype(np.int64)),
        }
    )
    judged = pl.DataFrame(
        {
            "program_id": program,
            "person_id": ids,
            "tier": applications.tier,
            "score": pl.Series(applications.score, dtype=pl.Float32).cast(pl.Float64).round(1),
            "eligible": applications.eligible,
        }
    )
    return {"applications": entered, "priorities": judged}
