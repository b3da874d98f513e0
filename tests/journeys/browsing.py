"""A browser for journeys: Japanese, with a console that must stay empty and axe at hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(__file__).parents[1] / "web" / "vendor" / "axe" / "axe-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
_RUN_AXE = """async rules => {
  const options = {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]};
  const found = await axe.run(document, options);
  const places = fault => fault.nodes.map(node => node.target.join(" ")).slice(0, 3).join(" | ");
  return found.violations.map(fault => `${fault.id}: ${places(fault)}`);
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium as installed; without it the test fails, since nothing would have been looked at."""
    assert CHROMIUM, "Chromium is not installed: make browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Looker:
    """One person at one browser, whose every page is looked over.

    ``said`` is what the console said, which names refused and missing files too.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.said: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport=PHONE, locale="ja-JP", base_url=address, reduced_motion="reduce"
        )
        self.context.set_default_timeout(20_000)
        self.context.on("console", lambda message: self.said.append(message.text))
        self.context.on("weberror", lambda error: self.said.append(str(error.error)))
        self.page: Page = self.context.new_page()

    def look_over(self) -> None:
        """Expect no fault of accessibility and nothing too wide, on phone and desk, light and dark."""
        self.page.wait_for_load_state()
        for size in (PHONE, DESK):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            beside = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert beside <= 0, f"{self.page.url} is {beside} px too wide at {size['width']} px"
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                assert self.faults() == [], f"{self.page.url}, {size['width']} px, {scheme}"
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="light")

    def faults(self) -> list[str]:
        """What axe finds on the page."""
        if not self.page.evaluate("'axe' in window"):
            # Evaluated from outside the page, so that its policy on scripts need not be loosened.
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        faults: list[str] = self.page.evaluate(_RUN_AXE, RULES)
        return faults
