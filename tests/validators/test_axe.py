"""axe-core finds no error in the reports, in light and dark, on phone and desk; no label is cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.validators.sample_pages import hard_cases, result_pages

from journeys.browsing import AXE, chromium
from tazuna.language import Language

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CUT_OFF = """() => [...document.querySelectorAll(".chart svg")].flatMap(drawing => {
  const frame = drawing.getBoundingClientRect();
  const inside = box => box.left >= frame.left - 1 && box.right <= frame.right + 1 &&
    box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
  return [...drawing.querySelectorAll("text")]
    .filter(words => words.textContent && !inside(words.getBoundingClientRect()))
    .map(words => words.textContent);
})"""
"""Labels that leave their drawing. The browser lacks the packaged fonts, as readers' browsers do."""
VIEWS = (("light", 360), ("dark", 360), ("light", 1280), ("dark", 1280))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize(("language", "view"), [("ja", VIEWS[0]), ("en", VIEWS[3])])
def test_axe_finds_nothing_in_any_case(browser: Browser, language: Language, view: tuple[str, int]) -> None:
    scheme, width = view
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    found = []
    for name, source in (hard_cases(language) | result_pages(language)).items():
        if name == "sixty":
            continue
        page.set_content(source)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        violations = page.evaluate(
            "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"
            ".then(result => result.violations.map(v => [v.id, v.nodes[0].html]))",
            list(RULES),
        )
        found += [(name, *violation) for violation in violations]
        found += [(name, "cut off", words) for words in page.evaluate(CUT_OFF)]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    context.close()
    assert not found
