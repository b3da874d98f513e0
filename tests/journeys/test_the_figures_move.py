"""A person answers on a phone, HR closes the wave, and the figures move."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from journeys.browsing import Looker
from journeys.conftest import work

pytestmark = pytest.mark.django_db(transaction=True)

MORE_THAN_WAIT = 1_000
FINISHED = re.compile(r"/finish/$")


def test_a_person_answers_hr_closes_and_the_figures_move(looker: Looker) -> None:
    page = looker.page
    page.goto("/")
    looker.look_over()
    enter(page, "社員")
    looker.look_over()
    with page.expect_navigation():
        page.get_by_role("link", name="回答を始める").click()
    answer_every_screen(looker)
    page.get_by_role("button", name="回答を終える").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    looker.look_over()
    with page.expect_navigation():
        page.get_by_role("link", name="自分のプロフィールを見る").click()
    expect(page.locator(".area")).to_have_count(5)
    expect(page.locator(".area .score-range").first).to_contain_text("点の間")
    looker.look_over()

    become(page, "人事")
    expect(page.locator(".tour .now").first).to_contain_text("自分で回答する")
    before = total_of(page)
    earlier_wave = page.get_by_role("heading", level=1).inner_text()
    looker.look_over()
    others_waiting = page.locator(".making").count()
    close_the_wave(looker)
    expect(page.locator(".making")).to_have_count(others_waiting + 1)
    expect(page.locator(".making").last).to_contain_text("計算の順番を待っています")
    looker.look_over()
    work(most=1)

    expect(page.locator(".making")).to_have_count(others_waiting)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(earlier_wave)
    assert total_of(page) != before
    now_hidden(page)
    looker.look_over()
    with page.expect_navigation():
        page.get_by_role("link", name="本当の得点と、推定を重ねて見る").click()
    expect(page.locator("figure img")).to_have_count(3)
    looker.look_over()


def test_every_role_finds_a_page_without_faults(looker: Looker) -> None:
    page = looker.page
    work(most=MORE_THAN_WAIT)  # a page that still asks for its release would go on asking in the next role
    page.goto("/")
    for door, heading in (("管理職", None), ("経営", "概況"), ("事務局", "会員企業")):
        (enter if page.get_by_role("heading", name="はたらく人生").count() else become)(page, door)
        if heading is not None:
            expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        looker.look_over()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Member companies")
    page.get_by_role("button", name="Sign out").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Sign in").click()
    looker.look_over()


def enter(page: Page, door: str) -> None:
    """Through a door of the front page."""
    with page.expect_navigation():
        page.locator(".door button").filter(has=page.locator("strong", has_text=door)).click()


def become(page: Page, door: str) -> None:
    """Through the doors in the demo's ribbon."""
    ribbon = page.get_by_role("complementary", name="デモ")
    ribbon.get_by_text("ほかの役割で見る").click()
    with page.expect_navigation():
        ribbon.get_by_role("button", name=door, exact=True).click()


def answer_every_screen(looker: Looker) -> None:
    """Choose an answer to every question, saved one by one; look the first and the last screen over."""
    page, screens = looker.page, 0
    while not FINISHED.search(page.url):
        screens += 1
        if screens == 1:
            looker.look_over()
        questions = page.locator("fieldset.question")
        for place in range(questions.count()):
            choices = questions.nth(place).locator("label.choice")
            choices.nth(choices.count() - 1).click()
        expect(page.locator("#saving")).to_have_text("保存しました")
        here = page.url
        page.get_by_role("button", name="次へ").click()
        page.wait_for_url(lambda address, here=here: address != here)
    assert screens >= 10
    expect(page.get_by_text("100問中100問に回答")).to_be_visible()
    looker.look_over()


def close_the_wave(looker: Looker) -> None:
    """From the tour to the page that asks again, and on."""
    page = looker.page
    with page.expect_navigation():
        page.locator(".tour").get_by_role("link", name=re.compile("を締め切る$")).click()
    expect(page.get_by_text("締め切った調査は、再開できません。")).to_be_visible()
    looker.look_over()
    page.get_by_role("button", name="締め切って集計する").click()


def total_of(page: Page) -> str:
    """The totals of all who are shown in the table of scores."""
    rows = page.locator("table").filter(has=page.locator("caption")).locator("tr", has_text="総合")
    return " ".join(" ".join(rows.all_text_contents()).split())


def now_hidden(page: Page) -> None:
    """The tour names a department that is protected now: its row is hatched, or it is in one with others."""
    named = page.locator(".tour").get_by_text(re.compile("単独では示さなくなった部署"))
    department = named.inner_text().partition("：")[2].split("、")[0].split(" ")[0].strip()
    row = page.locator("tr", has_text=department).filter(has_text=re.compile("非表示|合算"))
    expect(row.first).to_contain_text(department, use_inner_text=False)
