"""A release is made once and whole, and agrees with the command line."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django_scopes import scope, scopes_disabled
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tazuna.reporting.cells import organisation_cells
from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.models import Role
from tazuna_web.ledger.models import Entry
from tazuna_web.overview import acts, making
from tazuna_web.overview.acts import make_release_of, system_acting, try_again
from tazuna_web.overview.making import Made
from tazuna_web.overview.models import Edition, Picture, Release, ReportFile
from tazuna_web.overview.queries import making_state, table_in
from tazuna_web.overview.tasks import make_release
from tazuna_web.surveys.acts import close_wave
from tazuna_web.surveys.models import Wave
from web.overview.conftest import Companies
from web.overview.loaded_sample import OWN, Loaded

STORED = (Release, Edition, Picture, ReportFile)


@pytest.fixture
def closing(loaded: Loaded, made: Made, monkeypatch: pytest.MonkeyPatch) -> Wave:
    """A closing wave whose release is calculated already."""
    monkeypatch.setattr(making, "make", lambda wave, *, seed: made)
    return loaded.waves[OWN][1]


def make_it(wave: Wave) -> Release | None:
    with scope(held_by=[wave.held_by_id]):
        wave = Wave.objects.select_related("held_by").get(pk=wave.pk)
        return make_release_of(acting=system_acting(wave), wave=wave)


def hr(wave: Wave) -> Acting:
    return Acting(None, wave.held_by, Role.HR)


def test_the_task_makes_the_release_and_the_wave_is_released(closing: Wave) -> None:
    make_release.call(closing.pk)
    with scopes_disabled():
        release = Release.objects.get(wave=closing)
        assert Wave.objects.get(pk=closing.pk).state == Wave.State.RELEASED
        assert sorted(release.editions.values_list("language", flat=True)) == ["en", "ja"]
        entry = Entry.objects.get(verb="overview.release_made")
    assert (entry.account, entry.held_by, entry.thing_id) == (None, closing.held_by, str(release.pk))


def test_making_it_twice_makes_it_once(closing: Wave) -> None:
    assert make_it(closing) == make_it(closing)
    with scopes_disabled():
        assert Entry.objects.filter(verb="overview.release_made").count() == 1


def test_an_open_wave_has_no_release(loaded: Loaded) -> None:
    assert make_it(loaded.waves[OWN][2]) is None
    with scopes_disabled():
        assert not Release.objects.exists()


def test_a_worker_that_fails_at_the_very_end_leaves_nothing_half_made(
    closing: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(acts, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            make_it(closing)
    with scopes_disabled():
        assert [model.objects.count() for model in STORED] == [0, 0, 0, 0]
        assert Wave.objects.get(pk=closing.pk).state == Wave.State.CLOSING
    assert make_it(closing) is not None


def test_of_two_workers_at_once_the_slower_ones_work_is_dropped(
    closing: Wave, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    faster: list[Release] = []

    def calculate(wave: Wave, *, seed: int) -> Made:
        """While this worker calculates, another stores its release."""
        faster.append(acts.store_release(acting=system_acting(wave), wave=wave, made=made))
        return made

    monkeypatch.setattr(making, "make", calculate)
    assert make_it(closing) == faster[0]
    with scopes_disabled():
        assert Release.objects.count() == 1
        assert Edition.objects.count() == 2
        assert Entry.objects.filter(verb="overview.release_made").count() == 1


def test_closing_queues_the_release_and_closing_again_does_not(
    loaded: Loaded, django_capture_on_commit_callbacks: object
) -> None:
    wave = loaded.waves[OWN][2]
    with scope(held_by=[wave.held_by_id]):
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
                close_wave(acting=hr(wave), wave=wave, today=datetime.date(2026, 11, 20))
    assert DBTaskResult.objects.count() == 1
    assert making_state(wave) == "waiting"


def test_a_failed_release_can_be_tried_again_by_hr_alone(loaded: Loaded) -> None:
    wave = loaded.waves[OWN][1]
    make_release.enqueue(wave.pk)
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
    assert making_state(wave) == "failed"
    with scope(held_by=[wave.held_by_id]):
        with pytest.raises(PermissionDenied):
            try_again(acting=Acting(None, wave.held_by, Role.EXECUTIVE), wave=wave)
        assert try_again(acting=hr(wave), wave=wave)
        assert making_state(wave) == "waiting"
        assert not try_again(acting=hr(wave), wave=wave)
    assert DBTaskResult.objects.count() == 2


def test_a_closing_wave_that_lost_its_task_can_be_tried_again(loaded: Loaded) -> None:
    wave = loaded.waves[OWN][1]
    assert making_state(wave) == "failed"
    with scope(held_by=[wave.held_by_id]):
        assert try_again(acting=hr(wave), wave=wave)


def test_nobody_elses_waves_can_be_tried_again(loaded: Loaded) -> None:
    wave = loaded.waves[OWN][1]
    with scope(held_by=[wave.held_by_id]), pytest.raises(PermissionDenied):
        try_again(acting=Acting(None, loaded.organisations["C02"], Role.HR), wave=wave)


def test_the_pages_content_and_the_workbook_hold_the_figures_of_the_release(companies: Companies) -> None:
    """The workbook to 16 digits, as many as its writer writes."""
    release = companies.own
    frame = pl.read_parquet(io.BytesIO(release.figures))
    wave = companies.loaded.waves[OWN][1].code
    cells = organisation_cells(frame, OWN, (companies.loaded.waves[OWN][0].code, wave))
    # With few managers the employees alone are hidden, and everybody stands beside them.
    sides = ("executive", "hr", "manager", "employee", "all")
    assert cells.staff() == "all"
    scores = ("ms", "ms_see", "ms_grow", "ms_connect")
    found = [cells.at(score, viewpoint=side) for score in scores for side in sides]
    expected = [
        (None,) * 4 if cell.hidden else (cell.n, cell.mean, cell.lower, cell.upper)
        for cell in found
        if cell is not None
    ]
    assert len(expected) == 20
    with scopes_disabled():
        edition = release.editions.get(language="ja")
        file = edition.files.get(format="xlsx")
    table = table_in(edition.content, "score-table")
    assert table is not None
    shown = [tuple(None if isinstance(v, dict) else v for v in row[2:]) for row in table["rows"]]
    assert shown == expected
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[2] == "n") + 1
    written = [row[2:6] for row in rows[start : start + 20]]
    digits = [[f"{v:.16G}" if isinstance(v, int | float) else None for v in row] for row in written]
    assert digits == [[None if v is None else f"{v:.16G}" for v in row] for row in expected]


def test_every_figure_has_a_picture_and_a_table_in_both_languages(companies: Companies) -> None:
    with scopes_disabled():
        for edition in companies.own.editions.all():
            figures = figures_in(edition.content)
            codes = set(edition.pictures.values_list("code", flat=True))
            assert codes == {figure["code"] for figure in figures}
            assert all(figure["table"]["rows"] and figure["width"] > 0 for figure in figures)
            assert all(svg.startswith("<svg") for svg in edition.pictures.values_list("svg", flat=True))


def test_the_truth_is_laid_beside_the_estimates_in_the_demo_alone(
    made: Made, settings: object, truth_folder: Path
) -> None:
    check = made.editions[0].content["answer_check"]
    assert 0 < check["held"] <= check["judged"]
    from tazuna_web.overview.truth import true_scores

    settings.DATA = truth_folder  # type: ignore[attr-defined]
    assert true_scores()
    settings.DEMO = False  # type: ignore[attr-defined]
    assert true_scores() == []


def test_nothing_of_a_single_person_is_stored(made: Made) -> None:
    stored = json.dumps([edition.content for edition in made.editions], ensure_ascii=False)
    frame = pl.read_parquet(io.BytesIO(made.figures))
    shown = frame.filter(~pl.col("viewpoint").is_in(["executive", "hr"]), pl.col("n").is_not_null())
    assert shown["n"].min() >= 10  # type: ignore[operator]
    assert "person_id" not in stored


def figures_in(found: object) -> list[dict[str, object]]:
    if isinstance(found, dict):
        inside = [figure for value in found.values() for figure in figures_in(value)]
        return [found, *inside] if found.get("block") == "figure" else inside
    return [figure for value in found for figure in figures_in(value)] if isinstance(found, list) else []


def test_a_picture_has_room_at_its_sides_for_wider_fonts() -> None:
    drawn = '<svg class="marks" width="600" height="300" viewBox="0 0 600 300" role="img"><g/></svg>'
    assert making.roomy(drawn) == (
        '<svg class="marks" width="640" height="300" viewBox="-20 0 640 300" role="img"><g/></svg>'
    )
    with pytest.raises(ValueError, match="viewBox"):
        making.roomy("<svg/>")
