"""What a person says about an export, and the settings that follow."""

from __future__ import annotations

from collections.abc import Mapping

from tazuna.intake.survey_exports.export import FORMAT_NAMES
from tazuna.intake.survey_exports.guessing import ExportGuess, PersonKey
from tazuna.intake.toml_text import TomlValue, toml_table
from tazuna.language import Language, Message, message, translator

PERSON, WAVE = "export:person", "export:wave"


def export_asks(
    guess: ExportGuess, language: Language
) -> tuple[tuple[str, Message, tuple[tuple[str, str], ...], str], ...]:
    """Key, question, choices (value, label) and default of what is asked about the export."""
    asks: list[tuple[str, Message, tuple[tuple[str, str], ...], str]] = []
    if guess.keys:
        text = message("{source}: which column says who answered?", source=guess.export.table.source)
        choices = tuple((key.source, _said_key(key).text(language)) for key in guess.keys)
        asks.append((PERSON, text, choices, guess.keys[0].source))
    text = message("{source}: which wave is this survey?", source=guess.export.table.source)
    asks.append((WAVE, text, tuple((wave, wave) for wave in guess.waves), guess.wave))
    t = translator(language)
    for word, value in _doubtful(guess).items():
        text = message(
            "{source}: does the answer “{word}” stand for {value}?",
            source=guess.export.table.source,
            word=word,
            value=value,
        )
        asks.append((_word_key(word), text, (("yes", t("yes")), ("no", t("no"))), "yes"))
    return tuple(asks)


def chosen_key(guess: ExportGuess, said: Mapping[str, str]) -> PersonKey | None:
    """The column that says who answered."""
    wanted = said.get(PERSON)
    return next((key for key in guess.keys if key.source == wanted), guess.keys[0] if guess.keys else None)


def export_lines(
    guess: ExportGuess, said: Mapping[str, str], language: Language, *, people_too: bool
) -> list[str]:
    """The lines of ``study.toml`` on the export: its format, its wave, and words that mean a category."""
    key = chosen_key(guess, said)
    facts: dict[str, TomlValue] = {"format": guess.export.format}
    responses = {**facts, "wave": said.get(WAVE, guess.wave)}
    if key is not None and key.email:
        facts["person"] = responses["person"] = "email"
    t = translator(language)
    tool = FORMAT_NAMES[guess.export.format]
    lines = ["", f"# {t('{source} is an export of {tool}', source=guess.export.table.source, tool=tool)}"]
    lines += toml_table("formats.responses", responses)[1:]
    lines += toml_table("formats.people", facts) if people_too else []
    words: dict[str, dict[str, TomlValue]] = {}
    for word in guess.words:
        if word.sure or said.get(_word_key(word.word), "yes") == "yes":
            words.setdefault(word.code, {})[word.word] = word.value
    for code, meanings in words.items():
        lines += toml_table(f"values.responses.{code}", meanings)
    return lines


def export_summary(guess: ExportGuess) -> Message:
    """What was recognised, in one sentence."""
    values: dict[str, object] = {
        "source": guess.export.table.source,
        "tool": FORMAT_NAMES[guess.export.format],
        "rows": guess.export.table.frame.height,
        "questions": guess.questions,
    }
    if not guess.questions:
        return message(
            "{source}: an export of {tool} with {rows} responses; no column has the code or the wording of "
            "a known question. Export it with the wordings as headings, or name the columns in study.toml "
            "under [columns.responses]",
            **values,
        )
    return message(
        "{source}: an export of {tool} with {rows} responses; questions recognised: {questions}", **values
    )


def _said_key(key: PersonKey) -> Message:
    if key.joins:
        return message(
            "{column} (in the list of staff: {joins} of {answered})",
            column=key.source,
            joins=key.joins,
            answered=key.answered,
        )
    return message("{column} (the people are those of the survey itself)", column=key.source)


def _doubtful(guess: ExportGuess) -> dict[str, str]:
    return {word.word: word.value for word in guess.words if not word.sure}


def _word_key(word: str) -> str:
    return f"export:word:{word}"
