"""The pages of the documentation, taken apart: headings, links, and fenced blocks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tazuna.language import Language

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^(```+)([^\n]*)\n(.*?)^\1[ ]*$", re.M | re.S)
HEADING = re.compile(r"^(#+) +(.+?) *$", re.M)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ONLY_ENGLISH = ("decisions",)
"""Folders of docs/ whose readers are contributors; CONTRIBUTING.md says that they are in English."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: ``words`` of its first line (``("sh", "exit=1")``), its text, and where it begins."""

    words: tuple[str, ...]
    text: str
    line: int

    @property
    def kind(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """The lines of a ``sh`` block as a shell would split them, ``.venv/bin/`` left out."""
        if self.kind != "sh":
            return ()
        lines = (shlex.split(line, comments=True) for line in self.text.splitlines())
        return tuple((line[0].removeprefix(".venv/bin/"), *line[1:]) for line in lines if line)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its path, its language, its text."""

    path: Path
    language: Language
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def pair(self) -> Path:
        """The same page in the other language."""
        if self.language == "ja":
            return self.path.with_name(self.path.name.removesuffix(".ja.md") + ".md")
        return self.path.with_name(self.path.name.removesuffix(".md") + ".ja.md")

    @property
    def prose(self) -> str:
        """The text without its fenced blocks, every other line where it was."""
        return FENCE.sub(lambda found: "\n" * found[0].count("\n"), self.text)

    def blocks(self) -> tuple[Block, ...]:
        return tuple(
            Block(tuple(found[2].split()), found[3], self.text[: found.start()].count("\n") + 1)
            for found in FENCE.finditer(self.text)
        )

    def headings(self) -> tuple[tuple[int, str], ...]:
        """Level and words of each heading."""
        return tuple((len(marks), words) for marks, words in HEADING.findall(self.prose))

    def anchors(self) -> set[str]:
        """What a link to a heading of this page may name."""
        return {anchor(words) for _, words in self.headings()}

    def local_links(self) -> tuple[str, ...]:
        return tuple(
            link for link in LINK.findall(self.prose) if not re.match(r"[a-z]+:", link) and link != "…"
        )

    def commands(self) -> tuple[tuple[str, ...], ...]:
        return tuple(command for block in self.blocks() for command in block.commands)


def page(path: Path) -> Page:
    language: Language = "ja" if path.name.endswith(".ja.md") else "en"
    return Page(path, language, path.read_text(encoding="utf-8"))


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    words = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return words.replace(" ", "-")


def pages() -> tuple[Page, ...]:
    """READMEs and documentation, those of contributors included."""
    return tuple(page(path) for path in (*sorted(ROOT.glob("README*.md")), *sorted(DOCS.rglob("*.md"))))


def paired_pages() -> Iterator[Page]:
    """The pages that exist in both languages."""
    return (found for found in pages() if found.path.parent.name not in ONLY_ENGLISH)
