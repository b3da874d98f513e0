"""What ``tazuna fit`` reads: a table of items with its model, or a wave of a study."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tazuna.commands.console import Steps
from tazuna.errors import MissingInputError
from tazuna.language import message

if TYPE_CHECKING:
    from tazuna.measurement.pilot.asked import Asked


@dataclass(frozen=True, slots=True)
class FitInput:
    """Scales and answers, the model, and what the input is called.

    Parameters
    ----------
    model
        In lavaan's syntax.
    title, label
        Of the study and of the wave; a table has its file's name and no wave.
    sha256
        Of the input.
    """

    asked: Asked
    model: str
    title: str
    label: str
    sha256: str


def is_study(items: Path, *, named: bool) -> bool:
    """A folder or an archive; a workbook only where a wave or an instrument was ``named``."""
    return named or items.is_dir() or items.suffix.lower() == ".zip"


def from_table(
    items: Path,
    model: Path | None,
    *,
    group: str | None,
    missing: list[float],
    reversed_: list[str],
    step: Steps,
) -> FitInput:
    """A table whose questions the model names.

    Raises
    ------
    MissingInputError
        No model, or one that does not exist.
    """
    from tazuna.intake.sources import open_source
    from tazuna.measurement.item_table import item_table, with_reversed
    from tazuna.measurement.pilot.asked import asked_by_table
    from tazuna.measurement.psychometrics import questions_of_model

    cure = message("Write the model into a text file, such as: autonomy =~ q1 + q2 + q3")
    if model is None:
        raise MissingInputError(message("A table of items needs --model."), cure)
    if not model.is_file():
        raise MissingInputError(message("{path} does not exist.", path=model), cure)
    step(message("Reading {source}", source=items.name))
    text = model.read_text(encoding="utf-8-sig")
    raw = open_source(items)[0]
    table = item_table(raw, questions_of_model(text), missing=missing, group=group)
    table = with_reversed(table, reversed_)
    digest = hashlib.sha256(items.read_bytes() + text.encode()).hexdigest()
    return FitInput(asked_by_table(table, text, reversed_, group), text, items.name, "", digest)


def from_study(study: Path, *, wave: str | None, instrument: str | None, step: Steps) -> FitInput:
    """A wave of a study; the instrument says which question measures what and which way.

    Raises
    ------
    StudyError
        The study has faults, or the wave or the instrument is not there.
    """
    from tazuna.measurement.pilot.asked import asked_at_wave
    from tazuna.study.folder import open_study

    opened = open_study(study, progress=step)
    opened.require_sound()
    asked = asked_at_wave(opened, wave, instrument)
    label = next(known.label for known in opened.waves if known.wave == asked.wave)
    return FitInput(asked, asked.model, opened.title, label, opened.sha256)


def expect_no_table_options(given: dict[str, bool]) -> None:
    """A study says itself what measures what.

    Raises
    ------
    MissingInputError
        Naming the options that are for tables.
    """
    named = ", ".join(option for option, is_given in given.items() if is_given)
    if named:
        raise MissingInputError(
            message("{options}: these are for a table of items, not for a study.", options=named),
            message("Leave them out: the study's instrument says which question measures what."),
        )
