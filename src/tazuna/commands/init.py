"""``tazuna init``: a company's own files become a study, by guesses and a person's answers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tazuna.commands.console import say
from tazuna.language import Language, chosen_language, translator

if TYPE_CHECKING:
    from tazuna.intake.guess import StudyGuess
    from tazuna.intake.guess_settings import Ask


def init(
    folder: Path,
    /,
    *,
    yes: bool = False,
    force: bool = False,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Guess how a company's own files map to the tables, ask where unsure, and write study.toml.

    The files themselves are not changed.

    Parameters
    ----------
    folder
        The folder that holds the company's files.
    yes
        Take the proposed answer to every question instead of asking.
    force
        Replace a study.toml that exists.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.intake.guess_settings import open_questions
    from tazuna.study.guess import guess_study, make_study_folder, refuse_to_replace

    language: Language = lang or chosen_language()
    t = translator(language)
    refuse_to_replace(folder, replace=force)
    guessed = guess_study(folder)
    say(*_guess_lines(guessed, language))
    asks = open_questions(guessed, language)
    if yes or not sys.stdin.isatty():
        answers = {ask.key: ask.default for ask in asks}
        say(*(_assumed(ask, language) for ask in asks))
    else:
        answers = {ask.key: _asked(ask, language) for ask in asks}
    written = make_study_folder(folder, guessed, answers, language, replace=force)
    say(
        *(t("Written: {path}", path=path) for path in written),
        t("Look it over and change what is wrong; it is plain text."),
        t("Next: {command}", command=f"tazuna check {folder}"),
    )
    return 0


def _guess_lines(guessed: StudyGuess, language: Language) -> list[str]:
    """Which file is which table, which column is which, and what stays as it is."""
    from tazuna.intake.survey_exports.asking import export_summary

    t = translator(language)
    lines = [] if guessed.export is None else [export_summary(guessed.export).text(language)]
    for table in guessed.tables:
        lines.append(
            t(
                "{source} → {table} ({rows} rows)",
                source=table.source,
                table=table.table,
                rows=f"{table.rows:,}",
            )
        )
        lines += [f"    {column.source} → {column.column}" for column in table.columns]
        if table.left:
            lines.append(t("    kept as attributes: {columns}", columns=", ".join(table.left)))
    lines += [t("{source}: seems to be none of the tables", source=source) for source in guessed.unused]
    return lines


def _assumed(ask: Ask, language: Language) -> str:
    labels = {choice.value: choice.label for choice in ask.choices}
    answer = labels.get(ask.default, ask.default)
    return translator(language)("Assumed: {question} {answer}", question=ask.text, answer=answer)


def _asked(ask: Ask, language: Language) -> str:
    """Ask on the terminal; an empty answer takes the proposal, a wrong one is asked again."""
    t = translator(language)
    say(ask.text.text(language))
    for number, choice in enumerate(ask.choices, start=1):
        mark = "*" if choice.value == ask.default else " "
        say(f"  {mark}{number}  {choice.label}")
    proposal = next((choice.label for choice in ask.choices if choice.value == ask.default), ask.default)
    while True:
        answer = input(t("[{proposal}] > ", proposal=proposal)).strip()
        if not answer:
            return ask.default
        if not ask.choices:
            return answer
        if answer.isdecimal() and 1 <= int(answer) <= len(ask.choices):
            return ask.choices[int(answer) - 1].value
        say(t("Type a number from 1 to {count}, or press Enter for the proposal.", count=len(ask.choices)))
