"""Makes the pictures of the application: a demo of its own, every door and page, on a phone and on a desk."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tazuna_web.site.addresses import answers

KEPT = Path(__file__).parent / "pictures" / "web"
SIZES = {360: 740, 1280: 800}
READY_SECONDS, RELEASE_SECONDS = 90, 300
IN_DOCUMENTATION = {
    "welcome-1280",
    "answering-360",
    "profile-360",
    "overview-1280",
    "closing-360",
    "answer-check-1280",
}
"""These are kept, as far as they are seen without scrolling; all others are for looking at, in full."""


def main() -> None:
    """Photograph the demo and say where the pictures are."""
    KEPT.mkdir(parents=True, exist_ok=True)
    every = Path(tempfile.mkdtemp(prefix="tazuna-screenshots-"))
    with demo() as address, sync_playwright() as playwright:
        chromium = (
            shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        )
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        Walk(browser, address, every).take()
        browser.close()
    sys.stdout.write(f"For the documentation: {KEPT}\nEverything: {every}\n")


@contextmanager
def demo() -> Iterator[str]:
    """A demo in a folder of its own, ended and cleared away afterwards."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = int(asking.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="tazuna-demo-") as folder:
        arguments = f"port={port}, data=pathlib.Path({str(Path(folder) / 'demo')!r}), no_browser=True"
        code = f"import pathlib; from tazuna_web.site.demo import demo; demo({arguments})"
        process = subprocess.Popen([sys.executable, "-c", code])  # noqa: S603
        try:
            wait_until_it_answers(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def wait_until_it_answers(port: int) -> None:
    """Wait for the demo.

    Raises
    ------
    TimeoutError
        It does not answer in time.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not answers(port):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the demo did not answer within {READY_SECONDS} seconds")
        time.sleep(0.2)


class Walk:
    """A walk through the demo with a camera."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=address, locale="ja-JP", reduced_motion="reduce"
        )
        self.page: Page = self.context.new_page()
        self.folder = folder

    def take(self) -> None:
        """From the front door to the answer check."""
        page = self.page
        page.goto("/")
        self.photograph("welcome")
        page.goto("/sign-in/")
        self.photograph("sign-in")
        self.as_person()
        self.as_officer()
        self.as_hr()
        for door, name in (("manager", "team"), ("executive", "executive"), ("secretariat", "members")):
            self.go_in(door)
            self.photograph(name)

    def as_person(self) -> None:
        """The survey from beginning to end, then the profile."""
        page = self.page
        self.go_in("person")
        self.photograph("surveys")
        page.get_by_role("link", name="回答を始める").click()
        self.answer(4)
        self.photograph("answering")
        while not page.url.endswith("/finish/"):
            self.answer(5)
            here = page.url
            page.get_by_role("button", name="次へ").click()
            page.wait_for_url(lambda address, here=here: address != here)
        self.photograph("before-finishing")
        page.get_by_role("button", name="回答を終える").click()
        page.get_by_role("link", name="自分のプロフィールを見る").wait_for()
        self.photograph("thanks")
        page.goto("/profile/")
        self.photograph("profile")
        page.goto("/surveys/")
        self.photograph("surveys-answered")

    def as_officer(self) -> None:
        """The company's side of the survey."""
        self.go_in("executive")
        self.page.goto("/surveys/")
        self.photograph("executive-surveys")
        self.page.get_by_role("link", name="会社側として回答する").click()
        self.photograph("company-answers")

    def as_hr(self) -> None:
        """The overview before and after closing, and the answer check."""
        page = self.page
        self.go_in("hr")
        self.wait_for_releases()
        self.photograph("overview")
        page.locator(".tour").get_by_role("link", name="を締め切る").click()
        self.photograph("closing")
        page.get_by_role("button", name="締め切って集計する").click()
        page.locator(".making").wait_for()
        self.photograph("making")
        self.wait_for_releases()
        self.photograph("overview-moved")
        page.get_by_role("link", name="本当の得点と、推定を重ねて見る").click()
        self.photograph("answer-check")

    def go_in(self, door: str) -> None:
        """By the demo's door, as whoever was there before goes out."""
        self.context.clear_cookies()
        self.page.goto("/")
        self.page.locator(f"form[action='/enter/{door}/'] button").click()

    def answer(self, value: int) -> None:
        """Choose the same answer to every question of the screen, or the last one there is."""
        page = self.page
        for question in page.locator("fieldset.question").all():
            choices = question.locator("label.choice")
            choices.nth(min(value, choices.count()) - 1).click()
        page.locator("#saving").get_by_text("保存しました").wait_for()

    def wait_for_releases(self) -> None:
        """The page loads itself anew when a release is there."""
        expect(self.page.locator(".making")).to_have_count(0, timeout=RELEASE_SECONDS * 1000)
        self.page.locator("figure").first.wait_for()

    def photograph(self, name: str) -> None:
        """On a phone and on a desk, light and dark."""
        page = self.page
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                self.load_pictures()
                shot = f"{name}-{width}"
                if shot in IN_DOCUMENTATION and scheme == "light":
                    page.screenshot(path=KEPT / f"{shot}.png")
                ending = "" if scheme == "light" else "-dark"
                page.screenshot(path=self.folder / f"{shot}{ending}.png", full_page=True)

    def load_pictures(self) -> None:
        """Bring pictures that wait to be scrolled to."""
        page = self.page
        page.evaluate("for (const img of document.images) img.loading = 'eager'")
        page.evaluate("Promise.all([...document.images].map(img => img.decode()))")
        page.evaluate("scrollTo(0, 0)")


if __name__ == "__main__":
    main()
