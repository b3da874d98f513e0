"""Groups by which an effect may differ (効果の違いを見る区分): known of applicants before the draw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tazuna.evaluation.arrays import UNKNOWN, Modifier
from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.held_rounds import HeldRounds
from tazuna.evaluation.labels import age_words, code_label, label, same_word
from tazuna.evaluation.lottery.modifiers import BEFORE_THE_DRAW
from tazuna.intake.schema import schema
from tazuna.language import Message, message
from tazuna.matching.applicants import AGE_BANDS
from tazuna.matching.drawing import Drawn
from tazuna.study import Study

_STRETCH = {"1-2": 2.0, "3": 3.0, "4-5": 5.0}
"""Groups of difficulty, and the highest value of each."""
_AGES: dict[str, Message] = {band: label({"ja": age_words(band), "en": band}) for _, band in AGE_BANDS}
_PROMISED = {"true": message("promised"), "false": message("not promised")}
_THIRDS = {
    "low": message("lowest third"),
    "middle": message("middle third"),
    "high": message("highest third"),
}


def modifiers_of(study: Study, held: HeldRounds, baseline: Floats, at_risk: Flags) -> tuple[Modifier, ...]:
    """Every modifier that the study has, among those that are known before the draw.

    Age is as of the draw. The first choice is the one ranked first among those that could be placed; entry
    and tie are those of the application to it.

    Parameters
    ----------
    baseline
        Shape (n,): outcome before, NaN where unknown.
    at_risk
        Shape (n,): by whom the baseline is cut into thirds.
    """
    firsts = pl.concat([_first_choices(study, drawn) for drawn in held.drawn])
    there = set(firsts.columns)
    found = [_by_text("age_band", firsts["age_band"], _AGES)]
    found += [
        _by_text(name, firsts[name], _words("applications", name))
        for name in ("entry", "tie")
        if name in there
    ]
    if "boundary" in there:
        found.append(_by_text("first_choice.boundary", firsts["boundary"], _words("programs", "boundary")))
    if "feedback_promised" in there:
        promised = firsts["feedback_promised"].cast(pl.String)
        found.append(_by_text("first_choice.feedback_promised", promised, _PROMISED))
    if "stretch" in there:
        found.append(_by_ends("first_choice.stretch", firsts["stretch"], _STRETCH))
    if np.isfinite(baseline[at_risk]).any():
        found.append(_by_thirds(baseline, at_risk))
    return tuple(modifier for modifier in found if (modifier.group >= 0).any())


def _first_choices(study: Study, drawn: Drawn) -> pl.DataFrame:
    """One row an applicant of a round: first choice with what programme and application say of it."""
    prepared = drawn.ready.prepared
    programs = study.tables["programs"]
    applications = study.table("applications")
    first = prepared.pairs.sort("rank").unique("person_id", keep="first", maintain_order=True)
    of_program = [name for name in ("boundary", "stretch", "feedback_promised") if name in programs.columns]
    rows = (
        prepared.people.select("person_id", "age_band")
        .join(first.select("person_id", "program_id"), on="person_id", how="left", maintain_order="left")
        .join(programs.select("program_id", *of_program), on="program_id", how="left", maintain_order="left")
    )
    if applications is None:
        return rows
    said = [name for name in ("entry", "tie") if name in applications.columns]
    return rows.join(
        applications.select("person_id", "program_id", *said),
        on=["person_id", "program_id"],
        how="left",
        maintain_order="left",
    )


def _words(table: str, column: str) -> dict[str, Message]:
    return {
        code.value: code_label(table, column, code.value) for code in schema()[table].columns[column].codes
    }


def _by_text(code: str, values: pl.Series, words: Mapping[str, Message]) -> Modifier:
    """Groups by values, in the order of ``words``; other values are of no known group."""
    group = values.replace_strict(list(words), range(len(words)), default=UNKNOWN, return_dtype=pl.Int64)
    return _modifier(code, group.fill_null(UNKNOWN).to_numpy(), words)


def _by_ends(code: str, values: pl.Series, ends: Mapping[str, float]) -> Modifier:
    """Groups of numbers, each up to its end."""
    numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    group = np.searchsorted(list(ends.values()), numbers).astype(np.int64)
    unknown = np.isnan(numbers) | (group == len(ends))
    return _modifier(code, np.where(unknown, UNKNOWN, group), {name: same_word(name) for name in ends})


def _by_thirds(baseline: Floats, at_risk: Flags) -> Modifier:
    """Thirds of the outcome before, cut among the people at risk."""
    cuts = np.nanquantile(baseline[at_risk], [1 / 3, 2 / 3])
    group = np.searchsorted(cuts, baseline, side="left").astype(np.int64)
    return _modifier("baseline", np.where(np.isnan(baseline), UNKNOWN, group), _THIRDS)


def _modifier(code: str, group: Integers, words: Mapping[str, Message]) -> Modifier:
    return Modifier(code, BEFORE_THE_DRAW[code], group, tuple(words), tuple(words.values()))
