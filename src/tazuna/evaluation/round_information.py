"""What a round's draw can show (募集回の情報量) of the places asked about, as it is and under other rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.errors import StudyError
from tazuna.evaluation.estimate import Flags, Floats
from tazuna.intake.faults import listed
from tazuna.language import message
from tazuna.matching.changes import one_more_open, other_settings, with_open_share
from tazuna.matching.drawing import Ready
from tazuna.matching.expectation import Expectation, expected_of
from tazuna.matching.information import information_of
from tazuna.matching.market import Market
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.redraws import Progress
from tazuna.matching.rules import Rules

SettingName = Literal["one_more_open", "two_tiers", "quarter_open", "two_tiers_quarter_open", "half_open"]
SEED = "preview"
"""That of the preview of the draw, so that both tell the same V; never that of a draw."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class RoundInformation:
    """What the draw decides about the places asked about.

    Parameters
    ----------
    applicants
        People with a feasible application to one of them.
    places
        How many there are.
    placed
        People who get one, on average.
    at_risk
        People whom the draw decides about, 0 < p < 1.
    offered_at_risk, not_offered_at_risk
        Of them, expected with and without an offer.
    v
        Σ p(1-p).
    """

    applicants: int
    places: int
    placed: float
    at_risk: int
    offered_at_risk: float
    not_offered_at_risk: float
    v: float


@dataclass(frozen=True, slots=True)
class ProgramInformation:
    """One programme: people who list it feasibly, its places, those filled on average, people at risk, V."""

    program_id: str
    title: str | None
    applicants: int
    places: int
    placed: float
    at_risk: int
    v: float


@dataclass(frozen=True, slots=True)
class OtherSetting:
    """The same applications under other rules.

    Parameters
    ----------
    setting
        Which.
    program_id
        Where the one more open place is; None for the others.
    information
        Of the places asked about.
    """

    setting: SettingName
    program_id: str | None
    information: RoundInformation


@dataclass(frozen=True, slots=True)
class InformationBySetting:
    """The round as it stands, programme by programme, and under other rules.

    Parameters
    ----------
    asked
        Bool, one a programme of the market.
    now
        Places asked about, with the rules as they are.
    chance
        Float64, one an applicant of the market: of a place asked about.
    programs
        Those asked about, the most informative first.
    one_more
        One more open place, best first.
    settings
        Other tiers and open places.
    """

    asked: Flags
    now: RoundInformation
    chance: Floats
    programs: tuple[ProgramInformation, ...]
    one_more: tuple[OtherSetting, ...]
    settings: tuple[OtherSetting, ...]


def information_by_setting(
    ready: Ready,
    program: str,
    *,
    draws: int = 1000,
    threads: int | None = None,
    progress: Progress | None = None,
) -> InformationBySetting:
    """Redraw the round as it stands and under other rules.

    Parameters
    ----------
    program
        ``any``, or ids separated by commas.
    draws
        Redraws for each of the rules.

    Raises
    ------
    StudyError
        The round has no such programme.
    """
    market, rules, round_ = ready.market, ready.rules, ready.prepared.round
    asked = programs_asked(market, program)

    def look(other: Market, under: Rules) -> Expectation:
        return expected_of(mechanism_of(other, under), draws, SEED, threads=threads, progress=progress)

    def tried(setting: SettingName, other: Market, under: Rules, at: int | None = None) -> OtherSetting:
        name = None if at is None else market.programs[at]
        return OtherSetting(setting, name, _information(other, look(other, under), asked, draws))

    seen = look(market, rules)
    one_more = [tried("one_more_open", market, under, at) for at, under in one_more_open(market, rules, seen)]
    settings = [tried(name, other, under) for name, other, under in other_settings(market, rules, round_)]
    half = with_open_share(market, rules, HALF, round_)
    if half is not None:
        settings.append(tried("half_open", market, half))
    return InformationBySetting(
        asked=asked,
        now=_information(market, seen, asked, draws),
        chance=_chance(market, seen, asked),
        programs=_by_program(ready, seen, asked, draws),
        one_more=tuple(sorted(one_more, key=lambda other: -other.information.v)),
        settings=tuple(settings),
    )


def programs_asked(market: Market, program: str) -> Flags:
    """Bool, one a programme: those in ``program``; all of them for ``any``."""
    if program == "any":
        return np.ones(len(market.programs), np.bool_)
    names = [name.strip() for name in program.split(",") if name.strip()]
    unknown = next((name for name in names if name not in market.programs), None)
    if unknown is not None or not names:
        raise StudyError(
            message("There is no programme “{program}” in this round.", program=unknown or program),
            message(
                "Write any, or ids separated by commas; the round has {programs}.",
                programs=listed(market.programs),
            ),
        )
    return np.isin(market.programs, names)


def _chance(market: Market, seen: Expectation, asked: Flags) -> Floats:
    chance: Floats = np.bincount(
        market.applicant_of_edge(), seen.chance * asked[market.program], len(market.applicants)
    ).astype(np.float64)
    return chance


def _information(market: Market, seen: Expectation, asked: Flags, draws: int) -> RoundInformation:
    chance = _chance(market, seen, asked)
    at_risk = (chance > 0) & (chance < 1)
    found = information_of(chance, draws)
    return RoundInformation(
        applicants=int(np.unique(market.applicant_of_edge()[asked[market.program]]).size),
        places=int(market.capacity[asked].sum()),
        placed=float(chance.sum()),
        at_risk=found.at_risk,
        offered_at_risk=float(chance[at_risk].sum()),
        not_offered_at_risk=float((1 - chance[at_risk]).sum()),
        v=found.v,
    )


def _by_program(ready: Ready, seen: Expectation, asked: Flags, draws: int) -> tuple[ProgramInformation, ...]:
    market, programs = ready.market, ready.prepared.programs
    titles = programs["title"].to_list() if "title" in programs.columns else [None] * programs.height
    m, spread = len(market.programs), seen.chance * (1 - seen.chance)
    applicants = np.bincount(market.program, minlength=m)
    at_risk = np.bincount(market.program[spread > 0], minlength=m)
    v = np.bincount(market.program, spread, m) * draws / max(draws - 1, 1)
    found = [
        ProgramInformation(
            program_id=market.programs[at],
            title=titles[at],
            applicants=int(applicants[at]),
            places=int(market.capacity[at]),
            placed=float(seen.filled[at]),
            at_risk=int(at_risk[at]),
            v=float(v[at]),
        )
        for at in np.flatnonzero(asked).tolist()
    ]
    return tuple(sorted(found, key=lambda one: -one.v))
