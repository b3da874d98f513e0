"""Who takes part (参加) after the draws, who gets a place given back, and what it does to them: the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.held_draws import HeldDraw
from tazuna.simulation.naming import labels, person_ids
from tazuna.simulation.streams import Flags, Floats, Integers, largest_in_groups, normal, stream

STATUSES = ("completed", "withdrew", "no_show")
OUTSIDE = "outside"
"""What stands for a programme where somebody found side work of their own."""
THE_DRAW, GIVEN_BACK = 1, 2
"""Values of ``offer_round``."""


@dataclass(frozen=True, slots=True)
class TakingPart:
    """What became of the applicants; flags of shape (n,) over all people.

    Parameters
    ----------
    tables
        ``assignments``, places given back and refilled included, and ``participation``.
    seated
        Who took a place of any round, also one that somebody gave back.
    completed
        Who completed it.
    would_complete
        Who completes a place that the draw gives them, whether or not it gave one.
    """

    tables: Mapping[str, pl.DataFrame]
    seated: Flags
    completed: Flags
    would_complete: Flags


def take_part(
    seed: int, draws: Sequence[HeldDraw], programs: pl.DataFrame, count: int, assumed: Assumptions
) -> TakingPart:
    """Follow the draws: who gives a place back, who gets it then, and how each participation goes.

    How it would go is drawn for everybody, so that another draw would change nothing but who has a place.

    Parameters
    ----------
    programs
        The table.
    count
        Of all people.
    """
    gives_back = stream(seed, "gives back").random(count) < assumed.giving_back
    how = stream(seed, "how it goes").random(count)
    status = np.where(how < assumed.no_show, 2, np.where(how < assumed.no_show + assumed.withdrawing, 1, 0))
    refills = [_refilled(draw, gives_back) for draw in draws]
    person, program = _places(draws, refills, gives_back)
    seated, completed = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    seated[person], completed[person[status[person] == 0]] = True, True
    inside = _participation(seed, person, program, status[person], programs, count)
    outside = _outside_work(seed, draws, programs, count, assumed)
    return TakingPart(
        tables={
            "assignments": _assignments(draws, refills),
            "participation": pl.concat([inside, outside], how="diagonal"),
        },
        seated=seated,
        completed=completed,
        would_complete=~gives_back & (status == 0),
    )


def _refilled(draw: HeldDraw, gives_back: Flags) -> tuple[Integers, Integers]:
    """Who of a round without a place gets one that was given back, in the order of tier and lottery number.

    Returns
    -------
    tuple
        Index of each pair among the feasible ones, and its programme.
    """
    applicant, program = draw.edges
    back = draw.offered & gives_back[draw.person]
    places = np.bincount(draw.program[back], minlength=int(program.max(initial=0)) + 1)
    waiting = np.flatnonzero(~draw.offered[applicant] & (places[program] > 0))
    _, best = np.unique(applicant[waiting], return_index=True)
    edge = waiting[best]
    position = draw.drawn.ready.market.tier[edge] + draw.numbers.person[applicant[edge]]
    edge = edge[largest_in_groups(-position, program[edge], places)]
    return edge, program[edge]


def _places(
    draws: Sequence[HeldDraw], refills: Sequence[tuple[Integers, Integers]], gives_back: Flags
) -> tuple[Integers, Integers]:
    """Person and programme of every place that somebody took, round by round, sorted by person."""
    people, programs = [], []
    for draw, (edge, program) in zip(draws, refills, strict=True):
        keeps = draw.offered & ~gives_back[draw.person]
        later = draw.person[draw.edges[0][edge]]
        person = np.concatenate([draw.person[keeps], later])
        order = np.argsort(person, kind="stable")
        people.append(person[order])
        programs.append(np.concatenate([draw.program[keeps], program])[order])
    return np.concatenate(people), np.concatenate(programs)


def _assignments(draws: Sequence[HeldDraw], refills: Sequence[tuple[Integers, Integers]]) -> pl.DataFrame:
    """The table ``assignments``: a row for everybody in each draw, and one for each place given back."""
    rows = []
    for draw, (edge, _) in zip(draws, refills, strict=True):
        market, chances, held = draw.drawn.ready.market, draw.chances, draw.drawn.outcome.held
        applicant = np.concatenate([np.arange(held.size), market.applicant_of_edge()[edge]])
        pair = np.concatenate([held, edge])
        program = np.append(market.program, 0)[pair]
        place = pl.DataFrame(
            {
                "program_id": pl.Series(market.programs, dtype=pl.String).gather(program),
                "rank": np.append(market.rank, 0)[pair].astype(np.int64),
                "chance": np.append(chances.chance, 0.0)[pair],
                "offer_round": np.repeat([THE_DRAW, GIVEN_BACK], [held.size, edge.size]),
            }
        ).select(pl.when(pl.lit(pl.Series(pair >= 0))).then(pl.all()))
        rows.append(
            place.select(
                pl.Series("person_id", market.applicants, dtype=pl.String).gather(applicant),
                "program_id",
                "rank",
                "chance",
                pl.Series("chance_any", chances.chance_any[applicant]),
                "offer_round",
            )
        )
    return pl.concat(rows)


def _participation(
    seed: int, person: Integers, program: Integers, status: Integers, programs: pl.DataFrame, count: int
) -> pl.DataFrame:
    """The rows of ``participation`` of those who took a place."""
    rng, size, came = stream(seed, "participation"), person.size, status < 2
    share = np.array([1.0, 0.4, 0.0])[status]
    weekly = programs["hours_per_week"].to_numpy()[program]
    promised = programs["feedback_promised"].to_numpy()[program]
    start = _day(programs["starts_on"][0]) if size else 0
    table = pl.DataFrame(
        {
            "person_id": person_ids(person, count),
            "program_id": labels(programs["program_id"].to_list(), program),
            "status": labels(STATUSES, status),
            "source": pl.repeat("round", size, eager=True),
            "started_on": _days(np.full(size, start)),
            "ended_on": _days(start + np.round(90 * share).astype(np.int64)),
            "hours": np.round(13 * weekly * share * rng.uniform(0.7, 1.1, size)).astype(np.int64),
            "feedback_received": came & (rng.random(size) < np.where(promised, 0.85, 0.5)),
            "challenge_first_month": rng.integers(1, 6, size),
            "watcher": came & (rng.random(size) < 0.55),
            "journal_entries": np.where(came, rng.poisson(6, size), 0),
        }
    )
    not_come = pl.lit(pl.Series(~came))
    columns = ["started_on", "ended_on", "challenge_first_month"]
    return table.with_columns(pl.when(not_come).then(None).otherwise(pl.col(c)).alias(c) for c in columns)


def _outside_work(
    seed: int, draws: Sequence[HeldDraw], programs: pl.DataFrame, count: int, assumed: Assumptions
) -> pl.DataFrame:
    """The rows of ``participation`` of applicants who found side work of their own."""
    person = np.concatenate([draw.person for draw in draws])
    offered = np.concatenate([draw.offered for draw in draws])
    chance = np.where(offered, assumed.outside_work["with a place"], assumed.outside_work["without"])
    found = np.sort(person[stream(seed, "outside work").random(count)[person] < chance])
    rng, start = stream(seed, "outside hours"), _day(programs["starts_on"][0])
    began = start + rng.integers(0, 150, found.size)
    return pl.DataFrame(
        {
            "person_id": person_ids(found, count),
            "program_id": pl.repeat(OUTSIDE, found.size, eager=True),
            "status": pl.repeat(STATUSES[0], found.size, eager=True),
            "source": pl.repeat("outside", found.size, eager=True),
            "started_on": _days(began),
            "ended_on": _days(began + rng.integers(30, 90, found.size)),
            "hours": rng.integers(10, 90, found.size),
        }
    )


def _day(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _days(numbers: Integers) -> pl.Series:
    return pl.Series(numbers).cast(pl.Int32).cast(pl.Date)


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
