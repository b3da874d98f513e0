"""A next step for everybody without a place (次の一歩): places left that are open to them, or what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.language import Language, Message, message, translator
from tazuna.matching.feasibility import Prepared
from tazuna.matching.market import Flags, Indices, Integers
from tazuna.matching.reciprocity import GATE
from tazuna.matching.removal import first_reason
from tazuna.matching.sentences import said
from tazuna.study import Study

MOST_LEFT = 20
"""Programmes with places left that are looked at: those with most."""
SHORT_LIST = 3
"""A list of fewer choices is worth a word: more choices, better chances."""
_FROM_PROGRAMS = ("kind", "place", "hours_per_week", "eligibility")
_FROM_PEOPLE = ("status", "sender", "hours_available", "travel_prefectures")

_TWO = message("Places are left at “{one}” and “{two}”, which are open to you: apply now.")
_ONE = message("Places are left at “{one}”, which is open to you: apply now.")
_LONGER = message(
    "No place that is open to you is left in this round. In the next round name more choices than {listed}: "
    "with each one a place becomes more likely."
)
_AGAIN = message(
    "No place that is open to you is left in this round. Apply again in the next one; until then an event, a "
    "community or a talk with a career consultant needs no draw."
)
_AFTER_REMOVAL: Mapping[str, Message] = {
    "left": message("Ask the secretariat about programmes for people who have left their firm."),
    "no_consent": message("Before the next round, give your consent to each application of yours."),
    "declined": message(
        "Ask the host what it missed in the interview, and apply again in the next round with that in mind."
    ),
    "own_company": message("In the next round choose programmes of other firms."),
    "not_eligible": message(
        "Check that your profile is complete, and choose programmes whose conditions you meet."
    ),
    "hours": message("Choose programmes with fewer hours a week, or agree on more hours with your manager."),
    "hours_of_round": message("In the next round choose programmes with fewer hours a week."),
    "travel": message(
        "Choose programmes that are done online, or add prefectures to which you would travel."
    ),
    GATE: message("Ask your firm to offer a place in the next round; then its people can be sent."),
}


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What everybody without a place can do now; nothing for those who have one.

    Parameters
    ----------
    facts
        One row an applicant: ``without`` (no place), ``one`` and ``two`` (titles of programmes with places
        left), ``why`` (code of a removal, where all choices were removed), ``listed`` (choices named).
    """

    facts: pl.DataFrame

    def texts(self, language: Language) -> pl.Series:
        """The next step of each applicant, in the order of the market; empty for those with a place."""
        t = translator(language)
        cures = {code: t(words.template) for code, words in _AFTER_REMOVAL.items()}
        cure = pl.col("why").replace_strict(cures, default=None, return_dtype=pl.String)
        left = pl.when(pl.col("two").is_not_null()).then(said(_TWO, language)).otherwise(said(_ONE, language))
        short = pl.when(pl.col("listed") < SHORT_LIST).then(said(_LONGER, language))
        step = pl.coalesce(left, cure, short, pl.lit(t(_AGAIN.template)))
        return self.facts.select(
            pl.when("without").then(step).otherwise(pl.lit("")).alias("next_step")
        ).to_series()


def next_steps_of(study: Study, prepared: Prepared, held: Integers, taking_part: Flags) -> NextSteps:
    """Look for places left that each applicant without one could have; else say what to do.

    Parameters
    ----------
    held
        Int64, one an applicant: the edge held, or -1.
    taking_part
        Bool, one an applicant: False for those whose firm's senders were drawn without them.
    """
    market = prepared.market
    without = held < 0
    may_go = taking_part & ~_gated(prepared)
    filled = np.bincount(market.program[held[~without]], minlength=len(market.programs))
    spare = market.capacity - filled
    most = np.argsort(-spare, kind="stable")[:MOST_LEFT]
    left: Indices = most[spare[most] > 0].astype(np.int32)
    people = np.flatnonzero(without & may_go).astype(np.int32)
    one, two = _suggested(study, prepared, people, left)
    removed = prepared.removed.sort("rank")
    why = removed.unique("person_id", keep="first").select("person_id", pl.col("reason").alias("why"))
    named = removed.group_by("person_id").agg(pl.len().alias("out"))
    applicants = pl.DataFrame({"person_id": pl.Series(market.applicants, dtype=pl.String)})
    beside = applicants.join(why, on="person_id", how="left", maintain_order="left").join(
        named, on="person_id", how="left", maintain_order="left"
    )
    lists = np.diff(market.start)
    title = _with_hosts(study, prepared)
    return NextSteps(
        beside.select(
            pl.Series("without", without),
            _titles(title, people, one, held.size).alias("one"),
            _titles(title, people, two, held.size).alias("two"),
            pl.when(pl.Series(~taking_part))
            .then(pl.lit(GATE))
            .when(pl.Series(lists == 0))
            .then("why")
            .alias("why"),
            (pl.col("out").fill_null(0) + pl.Series(lists)).alias("listed"),
        )
    )


