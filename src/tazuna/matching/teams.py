"""Teams for pro bono work (プロボノのチーム): roles filled, hours reached, sizes kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.matching.conflict import Conflict, LinearCondition, linear_conflict
from tazuna.matching.market import Flags, Floats
from tazuna.matching.team_needs import FOR_ALL, Choices, Member, Project, choices_of, team_conditions


@dataclass(frozen=True, slots=True)
class Teams:
    """Who works where.

    Parameters
    ----------
    members
        A row a person placed, by project and person: project_id, person_id, role, hours, wish (1 = first
        choice, null where the person named none).
    left
        Ids of people without a team.
    unmet
        Ids of projects that cannot start.
    conflict
        Why not every project can start, or None.
    """

    members: pl.DataFrame
    left: tuple[str, ...]
    unmet: tuple[str, ...]
    conflict: Conflict | None


def form_teams(people: Sequence[Member], projects: Sequence[Project]) -> Teams:
    """Teams with which as many projects as possible start, then with most people placed, then by wishes.

    A mixed-integer program (混合整数計画), solved by HiGHS. A project that cannot start has nobody. A wish
    fulfilled counts the more, the higher it stood on the person's list. No chance takes part: the teams
    follow from the lists whatever their order, and among equal solutions the solver always takes the same.

    Raises
    ------
    TazunaError
        Where an id stands twice or a wish names no project.

    References
    ----------
    Huangfu & Hall (2018), "Parallelizing the dual revised simplex method", Mathematical Programming
    Computation 10, doi:10.1007/s12532-017-0130-5 (HiGHS).
    """
    people = sorted(people, key=lambda person: person.person_id)
    projects = sorted(projects, key=lambda project: project.project_id)
    _expect_sound(people, projects)
    choices = choices_of(people, projects)
    conditions = team_conditions(choices, people, projects)
    taken, starts = _solved(choices, conditions, len(people), len(projects))
    placed = set(choices.person[taken].tolist())
    unmet = tuple(project.project_id for project, runs in zip(projects, starts, strict=True) if not runs)
    every_choice = np.ones(choices.person.size)
    return Teams(
        members=_members(people, projects, choices, taken),
        left=tuple(person.person_id for i, person in enumerate(people) if i not in placed),
        unmet=unmet,
        conflict=linear_conflict([linear for _, linear in conditions], every_choice) if unmet else None,
    )


def _expect_sound(people: Sequence[Member], projects: Sequence[Project]) -> None:
    known = Counter(project.project_id for project in projects)
    for name, times in (known + Counter(person.person_id for person in people)).items():
        if times > 1:
            raise TazunaError(
                message("The id {name} stands twice.", name=name),
                message("Give each person and each project an id of their own."),
            )
    for person in people:
        for wish in person.wishes:
            if wish not in known:
                raise TazunaError(
                    message(
                        "{person} wishes for {project}, which is no project.",
                        person=person.person_id,
                        project=wish,
                    ),
                    message("Correct the id, or add the project."),
                )


def _solved(
    choices: Choices, conditions: Sequence[tuple[int, LinearCondition]], people: int, projects: int
) -> tuple[Flags, Flags]:
    """Which choices are taken, and which projects start."""
    count = choices.person.size
    if not projects:
        return np.zeros(count, np.bool_), np.zeros(0, np.bool_)
    solved = milp(
        -_worth(choices, people, projects),
        integrality=np.ones(count + projects),
        bounds=Bounds(0, 1),
        constraints=[_where_started(place, linear, projects) for place, linear in conditions],
        options={"mip_rel_gap": 0.0},
    )
    return solved.x[:count] > 0.5, solved.x[count:] > 0.5


def _worth(choices: Choices, people: int, projects: int) -> Floats:
    """Points of each choice and of each start: a start outweighs all places, a place all wishes."""
    longest = int(choices.wish.max(initial=0))
    wish = np.where(choices.wish > 0, longest + 1 - choices.wish, 0)
    place = people * longest + 1
    start = place * (people + 1)
    return np.concatenate([place + wish, np.full(projects, start)]).astype(np.float64)


def _where_started(place: int, linear: LinearCondition, projects: int) -> LinearConstraint:
    """A condition of one project binds where it starts, and where it does not start nobody is in it."""
    rows = linear.lower.size
    if place == FOR_ALL:
        matrix = hstack([linear.coefficients, csr_array((rows, projects))], format="csr")
        return LinearConstraint(matrix, linear.lower, linear.upper)
    bound = np.where(np.isfinite(linear.lower), linear.lower, linear.upper)
    switch = coo_array((-bound, (np.arange(rows), np.full(rows, place))), shape=(rows, projects))
    return LinearConstraint(
        hstack([linear.coefficients, switch], format="csr"),
        np.where(np.isfinite(linear.lower), 0, -np.inf),
        np.where(np.isfinite(linear.upper), 0, np.inf),
    )


def _members(
    people: Sequence[Member], projects: Sequence[Project], choices: Choices, taken: Flags
) -> pl.DataFrame:
    rows = [
        (
            projects[j].project_id,
            people[i].person_id,
            projects[j].roles[k].name,
            people[i].hours,
            wish or None,
        )
        for i, j, k, wish in zip(
            choices.person[taken].tolist(),
            choices.project[taken].tolist(),
            choices.role[taken].tolist(),
            choices.wish[taken].tolist(),
            strict=True,
        )
    ]
    columns = {
        "project_id": pl.String,
        "person_id": pl.String,
        "role": pl.String,
        "hours": pl.Float64,
        "wish": pl.Int64,
    }
    return pl.DataFrame(rows, schema=columns, orient="row").sort("project_id", "person_id")
