"""From guesses and a person's answers to the text of a ``study.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tazuna.intake.guess import GuessedTable, StudyGuess
from tazuna.intake.guess_columns import SURE, GuessedWord
from tazuna.intake.new_round import new_round_lines
from tazuna.intake.schema import normalised, schema
from tazuna.intake.survey_exports.asking import export_asks, export_lines
from tazuna.intake.survey_exports.settling import settled
from tazuna.intake.toml_text import toml_line, toml_table
from tazuna.language import Language, Message, message, translator

LEFT_EMPTY = ""
UNDECIDED = "?"
ONLY_ORGANISATION = "C01"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen, and how it is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question left to a person.

    Parameters
    ----------
    key
        Names the answer in ``answers``.
    text
        The question.
    choices
        What can be chosen; empty: any text.
    default
        The answer where nobody is asked.
    """

    key: str
    text: Message
    choices: tuple[Choice, ...]
    default: str


def open_questions(guess: StudyGuess, language: Language) -> tuple[Ask, ...]:
    """What a person must still say: title, company, doubtful columns, words without a sure meaning."""
    asks = [Ask("title", message("What is this study called?"), (), guess.title)]
    if guess.organisations is not None and len(guess.organisations) <= 1:
        asks.append(Ask("organisation", message("What is the company's name?"), (), guess.title))
    t = translator(language)
    for table in guess.tables:
        for column in table.columns:
            if column.confidence < SURE:
                text = message(
                    "{source}: is “{heading}” the column {column}?",
                    source=table.source,
                    heading=column.source,
                    column=column.column,
                )
                choices = (Choice("yes", t("yes")), Choice("no", t("no")))
                asks.append(Ask(f"column:{table.table}:{column.source}", text, choices, "yes"))
        asks += [_word_ask(table, word, language) for word in table.words if word.confidence < SURE]
    for name, words in guess.orders.items():
        text = message("What is the order of {column}, lowest first, separated by commas?", column=name)
        asks.append(Ask(f"order:{name}", text, (), ",".join(words)))
    if guess.export is not None:
        asks += [
            Ask(key, text, tuple(Choice(*choice) for choice in offered), default)
            for key, text, offered, default in export_asks(guess.export, language)
        ]
    if len(guess.waves) > 1:
        text = message("What is the order of the waves, earliest first, separated by commas?")
        asks.append(Ask("waves", text, (), ",".join(guess.waves)))
    return tuple(asks)


def _word_ask(table: GuessedTable, word: GuessedWord, language: Language) -> Ask:
    column = schema()[table.table].columns[word.column]
    heading = next(c.source for c in table.columns if c.column == word.column)
    text = message(
        "{source}: what does “{word}” in {heading} mean ({count} rows)?",
        source=table.source,
        word=word.word,
        heading=heading,
        count=word.count,
    )
    choices = [Choice(code.value, code.label[language]) for code in column.codes]
    if not choices:
        choices = [Choice("true", translator(language)("yes")), Choice("false", translator(language)("no"))]
    t = translator(language)
    choices += [
        Choice(LEFT_EMPTY, t("leave empty")),
        Choice(UNDECIDED, t("decide later (tazuna check names it)")),
    ]
    return Ask(_word_key(table, word), text, tuple(choices), word.value or UNDECIDED)


def _word_key(table: GuessedTable, word: GuessedWord) -> str:
    return f"value:{table.table}:{word.column}:{word.word}"


def write_study_toml(guess: StudyGuess, answers: Mapping[str, str], language: Language) -> str:
    """The text of a ``study.toml``, with comments, from the guess and the answers by `Ask` key.

    An answer that is missing counts as the default of its question.
    """
    t = translator(language)
    said = {ask.key: answers.get(ask.key, ask.default) for ask in open_questions(guess, language)}
    guess = settled(guess, said)
    lines = [
        'schema = "tazuna/study/1"',
        toml_line("title", said["title"]),
        "",
        f"# {t('Which file or sheet holds which table (our name = file, or file#sheet)')}",
        *toml_table("tables", {g.table: g.place for g in guess.tables if _needs_place(g)})[1:],
    ]
    for table in guess.tables:
        lines += _table_lines(table, said, language)
    if guess.export is not None:
        people = guess.table("people")
        from_export = people is not None and people.place == guess.export.place
        lines += export_lines(guess.export, said, language, people_too=from_export)
    orders = {column: _listed(said[f"order:{column}"]) for column in guess.orders}
    if orders:
        lines += ["", f"# {t('Ordered columns, lowest first')}", *toml_table("orders", orders)[1:]]
    if "waves" in said:
        lines += ["", f"# {t('The waves, earliest first')}"]
        lines += toml_table("waves", {"order": _listed(said["waves"])})[1:]
    lines += ["", f"# {t('The smallest group that is shown: 10 is usual, 5 the least')}"]
    lines += toml_table("disclosure", {"k": 10})[1:]
    if guess.table("programs") is not None or guess.table("applications") is not None:
        lines += new_round_lines(language)
    return "\n".join(lines) + "\n"


def organisations_table(guess: StudyGuess, answers: Mapping[str, str], language: Language) -> str | None:
    """The text of the ``organisations.csv`` that the folder lacks, or None where it has one."""
    if guess.organisations is None:
        return None
    said = {ask.key: answers.get(ask.key, ask.default) for ask in open_questions(guess, language)}
    codes = guess.organisations or (ONLY_ORGANISATION,)
    names = {code: said.get("organisation", code) for code in codes}
    rows = [f"{_quoted(code)},{_quoted(name)},company" for code, name in names.items()]
    return "\n".join(["organisation_id,name,kind", *rows]) + "\n"


def _needs_place(guess: GuessedTable) -> bool:
    return normalised(guess.place.rpartition(".")[0]) != guess.table


def _table_lines(table: GuessedTable, said: Mapping[str, str], language: Language) -> list[str]:
    t = translator(language)
    columns = {
        guess.source: guess.column
        for guess in table.columns
        if said.get(f"column:{table.table}:{guess.source}", "yes") == "yes"
    }
    renamed = {
        source: column for source, column in columns.items() if normalised(source) != normalised(column)
    }
    lines = []
    if renamed:
        lines += ["", f"# {t('{source}: column in the file = our column', source=table.source)}"]
        if table.left:
            lines.append(f"# {t('Not recognised, kept as they are: {names}', names=', '.join(table.left))}")
        lines += toml_table(f"columns.{table.table}", renamed)[1:]
    for column in dict.fromkeys(word.column for word in table.words):
        words = {
            word.word: said.get(_word_key(table, word), word.value or UNDECIDED)
            for word in table.words
            if word.column == column
        }
        if column in columns.values():
            decided = {word: value for word, value in words.items() if value != UNDECIDED}
            lines += toml_table(f"values.{table.table}.{column}", decided)
            undecided = ", ".join(word for word in words if word not in decided)
            lines += [f"# {t('Not decided: {words}', words=undecided)}"] if undecided else []
    return lines


def _listed(answer: str) -> list[str]:
    return [part.strip() for part in answer.replace("、", ",").replace("，", ",").split(",") if part.strip()]


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\n') else cell
