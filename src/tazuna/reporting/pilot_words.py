"""How the pilot (予備調査) is said: names of scales, questions and groups, and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from tazuna.instrument.model import worded
from tazuna.language import Language, Message, Translator, message, translator
from tazuna.measurement.pilot.asked import PilotQuestion
from tazuna.measurement.pilot.pilot import JudgedQuestion, JudgedScale, Pilot
from tazuna.measurement.pilot.verdicts import GroupName, Verdict
from tazuna.reporting.content import Mark, Value
from tazuna.reporting.words import ATTRIBUTES, group_label

CHANGE: tuple[Verdict, ...] = ("backwards", "apart", "same", "everybody", "nobody", "differs", "left_out")
"""Verdicts that ask for another wording, or for leaving the question out."""
LOOK: tuple[Verdict, ...] = ("loose",)
_LANGUAGE = message("Language")


@dataclass(frozen=True)
class PilotWords:
    """A pilot and the language in which it is told."""

    pilot: Pilot
    language: Language

    @property
    def t(self) -> Translator:
        """The translator into the language of the report."""
        return translator(self.language)

    def say(self, told: Message) -> str:
        """A finding, with groups by their names."""
        named = {
            name: group_label(value.by, value.group, self.language, self.t)
            if isinstance(value, GroupName)
            else value
            for name, value in told.values.items()
        }
        return Message(told.template, named).text(self.language)

    def scale(self, scale: JudgedScale) -> str:
        """Its label, else its code."""
        return worded(scale.scale.label, self.language) if scale.scale.label else scale.scale.code

    def wording(self, question: PilotQuestion) -> str:
        """As people read it; empty where only the code is known."""
        return worded(question.wording, self.language) if question.wording else ""

    def category(self, question: PilotQuestion, answer: int) -> str:
        """The label of an answer, else its number."""
        label = question.categories.get(answer)
        return worded(label, self.language) if label else str(answer)

    def by(self, grouping: str) -> str:
        """What a grouping is called."""
        known = _LANGUAGE if grouping == "language" else ATTRIBUTES.get(grouping)
        return grouping if known is None else known.text(self.language)

    def group(self, by: str, group: str) -> str:
        """What a group is called."""
        return group_label(by, group, self.language, self.t)

    def listed(self, words: Iterable[str]) -> str:
        """Words with the language's comma between them."""
        return self.t(", ").join(words)

    def codes(self, questions: Iterable[JudgedQuestion], most: int = 12) -> str:
        """Their codes; the first of them where they are many."""
        found = list(dict.fromkeys(judged.question.code for judged in questions))
        shown = self.listed(found[:most])
        return (
            shown
            if len(found) <= most
            else self.t("{codes} and {more} more", codes=shown, more=len(found) - most)
        )

    def with_verdict(self, kinds: Iterable[Verdict]) -> tuple[JudgedQuestion, ...]:
        """Questions of all scales with one of these verdicts."""
        wanted = set(kinds)
        return tuple(judged for judged in self.pilot.questions if judged.verdict in wanted)

    @cached_property
    def percents(self) -> Mapping[str, float | None]:
        """Measure → percent of everybody; None where it is protected."""
        everybody = self.pilot.release.cells.filter(pl.col("group_by") == "all")
        return dict(zip(everybody["measure"], everybody["mean"], strict=True))

    def answered(self, judged: JudgedQuestion) -> Value:
        """How many answered a question; not shown where they are fewer than the threshold."""
        k = self.pilot.release.k[self.pilot.wave]
        return judged.answered if judged.answered >= k else Mark.HIDDEN

    def percent(self, measure: str) -> Value:
        """A percentage for a table."""
        found = self.percents.get(measure)
        return Mark.HIDDEN if found is None else found

    @property
    def differences(self) -> pl.DataFrame:
        """The rows of the release that compare two groups, with figures."""
        cells = self.pilot.release.cells
        return cells.filter((pl.col("group_by") != "all") & pl.col("mean").is_not_null())


def coefficient(value: float | None) -> str:
    """``.73``, ``−.12``: two decimals without the zero in front, as coefficients are written."""
    if value is None:
        return "–"
    text = f"{abs(value):.2f}"
    return ("−" if round(value, 2) < 0 else "") + (text[1:] if text.startswith("0") else text)
