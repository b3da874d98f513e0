"""Writes the reference of tables and commands from the code, in both languages; a test fails while it is stale."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

from docstring_parser import parse

from tazuna.commands.main import commands
from tazuna.intake.schema import Column, schema
from tazuna.language import LANGUAGES, Language, translator

REFERENCE = Path(__file__).parent / "reference"
SUFFIX: Mapping[Language, str] = {"ja": ".ja.md", "en": ".md"}
TYPES: Mapping[str, Mapping[Language, str]] = {
    "id": {"ja": "コード（文字のまま）", "en": "code, kept as text"},
    "text": {"ja": "文字", "en": "text"},
    "code": {"ja": "決まった値", "en": "one of"},
    "wave": {"ja": "調査回", "en": "wave"},
    "date": {"ja": "日付", "en": "date"},
    "moment": {"ja": "日時", "en": "date and time"},
    "number": {"ja": "数値", "en": "number"},
    "whole": {"ja": "整数", "en": "whole number"},
    "yes_no": {"ja": "はい／いいえ", "en": "yes or no"},
    "list": {"ja": "; 区切りの一覧", "en": "list, separated by ;"},
    "birth": {"ja": "生年にして読み込み", "en": "reduced to a year of birth"},
    "ordered": {"ja": "数値か順序のある記号", "en": "number or ordered text"},
}
WORDS: Mapping[Language, Mapping[str, str]] = {
    "ja": {
        "tables": "表のリファレンス",
        "commands": "コマンドのリファレンス",
        "made": "コードから `python docs/make_reference.py` で作っています。",
        "intro": "表は `.csv`、`.tsv`、`.xlsx`、`.parquet` のどれでもかまいません。● は必須の列です。ここにない列は属性として残します。",
        "head": "| 列 | 名前 | 値 |",
        "key": "キー",
        "join": "参照先",
        "dropped": "読むときに捨てます",
        "option": "| オプション | 説明 |",
    },
    "en": {
        "tables": "Reference of tables",
        "commands": "Reference of commands",
        "made": "Made from the code by `python docs/make_reference.py`.",
        "intro": "A table is `.csv`, `.tsv`, `.xlsx` or `.parquet`. ● marks a required column. Columns not listed are kept as attributes.",
        "head": "| column | name | value |",
        "key": "key",
        "join": "joins",
        "dropped": "dropped when read",
        "option": "| option | meaning |",
    },
}


def pages() -> dict[Path, str]:
    """Every page of the reference that is made from code, by path."""
    made = {}
    for language in LANGUAGES:
        made[REFERENCE / f"tables{SUFFIX[language]}"] = "\n".join(_tables(language)) + "\n"
        made[REFERENCE / f"commands{SUFFIX[language]}"] = "\n".join(_commands(language)) + "\n"
    return made


def _tables(language: Language) -> Iterator[str]:
    words = WORDS[language]
    yield from (f"# {words['tables']}", "", words["made"], "", words["intro"])
    for table in schema().values():
        yield from ("", f"## `{table.name}` {table.label[language]}", "")
        yield from (f"{words['key']}: {', '.join(f'`{column}`' for column in table.key)}", "")
        yield from (words["head"], "|---|---|---|")
        yield from (_column(column, language) for column in table.columns.values())


def _column(column: Column, language: Language) -> str:
    words = WORDS[language]
    mark = " ●" if column.required or column.must_be_there else ""
    value = TYPES[column.type][language]
    if column.codes and column.type == "code":
        value = ", ".join(f"`{code.value}` {code.label[language]}" for code in column.codes)
    if column.join is not None:
        value += f" ({words['join']} `{column.join.table}.{column.join.column}`)"
    if column.identifying:
        value = words["dropped"]
    return f"| `{column.name}`{mark} | {column.label[language]} | {value} |"


def _commands(language: Language) -> Iterator[str]:
    words, t = WORDS[language], translator(language)
    yield from (f"# {words['commands']}", "", words["made"])
    for name, function in commands().items():
        doc = parse(inspect.getdoc(function) or "")
        signature = inspect.signature(function)
        yield from ("", f"## `tazuna {name}`", "", t(_folded(doc.short_description)))
        for paragraph in (doc.long_description or "").split("\n\n"):
            if paragraph.strip():
                yield from ("", t(_folded(paragraph)))
        yield from ("", words["option"], "|---|---|")
        for parameter in doc.params:
            found = signature.parameters[parameter.arg_name]
            positional = found.kind is inspect.Parameter.POSITIONAL_ONLY
            shown = found.name.upper() if positional else f"--{found.name.replace('_', '-')}"
            yield f"| `{shown}` | {t(_folded(parameter.description))} |"


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
