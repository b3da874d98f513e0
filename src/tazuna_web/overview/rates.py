"""Response rates (回答率) of waves: of units of at least k people, and never who has or has not answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django_scopes import scope

from tazuna_web.accounts.acting import Acting
from tazuna_web.organisations.models import Department, Organisation
from tazuna_web.surveys.models import Answer, AnswerSheet, PersonAtWave, Wave
from tazuna_web.surveys.pseudonyms import pseudonym_of

LEFT = "left"
LOWEST, HIGHEST = 10, 90
"""Percent; a rate beyond is not told exactly, as 0 and 100 would tell of each single person."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of a unit of at least k people asked.

    Parameters
    ----------
    percent
        Whole percent, held within `LOWEST` and `HIGHEST`.
    beyond
        -1 where the true rate is lower than ``percent``, 1 where it is higher, else 0.
    """

    unit: str
    asked: int
    percent: int
    beyond: int


@dataclass(frozen=True, slots=True)
class WaveRates:
    """The rate of a wave and of its departments; ``company`` is None below k.

    ``left_out`` is whether some departments are too small to be shown.
    """

    company: Rate | None
    departments: tuple[Rate, ...]
    left_out: bool


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """Where a member company stands: its latest wave and that wave's rate."""

    name: str
    wave: Wave | None
    rate: Rate | None


def wave_rates(wave: Wave) -> WaveRates:
    """The rates of a wave; needs a scope that names the organisation that holds it.

    Where the departments that are too small add up to fewer than k people, the smallest of the others is left
    out with them, so that their rate cannot be had by subtraction from the company's.
    """
    departments = dict(Department.objects.filter(held_by=wave.held_by_id).values_list("pk", "name"))
    asked, answered = _counts(wave)
    company = _rate("", asked.total(), answered.total(), wave.k)
    shown = set(_large_enough(asked, wave.k)) - {None}
    rates = [
        _rate(departments[unit], asked[unit], answered[unit], wave.k) for unit in departments if unit in shown
    ]
    return WaveRates(
        company=company,
        departments=tuple(rate for rate in rates if rate is not None),
        left_out=len(shown) < len(asked),
    )


def member_standings(acting: Acting) -> list[MemberStanding]:
    """The member companies of the acting organisation: state and rate of their latest waves, no score.

    The scope of the members is opened here alone, and what leaves it is counts of at least k people.
    """
    companies = acting.organisation.members.filter(kind=Organisation.Kind.COMPANY)
    return [_standing(company) for company in companies]


def _standing(company: Organisation) -> MemberStanding:
    with scope(held_by=[company.pk]):
        wave = Wave.objects.filter(held_by=company).last()
        if wave is None:
            return MemberStanding(company.name, None, None)
        asked, answered = _counts(wave)
        return MemberStanding(
            company.name, wave, _rate(company.name, asked.total(), answered.total(), wave.k)
        )


def _counts(wave: Wave) -> tuple[Counter[int | None], Counter[int | None]]:
    """People asked, and those of them who have answered a question, by department."""
    population = PersonAtWave.objects.filter(wave=wave).exclude(status=LEFT)
    begun = Exists(Answer.objects.filter(sheet=OuterRef("pk")))
    answered = set(AnswerSheet.objects.filter(begun, wave=wave).values_list("pseudonym", flat=True))
    people = list(population.values_list("department_id", "person__uuid"))
    asked: Counter[int | None] = Counter(unit for unit, _ in people)
    return asked, Counter(unit for unit, uuid in people if pseudonym_of(uuid, wave.pk) in answered)


def _large_enough(asked: Counter[int | None], k: int) -> Iterable[int | None]:
    """The units that may be shown beside the total: what is left out is nobody, or at least k people."""
    by_size = sorted((unit for unit in asked if asked[unit] >= k), key=lambda unit: (asked[unit], unit or 0))
    left_out = sum(count for count in asked.values() if count < k) + asked[None] * (asked[None] >= k)
    while by_size and 0 < left_out < k:
        left_out += asked[by_size.pop(0)]
    return by_size


def _rate(unit: str, asked: int, answered: int, k: int) -> Rate | None:
    if asked < k:
        return None
    percent = 100 * answered / asked
    held = min(max(percent, LOWEST), HIGHEST)
    return Rate(unit, asked, round(held), (percent > held) - (percent < held))
