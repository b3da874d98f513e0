"""The reference says what the code does: it is made from the code, and committed as made."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def made_pages() -> dict[Path, str]:
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: dict[Path, str] = module.pages()
    return pages


@pytest.mark.parametrize(("path", "text"), made_pages().items(), ids=lambda value: getattr(value, "name", ""))
def test_a_page_of_the_reference_is_as_the_code_makes_it(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text
