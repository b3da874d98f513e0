"""The acting person's own profile, from their own answers and nobody else's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tazuna.instrument.describing import questions_of
from tazuna.instrument.model import worded
from tazuna.language import Language
from tazuna.measurement.person_interval import Change, PersonInterval, change, person_interval
from tazuna.measurement.scoring import ScoredScale, scored_scales
from tazuna_web.accounts.acting import Acting
from tazuna_web.overview.queries import edition_of, latest_release
from tazuna_web.surveys.models import Wave
from tazuna_web.surveys.queries import own_answers, own_waves
from tazuna_web.surveys.questionnaire import instruments_of


@dataclass(frozen=True, slots=True)
class AreaAtWave:
    """An area's score in one wave; ``since`` is the change from the wave before where both have a score."""

    wave: Wave
    interval: PersonInterval
    since: Change | None


@dataclass(frozen=True, slots=True)
class Area:
    """One of the areas (領域), its latest score first."""

    code: str
    label: str
    waves: tuple[AreaAtWave, ...]

    @property
    def latest(self) -> AreaAtWave:
        return self.waves[0]


@dataclass(frozen=True, slots=True)
class Profile:
    """The areas that have a score, and the two farthest apart where their difference exceeds their errors."""

    areas: tuple[Area, ...]
    strongest: Area | None
    weakest: Area | None

    @property
    def by_own_answers(self) -> bool:
        """Whether an interval rests on the person's own answers: the scale's reliability is not known."""
        return any(area.latest.interval.basis == "own_answers" for area in self.areas)


def own_profile(acting: Acting, language: str) -> Profile | None:
    """The acting person's profile over all waves that they answered; None where no area has a score yet."""
    answered = [(wave, own_answers(acting, wave)) for wave in own_waves(acting)]
    errors = standard_errors(acting)
    labels = {code: area.scale.label for wave, _ in answered for code, area in _areas(wave).items()}
    over_waves = {code: _over_waves(code, answered, errors) for code in labels}
    areas = [Area(code, worded(labels[code], language), found) for code, found in over_waves.items() if found]
    if not areas:
        return None
    ordered = sorted(areas, key=lambda area: area.latest.interval.score)
    pairs = math.comb(len(ordered), 2) or 1
    if change(ordered[0].latest.interval, ordered[-1].latest.interval, comparisons=pairs) == "higher":
        return Profile(tuple(areas), ordered[-1], ordered[0])
    return Profile(tuple(areas), None, None)


def comparable_waves(acting: Acting, language: Language) -> str:
    """Whether the areas' questions work alike in the waves of the latest release; empty without one."""
    latest = latest_release(acting.organisation)
    if latest is None:
        return ""
    said: str = edition_of(latest, language).content.get("comparable", {}).get("profile", "")
    return said


def standard_errors(acting: Acting) -> dict[str, float]:
    """Scale → standard error of measurement in points, as the organisation's latest release has it."""
    latest = latest_release(acting.organisation)
    reliability = latest.facts.get("reliability", {}) if latest else {}
    return {code: facts["standard_error"] for code, facts in reliability.items() if "standard_error" in facts}


def _over_waves(
    code: str, answered: list[tuple[Wave, dict[str, int]]], errors: Mapping[str, float]
) -> tuple[AreaAtWave, ...]:
    found: list[AreaAtWave] = []
    for wave, answers in answered:
        area = _areas(wave).get(code)
        interval = person_interval(area, answers, errors.get(code)) if area else None
        if interval is not None:
            since = change(found[-1].interval, interval) if found else None
            found.append(AreaAtWave(wave, interval, since))
    return tuple(reversed(found))


def _areas(wave: Wave) -> dict[str, ScoredScale]:
    instruments = instruments_of(wave)
    scored = scored_scales(instruments, questions_of(instruments))
    return {area.code: area for area in scored if area.scale.kind == "area"}
