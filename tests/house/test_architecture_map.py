"""``ARCHITECTURE.md`` and the tree say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


MAPS = {"tazuna": "```text\n", "tazuna_web": "```text web\n"}
"""Package → how its map begins."""
UNMAPPED = {"__init__", "apps", "migrations", "templatetags"}


def mapped_rooms(package: str) -> dict[str, set[str]]:
    """Room → the modules and subfolders that the map names in it."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = text.split(MAPS[package], 1)[1].split("```", 1)[0]
    rooms: dict[str, set[str]] = {}
    room = ""
    for line in block.splitlines():
        if match := re.match(r"^  (\w+)/\s+#", line):
            room = match[1]
            rooms[room] = set()
        elif room and line.startswith(" " * 16):
            rooms[room] |= set(re.findall(r"\w+", line))
    return rooms


def rooms_in_the_tree(package: str) -> dict[str, set[str]]:
    source = ROOT / "src" / package
    return {
        folder.name: (
            {path.stem for path in folder.glob("*.py")}
            | {path.parent.name for path in folder.glob("*/__init__.py")}
        )
        - UNMAPPED
        for folder in source.iterdir()
        if (folder / "__init__.py").exists()
    }


@pytest.mark.parametrize("package", MAPS)
def test_every_room_is_on_the_map_with_its_modules(package: str) -> None:
    assert mapped_rooms(package) == rooms_in_the_tree(package)


def test_every_top_level_name_on_the_map_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:src|tests|docs|requirements|benchmarks|changelog\.d)[\w./-]*)`", text):
        assert (ROOT / name).exists(), name


def test_no_module_outgrows_its_room() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "src").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert not long
