"""What is asked (評価の問い): programmes, outcome and waves by the names that a study has for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from tazuna.errors import MissingInputError, StudyError
from tazuna.evaluation.arrays import Asked, Outcome
from tazuna.evaluation.asked_waves import asked_waves
from tazuna.evaluation.effect import Question
from tazuna.evaluation.labels import label, same_word
from tazuna.evaluation.outcome_values import Source, outcome_values, rater_for, sources_of, wave_days
from tazuna.evaluation.refusal import Caution
from tazuna.intake.faults import listed
from tazuna.intake.words import nearest_words
from tazuna.language import Message, message
from tazuna.study import Study
from tazuna.study.settings import DEFAULT_K

ANY = "any"


def asked_of(
    study: Study,
    outcome: str,
    *,
    program: str = ANY,
    before: str | None = None,
    after: str | None = None,
    round_: str | None = None,
    further: Sequence[str] = (),
) -> Asked:
    """The question as this study understands it.

    Parameters
    ----------
    outcome
        Code of a scale, or column of the table outcomes; ``COLUMN:RATER`` for the figures of one rater.
    program
        ``any`` place of the rounds, ids of programmes separated by commas, or the id of one measure.
    before, after
        Waves; by default the first and the last among those with the outcome.
    round_
        One round; by default the rounds of the programmes, and of ``any`` those that start between the waves.
    further
        Secondary outcomes, as ``outcome``.

    Raises
    ------
    MissingInputError
        There is no outcome at all, or none after the wave before.
    StudyError
        A name is not known to the study, or the waves are not in order.
    """
    sources = sources_of(study)
    source = _source(study, outcome, sources)
    values = outcome_values(study, source)
    first, last = asked_waves(study, source.outcome, values, before, after)
    primary, cautions = _rated(source, values, (first, last))
    others = []
    for code in further:
        other = _source(study, code, sources)
        chosen, said = _rated(other, outcome_values(study, other, (first, last)), (first, last))
        others.append(chosen)
        cautions += said
    program = program.strip()
    measure = _measure(study, program)
    programs, rounds = pl.DataFrame(schema={"program_id": pl.String}), tuple[str, ...]()
    if measure is None:
        programs, rounds, left = _programs(study, program, round_, (first, last))
        cautions += left
    question = Question(
        rounds=rounds,
        program=program,
        program_label=measure or _title(programs, program, rounds),
        outcome=primary.code,
        outcome_label=primary.label,
        before=first,
        after=last,
        in_points=primary.kind == "scale",
        better=primary.better,
    )
    return Asked(
        question=question,
        programs=tuple(programs["program_id"].to_list()),
        any_place=program == ANY,
        outcome=primary,
        further=tuple(others),
        starts_on=_start(study, programs),
        measure=None if measure is None else program,
        cautions=tuple(cautions),
        k=_threshold(study, (first, last)),
    )


def outcome_source(study: Study, outcome: Outcome) -> Source:
    """Where the values of an outcome of `Asked` are."""
    source = sources_of(study)[outcome.code]
    return replace(source, outcome=outcome)


def unknown_name(problem: Message, found: str, known: Collection[str]) -> StudyError:
    """An error for a name that is not there, with the nearest that is."""
    nearest = nearest_words(pl.Series([found]), known).get(found)
    if nearest is not None:
        return StudyError(problem, message("Did you mean {nearest}?", nearest=nearest))
    return StudyError(problem, message("Use one of: {names}", names=listed(sorted(known)) or "–"))


def _source(study: Study, name: str, sources: dict[str, Source]) -> Source:
    """The outcome of this name; with a rater where the name has one."""
    if not sources:
        raise MissingInputError(
            message("The study has no outcome: no answered scale and no table outcomes."),
            message("Add answers, or a table outcomes (結果の指標) with a column for each figure."),
        )
    code, _, rater = name.strip().partition(":")
    if code not in sources:
        raise unknown_name(message("There is no outcome “{found}”.", found=code), code, sources)
    source = sources[code]
    if not rater:
        return source
    table = study.table("outcomes")
    known = set[str]()
    if source.scored is None and table is not None and "rater" in table.columns:
        known = set(table["rater"].drop_nulls())
    if rater not in known:
        problem = message(
            "Nobody of the kind “{rater}” rated {outcome}.", rater=rater, outcome=source.outcome.label
        )
        raise unknown_name(problem, rater, known)
    return replace(source, outcome=replace(source.outcome, rater=rater))


def _rated(source: Source, values: pl.DataFrame, waves: tuple[str, str]) -> tuple[Outcome, list[Caution]]:
    """The outcome with its rater, and what is said of the other raters."""
    outcome = source.outcome
    if source.scored is not None or outcome.rater is not None:
        return outcome, []
    chosen, others = rater_for(values, [wave for wave in waves if wave])
    if not others:
        return replace(outcome, rater=chosen), []
    return replace(outcome, rater=chosen), [
        Caution(
            "raters_left_out",
            message(
                "{outcome} was rated by several; the figures of {chosen} are used, not those of {others}.",
                outcome=outcome.label,
                chosen=chosen or "–",
                others=listed(others),
            ),
            message("To use another rater, name the outcome as {name}.", name=f"{outcome.code}:{others[0]}"),
        )
    ]


def _measure(study: Study, program: str) -> Message | None:
    """The name of a measure, where a measure and no programme has this id."""
    table, programs = study.table("measures"), study.table("programs")
    if table is None or (programs is not None and program in programs["program_id"]):
        return None
    for row in table.filter(pl.col("measure_id") == program).iter_rows(named=True):
        return label({"ja": row["name_ja"], "en": row.get("name_en") or row["name_ja"]})
    return None


def _programs(
    study: Study, program: str, round_: str | None, waves: tuple[str, str]
) -> tuple[pl.DataFrame, tuple[str, ...], list[Caution]]:
    """Programmes asked about, their rounds, and what is said of rounds left out."""
    table = study.table("programs")
    if table is None or not table.height:
        if program == ANY and round_ is None:
            return pl.DataFrame(schema={"program_id": pl.String}), (), []
        raise MissingInputError(
            message("{title} has no programmes.", title=study.title),
            message("Add a table programs (機会) with a row for each programme."),
        )
    has_rounds = "round" in table.columns and table["round"].is_not_null().any()
    if has_rounds and round_ is not None:
        known = table["round"].drop_nulls().unique().to_list()
        if round_ not in known:
            problem = message("There is no round “{found}” in the table programs.", found=round_)
            raise unknown_name(problem, round_, known)
        table = table.filter(pl.col("round") == round_)
    cautions: list[Caution] = []
    if program == ANY:
        if has_rounds and round_ is None:
            table, cautions = _between(study, table, waves)
    else:
        table = _named(table, program, round_)
    rounds = tuple(table["round"].drop_nulls().unique().sort()) if has_rounds else ()
    return table.sort("program_id"), rounds or ((round_,) if round_ else ()), cautions


def _named(table: pl.DataFrame, program: str, round_: str | None) -> pl.DataFrame:
    ids = list(dict.fromkeys(part.strip() for part in program.split(",") if part.strip()))
    for wanted in ids:
        if wanted not in table["program_id"]:
            problem = message("There is no programme “{found}”.", found=wanted)
            if round_ is not None:
                problem = message("Round {round} has no programme “{found}”.", round=round_, found=wanted)
            raise unknown_name(problem, wanted, [ANY, *table["program_id"]])
    if not ids:
        raise StudyError(
            message("No programme is named."),
            message("Name ids of programmes, separated by commas, or any for any place."),
        )
    return table.filter(pl.col("program_id").is_in(ids))


def _between(study: Study, table: pl.DataFrame, waves: tuple[str, str]) -> tuple[pl.DataFrame, list[Caution]]:
    """Programmes of the rounds that start after the wave before has begun and before the one after ends."""
    if "starts_on" not in table.columns:
        return table, []
    days = wave_days(study)
    begun, ended = days.get(waves[0], (None, None))[0], days.get(waves[1], (None, None))[1]
    start = pl.col("starts_on").min().over("round")
    inside = pl.lit(value=True)
    if begun is not None:
        inside &= start.is_null() | (start > begun)
    if ended is not None:
        inside &= start.is_null() | (start <= ended)
    kept = table.filter(inside)
    left = sorted(set(table["round"].drop_nulls()) - set(kept["round"].drop_nulls()))
    if not left or not kept.height:
        return table, []
    return kept, [
        Caution(
            "rounds_left_out",
            message(
                "Rounds that do not start between the two waves are left out: {rounds}", rounds=listed(left)
            ),
            message("To evaluate one of them, name it with --round and its waves with --before and --after."),
        )
    ]


def _title(programs: pl.DataFrame, program: str, rounds: tuple[str, ...]) -> Message:
    if program == ANY:
        if not rounds:
            return message("any place")
        return message("any place in {rounds}", rounds=listed(rounds))
    return same_word(listed(programs["title"].to_list()))


def _threshold(study: Study, waves: tuple[str, str]) -> int:
    """The greater one of the two waves; of all, where the study's waves do not name them."""
    of_waves = [wave.k for wave in study.waves if wave.wave in waves]
    return max(of_waves or [wave.k for wave in study.waves], default=DEFAULT_K)


def _start(study: Study, programs: pl.DataFrame) -> date | None:
    """The first day of the programmes, else the first on which anybody started."""
    taken = study.table("participation")
    if "starts_on" in programs.columns and programs["starts_on"].is_not_null().any():
        found = programs["starts_on"].min()
    elif taken is not None and "started_on" in taken.columns:
        found = taken.filter(pl.col("program_id").is_in(programs["program_id"].implode()))["started_on"].min()
    else:
        return None
    return found if isinstance(found, date) else None
