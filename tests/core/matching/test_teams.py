"""Teams for pro bono work."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.errors import TazunaError
from tazuna.matching.conflict import LinearCondition
from tazuna.matching.team_needs import Member, Project, Role, choices_of, team_conditions
from tazuna.matching.teams import Teams, form_teams

ROLES = ("design", "code")
PROJECTS = ("shop", "town")
Place = tuple[str, str] | None


def worth(
    people: list[Member], projects: list[Project], places: tuple[Place, ...]
) -> tuple[int, int, int] | None:
    """Starts, people placed, points of wishes; None where a condition is broken."""
    wish_points = 0
    longest = max((len(person.wishes) for person in people), default=0)
    for person, place in zip(people, places, strict=True):
        if place is None:
            continue
        project, role = place
        if role not in person.roles or (person.wishes and project not in person.wishes):
            return None
        if person.wishes:
            wish_points += longest - person.wishes.index(project)
    started = 0
    for project in projects:
        team = [
            (person, place[1])
            for person, place in zip(people, places, strict=True)
            if place is not None and place[0] == project.project_id
        ]
        if not team:
            continue
        started += 1
        roles = Counter(role for _, role in team)
        if not (
            project.smallest <= len(team) <= project.largest
            and sum(person.hours for person, _ in team) >= project.hours
            and all(role.least <= roles[role.name] for role in project.roles)
            and all(role.most is None or roles[role.name] <= role.most for role in project.roles)
        ):
            return None
    return started, sum(place is not None for place in places), wish_points


def best_worth(people: list[Member], projects: list[Project]) -> tuple[int, int, int]:
    options: list[Place] = [None, *((p.project_id, r.name) for p in projects for r in p.roles)]
    every = (worth(people, projects, places) for places in product(options, repeat=len(people)))
    return max(found for found in every if found is not None)


def places_in(teams: Teams, people: list[Member]) -> tuple[Place, ...]:
    rows = {person: (project, role) for project, person, role, *_ in teams.members.iter_rows()}
    return tuple(rows.get(person.person_id) for person in people)


members = st.builds(
    lambda roles, hours, wishes: (tuple(sorted(roles)), hours, tuple(wishes)),
    st.frozensets(st.sampled_from(ROLES)),
    st.integers(1, 5),
    st.lists(st.sampled_from(PROJECTS), unique=True, max_size=2),
)
roles = st.builds(Role, st.just(""), st.integers(0, 2), st.sampled_from([None, 1, 2]))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Member], list[Project]]:
    people = [Member(f"m{k}", *values) for k, values in enumerate(draw(st.lists(members, max_size=4)))]
    projects = []
    for name in draw(st.sampled_from([PROJECTS[:1], PROJECTS])):
        needs = tuple(Role(role, (r := draw(roles)).least, r.most) for role in ROLES)
        smallest = draw(st.integers(1, 2))
        projects.append(
            Project(name, needs, smallest, draw(st.integers(smallest, 3)), draw(st.integers(0, 6)))
        )
    known = {project.project_id for project in projects}
    people = [Member(p.person_id, p.roles, p.hours, tuple(w for w in p.wishes if w in known)) for p in people]
    return people, projects


def possible(conditions: list[LinearCondition], count: int) -> bool:
    points = np.array(list(product((0, 1), repeat=count)), float).reshape(2**count, count)
    holds = np.ones(len(points), bool)
    for linear in conditions:
        values = points @ linear.coefficients.toarray().T
        holds &= ((values >= linear.lower) & (values <= linear.upper)).all(axis=1)
    return bool(holds.any())


@settings(deadline=None, max_examples=40)
@given(cases())
def test_teams_are_the_best_that_trying_everything_finds(case: tuple[list[Member], list[Project]]) -> None:
    people, projects = case
    teams = form_teams(people, projects)
    assert worth(people, projects, places_in(teams, people)) == best_worth(people, projects)
    assert set(teams.left) == {p.person_id for p in people} - set(teams.members["person_id"])
    assert (teams.conflict is None) == (not teams.unmet)


@settings(deadline=None, max_examples=15)
@given(cases().filter(lambda case: len(case[0]) <= 3))
def test_a_conflict_is_as_small_as_trying_all_subsets_finds(case: tuple[list[Member], list[Project]]) -> None:
    people, projects = case
    conflict = form_teams(people, projects).conflict
    if conflict is None:
        return
    choices = choices_of(people, projects)
    conditions = [linear for _, linear in team_conditions(choices, people, projects)]
    found = [c for c in conditions if c.condition in conflict.conditions]
    assert len(found) == len(conflict.conditions)
    assert not possible(found, choices.person.size)
    smaller = combinations(conditions, min(len(found) - 1, 3))
    assert all(possible(list(chosen), choices.person.size) for chosen in smaller)


def test_a_project_without_enough_people_for_a_role_names_the_role_and_who_can_take_it() -> None:
    people = [Member("m1", ("design",), 5), Member("m2", ("code",), 5), Member("m3", ("code",), 5)]
    project = Project("shop", (Role("design", 2), Role("code", 1)), 2, 4)
    teams = form_teams(people, [project])
    assert teams.unmet == ("shop",)
    assert teams.left == ("m1", "m2", "m3")
    assert teams.conflict is not None
    assert [condition.name for condition in teams.conflict.conditions] == [
        "role_least:shop:design",
        "able:design",
    ]
    assert teams.conflict.lines("ja") == (
        "「shop」には役割「design」の人が2人以上必要です。"
        " → 役割「design」の人を増やすか、必要な人数を減らしてください。",
        "役割「design」を担えるのは、できると申し出た人（1人）だけです。"
        " → 役割「design」を担える人を探すか、育ててください。",
    )


def test_two_projects_that_need_the_same_person_cannot_both_start() -> None:
    people = [Member("m1", ("design",), 5)]
    projects = [Project(name, (Role("design"),), 1, 1) for name in PROJECTS]
    teams = form_teams(people, projects)
    assert len(teams.unmet) == 1
    assert teams.conflict is not None
    assert {condition.name for condition in teams.conflict.conditions} >= {"one_team"}


def test_first_wishes_are_fulfilled_where_nothing_is_lost() -> None:
    people = [Member("m1", ("code",), 5, ("town", "shop")), Member("m2", ("code",), 5, ("shop", "town"))]
    projects = [Project(name, (Role("code"),), 1, 1) for name in PROJECTS]
    assert form_teams(people, projects).members["wish"].to_list() == [1, 1]


def test_the_order_of_the_lists_does_not_matter() -> None:
    people = [Member(f"m{k}", ROLES, 5) for k in range(6)]
    projects = [Project(name, tuple(Role(role) for role in ROLES), 2, 3, 9) for name in PROJECTS]
    forward, backward = form_teams(people, projects), form_teams(people[::-1], projects[::-1])
    assert forward.members.equals(backward.members)


def test_nobody_and_nothing_is_an_answer_too() -> None:
    assert form_teams([], []).unmet == ()
    assert form_teams([], [Project("shop", (Role("code"),), 1, 1)]).unmet == ("shop",)
    assert form_teams([Member("m1", ("code",), 5)], []).left == ("m1",)


def test_a_wish_for_no_project_is_named() -> None:
    with pytest.raises(TazunaError, match="m1 wishes for shp"):
        form_teams([Member("m1", ("code",), 5, ("shp",))], [Project("shop", (Role("code"),), 1, 1)])


def test_an_id_that_stands_twice_is_named() -> None:
    with pytest.raises(TazunaError, match="m1 stands twice"):
        form_teams([Member("m1", ("code",), 5), Member("m1", ("code",), 4)], [])
