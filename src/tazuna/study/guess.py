"""``tazuna init``: a company's files become a study folder, by guesses and a person's answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tazuna.errors import StudyError
from tazuna.instrument.shipped import shipped_instruments
from tazuna.intake import guess
from tazuna.intake.guess import StudyGuess
from tazuna.intake.guess_settings import organisations_table, write_study_toml
from tazuna.language import Language, message
from tazuna.study.questions import asked_questions, company_questions
from tazuna.study.sources import SETTINGS_FILE


def guess_study(folder: Path) -> StudyGuess:
    """What the files in ``folder`` seem to be, with the questions of the shipped instruments known."""
    asked = asked_questions(shipped_instruments().values())
    return guess.guess_study(folder, asked, company_questions(asked))


def make_study_folder(
    folder: Path,
    guessed: StudyGuess,
    answers: Mapping[str, str],
    language: Language,
    *,
    replace: bool = False,
) -> tuple[Path, ...]:
    """Write ``study.toml`` and, where there is none, ``organisations.csv``; returns what was written.

    Parameters
    ----------
    answers
        By key of `open_questions`; a missing one counts as its default.
    replace
        Whether an existing ``study.toml`` may be replaced.

    Raises
    ------
    StudyError
        There is a ``study.toml`` and ``replace`` is false.
    """
    refuse_to_replace(folder, replace=replace)
    settings = folder / SETTINGS_FILE
    organisations = organisations_table(guessed, answers, language)
    table = folder / "organisations.csv"
    if organisations is not None and table.exists():
        raise StudyError(
            message("{path} exists already, but has no column organisation_id.", path=str(table)),
            message("Correct or rename it."),
        )
    settings.write_text(write_study_toml(guessed, answers, language), encoding="utf-8")
    if organisations is None:
        return (settings,)
    table.write_text(organisations, encoding="utf-8")
    return settings, table


def refuse_to_replace(folder: Path, *, replace: bool) -> None:
    """Refuse where ``folder`` is a study already; said before anybody is asked anything.

    Raises
    ------
    StudyError
        There is a ``study.toml`` and ``replace`` is false.
    """
    settings = folder / SETTINGS_FILE
    if settings.exists() and not replace:
        raise StudyError(
            message("{path} exists already.", path=str(settings)),
            message("Rename it, or let it be replaced with --force."),
        )
