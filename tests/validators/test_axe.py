"""axe-core finds no error in the report, in light and dark, on a phone and on a desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.validators.sample_pages import hard_cases

from tazuna.language import Language

VENDOR = Path(__file__).parents[1] / "web" / "vendor" / "axe"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
VIEWS = (("light", 360), ("dark", 360), ("light", 1280), ("dark", 1280))


@pytest.fixture(scope="module")
def axe() -> str:
    """The judge's own script."""
    found = sorted(VENDOR.glob("axe*.min.js"))
    if not found:
        pytest.skip("axe-core is not among the vendored files")
    return found[-1].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize(("language", "view"), [("ja", VIEWS[0]), ("en", VIEWS[3])])
def test_axe_finds_nothing_in_any_case(
    browser: Browser, axe: str, language: Language, view: tuple[str, int]
) -> None:
    scheme, width = view
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    found = []
    for name, source in hard_cases(language).items():
        if name == "sixty":
            continue
        page.set_content(source)
        page.evaluate(axe)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        violations = page.evaluate(
            "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"
            ".then(result => result.violations.map(v => [v.id, v.nodes[0].html]))",
            list(RULES),
        )
        found += [(name, *violation) for violation in violations]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    context.close()
    assert not found
