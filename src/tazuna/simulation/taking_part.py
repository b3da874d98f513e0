"""Who gets a place in the sample, takes part (参加), and what it does to them: the simulator's truth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from tazuna.simulation.applying import Applications
from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.naming import labels, person_ids
from tazuna.simulation.programs import Programs
from tazuna.simulation.streams import Flags, Floats, Integers, largest_in_groups, normal, stream

STATUSES = ("completed", "withdrew", "no_show")


def seat(applications: Applications, capacity: Integers, lottery: Floats) -> Flags:
    """Seat applicants choice by choice: at each programme lower tiers first, ties by lottery number.

    It exists only so that a sample has people who took part; it is neither strategy-proof nor stable.

    Parameters
    ----------
    applications
        All applications of one round.
    capacity
        Shape (s,).
    lottery
        Shape (n,): one number in [0, 1) a person; small wins.

    Returns
    -------
    Flags
        Shape (a,), which applications got a place; at most one a person.
    """
    seated = np.zeros(applications.person.size, dtype=bool)
    left = capacity.copy()
    has_place = np.zeros(lottery.size, dtype=bool)
    position = applications.tier + lottery[applications.person]
    for rank in range(1, int(applications.rank.max(initial=0)) + 1):
        asks = applications.eligible & (applications.rank == rank) & ~has_place[applications.person]
        turn = np.where(asks, -position, -np.inf)
        wins = largest_in_groups(turn, applications.program, left) & asks
        seated |= wins
        has_place[applications.person[wins]] = True
        left = left - np.bincount(applications.program[wins], minlength=left.size)
    return seated


def take_part(
    seed: int, applications: Applications, programs: Programs, count: int, fiscal_year: int
) -> tuple[pl.DataFrame, Flags, Flags]:
    """Seat both rounds and draw how each participation went.

    Returns
    -------
    table
        ``participation``.
    seated, completed
        Shape (n,): who got a place in either round, who completed one.
    """
    seated = np.zeros(applications.person.size, dtype=bool)
    for round_, of_round in programs.rounds().items():
        inside = np.flatnonzero(of_round[applications.program])
        own = Applications(
            applications.person[inside],
            applications.program[inside],
            applications.rank[inside],
            applications.tier[inside],
            applications.eligible[inside],
            applications.score[inside],
        )
        seated[inside] = seat(
            own, programs.capacity, stream(seed, "lottery", round_).random(count, dtype=np.float32)
        )
    person, program = applications.person[seated], applications.program[seated]
    rng = stream(seed, "participation")
    size = person.size
    start = date(fiscal_year + 1, 1, 15).toordinal() - date(1970, 1, 1).toordinal()
    status = rng.choice(3, size=size, p=[0.87, 0.08, 0.05])
    share = np.array([1.0, 0.4, 0.0])[status]
    weekly = programs.table["hours_per_week"].to_numpy()[program]
    came = status < 2
    promised = programs.table["feedback_promised"].to_numpy()[program]
    watcher = rng.random(size) < 0.55
    feedback = came & (rng.random(size) < np.where(promised, 0.85, 0.5))
    table = pl.DataFrame(
        {
            "person_id": person_ids(person, count),
            "program_id": labels(programs.table["program_id"].to_list(), program),
            "status": labels(STATUSES, status),
            "source": ["round"] * size,
            "started_on": pl.Series(np.full(size, start)).cast(pl.Int32).cast(pl.Date),
            "ended_on": pl.Series(start + np.round(90 * share).astype(np.int64)).cast(pl.Int32).cast(pl.Date),
            "hours": np.round(13 * weekly * share * rng.uniform(0.7, 1.1, size)).astype(np.int64),
            "feedback_received": feedback,
            "challenge_first_month": rng.integers(1, 6, size),
            "watcher": watcher & came,
            "journal_entries": np.where(came, rng.poisson(6, size), 0),
        }
    )
    not_come = pl.lit(pl.Series(~came))
    columns = ["started_on", "ended_on", "challenge_first_month"]
    table = table.with_columns(pl.when(not_come).then(None).otherwise(pl.col(c)).alias(c) for c in columns)
    has_place, completed = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    has_place[person], completed[person[status == 0]] = True, True
    return table, has_place, completed


def effects_of_completing(seed: int, completed: Flags, assumed: Assumptions) -> Mapping[str, Floats]:
    """The true effect on everybody's latent variables in the last wave; zero for who did not complete.

    Returns
    -------
    dict
        Latent variable → shape (n,), in SD.
    """
    varied = 1.0 + assumed.effect_spread * normal(stream(seed, "effect"), completed.size)
    return {
        latent: np.asarray(effect * varied * completed, dtype=np.float32)
        for latent, effect in assumed.effects.items()
    }
