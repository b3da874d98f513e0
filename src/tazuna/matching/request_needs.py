"""What a region's requests (地域の依頼) need of local people, as named linear conditions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.language import message
from tazuna.matching.conflict import Condition, LinearCondition
from tazuna.matching.market import Flags, Floats


@dataclass(frozen=True, slots=True)
class Request:
    """A request, for example a school that looks for somebody to talk about a trade.

    Parameters
    ----------
    request_id
        Id.
    skill
        What is needed; None where anybody can do it.
    date
        The day.
    people
        How many are needed.
    prefecture
        Where; None for online.
    welcome
        Further skills that would suit.
    """

    request_id: str
    skill: str | None
    date: datetime.date
    people: int = 1
    prefecture: str | None = None
    welcome: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LocalPerson:
    """Somebody who takes requests.

    Parameters
    ----------
    person_id
        Id.
    skills
        What they can do.
    prefectures
        Where they can go, the own one first.
    dates
        Days on which they are free; None for every day.
    most
        Most requests.
    carrying
        Requests that they took earlier; they count in the balance, not in ``most``.
    """

    person_id: str
    skills: frozenset[str]
    prefectures: tuple[str, ...] = ()
    dates: frozenset[datetime.date] | None = None
    most: int = 1
    carrying: int = 0


@dataclass(frozen=True, slots=True)
class Fit:
    """What makes an assignment good, in points.

    Parameters
    ----------
    own_prefecture
        The request is in the person's own prefecture.
    welcome
        For each further skill that suits.
    load
        Taken off for each request that the person already has: it spreads the requests over people.
    """

    own_prefecture: float = 2.0
    welcome: float = 1.0
    load: float = 2.0


def points_of(requests: Sequence[Request], people: Sequence[LocalPerson], fit: Fit) -> Floats:
    """Float64 (requests, people): how well each suits, the load left out."""
    points = [
        fit.own_prefecture
        * (request.prefecture is not None and person.prefectures[:1] == (request.prefecture,))
        + fit.welcome * len(request.welcome & person.skills)
        for request in requests
        for person in people
    ]
    return np.array(points, np.float64).reshape(len(requests), len(people))


def request_conditions(
    requests: Sequence[Request], people: Sequence[LocalPerson]
) -> tuple[LinearCondition, ...]:
    """What requests need, then what limits people; the unknowns are requests × people, row by row."""
    shape = (len(requests), len(people))
    return (*_needs(requests, shape), *_limits(requests, people, shape), *_abilities(requests, people))


def _needs(requests: Sequence[Request], shape: tuple[int, int]) -> Iterator[LinearCondition]:
    for row, request in enumerate(requests):
        own = np.zeros(shape, np.bool_)
        own[row] = True
        says = message(
            "The request {request} ({date}) needs {people} people.",
            request=request.request_id,
            date=request.date.isoformat(),
            people=request.people,
        )
        cure = message("Ask whether {request} could do with fewer people.", request=request.request_id)
        condition = Condition(f"need:{request.request_id}", says, cure)
        yield LinearCondition.of(condition, own.ravel(), lower=request.people)


def _limits(
    requests: Sequence[Request], people: Sequence[LocalPerson], shape: tuple[int, int]
) -> Iterator[LinearCondition]:
    each_person = np.arange(shape[1])[:, None, None] == np.arange(shape[1])
    says = message("Nobody takes more requests than they offered to.")
    cure = message("Ask people whether they would take one more.")
    rows = np.broadcast_to(each_person, (shape[1], *shape)).reshape(shape[1], shape[0] * shape[1])
    whole = LinearCondition.of(Condition("most", says, cure), rows)
    most = np.array([person.most for person in people], np.float64)
    yield LinearCondition(whole.condition, whole.coefficients, whole.lower, most)
    for day in sorted({request.date for request in requests}):
        on_day = np.array([request.date == day for request in requests])
        if on_day.sum() > 1:
            says = message("Nobody takes two requests on {date}.", date=day.isoformat())
            cure = message("Move one of the requests of {date} to another day.", date=day.isoformat())
            rows = (each_person & on_day[:, None]).reshape(shape[1], shape[0] * shape[1])
            yield LinearCondition.of(Condition(f"one_a_day:{day.isoformat()}", says, cure), rows, upper=1)


def _abilities(requests: Sequence[Request], people: Sequence[LocalPerson]) -> Iterator[LinearCondition]:
    for skill in sorted({request.skill for request in requests if request.skill is not None}):
        able = [skill in person.skills for person in people]
        says = message(
            "{skill} is only for those who can do it ({able} people).", skill=skill, able=sum(able)
        )
        cure = message("Find people who can do {skill}.", skill=skill)
        concerned = [request.skill == skill for request in requests]
        yield _only(Condition(f"skill:{skill}", says, cure), concerned, able)
    for prefecture in sorted({request.prefecture for request in requests if request.prefecture is not None}):
        near = [prefecture in person.prefectures for person in people]
        says = message(
            "{place}: only for those who can go there ({near} people).", place=prefecture, near=sum(near)
        )
        cure = message("Find people for {place}, or hold it online.", place=prefecture)
        concerned = [request.prefecture == prefecture for request in requests]
        yield _only(Condition(f"place:{prefecture}", says, cure), concerned, near)
    for day in sorted({request.date for request in requests}):
        free = [person.dates is None or day in person.dates for person in people]
        says = message(
            "On {date} only those who are free ({free} people).", date=day.isoformat(), free=sum(free)
        )
        cure = message("Agree on another day than {date}.", date=day.isoformat())
        concerned = [request.date == day for request in requests]
        yield _only(Condition(f"free:{day.isoformat()}", says, cure), concerned, free)


def _only(condition: Condition, concerned: list[bool], fits: list[bool]) -> LinearCondition:
    """Nobody who does not fit takes a request that is concerned."""
    forbidden: Flags = np.outer(concerned, ~np.array(fits, np.bool_)).ravel()
    return LinearCondition.of(condition, forbidden, upper=0)
