"""What teams for pro bono work (プロボノ) need, as named linear conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.language import message
from tazuna.matching.conflict import Condition, LinearCondition
from tazuna.matching.market import Floats, Integers

FOR_ALL = -1
"""Instead of a project: the condition holds whatever projects start."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who offers to work in a team.

    Parameters
    ----------
    person_id
        Id.
    roles
        Roles that they can take.
    hours
        Hours a week that they can give.
    wishes
        Project ids, the first choice first. Who names none may be placed in any project, who names some only
        in these.
    """

    person_id: str
    roles: tuple[str, ...]
    hours: float
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A role in a project: at least ``least`` people, at most ``most`` (None: as many as the team has)."""

    name: str
    least: int = 1
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project that needs a team.

    Parameters
    ----------
    project_id
        Id.
    roles
        What is to be done; everybody in the team takes exactly one of them.
    smallest, largest
        Size of the team.
    hours
        Least hours a week of the whole team.
    """

    project_id: str
    roles: tuple[Role, ...]
    smallest: int
    largest: int
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Choices:
    """Every person in every role of every project: the unknowns, of which each is taken or not.

    Parameters
    ----------
    person, project, role
        Int64, one a choice: place of the person, the project, and the role in the project.
    hours
        Float64, one a choice: what the person can give.
    wish
        Int64, one a choice: place of the project on the person's list from 1, 0 where the list is empty, -1
        where it does not name the project.
    able
        Bool as Int64: whether the person can take the role.
    """

    person: Integers
    project: Integers
    role: Integers
    hours: Floats
    wish: Integers
    able: Integers


def choices_of(people: Sequence[Member], projects: Sequence[Project]) -> Choices:
    """The unknowns, by project, role and person."""
    rows = [
        (
            i,
            j,
            k,
            person.hours,
            person.wishes.index(project.project_id) + 1
            if project.project_id in person.wishes
            else -bool(person.wishes),
            role.name in person.roles,
        )
        for j, project in enumerate(projects)
        for k, role in enumerate(project.roles)
        for i, person in enumerate(people)
    ]
    table = np.array(rows, np.float64).reshape(-1, 6)
    person, project, role, wish, able = (table[:, column].astype(np.int64) for column in (0, 1, 2, 4, 5))
    return Choices(person, project, role, table[:, 3], wish, able)


def team_conditions(
    choices: Choices, people: Sequence[Member], projects: Sequence[Project]
) -> tuple[tuple[int, LinearCondition], ...]:
    """Each condition with the place of the project that it belongs to, or `FOR_ALL`."""
    return (
        *((j, linear) for j, project in enumerate(projects) for linear in _of_project(choices, j, project)),
        *((FOR_ALL, linear) for linear in _of_everybody(choices, people, projects)),
    )


def _of_project(choices: Choices, place: int, project: Project) -> Iterator[LinearCondition]:
    name = project.project_id
    own = choices.project == place
    for k, role in enumerate(project.roles):
        in_role = own & (choices.role == k)
        if role.least:
            says = message(
                "{project} needs {least} or more in the role {role}.",
                project=name,
                least=role.least,
                role=role.name,
            )
            cure = message("Find more people for the role {role}, or ask for fewer.", role=role.name)
            yield LinearCondition.of(
                Condition(f"role_least:{name}:{role.name}", says, cure), in_role, lower=role.least
            )
        if role.most is not None:
            says = message(
                "{project} takes {most} or fewer in the role {role}.",
                project=name,
                most=role.most,
                role=role.name,
            )
            cure = message("Let {project} take more in the role {role}.", project=name, role=role.name)
            yield LinearCondition.of(
                Condition(f"role_most:{name}:{role.name}", says, cure), in_role, upper=role.most
            )
    says = message(
        "The team of {project} has {smallest} people or more.", project=name, smallest=project.smallest
    )
    cure = message("Let {project} start with a smaller team, or find more people.", project=name)
    yield LinearCondition.of(Condition(f"smallest:{name}", says, cure), own, lower=project.smallest)
    says = message(
        "The team of {project} has {largest} people or fewer.", project=name, largest=project.largest
    )
    cure = message("Let {project} have a larger team.", project=name)
    yield LinearCondition.of(Condition(f"largest:{name}", says, cure), own, upper=project.largest)
    if project.hours:
        says = message(
            "The team of {project} gives {hours} hours a week or more.", project=name, hours=project.hours
        )
        cure = message("Ask for fewer hours in {project}, or find people with more time.", project=name)
        yield LinearCondition.of(
            Condition(f"hours:{name}", says, cure), own * choices.hours, lower=project.hours
        )


def _of_everybody(
    choices: Choices, people: Sequence[Member], projects: Sequence[Project]
) -> Iterator[LinearCondition]:
    says = message("Nobody works in two teams or in two roles.")
    cure = message("Ask whether somebody wants to work in two teams, and enter them under two ids.")
    yield LinearCondition.of(
        Condition("one_team", says, cure), choices.person == np.arange(len(people))[:, None], upper=1
    )
    names = [[role.name for role in project.roles] for project in projects]
    of_choice = np.array([names[j][k] for j, k in zip(choices.project, choices.role, strict=True)], np.str_)
    for role in sorted({name for of_project in names for name in of_project}):
        able = sum(role in person.roles for person in people)
        says = message(
            "The role {role} is only for those who can take it ({able} people).", role=role, able=able
        )
        cure = message("Find or train people for the role {role}.", role=role)
        unable = (of_choice == role) & (choices.able == 0)
        yield LinearCondition.of(Condition(f"able:{role}", says, cure), unable, upper=0)
    if (choices.wish < 0).any():
        says = message("People are placed only in projects that they named.")
        cure = message("Ask people whether they would take a project that they did not name.")
        yield LinearCondition.of(Condition("wishes", says, cure), choices.wish < 0, upper=0)
