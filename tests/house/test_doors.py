"""No module that shows figures goes round the door of group figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from house.doors import FOR_ONE, READS_PEOPLE, SUMS_ELSEWHERE, ways_round

SOURCES = Path(__file__).parents[2] / "src"


def modules() -> dict[str, str]:
    return {
        str(path.relative_to(SOURCES)): path.read_text(encoding="utf-8")
        for path in sorted(SOURCES.rglob("*.py"))
        if "migrations" not in path.parts
    }


def test_every_module_that_shows_figures_takes_them_from_behind_the_door() -> None:
    found = [way for path, source in modules().items() for way in ways_round(path, source)]
    assert found == []


@pytest.mark.parametrize("place", [*FOR_ONE, *READS_PEOPLE, *SUMS_ELSEWHERE])
def test_what_is_allowed_is_there(place: str) -> None:
    assert any(path.startswith(place) for path in modules())


@pytest.mark.parametrize(
    ("path", "leak"),
    [
        ("tazuna/reporting/sections/executive.py", "from tazuna.measurement.overview import measure"),
        ("tazuna/reporting/sections/executive.py", "from tazuna.measurement.cells import group_cells"),
        ("tazuna/reporting/sections/executive.py", "import tazuna.measurement.cells"),
        ("tazuna/reporting/front.py", "shown = m.study.responses['co1a1'].mean()"),
        ("tazuna/reporting/front.py", "rows = study.tables['outcomes']"),
        ("tazuna/commands/report.py", "by = opened.responses.group_by('department').agg(pl.len())"),
        ("tazuna_web/overview/views/team.py", "from tazuna_web.surveys.models import Answer"),
        ("tazuna_web/overview/queries.py", "mean = Answer.objects.aggregate(Avg('value'))"),
        ("tazuna/measurement/overview.py", "shown = Release(cells, k, audit)"),
    ],
)
def test_a_way_round_is_found(path: str, leak: str) -> None:
    assert ways_round(path, leak)
