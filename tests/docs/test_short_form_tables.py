"""The page on short forms is what its script writes."""

from __future__ import annotations

import re

import pytest

from docs import make_short_form_tables as script
from docs.markdown_pages import DOCS
from tazuna.language import LANGUAGES


def test_the_pages_have_the_tables_of_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "BANKS", 1)
    monkeypatch.setattr(script, "PEOPLE", 20)
    monkeypatch.setattr(script, "GROUP", 400)
    monkeypatch.setattr(script, "CALIBRATED_ON", (500, 500, 500))
    tables = script.tables()
    assert tables.gaps["own populations"] > tables.gaps["one population"]
    assert [form.form for form in tables.equal] == ["adaptive", "information", "order", "random"]
    for language in LANGUAGES:
        page = (DOCS / "explanation" / f"short-forms{script.SUFFIX[language]}").read_text("utf-8")
        shown = page.partition(script.BEGIN)[2].partition(script.END)[0]
        assert _shape(shown) == _shape(script.written(tables, language))


def _shape(text: str) -> list[str]:
    """The lines of tables without their figures."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [re.sub(r"(?<=\| )(?:[\d.,%]+|inf)(?= \|)", "#", line) for line in rows]
