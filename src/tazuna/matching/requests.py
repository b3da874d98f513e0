"""Requests of a region assigned to local people (地域の依頼への割り当て)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.matching.conflict import Conflict, LinearCondition, linear_conflict
from tazuna.matching.market import Flags, Floats
from tazuna.matching.request_needs import Fit, LocalPerson, Request, points_of, request_conditions


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who takes which request.

    Parameters
    ----------
    pairs
        A row a person and request, by request and person: request_id, person_id, points.
    loads
        A row a person, by id: person_id, requests (new ones), carrying (earlier ones).
    unmet
        A row a request that lacks people: request_id, lacking.
    conflict
        Why not every request has all its people, or None.
    """

    pairs: pl.DataFrame
    loads: pl.DataFrame
    unmet: pl.DataFrame
    conflict: Conflict | None


def assign_requests(
    requests: Sequence[Request], people: Sequence[LocalPerson], fit: Fit | None = None
) -> Assigned:
    """As many places of requests filled as possible, and among these the best fit with even loads.

    Only those who have the skill, can go to the place and are free on the day; one request a day each. The
    total is the points of all assignments less the load: a person's next request costs ``fit.load`` times the
    requests that they already have, which makes uneven loads dearer than even ones. A mixed-integer program
    (混合整数計画), solved by HiGHS; no chance takes part, whatever the order of the lists.

    Raises
    ------
    TazunaError
        Where an id stands twice.
    """
    requests = sorted(requests, key=lambda request: request.request_id)
    people = sorted(people, key=lambda person: person.person_id)
    _expect_each_once([request.request_id for request in requests])
    _expect_each_once([person.person_id for person in people])
    points = points_of(requests, people, fit or Fit())
    conditions = request_conditions(requests, people)
    taken = _solved(requests, people, points, conditions, (fit or Fit()).load)
    lacking = np.array([request.people for request in requests], np.int64) - taken.sum(axis=1)
    short = lacking > 0
    return Assigned(
        pairs=_pairs(requests, people, points, taken),
        loads=pl.DataFrame(
            {
                "person_id": [person.person_id for person in people],
                "requests": taken.sum(axis=0),
                "carrying": [person.carrying for person in people],
            },
            schema={"person_id": pl.String, "requests": pl.Int64, "carrying": pl.Int64},
        ),
        unmet=pl.DataFrame(
            {
                "request_id": [
                    request.request_id for request, lacks in zip(requests, short, strict=True) if lacks
                ],
                "lacking": lacking[short],
            },
            schema={"request_id": pl.String, "lacking": pl.Int64},
        ),
        conflict=linear_conflict(conditions, np.ones(points.size)) if short.any() else None,
    )


def _expect_each_once(ids: Sequence[str]) -> None:
    for name, times in Counter(ids).items():
        if times > 1:
            raise TazunaError(
                message("The id {name} stands twice.", name=name),
                message("Give each person and each request an id of their own."),
            )


def _solved(
    requests: Sequence[Request],
    people: Sequence[LocalPerson],
    points: Floats,
    conditions: Sequence[LinearCondition],
    load: float,
) -> Flags:
    """Bool (requests, people): who takes which request."""
    if not points.size:
        return np.zeros(points.shape, np.bool_)
    owner, cost = _load_steps(people, load)
    steps = owner.size
    place = 1.0 + float(np.abs(points).sum() + cost.sum())
    each_person = owner == np.arange(len(people))[:, None]
    of_person = np.tile(np.eye(len(people)), len(requests))
    needs = np.array([request.people for request in requests], np.float64)
    of_request = np.repeat(np.eye(len(requests)), len(people), axis=1)
    constraints = [
        _beside_steps(linear.coefficients, linear.lower, linear.upper, steps)
        for linear in conditions[len(requests) :]
    ]
    constraints.append(_beside_steps(csr_array(of_request), np.full(needs.size, -np.inf), needs, steps))
    loads = hstack([csr_array(of_person), csr_array(-each_person.astype(np.float64))], format="csr")
    constraints.append(LinearConstraint(loads, 0, 0))
    solved = milp(
        np.concatenate([-(place + points.ravel()), cost]),
        integrality=np.ones(points.size + steps),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"mip_rel_gap": 0.0},
    )
    return np.asarray(solved.x[: points.size].reshape(points.shape) > 0.5)


def _load_steps(people: Sequence[LocalPerson], load: float) -> tuple[Floats, Floats]:
    """For each request that somebody may take: place of the person, and what their load takes off."""
    owner = np.repeat(np.arange(len(people)), [person.most for person in people])
    already = [person.carrying + taken for person in people for taken in range(person.most)]
    return owner.astype(np.float64), load * np.array(already, np.float64)


def _beside_steps(matrix: csr_array, lower: Floats, upper: Floats, steps: int) -> LinearConstraint:
    return LinearConstraint(hstack([matrix, csr_array((lower.size, steps))], format="csr"), lower, upper)


def _pairs(
    requests: Sequence[Request], people: Sequence[LocalPerson], points: Floats, taken: Flags
) -> pl.DataFrame:
    row, column = np.nonzero(taken)
    return pl.DataFrame(
        {
            "request_id": [requests[r].request_id for r in row.tolist()],
            "person_id": [people[p].person_id for p in column.tolist()],
            "points": points[row, column],
        },
        schema={"request_id": pl.String, "person_id": pl.String, "points": pl.Float64},
    )
