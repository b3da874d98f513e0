"""The page on what a round can show is what its script writes."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl
import pytest
from tests.core.matching.test_reasons import prepared_of

from tazuna.language import LANGUAGES, Language
from tazuna.matching.market import market_of_lists

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """``docs/make_matching_tables.py``."""
    found = importlib.util.spec_from_file_location("make_matching_tables", DOCS / "make_matching_tables.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["make_matching_tables"] = module
    found.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_tables_of_the_script(
    script: ModuleType, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "DRAWS", 40)
    market = market_of_lists([[0, 1]] * 9, [1, 2], sender=[0, 1, 2] * 3, host=[0, 1])
    prepared = prepared_of(market)
    scored = pl.Series("score", np.arange(market.edges, dtype=np.float64))
    object.__setattr__(prepared, "pairs", prepared.pairs.with_columns(scored))
    tables = script.tables_of(prepared)
    assert tables.by_tiers[0].v > tables.by_tiers[1].v > tables.by_tiers[-1].v == 0
    assert tables.by_share[-1][-1] >= 0
    page = (DOCS / "explanation" / f"what-a-round-can-show{script.SUFFIX[language]}").read_text("utf-8")
    shown = page.partition(script.BEGIN)[2].partition(script.END)[0]
    assert _shape(shown) == _shape(script.written(tables, language))


def _shape(text: str) -> list[str]:
    """The lines of tables without their figures."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [re.sub(r"(?<=\| )[\d.,%–]+(?= \|)", "#", line) for line in rows]
