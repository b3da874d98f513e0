"""From the guess and a person's answers to the tables as they will be: who answered decides on the people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tazuna.intake.guess_columns import GuessedColumn
from tazuna.intake.survey_exports.asking import chosen_key

if TYPE_CHECKING:
    from tazuna.intake.guess import StudyGuess


def settled(guess: StudyGuess, said: Mapping[str, str]) -> StudyGuess:
    """The guess with the key column mapped, and the people from the list where the key joins it.

    Parameters
    ----------
    said
        Answers by key of the questions asked.
    """
    if guess.export is None or guess.export_people is None:
        return guess
    key = chosen_key(guess.export, said)
    if key is None:
        return guess
    person = GuessedColumn(key.source, "person_id", 1.0)
    tables = []
    for table in guess.tables:
        if table.table == "responses":
            others = tuple(column for column in table.columns if column.source != key.source)
            tables.append(replace(table, columns=(person, *others)))
        elif table.table != "people" or key.joins:
            tables.append(table)
    if not any(table.table == "people" for table in tables):
        told = guess.export_people
        others = tuple(c for c in told.columns if key.source != c.source and c.column != "person_id")
        left = tuple(source for source in told.left if source != key.source)
        tables.insert(0, replace(told, columns=(person, *others), left=left))
    return replace(guess, tables=tuple(tables))
