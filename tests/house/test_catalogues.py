"""Every sentence that a user can see has a Japanese form with the same places."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[2] / "src"
CATALOGUES = sorted((SOURCE / "tazuna" / "locale" / "ja" / "LC_MESSAGES").glob("*.po"))
PLACE = re.compile(r"\{(\w+)")
IN_PAGES = re.compile(r"""\bt\(\s*(?:"([^"]+)"|'([^']+)')""")
SAYING = {"message", "t"}


@cache
def templates_in(path: Path) -> set[str]:
    """The literal first arguments of ``message(…)`` and ``t(…)`` in one module or page template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return {double or single for double, single in IN_PAGES.findall(text)}
    found: set[str] = set()
    if not any(name + "(" in text for name in SAYING):
        return found
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = node.args[0]
        if name in SAYING and isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.add(first.value)
    return found


@cache
def japanese() -> dict[str, set[str]]:
    words: dict[str, set[str]] = defaultdict(set)
    for path in CATALOGUES:
        with path.open("rb") as file:
            for entry in read_po(file, locale="ja"):
                if entry.id:
                    words[str(entry.id)].add(str(entry.string))
    return words


PAGES = [path for path in SOURCE.rglob("templates/*") if path.suffix in (".html", ".j2", ".jinja", ".typ")]
MODULES = sorted(path for path in (*SOURCE.rglob("*.py"), *PAGES) if templates_in(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_sentence_of_a_module_is_translated(path: Path) -> None:
    known = japanese()
    missing = sorted(template for template in templates_in(path) if not any(known.get(template, ())))
    assert not missing


def test_a_translation_has_the_same_places_as_its_template() -> None:
    for template, forms in japanese().items():
        for form in forms:
            assert set(PLACE.findall(form)) == set(PLACE.findall(template)), template


def test_a_sentence_has_one_translation_in_all_rooms() -> None:
    assert not {template: forms for template, forms in japanese().items() if len(forms) > 1}


def test_no_translation_is_left_over() -> None:
    from house.help_texts import help_texts

    used = set().union(*(templates_in(path) for path in MODULES)) | help_texts()
    literals = {
        node.value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not sorted(set(japanese()) - used - literals)
