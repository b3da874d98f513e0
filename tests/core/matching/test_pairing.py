"""Pairs for dialogue."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.errors import MissingInputError, TazunaError
from tazuna.matching.market import Flags
from tazuna.matching.pair_graph import Noise, Novelty, PairRules, pair_graph
from tazuna.matching.pairing import Pairing, form_pairs, plan_rounds
from tazuna.matching.shortage import everybody_fits, left_out_by_some, trios_that_leave_pairs

FREE = PairRules(same_department=False, reporting_line=False)
PLAIN = Novelty()


def people_in(departments: str, **columns: list[str | None]) -> pl.DataFrame:
    """One person a letter, ids p0, p1, …; the letter is the department."""
    ids = [f"p{k}" for k in range(len(departments))]
    managers: list[str | None] = [None] * len(ids)
    return pl.DataFrame(
        {"person_id": ids, "department": list(departments), "manager_id": managers, **columns},
        schema_overrides={"person_id": pl.String, "department": pl.String, "manager_id": pl.String},
    )


def groupings(n: int, three: bool) -> Iterator[tuple[tuple[int, ...], ...]]:
    """All ways to seat people in pairs, where ``three`` at most one trio; some may stay over."""

    def rest(left: tuple[int, ...], three: bool) -> Iterator[tuple[tuple[int, ...], ...]]:
        if not left:
            yield ()
            return
        first, others = left[0], left[1:]
        yield from rest(others, three)
        for size in (1, 2) if three else (1,):
            for more in combinations(others, size):
                remaining = tuple(k for k in others if k not in more)
                yield from (((first, *more), *tail) for tail in rest(remaining, three and size == 1))

    return rest(tuple(range(n)), three)


def best_by_hand(people: pl.DataFrame, rules: PairRules) -> tuple[int, float]:
    """Most people seated, and the most points with that many."""
    graph = pair_graph(people, rules, PLAIN, (), None)
    allowed = graph.allowed()
    best = (0, 0.0)
    for groups in groupings(len(people), three=True):
        inner = [list(combinations(group, 2)) for group in groups]
        if all(allowed[pair] for pairs in inner for pair in pairs):
            points = sum(float(np.mean([graph.novelty[pair] for pair in pairs])) for pairs in inner)
            best = max(best, (sum(map(len, groups)), points))
    return best


small_people = st.integers(0, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.sampled_from("ABC"), min_size=n, max_size=n),
        st.lists(st.sampled_from(["sales", "works", None]), min_size=n, max_size=n),
        st.lists(st.sampled_from(["20-34", "35-49"]), min_size=n, max_size=n),
        st.lists(st.one_of(st.none(), st.integers(0, max(n - 1, 0))), min_size=n, max_size=n),
    )
)


def built(drawn: tuple[list[str], list[str | None], list[str], list[int | None]]) -> pl.DataFrame:
    departments, families, bands, managers = drawn
    schema = {"job_family": pl.String, "age_band": pl.String}
    return people_in("".join(departments)).with_columns(
        pl.Series("job_family", families, schema["job_family"]),
        pl.Series("age_band", bands, schema["age_band"]),
        pl.Series("manager_id", [None if k is None else f"p{k}" for k in managers], pl.String),
    )


def expect_sound(pairing: Pairing, people: pl.DataFrame) -> None:
    seated = [person for group in pairing.groups for person in group]
    assert sorted([*seated, *pairing.unpaired]) == sorted(people["person_id"])
    allowed = set(pairing.candidates.select("person_a", "person_b").iter_rows())
    assert all(pair in allowed for group in pairing.groups for pair in combinations(group, 2))
    threes = sum(len(group) == 3 for group in pairing.groups)
    assert threes <= 1
    if not pairing.unpaired:
        assert threes == len(people) % 2
    assert (pairing.conflict is None) == (not pairing.unpaired)


@settings(deadline=None, max_examples=60)
@given(small_people)
def test_pairs_are_the_best_that_trying_everything_finds(
    drawn: tuple[list[str], list[str | None], list[str], list[int | None]],
) -> None:
    people = built(drawn)
    pairing = form_pairs(people)
    expect_sound(pairing, people)
    seated, points = best_by_hand(people, PairRules())
    assert sum(map(len, pairing.groups)) == seated
    assert sum(pairing.novelty) == pytest.approx(points, abs=1e-5)


@settings(deadline=None, max_examples=20)
@given(st.integers(9, 45), st.integers(2, 6), st.integers(0, 10**6))
def test_larger_rounds_keep_the_exclusions_and_have_one_trio_when_odd(
    n: int, departments: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    people = people_in("".join("ABCDEF"[k] for k in rng.integers(0, departments, n)))
    expect_sound(form_pairs(people, noise=Noise(seed, 2.0)), people)


graphs = st.integers(1, 7).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.booleans(), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2)
    )
)


def matrix_of(drawn: tuple[int, list[bool]]) -> Flags:
    n, edges = drawn
    allowed = np.zeros((n, n), np.bool_)
    allowed[np.triu_indices(n, 1)] = edges
    return np.asarray(allowed | allowed.T)


def most_in_pairs(allowed: Flags, places: tuple[int, ...]) -> int:
    return max(
        2 * len([group for group in groups if len(group) == 2])
        for groups in groupings(len(places), three=False)
        if all(allowed[places[a], places[b]] for a, b in groups)
    )


@settings(deadline=None, max_examples=40)
@given(graphs)
def test_the_tutte_matrix_knows_who_can_be_left_out_and_which_trios_fit(
    drawn: tuple[int, list[bool]],
) -> None:
    allowed = matrix_of(drawn)
    n = len(allowed)
    everybody = tuple(range(n))
    most = most_in_pairs(allowed, everybody)
    without = [tuple(k for k in everybody if k != place) for place in everybody]
    assert left_out_by_some(allowed).tolist() == [
        most_in_pairs(allowed, others) == most for others in without
    ]
    if n % 2:
        fits = {
            (int(a), int(b), c)
            for c, m in enumerate(trios_that_leave_pairs(allowed))
            for a, b in np.argwhere(m)
        }
        assert fits == {
            trio
            for trio in combinations(everybody, 3)
            if all(allowed[pair] for pair in combinations(trio, 2))
            and most_in_pairs(allowed, tuple(k for k in everybody if k not in trio)) == n - 3
        }
        assert everybody_fits(allowed) == (bool(fits) and n > 1)


@settings(deadline=None, max_examples=30)
@given(small_people, st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=3))
def test_a_conflict_is_as_small_as_trying_all_subsets_of_rules_finds(
    drawn: tuple[list[str], list[str | None], list[str], list[int | None]], pairs: list[tuple[int, int]]
) -> None:
    people = built(drawn)
    known = [(a, b) for a, b in pairs if a != b and max(a, b) < len(people)]
    rules = PairRules(apart=tuple((f"p{a}", f"p{b}") for a, b in known))
    conflict = form_pairs(people, rules=rules).conflict
    if conflict is None:
        return
    excluded = pair_graph(people, rules, PLAIN, (), None).excluded
    n = len(people)

    def fits(chosen: tuple[int, ...]) -> bool:
        allowed = ~np.eye(n, dtype=np.bool_)
        for k in chosen:
            allowed &= ~excluded[k][1]
        return everybody_fits(allowed)

    sizes = (
        size
        for size in range(len(excluded) + 1)
        for c in combinations(range(len(excluded)), size)
        if not fits(c)
    )
    assert len(conflict.conditions) == next(sizes)


def test_five_of_one_department_share_three_partners() -> None:
    pairing = form_pairs(people_in("AAAAABBB"))
    assert len(pairing.groups) == 3
    assert pairing.conflict is not None
    assert pairing.conflict.smallest
    assert pairing.conflict.lines("en") == (
        "5 people (p0, p1, p2, p3, p4) share only 3 possible partners: p5, p6, p7",
        "People of the same department are not paired. → Allow the same department, or invite people of other"
        " departments.",
    )


def test_who_has_met_everybody_outside_the_own_department_is_named() -> None:
    people = people_in("AABB")
    past = [[("p0", "p2")], [("p0", "p3")]]
    conflict = form_pairs(people, past=past).conflict
    assert conflict is not None
    assert {condition.name for condition in conflict.conditions} == {
        "same_department",
        "past_round_1",
        "past_round_2",
    }
    assert conflict.lines("ja")[0] == "p0さんには、組める相手がいません。"


def test_one_person_alone_has_no_partner() -> None:
    pairing = form_pairs(people_in("A"))
    assert pairing.unpaired == ("p0",)
    assert pairing.conflict is not None
    assert pairing.conflict.lines("en") == ("p0 has no possible partner.",)


def test_nobody_is_paired_with_the_bosss_boss() -> None:
    people = people_in("ABCD").with_columns(manager_id=pl.Series([None, "p0", "p1", None]))
    allowed = set(form_pairs(people).candidates.select("person_a", "person_b").iter_rows())
    assert allowed == {("p0", "p3"), ("p1", "p3"), ("p2", "p3")}


def test_a_circle_of_managers_does_not_hang() -> None:
    people = people_in("ABCD").with_columns(manager_id=pl.Series(["p1", "p0", None, None]))
    assert ("p0", "p1") not in form_pairs(people).groups


def test_only_the_latest_rounds_exclude_where_asked() -> None:
    past = [[("p0", "p1"), ("p2", "p3")], [("p0", "p2"), ("p1", "p3")]]
    latest = form_pairs(people_in("ABCD"), rules=PairRules(past_rounds=1), past=past)
    pairs = set(latest.candidates.select("person_a", "person_b").iter_rows())
    assert ("p0", "p1") in pairs
    assert ("p0", "p2") not in pairs


def test_a_talk_long_ago_is_newer_than_a_recent_one() -> None:
    past = [[("p0", "p1"), ("p2", "p3")], [], [("p0", "p2"), ("p1", "p3")], [("p0", "p3"), ("p1", "p2")]]
    again = form_pairs(people_in("ABCD"), rules=PairRules(past_rounds=0), past=past)
    assert again.groups == (("p0", "p1"), ("p2", "p3"))


def test_the_order_of_the_rows_does_not_matter() -> None:
    people = people_in("AABBCCD")
    assert form_pairs(people).groups == form_pairs(people.reverse()).groups


def test_without_noise_no_experiment_is_possible() -> None:
    pairing = form_pairs(people_in("ABCD"))
    assert pairing.experiment.text("en").endswith("no experiment is possible.")
    assert pairing.candidates["noise"].sum() == 0


def test_noise_is_recorded_and_decides_between_equal_pairs() -> None:
    people = people_in("ABCDEF")
    drawn = {seed: form_pairs(people, noise=Noise(seed, 1.0)) for seed in range(20)}
    assert len({pairing.groups for pairing in drawn.values()}) > 5
    again = form_pairs(people.reverse(), noise=Noise(7, 1.0))
    assert again.groups == drawn[7].groups
    assert again.candidates.equals(drawn[7].candidates)
    assert again.candidates["noise"].is_between(0, 1).all()
    assert "seed 7" in again.experiment.text("en")


@pytest.mark.parametrize("n", [4, 6, 8, 10])
def test_everybody_meets_everybody_once_before_anybody_meets_twice(n: int) -> None:
    plan = plan_rounds(people_in("A" * n), n - 1, rules=FREE)
    assert [pairing.repeated for pairing in plan] == [0] * (n - 1)
    assert len({group for pairing in plan for group in pairing.groups}) == n * (n - 1) // 2


def test_a_plan_repeats_only_when_it_must() -> None:
    plan = plan_rounds(people_in("AAAA"), 4, rules=FREE)
    assert [pairing.repeated for pairing in plan] == [0, 0, 0, 2]
    assert not any(pairing.unpaired for pairing in plan)


def test_a_plan_keeps_out_the_partners_of_past_rounds() -> None:
    past = [[("p0", "p1"), ("p2", "p3")]]
    plan = plan_rounds(people_in("AAAA"), 2, rules=FREE, past=past)
    assert {group for pairing in plan for group in pairing.groups}.isdisjoint({("p0", "p1"), ("p2", "p3")})


def test_a_plan_of_no_round_is_refused() -> None:
    with pytest.raises(TazunaError, match="not 0"):
        plan_rounds(people_in("AB"), 0)


def test_a_rule_without_its_column_is_refused_by_name() -> None:
    with pytest.raises(MissingInputError, match="department"):
        form_pairs(people_in("AB").drop("department"))


def test_an_unknown_id_to_keep_apart_is_refused_by_name() -> None:
    with pytest.raises(TazunaError, match="p9"):
        form_pairs(people_in("AB"), rules=PairRules(apart=(("p0", "p9"),)))


def test_an_id_that_stands_twice_is_named() -> None:
    with pytest.raises(TazunaError, match="p0 stands twice"):
        form_pairs(pl.concat([people_in("A"), people_in("B")]))
