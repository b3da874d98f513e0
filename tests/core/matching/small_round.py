"""A round of a few people and programmes as a study in memory; tests change single columns of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import polars as pl

from tazuna.study import Study, Wave
from tazuna.study.match_settings import MatchSettings

ROUND = "2026秋"


def small_study(
    *,
    match: MatchSettings | None = None,
    people: Mapping[str, object] | None = None,
    programs: Mapping[str, object] | None = None,
    applications: Mapping[str, object] | None = None,
    priorities: pl.DataFrame | None = None,
    caps: pl.DataFrame | None = None,
    program_groups: tuple[str, ...] = ("prefecture",),
) -> Study:
    """Ann, Bo and Cy apply to P1 (firm A), P2 and P3 (firm B); columns given replace or join those here."""
    tables = {
        "organisations": pl.DataFrame(
            {"organisation_id": ["A", "B", "C"], "name": ["A", "B", "C"], "kind": ["company"] * 3}
        ),
        "people": pl.DataFrame(
            {
                "person_id": ["ann", "bo", "cy"],
                "organisation_id": ["A", "B", "C"],
                "birth_year": [1990, 2000, None],
                "status": ["active"] * 3,
                **(people or {}),
            }
        ),
        "programs": pl.DataFrame(
            {
                "program_id": ["P1", "P2", "P3"],
                "round": [ROUND] * 3,
                "kind": ["side_work"] * 3,
                "organisation_id": ["A", "B", "B"],
                "title": ["x"] * 3,
                "starts_on": [date(2026, 10, 1)] * 3,
                "capacity": [1, 2, 0],
                **(programs or {}),
            }
        ),
        "applications": pl.DataFrame(
            {
                "person_id": ["ann", "ann", "bo", "cy", "cy", "cy"],
                "program_id": ["P2", "P1", "P1", "P1", "P2", "P3"],
                "rank": [1, 2, 1, 1, 2, 3],
                **(applications or {}),
            }
        ),
    }
    if priorities is not None:
        tables["priorities"] = priorities
    if caps is not None:
        tables["caps"] = caps
    return Study(
        title="a small round",
        tables=tables,
        responses=pl.DataFrame(),
        instruments=(),
        waves=(Wave("2025", "2025", 2025, 2025, 10), Wave("2027", "2027", 2027, 2027, 10)),
        orders={},
        sha256="0" * 64,
        program_groups=program_groups,
        match=match or MatchSettings(),
    )


def consents(*given: bool) -> list[datetime | None]:
    """A moment for each consent given."""
    return [datetime.fromisoformat("2026-09-01T12:00") if one else None for one in given]
