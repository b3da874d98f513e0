"""Every page has its twin in the other language, its links lead somewhere, the index names it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from docs.markdown_pages import DOCS, Page, page, pages, paired_pages

PAIRED = tuple(paired_pages())


@pytest.mark.parametrize("found", PAIRED, ids=lambda found: found.name)
def test_a_page_has_the_same_headings_and_commands_in_the_other_language(found: Page) -> None:
    assert found.pair.is_file()
    other = page(found.pair)
    assert [level for level, _ in found.headings()] == [level for level, _ in other.headings()]
    assert found.commands() == other.commands()
    assert [block.kind for block in found.blocks()] == [block.kind for block in other.blocks()]


@pytest.mark.parametrize("found", pages(), ids=lambda found: found.name)
def test_every_link_within_the_documentation_leads_somewhere(found: Page) -> None:
    dead = []
    for link in found.local_links():
        place, _, anchor = link.partition("#")
        target = (found.path.parent / place).resolve() if place else found.path
        if not target.exists() or (anchor and anchor not in page(target).anchors()):
            dead.append(link)
    assert not dead


@pytest.mark.parametrize("found", PAIRED, ids=lambda found: found.name)
def test_a_page_links_to_pages_of_its_own_language(found: Page) -> None:
    targets = {(found.path.parent / link.partition("#")[0]).resolve() for link in found.local_links()}
    others = (page(target) for target in targets - {found.pair} if target.suffix == ".md")
    assert not [other.name for other in others if other.language != found.language and other.pair.is_file()]


@pytest.mark.parametrize("index", ["README.md", "README.ja.md"])
def test_the_index_names_every_page(index: str) -> None:
    found = page(DOCS / index)
    named = {(DOCS / link.partition("#")[0]).resolve() for link in found.local_links()}
    wanted = {
        other.path
        for other in PAIRED
        if other.language == found.language and other.path.is_relative_to(DOCS) and other.path != found.path
    }
    assert not {path.name for path in wanted - named}


@pytest.mark.parametrize("found", PAIRED, ids=lambda found: found.name)
def test_a_page_begins_with_its_one_title(found: Page) -> None:
    levels = [level for level, _ in found.headings()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("found", PAIRED, ids=lambda found: found.name)
def test_the_words_above_a_block_name_the_file_or_the_cell_that_it_belongs_to(found: Page) -> None:
    lines = found.text.splitlines()
    for block in found.blocks():
        above = next(line for line in reversed(lines[: block.line - 1]) if line.strip())
        paragraph = found.text[: found.text.index(above)].rpartition("\n\n")[2] + above
        if block.kind in ("csv", "toml", "yaml") and len(block.words) > 1:
            assert f"`{block.words[1]}`" in above
        elif block.kind == "tsv":
            sheet, _, cell = " ".join(block.words[2:]).partition("!")
            assert cell in paragraph
            assert sheet in paragraph
