"""From a study to a market: the pairs that can be placed, and every pair that cannot with its reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.errors import MissingInputError, StudyError
from tazuna.intake.faults import Notice, listed
from tazuna.language import message
from tazuna.matching.applicants import day_of_round, people_of_round, wave_of_day
from tazuna.matching.market import Indices, Market
from tazuna.matching.removal import first_reason
from tazuna.study import Study

_FROM_PROGRAMS = ("program_id", "kind", "place", "hours_per_week", "eligibility", "tie_breaker")
_FROM_PEOPLE = ("status", "sender", "hours_available", "travel_prefectures")
_FROM_PRIORITIES = ("tier", "score", "eligible")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A round that is ready to be drawn.

    Parameters
    ----------
    round
        As asked for.
    market
        The feasible pairs; applicants and programmes sorted by id. An applicant all of whose pairs were
        removed is in it with an empty list.
    pairs
        One row an edge of the market, in its order: person_id, program_id, rank, ``tier`` as the host gave it
        (null: the host ranks nobody, or not this person) and score.
    removed
        person_id, program_id, rank and ``reason``, a code of `tazuna.matching.removal.REASONS`; sorted by
        person and rank.
    people
        One row an applicant of the market, in its order, as of the round: columns of people, ``age``,
        ``age_band``, ``sender``; ``receipt`` where people or applications have one.
    programs
        One row a programme of the market, in its order.
    wave, year
        Which rows of people were taken, and the year of their ages; None where nothing tells it.
    notices
        What was assumed.
    """

    round: str
    market: Market
    pairs: pl.DataFrame
    removed: pl.DataFrame
    people: pl.DataFrame
    programs: pl.DataFrame
    wave: str | None
    year: int | None
    notices: tuple[Notice, ...]


def feasible_market(
    study: Study,
    round_: str,
    *,
    wave: str | None = None,
    year: int | None = None,
    most_hours: float | None = None,
) -> Prepared:
    """The market of a round: who applied where, without the pairs that cannot be placed.

    Parameters
    ----------
    round_
        Name in the column ``round`` of programs; a study without that column is one round.
    wave, year
        Of which wave the rows of people are taken, and in which calendar year their ages; by default as of
        the last consent, else of the first start.
    most_hours
        Most hours a week of a programme; by default that of ``[match]``.

    Raises
    ------
    MissingInputError
        There are no programmes or no applications.
    StudyError
        There is no such round, a person gave two programmes the same rank, or a cell cannot be used.
    ConditionError
        A programme's condition cannot be understood.
    """
    programs = _programs_of(study, round_)
    applications = _applications_of(study, programs)
    day = day_of_round(applications, programs)
    wave = wave or wave_of_day(study, day)
    year = year or (day.year if day else next((w.year for w in study.waves if w.wave == wave), None))
    people = people_of_round(study, applications["person_id"].unique().sort(), wave, year)
    _expect_ages(programs, people, year)
    people = _with_receipts(people, applications)
    pairs = _joined(applications, programs, people, study.table("priorities"))
    limit = study.match_of(round_).most_hours_per_week if most_hours is None else most_hours
    pairs = pairs.with_columns(first_reason(pairs, people, study.orders, limit))
    feasible = pairs.filter(pl.col("reason").is_null())
    tiers, notices = _tiers(feasible, pairs)
    return Prepared(
        round=round_,
        market=_market(feasible, tiers, people, programs),
        pairs=feasible.select("person_id", "program_id", "rank", "tier", "score"),
        removed=pairs.filter(pl.col("reason").is_not_null()).select(
            "person_id", "program_id", "rank", "reason"
        ),
        people=people,
        programs=programs,
        wave=wave,
        year=year,
        notices=notices,
    )


