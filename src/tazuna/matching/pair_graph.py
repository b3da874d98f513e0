"""Who may talk with whom, and how new each pair would be: what a pairing (対話の組み合わせ) starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import polars as pl
import rustworkx as rx

from tazuna.errors import MissingInputError, TazunaError
from tazuna.language import message
from tazuna.matching.conflict import Condition
from tazuna.matching.market import Flags, Floats, Integers

PastRound = Sequence[Sequence[str]]
"""The groups of an earlier round, each two or three ids."""

SCALE = 1_000_000
"""Novelty is rounded to millionths: the matching works on whole numbers, so that it is exact."""


@dataclass(frozen=True, slots=True)
class PairRules:
    """Who is never brought together (組ませない条件).

    Parameters
    ----------
    same_department, same_organisation
        Exclude people of one department or one organisation.
    reporting_line
        Exclude a person and everybody above them by ``manager_id``, as far as the list of people shows it.
    past_rounds
        How many of the latest rounds exclude their partners; None for all of them.
    apart
        Further pairs of ids.
    """

    same_department: bool = True
    same_organisation: bool = False
    reporting_line: bool = True
    past_rounds: int | None = None
    apart: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Novelty:
    """What makes a pair new (新しさ), in points.

    Parameters
    ----------
    different
        Column → points where the two differ in it. An empty cell counts as not different; a column that the
        list of people lacks is left out.
    long_since
        Points of a pair that never met; of one that met n rounds ago the share n / ``forgotten_after``.
    forgotten_after
        Rounds after which an earlier talk no longer counts.
    """

    different: Mapping[str, float] = field(
        default_factory=lambda: {"organisation_id": 3, "department": 3, "job_family": 2, "age_band": 2}
    )
    long_since: float = 3.0
    forgotten_after: int = 6


@dataclass(frozen=True, slots=True)
class Noise:
    """Random points added to each pair: uniform in [0, ``size``), from ``seed``."""

    seed: int
    size: float


@dataclass(frozen=True, slots=True)
class PairGraph:
    """All pairs of n people, by the order of their ids.

    Parameters
    ----------
    ids
        The n people.
    excluded
        Each rule that excludes at least one pair, with a symmetric Bool matrix (n, n).
    novelty, noise
        Float64 (n, n), symmetric: points of each pair.
    """

    ids: tuple[str, ...]
    excluded: tuple[tuple[Condition, Flags], ...]
    novelty: Floats
    noise: Floats

    def allowed(self) -> Flags:
        """Bool (n, n): pairs that no rule excludes."""
        return allowed_by(len(self.ids), [matrix for _, matrix in self.excluded])

    def points(self, mixed: Floats | None = None) -> Integers:
        """Int64 (n, n): novelty and noise together, and what is ``mixed`` in, in millionths."""
        together = self.novelty + self.noise
        return np.rint((together if mixed is None else together + mixed) * SCALE).astype(np.int64)


def pair_graph(
    people: pl.DataFrame, rules: PairRules, novelty: Novelty, past: Sequence[PastRound], noise: Noise | None
) -> PairGraph:
    """The pairs of ``people`` (columns of the table ``people``), with ``past`` rounds, the oldest first.

    Raises
    ------
    TazunaError
        Where an id stands twice, or a pair to keep apart names somebody who does not take part.
    MissingInputError
        Where a rule needs a column that is not there.
    """
    people = people.sort("person_id")
    ids = tuple(people["person_id"].cast(pl.String).to_list())
    _expect_each_once(ids)
    met = _rounds_since_met(ids, past)
    return PairGraph(
        ids,
        tuple(_exclusions(people, ids, rules, past)),
        _novelty(people, novelty, met),
        _drawn(len(ids), noise),
    )


def allowed_by(n: int, excluded: Sequence[Flags]) -> Flags:
    """Bool (n, n): pairs that none of the matrices excludes."""
    allowed = ~np.eye(n, dtype=np.bool_)
    for matrix in excluded:
        allowed &= ~matrix
    return allowed


def matching_graph(points: Integers, allowed: Flags) -> rx.PyGraph[int, int]:
    """The graph that `matched` takes: a node a person, an edge an allowed pair, in the order of ids."""
    first, second = np.nonzero(np.triu(allowed, 1))
    graph: rx.PyGraph[int, int] = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(allowed)))
    graph.add_edges_from(
        list(zip(first.tolist(), second.tolist(), points[first, second].tolist(), strict=True))
    )
    return graph


def matched(graph: rx.PyGraph[int, int]) -> tuple[tuple[int, int], ...]:
    """As many pairs as possible, and among these the most points (最大重みマッチング), sorted.

    Among equally good ones the first that the search finds in the order of ids.

    References
    ----------
    Edmonds (1965), "Paths, trees, and flowers", Canadian Journal of Mathematics 17,
    doi:10.4153/CJM-1965-045-4; Galil (1986), "Efficient algorithms for finding maximum matching in graphs",
    ACM Computing Surveys 18(1), doi:10.1145/6462.6502, whose O(n³) method the library ``rustworkx`` follows.
    """
    pairs = rx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return tuple(sorted((min(pair), max(pair)) for pair in pairs))


def _expect_each_once(ids: Sequence[str]) -> None:
    twice = sorted({person for person, following in pairwise(ids) if person == following})
    if twice:
        raise TazunaError(
            message("The id {person} stands twice in the list of people to pair.", person=twice[0]),
            message("Give each person one row."),
        )


def _exclusions(
    people: pl.DataFrame, ids: tuple[str, ...], rules: PairRules, past: Sequence[PastRound]
) -> list[tuple[Condition, Flags]]:
    found: list[tuple[Condition, Flags]] = []
    if rules.same_department:
        says = message("People of the same department are not paired.")
        cure = message("Allow the same department, or invite people of other departments.")
        found.append((Condition("same_department", says, cure), _same(people, "department")))
    if rules.same_organisation:
        says = message("People of the same organisation are not paired.")
        cure = message("Allow the same organisation, or invite people of other organisations.")
        found.append((Condition("same_organisation", says, cure), _same(people, "organisation_id")))
    if rules.reporting_line:
        says = message("Nobody is paired with somebody above or below them in the reporting line.")
        cure = message("Invite people outside the reporting line; allow it only if both want it.")
        found.append((Condition("reporting_line", says, cure), _reporting_line(people, ids)))
    first = 0 if rules.past_rounds is None else max(len(past) - rules.past_rounds, 0)
    for number, groups in enumerate(past[first:], start=first + 1):
        says = message("Partners of past round {round} are not paired again.", round=number)
        cure = message("Let past round {round} no longer exclude, or invite new people.", round=number)
        found.append((Condition(f"past_round_{number}", says, cure), _together(ids, groups)))
    for one, other in rules.apart:
        _expect_known((one, other), ids)
        says = message("{one} and {other} are kept apart.", one=one, other=other)
        cure = message("Check whether {one} and {other} still have to be kept apart.", one=one, other=other)
        found.append((Condition(f"apart:{one}:{other}", says, cure), _together(ids, [(one, other)])))
    return [(condition, matrix) for condition, matrix in found if matrix.any()]


def _expect_known(named: Sequence[str], ids: tuple[str, ...]) -> None:
    for person in named:
        if person not in ids:
            raise TazunaError(
                message("A pair to keep apart names {person}, who does not take part.", person=person),
                message("Correct the id, or take the pair out."),
            )


def _same(people: pl.DataFrame, column: str) -> Flags:
    _expect_column(people, column)
    codes = _codes(people, column)
    return np.asarray((codes[:, None] == codes) & (codes >= 0) & ~np.eye(codes.size, dtype=np.bool_))


def _expect_column(people: pl.DataFrame, column: str) -> None:
    if column not in people.columns:
        raise MissingInputError(
            message("A rule of the pairing needs the column {column} of the people.", column=column),
            message("Add the column, or switch the rule off."),
        )


def _codes(people: pl.DataFrame, column: str) -> Integers:
    """Int64, one a person: the same number for the same value, -1 for an empty cell."""
    ranks = people[column].rank("dense").cast(pl.Int64)
    return ranks.fill_null(-1).to_numpy()


def _reporting_line(people: pl.DataFrame, ids: tuple[str, ...]) -> Flags:
    _expect_column(people, "manager_id")
    places = {person: place for place, person in enumerate(ids)}
    managers = people["manager_id"].cast(pl.String).to_list()
    direct = np.array([places.get(manager, -1) if manager else -1 for manager in managers], np.int64)
    line = np.zeros((len(ids), len(ids)), np.bool_)
    above = direct.copy()
    for _ in ids:
        rising = np.flatnonzero(above >= 0)
        if not rising.size:
            break
        line[rising, above[rising]] = True
        above[rising] = direct[above[rising]]
    np.fill_diagonal(line, False)
    return np.asarray(line | line.T)


def _together(ids: tuple[str, ...], groups: PastRound) -> Flags:
    places = {person: place for place, person in enumerate(ids)}
    matrix = np.zeros((len(ids), len(ids)), np.bool_)
    for group in groups:
        members = [places[person] for person in group if person in places]
        matrix[np.ix_(members, members)] = True
    np.fill_diagonal(matrix, False)
    return matrix


def _rounds_since_met(ids: tuple[str, ...], past: Sequence[PastRound]) -> Floats:
    """Float64 (n, n): 1 for the latest round, infinite for pairs that never met."""
    since = np.full((len(ids), len(ids)), np.inf)
    for rounds_ago, groups in zip(range(len(past), 0, -1), past, strict=True):
        since[_together(ids, groups)] = rounds_ago
    return since


def _novelty(people: pl.DataFrame, novelty: Novelty, since: Floats) -> Floats:
    points = np.asarray(novelty.long_since * np.minimum(since / novelty.forgotten_after, 1.0))
    for column, weight in novelty.different.items():
        if column in people.columns:
            codes = _codes(people, column)
            both = (codes[:, None] >= 0) & (codes >= 0)
            points = points + weight * ((codes[:, None] != codes) & both)
    return points


def _drawn(n: int, noise: Noise | None) -> Floats:
    drawn = np.zeros((n, n))
    if noise is not None:
        rng = np.random.Generator(np.random.Philox(noise.seed))
        drawn[np.triu_indices(n, 1)] = noise.size * rng.random(n * (n - 1) // 2)
    return drawn + drawn.T
