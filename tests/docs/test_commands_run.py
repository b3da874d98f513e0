"""Every command of the documentation runs, and says what the page says that it says.

A page is run from top to bottom in a folder of its own. The first line of a fenced block tells what it is:

- ``sh``: commands; ``sh exit=1`` where the page expects a fault;
- ``text``: what the commands just before said; ``…`` stands for lines left out;
- ``text report``: what stands in the HTML report in the folder ``report``;
- ``tsv workbook.xlsx Sheet!A4``: cells to paste; ``csv FILE`` (toml, yaml, lavaan): a file to save.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from docs.filled_workbook import paste
from docs.markdown_pages import DOCS, ROOT, Block, Page, page, paired_pages
from tazuna.commands.main import SERVER_COMMANDS, build_app, run

WITH_COMMANDS = tuple(found for found in paired_pages() if found.commands())
IN_A_SHELL = ("source", "export", "cp")
FILES = ("csv", "toml", "yaml", "lavaan")


@pytest.mark.parametrize("found", WITH_COMMANDS, ids=lambda found: found.name)
def test_the_commands_of_a_page_run_as_the_page_says(
    found: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAZUNA_LANG", found.language)
    if found.path.parent == ROOT:
        _save_blocks(page(DOCS / "how-to" / f"own-column-names{_ending(found)}"), as_folder="my-folder")
    said = ""
    for block in found.blocks():
        if block.kind == "sh":
            capsys.readouterr()
            for command in block.commands:
                _run(command, found, block)
                if found.path.parent == ROOT and command[:2] == ("tazuna", "template"):
                    _fill(page(DOCS / "tutorial" / f"first-report{_ending(found)}"))
            captured = capsys.readouterr()
            said = captured.out + captured.err
        elif block.words == ("text", "report"):
            _expect_reported(block, found)
        elif block.kind == "text":
            _expect_said(block, said, found)
        else:
            _put(block)


def _run(command: tuple[str, ...], found: Page, block: Block) -> None:
    place = f"{found.name} line {block.line}: {' '.join(command)}"
    if command[0] == "tazuna" and not set(command[1:2]) & set(SERVER_COMMANDS):
        expected = 1 if "exit=1" in block.words else 0
        assert run(command[1:]) == expected, place
    elif command[0] == "tazuna":
        build_app(found.language).parse_args(command[1:], print_error=False, exit_on_error=False)
    elif command[0] == "make":
        assert re.search(rf"^{command[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M), place
    else:
        assert command[0] in IN_A_SHELL, place


def _expect_said(block: Block, said: str, found: Page) -> None:
    left = [line.strip() for line in said.splitlines()]
    for line in filter(None, map(str.strip, block.text.splitlines())):
        if line == "…":
            continue
        assert line in left, (
            f"{found.name} line {block.line}: not said (or not in this order): {line}\n{said}"
        )
        left = left[left.index(line) + 1 :]


def _expect_reported(block: Block, found: Page) -> None:
    (report,) = Path("report").glob("*.html")
    words = _only_words(report.read_text(encoding="utf-8"))
    for line in filter(None, block.text.splitlines()):
        assert "".join(line.split()) in words, f"{found.name} line {block.line}: not in the report: {line}"


def _only_words(document: str) -> str:
    without_styles = re.sub(r"<(style|script)\b.*?</\1>", "", document, flags=re.S)
    return "".join(html.unescape(re.sub(r"<[^>]+>", "", without_styles)).split())


def _put(block: Block) -> None:
    """Do what the page tells the reader to do with a block."""
    if block.kind == "tsv":
        paste(Path(block.words[1]), " ".join(block.words[2:]), block.text)
    elif block.kind in FILES and len(block.words) > 1:
        path = Path(block.words[1])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding=block.words[2] if len(block.words) > 2 else "utf-8")


def _fill(tutorial: Page) -> None:
    for block in tutorial.blocks():
        if block.kind == "tsv":
            _put(block)


def _save_blocks(how_to: Page, as_folder: str) -> None:
    for block in how_to.blocks():
        if block.kind == "csv" and len(block.words) > 1:
            _, _, name = block.words[1].partition("/")
            _put(Block((block.kind, f"{as_folder}/{name}", *block.words[2:]), block.text, block.line))


def _ending(found: Page) -> str:
    return ".ja.md" if found.language == "ja" else ".md"


def test_every_quoted_output_follows_the_command_that_says_it() -> None:
    for found in paired_pages():
        before = ""
        for block in found.blocks():
            if block.kind == "text":
                assert before in ("sh", "text"), f"{found.name} line {block.line}"
            before = block.kind
