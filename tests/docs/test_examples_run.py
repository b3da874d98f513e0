"""Every Python example of the documentation gives what the page says."""

from __future__ import annotations

import doctest

import pytest

from docs.markdown_pages import Page, paired_pages

WITH_EXAMPLES = tuple(found for found in paired_pages() if any(b.kind == "python" for b in found.blocks()))


@pytest.mark.parametrize("found", WITH_EXAMPLES, ids=lambda found: found.name)
def test_the_examples_of_a_page_give_what_it_says(found: Page) -> None:
    text = "\n".join(block.text for block in found.blocks() if block.kind == "python")
    examples = doctest.DocTestParser().get_doctest(text, {}, found.name, found.name, 0)
    assert examples.examples
    said: list[str] = []
    failed, _ = doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    assert not failed, "".join(said)