def _programs_of(study: Study, round_: str) -> pl.DataFrame:
    programs = study.table("programs")
    if programs is None or not programs.height:
        raise MissingInputError(
            message("{title} has no programmes, so there is nothing to draw.", title=study.title),
            message("Add a table programs (機会) with a row for each programme."),
        )
    if "round" in programs.columns and programs["round"].is_not_null().any():
        rounds = programs["round"].drop_nulls().unique(maintain_order=True).to_list()
        programs = programs.filter(pl.col("round") == round_)
        if not programs.height:
            raise StudyError(
                message("There is no round “{found}” in the table programs.", found=round_),
                message("The rounds are {rounds}.", rounds=listed(rounds)),
            )
    return programs.sort("program_id")


def _applications_of(study: Study, programs: pl.DataFrame) -> pl.DataFrame:
    given = study.table("applications")
    if given is not None:
        given = given.filter(pl.col("program_id").is_in(programs["program_id"].implode()))
    if given is None or not given.height:
        raise MissingInputError(
            message("{title} has no applications to these programmes.", title=study.title),
            message("Add a table applications (応募) with person_id, program_id and rank."),
        )
    return given


def _expect_ages(programs: pl.DataFrame, people: pl.DataFrame, year: int | None) -> None:
    """Refuse where a condition asks for ages and no date says in which year they hold."""
    if year is not None or "eligibility" not in programs.columns or "birth_year" not in people.columns:
        return
    asking = programs.filter(pl.col("eligibility").str.normalize("NFKC").str.contains(r"\bage(_band)?\b"))
    if asking.height:
        raise MissingInputError(
            message(
                "Table programs, {program}, eligibility: it asks for an age, and no date says in which year.",
                program=asking["program_id"][0],
            ),
            message("Give the programmes starts_on, or the applications consented_at."),
        )


