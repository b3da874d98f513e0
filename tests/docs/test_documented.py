"""Nothing is undocumented: commands, tables, settings, faults, notices, groups, instruments."""

from __future__ import annotations

import inspect
import re

import pytest

from docs.kinds_in_code import fault_kinds, notice_kinds
from docs.markdown_pages import DOCS, page
from tazuna.commands.main import commands
from tazuna.instrument.shipped import shipped_instruments
from tazuna.intake.schema import schema
from tazuna.language import LANGUAGES, Language
from tazuna.measurement.group_rules import group_rules
from tazuna.study import settings

ENDINGS: dict[Language, str] = {"ja": ".ja.md", "en": ".md"}
FAULTS, NOTICES = 1, 2
"""The sections of the page of faults and notices, after what stands above the first heading."""
GLOSSARY_RULINGS = ("layer", "unmoved", "cause", "step")
GLOSSARY_SCALES = ("ms_see", "ms_grow", "ms_connect", "co", "co1", "co2", "co3", "co4", "co5")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


def words_of(name: str, language: Language) -> str:
    return page(DOCS / f"{name}{ENDINGS[language]}").text


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", text, re.M)


@pytest.mark.parametrize("command", commands())
def test_every_option_of_a_command_is_documented(command: str, language: Language) -> None:
    sections = re.split(r"^## `tazuna ([\w-]+)`", words_of("reference/commands", language), flags=re.M)
    section = dict(zip(sections[1::2], sections[2::2], strict=True))[command]
    shown = {
        name.upper() if found.kind is inspect.Parameter.POSITIONAL_ONLY else f"--{name.replace('_', '-')}"
        for name, found in inspect.signature(commands()[command]).parameters.items()
    }
    assert set(first_cells(section)) == shown


def test_every_table_and_column_is_documented(language: Language) -> None:
    sections = re.split(r"^## `(\w+)`", words_of("reference/tables", language), flags=re.M)
    documented = dict(zip(sections[1::2], map(first_cells, sections[2::2]), strict=True))
    assert documented == {table.name: list(table.columns) for table in schema().values()}


def test_every_key_of_study_toml_is_documented(language: Language) -> None:
    text = words_of("reference/study-toml", language)
    for section, keys in settings._KEYS.items():
        assert re.search(rf"^\[{section}\b|^{section} = ", text, re.M), section
        for key in keys or ():
            assert re.search(rf"^{key} = ", text, re.M), f"{section}.{key}"


def test_every_kind_of_fault_is_documented(language: Language) -> None:
    sections = words_of("reference/faults", language).split("\n## ")
    assert sorted(first_cells(sections[FAULTS])) == sorted(fault_kinds())


def test_every_kind_of_notice_is_documented(language: Language) -> None:
    sections = words_of("reference/faults", language).split("\n## ")
    assert sorted(first_cells(sections[NOTICES])) == sorted(notice_kinds())


def test_every_shipped_instrument_says_where_its_words_come_from(language: Language) -> None:
    assert first_cells(words_of("explanation/wordings", language)) == list(shipped_instruments())


def test_the_glossary_has_the_words_of_the_report(language: Language) -> None:
    rulings = group_rules().rulings
    labels = [(ruling.label.ja, ruling.label.en) for name in GLOSSARY_RULINGS for ruling in rulings[name]]
    instruments = shipped_instruments().values()
    labels += [
        (scale.label["ja"], scale.label["en"])
        for instrument in instruments
        for code, scale in instrument.scales.items()
        if code in GLOSSARY_SCALES
    ]
    text = words_of("explanation/glossary", language)
    rows = {tuple(row) for row in re.findall(r"^\| ([^|]+) \| ([^|]+) \|", text, re.M)}
    wanted = {(ja, en) if language == "ja" else (en, ja) for ja, en in labels}
    assert not wanted - rows