def _gated(prepared: Prepared) -> Flags:
    """Bool, one an applicant: whose firm offers no place and may send nobody."""
    gated = prepared.removed.filter(pl.col("reason") == GATE)["person_id"].unique()
    return prepared.people["person_id"].is_in(gated.implode()).to_numpy()


def _suggested(study: Study, prepared: Prepared, people: Indices, left: Indices) -> tuple[Integers, Integers]:
    """For each of ``people`` the best two of the programmes ``left``, -1 where there is none.

    Of those open to a person the ones of the kind and in the prefecture of their first choice come first;
    among equals people take turns, so that not everybody is sent to the same place.
    """
    nothing = np.full(people.size, -1, np.int64)
    if not left.size or not people.size:
        return nothing, nothing
    fits = _open_to(study, prepared, people, left) & ~_applied(prepared, people, left)
    alike = _likeness(prepared, people, left)
    turn = (np.arange(left.size) - np.arange(people.size)[:, None]) % left.size
    score = np.where(fits, (alike + 1) * left.size - turn, 0)
    order = np.argsort(-score, axis=1, kind="stable")[:, :2]
    best = np.where(np.take_along_axis(score, order, 1) > 0, left[order], -1).astype(np.int64)
    return best[:, 0], best[:, 1] if left.size > 1 else nothing


def _open_to(study: Study, prepared: Prepared, people: Indices, left: Indices) -> Flags:
    """Bool, people x programmes: whom nothing would keep from a place there, the host's consent aside."""
    programs = prepared.programs[left].with_row_index("__left__")
    of_program = programs.select(
        "program_id",
        pl.col("organisation_id").alias("host"),
        *(name for name in _FROM_PROGRAMS if name in programs.columns),
        *([pl.col("prefecture").alias("program_prefecture")] if "prefecture" in programs.columns else []),
    )
    of_person = prepared.people[people].select(
        pl.Series("applicant", people),
        "person_id",
        *(name for name in _FROM_PEOPLE if name in prepared.people.columns),
    )
    pairs = of_person.join(of_program, how="cross", maintain_order="left_right")
    limit = study.match_of(prepared.round).most_hours_per_week
    reason = first_reason(pairs, prepared.people, study.orders, limit)
    return reason.is_null().to_numpy().reshape(people.size, left.size)


def _applied(prepared: Prepared, people: Indices, left: Indices) -> Flags:
    """Bool, people x programmes: whose application there came to nothing already."""
    asked = pl.concat(
        [prepared.pairs.select("person_id", "program_id"), prepared.removed.select("person_id", "program_id")]
    )
    person = {name: at for at, name in enumerate(prepared.people["person_id"][people])}
    program = {name: at for at, name in enumerate(prepared.programs["program_id"][left])}
    known = asked.select(
        pl.col("person_id").replace_strict(person, default=None, return_dtype=pl.Int64),
        pl.col("program_id").replace_strict(program, default=None, return_dtype=pl.Int64),
    ).drop_nulls()
    applied = np.zeros((people.size, left.size), np.bool_)
    applied[known["person_id"].to_numpy(), known["program_id"].to_numpy()] = True
    return applied


def _likeness(prepared: Prepared, people: Indices, left: Indices) -> Integers:
    """Int64, people x programmes: 1, plus 2 of the kind and 1 in the prefecture of their best choice."""
    market = prepared.market
    like = np.ones((people.size, left.size), np.int64)
    listed = np.diff(market.start)[people] > 0
    best = np.full(people.size, -1)
    best[listed] = market.program[market.start[people[listed]]]
    for column, weight in (("kind", 2), ("prefecture", 1)):
        if column in prepared.programs.columns:
            codes = prepared.programs[column].rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
            same = codes[best][:, None] == codes[left][None, :]
            like += weight * (same & listed[:, None])
    return like


def _with_hosts(study: Study, prepared: Prepared) -> pl.Series:
    """One a programme: its title and its host, since many hosts offer the same."""
    hosts = study.tables["organisations"].select("organisation_id", pl.col("name").alias("host"))
    programs = prepared.programs.select("title", "organisation_id")
    return (
        programs.join(hosts, on="organisation_id", how="left", maintain_order="left")
        .select(pl.concat_str("title", "host", separator=" – ", ignore_nulls=True))
        .to_series()
    )


def _titles(title: pl.Series, people: Indices, program: Integers, applicants: int) -> pl.Series:
    """One an applicant: the title of the programme suggested, null where there is none."""
    of_applicant = np.full(applicants, -1, np.int64)
    of_applicant[people] = program
    row = pl.Series(of_applicant)
    return (
        title.gather(row.set(row < 0, None))
        if title.len()
        else pl.Series([None] * applicants, dtype=pl.String)
    )