def _with_receipts(people: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """The people with the receipt that their applications carry, where people have no such column."""
    if "receipt" not in applications.columns or "receipt" in people.columns:
        return people
    receipts = applications.group_by("person_id").agg(
        pl.col("receipt").drop_nulls().first(), pl.col("receipt").drop_nulls().n_unique().alias("kinds")
    )
    for person in receipts.filter(pl.col("kinds") > 1)["person_id"].sort().head(1):
        raise StudyError(
            message("Table applications: {person} has more than one receipt.", person=person),
            message("Write the same receipt in all rows of a person."),
        )
    return people.join(receipts.drop("kinds"), on="person_id", how="left", maintain_order="left")


def _joined(
    applications: pl.DataFrame, programs: pl.DataFrame, people: pl.DataFrame, priorities: pl.DataFrame | None
) -> pl.DataFrame:
    """One row an application, with what the reasons and the market need; sorted by person, then rank."""
    asked = ("person_id", "program_id", "rank", "consented_at", "hours_available")
    pairs = applications.select(name for name in asked if name in applications.columns)
    at_program = programs.with_row_index("program").select(
        pl.col("program").cast(pl.Int32),
        *(name for name in _FROM_PROGRAMS if name in programs.columns),
        pl.col("organisation_id").alias("host"),
        *([pl.col("prefecture").alias("program_prefecture")] if "prefecture" in programs.columns else []),
    )
    of_people = [name for name in _FROM_PEOPLE if name in people.columns and name not in pairs.columns]
    at_person = people.with_row_index("applicant").select(
        pl.col("applicant").cast(pl.Int32), "person_id", *of_people
    )
    judged = pl.DataFrame(schema={"program_id": pl.String, "person_id": pl.String, "tier": pl.Int64})
    if priorities is not None:
        judged = priorities.select(
            "program_id", "person_id", *(name for name in _FROM_PRIORITIES if name in priorities.columns)
        )
    pairs = (
        pairs.join(at_program, on="program_id", how="left")
        .join(at_person, on="person_id", how="left")
        .join(judged, on=["program_id", "person_id"], how="left")
        .with_columns(pl.col("program_id").is_in(judged["program_id"].unique().implode()).alias("ranked"))
        .sort("applicant", "rank", "program")
    )
    _expect_strict(pairs)
    return pairs if "score" in pairs.columns else pairs.with_columns(score=pl.lit(None, pl.Float64))


def _expect_strict(pairs: pl.DataFrame) -> None:
    """Refuse two choices of one person with the same rank; the pairs are sorted."""
    alike = [pl.col(name) == pl.col(name).shift() for name in ("applicant", "rank")]
    for person, rank in pairs.filter(*alike).head(1).select("person_id", "rank").iter_rows():
        raise StudyError(
            message(
                "Table applications: {person} gave rank {rank} to more than one programme of the round.",
                person=person,
                rank=rank,
            ),
            message("Give each programme of a person a rank of its own, 1 for the first choice."),
        )


def _tiers(feasible: pl.DataFrame, pairs: pl.DataFrame) -> tuple[Indices, tuple[Notice, ...]]:
    """The tier of each feasible pair: unranked people come last at a host that ranks; scores refine."""
    last = pairs.group_by("program").agg(pl.col("tier").max().alias("last"))
    placed = feasible.join(last, on="program", how="left", maintain_order="left")
    unranked = int(placed.select((pl.col("ranked") & pl.col("tier").is_null()).sum()).item())
    tier = pl.coalesce("tier", pl.when("ranked").then(pl.col("last").fill_null(0) + 1), pl.lit(1))
    placed = placed.select("program", "score", screened(placed), tier.alias("tier"))
    by_score = pl.struct("tier", -pl.col("score").fill_null(float("-inf"))).rank("dense").over("program")
    tiers = placed.select(pl.when("screened").then(by_score).otherwise("tier").cast(pl.Int32)).to_series()
    if not unranked:
        return tiers.to_numpy(writable=True), ()
    said = message(
        "Table priorities: applicants whom a host that ranks did not rank, placed after all others: {count}",
        count=unranked,
    )
    return tiers.to_numpy(writable=True), (Notice("unranked", "priorities", "priorities", unranked, said),)


def screened(programs: pl.DataFrame) -> pl.Expr:
    """Whether ties are broken by the interview score: column ``tie_breaker`` says ``score``."""
    if "tie_breaker" not in programs.columns:
        return pl.lit(value=False).alias("screened")
    word = pl.col("tie_breaker").str.normalize("NFKC").str.strip_chars().str.to_lowercase()
    return (word == "score").fill_null(value=False).alias("screened")


def _market(feasible: pl.DataFrame, tiers: Indices, people: pl.DataFrame, programs: pl.DataFrame) -> Market:
    organisations = pl.concat([people["sender"], programs["organisation_id"]]).drop_nulls().unique().sort()
    number = {name: at for at, name in enumerate(organisations)}
    # Writable, like all other markets: for arrays that are not, every kernel would be compiled once more.
    counts = np.bincount(feasible["applicant"].to_numpy(), minlength=people.height)
    minimum = programs["minimum"].fill_null(0) if "minimum" in programs.columns else None
    return Market(
        applicants=tuple(people["person_id"]),
        programs=tuple(programs["program_id"]),
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        program=feasible["program"].to_numpy(writable=True),
        rank=feasible["rank"].cast(pl.Int32).to_numpy(writable=True),
        tier=tiers,
        capacity=programs["capacity"].to_numpy(writable=True),
        screened=programs.with_columns(screened(programs))["screened"].to_numpy(writable=True),
        sender=_numbered(people["sender"], number),
        host=_numbered(programs["organisation_id"], number),
        organisations=tuple(organisations),
        minimum=np.zeros(programs.height, np.int64) if minimum is None else minimum.to_numpy(writable=True),
    )


def _numbered(ids: pl.Series, number: dict[str, int]) -> Indices:
    return ids.replace_strict(number, default=-1, return_dtype=pl.Int32).to_numpy(writable=True)
