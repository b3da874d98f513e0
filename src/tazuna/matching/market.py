"""The market (市場): applicants with their lists, programmes with places, and every feasible pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Market:
    """Applicants, programmes and the feasible pairs (edges) between them, as compressed sparse rows.

    The edges of applicant ``i`` are ``start[i]:start[i + 1]``, the first choice first.

    Parameters
    ----------
    applicants, programs
        Ids: n applicants, m programmes.
    start
        Int64, n + 1: where each applicant's list begins.
    program
        Int32, one an edge: index of the programme.
    rank
        Int32, one an edge: rank as submitted (1 = first choice), before infeasible choices were removed.
    tier
        Int32, one an edge: the host's tier (優先順位; 1 = first). Ties inside a tier are broken by the draw.
        A screened programme, which ranks by interview score, has one tier a score.
    capacity
        Int64, one a programme: places (定員); 0 closes the programme.
    screened
        Whether a programme's ties are broken by the interview score, one a programme.
    sender
        Int32, one an applicant: index of the organisation that sends the applicant, -1 for none.
    host
        Int32, one a programme: index of the organisation that offers it.
    organisations
        Ids that ``sender`` and ``host`` index.
    minimum
        Int64, one a programme: smallest number with which it runs; 0 for none.
    """

    applicants: tuple[str, ...]
    programs: tuple[str, ...]
    start: Integers
    program: Indices
    rank: Indices
    tier: Indices
    capacity: Integers
    screened: Flags
    sender: Indices
    host: Indices
    organisations: tuple[str, ...]
    minimum: Integers

    @property
    def edges(self) -> int:
        """Number of feasible pairs."""
        return self.program.size

    def applicant_of_edge(self) -> Indices:
        """Int32, one an edge: index of the applicant."""
        return np.repeat(np.arange(len(self.applicants), dtype=np.int32), np.diff(self.start))

    def list_of(self, applicant: int) -> slice:
        """The edges of one applicant."""
        return slice(int(self.start[applicant]), int(self.start[applicant + 1]))


def market_of_lists(
    lists: Sequence[Sequence[int]],
    capacity: Sequence[int],
    tiers: Mapping[tuple[int, int], int] | None = None,
    *,
    sender: Sequence[int] | None = None,
    host: Sequence[int] | None = None,
    minimum: Sequence[int] | None = None,
    screened: Sequence[bool] | None = None,
) -> Market:
    """A market from lists of programme numbers, for examples and small studies.

    Parameters
    ----------
    lists
        For each applicant the programmes, the first choice first.
    capacity
        Places of each programme.
    tiers
        (applicant, programme) → tier; where absent 1.
    sender, host
        Organisation of each applicant (-1: none) and of each programme; without them each programme has an
        organisation of its own and nobody is sent.

    Examples
    --------
    >>> market_of_lists([[0, 1], [0]], capacity=[1, 1]).program.tolist()
    [0, 1, 0]
    """
    programs, people = len(capacity), len(lists)
    given = tiers or {}
    hosts = list(range(programs)) if host is None else list(host)
    senders = [-1] * people if sender is None else list(sender)
    return Market(
        applicants=tuple(f"a{i}" for i in range(people)),
        programs=tuple(f"p{s}" for s in range(programs)),
        start=np.concatenate([[0], np.cumsum([len(choices) for choices in lists])]).astype(np.int64),
        program=np.array([s for choices in lists for s in choices], np.int32),
        rank=np.array([k + 1 for choices in lists for k in range(len(choices))], np.int32),
        tier=np.array([given.get((i, s), 1) for i, choices in enumerate(lists) for s in choices], np.int32),
        capacity=np.array(capacity, np.int64),
        screened=np.array(screened or [False] * programs, np.bool_),
        sender=np.array(senders, np.int32),
        host=np.array(hosts, np.int32),
        organisations=tuple(f"o{k}" for k in range(max([-1, *senders, *hosts]) + 1)),
        minimum=np.array(minimum or [0] * programs, np.int64),
    )
