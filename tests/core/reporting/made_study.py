"""A study and plausible cells, made by hand so that every figure of a report can be traced to its cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA
from tazuna.disclosure.release import release_cells
from tazuna.instrument.model import Instrument, Scale
from tazuna.instrument.shipped import shipped_instruments
from tazuna.measurement.overview import MethodFacts, StudyFigures, WaveReliability
from tazuna.measurement.reliability import ItemFigures, Reliability
from tazuna.study import Study, Wave

ORGANISATION = "O1"
BANDS = ("20-34", "35-49", "50+")
LEVELS = ("low", "middle", "high")
OUTCOMES = ("used", "opportunity", "engagement", "stay", "isolation", "learning")
K = 10
SECRET = 7313.25
"""The mean of every cell that is too small: written anywhere, it would be found."""

Row = dict[str, Any]


def cell(measure: str, mean: float, n: int = 200, half: float = 3.0, **address: str) -> Row:
    where = {
        "organisation_id": ORGANISATION,
        "wave": "W2",
        "viewpoint": "all",
        "group_by": "all",
        "group": "all",
    }
    figures = {"n": n, "mean": mean, "lower": mean - half, "upper": mean + half, "suppressed": False}
    return {**where, "measure": measure, **figures, **address}


def statement(measure: str, mean: float, n: int, side: str, wave: str = "W2") -> Row:
    row = cell(measure, mean, n, half=5.0, viewpoint=side, wave=wave)
    return row if n > 1 else {**row, "lower": None, "upper": None}


def plausible_cells(departments: int = 6) -> list[Row]:
    rows: list[Row] = []
    for wave, shift in (("W1", -3.0), ("W2", 0.0)):
        rows += _score_cells(wave, shift)
        rows += _people_cells(wave, shift)
    rows += _department_cells(departments)
    rows += _group_cells()
    rows += _age_cells()
    return rows


def _score_cells(wave: str, shift: float) -> Iterable[Row]:
    company = {"executive": (72.4, 5), "hr": (64.0, 1)}
    for place, score in enumerate(("ms", "ms_see", "ms_grow", "ms_connect")):
        for side, (level, n) in company.items():
            yield statement(score, level + shift + 4 * (place == 2), n, side, wave)
        yield cell(score, 57.3 + shift - place, 24, 6.0, viewpoint="manager", wave=wave)
        yield cell(score, 51.2 + shift - 3 * (place == 2), 420, 2.0, viewpoint="employee", wave=wave)
        yield cell(score, 52.0 + shift - 3 * (place == 2), 444, 2.0, wave=wave)
        for pair, gap in (("executive-employee", 21.2), ("hr-employee", 12.8), ("manager-employee", 6.1)):
            yield cell(f"gap.{score}", gap + 7 * (place == 2), 420, 4.0, viewpoint=pair, wave=wave)
        for pair, gap in (("executive-all", 20.4), ("hr-all", 12.0)):
            yield cell(f"gap.{score}", gap + 7 * (place == 2), 444, 4.0, viewpoint=pair, wave=wave)


def _people_cells(wave: str, shift: float) -> Iterable[Row]:
    yield cell("response_rate", 74.0, 600, 3.5, wave=wave)
    yield cell("co", 48.6 + shift, 444, 1.6, wave=wave)
    for number in range(1, 6):
        yield cell(f"co{number}", 44.0 + 2.5 * number + shift, 444, 1.9, wave=wave)
    for place, outcome in enumerate(OUTCOMES):
        yield cell(outcome, 46.0 + 3 * place + shift, 444, 2.0, wave=wave)
    for attribute, groups in (
        ("age_band", BANDS),
        ("worksite", ("office", "field")),
        ("gender", ("male", "female")),
        ("employment_type", ("regular", "contract", "part_time")),
    ):
        for place, group in enumerate(groups):
            yield cell(
                "response_rate", 70.0 + 5 * place, 150, 5.0, group_by=attribute, group=group, wave=wave
            )
            yield cell("co", 50.0 - 4 * place + shift, 110, 3.0, group_by=attribute, group=group, wave=wave)


def _department_cells(count: int) -> Iterable[Row]:
    for number in range(1, count + 1):
        department = f"D{number:02d}"
        for measure in ("ms", "co"):
            yield cell(measure, 40 + number * 17 % 31, 70, group_by="department", group=department)
        yield cell("response_rate", 60 + number % 20, 90, group_by="department", group=department)
        for place, band in enumerate(BANDS):
            n = 8 if (number + place) % 4 == 0 else 20 + number % 7
            mean = 38 + (number * 13 + place * 7) % 37 if n >= K else SECRET
            for measure in ("ms", "co"):
                group = f"{department}|{band}"
                yield cell(measure, mean, n, 6.0, group_by="department*age_band", group=group)


def _group_cells() -> Iterable[Row]:
    for code, share in (("practice", 18.0), ("understanding", 41.0), ("traditional", 41.0)):
        yield cell(f"share.layer.{code}", share, 440)
    sizes = (
        ("moved", 62.0),
        ("unreached", 19.3),
        ("not_growing", 9.1),
        ("not_pictured", 6.2),
        ("unclassified", 3.4),
    )
    for place, (code, share) in enumerate(sizes):
        yield cell(f"share.unmoved.{code}", share, 438)
        n = round(438 * share / 100)
        for step, need in enumerate(("lg_interest", "lg_support", "lg_use_here", *OUTCOMES)):
            yield cell(need, 60 - 6 * ((place + step) % 5), n, 5.0, group_by="unmoved", group=code)
        yield cell("lg_met", 0.0 if code == "unreached" else 55.0, n, 5.0, group_by="unmoved", group=code)
    for band in BANDS:
        for code, share in sizes:
            yield cell(f"share.unmoved.{code}", share, 140, 6.0, group_by="age_band", group=band)
        for code, share in (("practice", 18.0), ("understanding", 41.0), ("traditional", 41.0)):
            yield cell(f"share.layer.{code}", share, 140, 6.0, group_by="age_band", group=band)
        for code, share in (("know", 40.0), ("deepen", 28.0), ("deepen_more", 20.0), ("practise", 12.0)):
            yield cell(f"share.step.{code}", share, 140, 6.0, group_by="age_band", group=band)
    for code, share in (("does_not_understand", 34.0), ("never_positive", 42.0), ("gave_up", 24.0)):
        yield cell(f"share.cause.{code}", share, 170)
    for code, share in (("know", 40.0), ("deepen", 28.0), ("deepen_more", 20.0), ("practise", 12.0)):
        yield cell(f"share.step.{code}", share, 440)
    for question in ("reason_not_moving", "reason_not_learning"):
        for category in range(1, 9):
            yield cell(f"dist.{question}.{category}", 30.0 - 3 * category, 430)
    yield cell("gave_up", 37.0, 440)


def _age_cells() -> Iterable[Row]:
    for place, level in enumerate(LEVELS):
        yield cell("contribution", 2.4 + 0.4 * place, 120, 0.2, group_by="level", group=level)
        for measure in ("used", "opportunity"):
            yield cell(measure, 38 + 10 * place, 130, 3.0, group_by="level", group=level)
            for step, band in enumerate(BANDS):
                mean = 38 + 10 * place - 7 * (step == 1 and place == 2)
                yield cell(measure, mean, 45, 5.0, group_by="level*age_band", group=f"{level}|{band}")
            for age in range(22, 63):
                dip = 8 if place == 2 and 30 <= age < 40 else 0
                yield cell(
                    measure,
                    38 + 10 * place - dip,
                    30,
                    5.0,
                    group_by="level*age_curve",
                    group=f"{level}|{age}",
                )
    for age in range(22, 63):
        for measure in ("co", "used", "opportunity"):
            yield cell(measure, 48 - abs(age - 35) / 8, 80, 3.0, group_by="age_curve", group=str(age))


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(CELL_SCHEMA), orient="row")


def figures(rows: Sequence[Row] | None = None, k: int = K) -> StudyFigures:
    cells = frame(plausible_cells() if rows is None else rows)
    alphas = {"ms": 0.86, "ms_see": 0.71, "co": 0.94, "co1": 0.82, "co1a": 0.7, "used": 0.79}
    questions = {"a": ItemFigures(0.5, 3.0, 1.0), "b": ItemFigures(0.5, 3.0, 1.0)}
    return StudyFigures(
        release_cells(cells, {"W1": k, "W2": k}),
        {
            code: WaveReliability("W2", Reliability(alpha, alpha - 0.02, alpha + 0.02, 440, questions))
            for code, alpha in alphas.items()
        },
        (),
        MethodFacts(
            seed=1,
            replicates=2000,
            level=0.95,
            clusters_needed=10,
            bandwidth=8.0,
            k={"W1": k, "W2": k},
            rules_version="1.0",
            instruments={"management_score": "1.0"},
            gaps=(),
            sha256="0" * 64,
        ),
    )


def study(name: str = "株式会社あおぞら", departments: int = 6, **changes: Any) -> Study:
    names = [f"{place}事業部" for place in range(1, departments + 1)]
    made = Study(
        title="見本",
        tables={
            "organisations": pl.DataFrame(
                {"organisation_id": [ORGANISATION], "name": [name], "kind": ["company"]}
            ),
            "departments": pl.DataFrame(
                {
                    "department_id": [f"D{place:02d}" for place in range(1, departments + 1)],
                    "organisation_id": [ORGANISATION] * departments,
                    "name": names,
                }
            ),
            "people": pl.DataFrame({"person_id": ["P1"], "organisation_id": [ORGANISATION]}),
        },
        responses=pl.DataFrame({"person_id": [], "wave": []}),
        instruments=tuple(shipped_instruments().values()),
        waves=(Wave("W1", "2025年度調査", 2025, 2025, K), Wave("W2", "2026年度調査", 2026, 2026, K)),
        orders={"contribution": ("D", "C", "B", "A", "S")},
        sha256="0" * 64,
    )
    return replace(made, **changes)


LOADED_SCALES = ("Outgoing", "Careful", "Curious")


def study_with_loaded_instrument() -> Study:
    """A study that asks only an instrument that does not come with Tazuna."""
    words = {"en": "Traits", "ja": "特性"}
    scales = {f"L{n}": Scale(f"L{n}", {"en": name}, "area", ()) for n, name in enumerate(LOADED_SCALES)}
    loaded = Instrument("traits", "1.0", words, words, "CC0", ("en",), words, {}, scales, {})
    return study(instruments=(*shipped_instruments().values(), loaded))


def loaded_cells() -> list[Row]:
    """Figures of the loaded instrument alone."""
    rows = [cell("response_rate", 74.0, 600, 3.5)]
    for place, scale in enumerate(f"L{n}" for n in range(len(LOADED_SCALES))):
        rows.append(cell(scale, 40.0 + 10 * place, 444, 2.0))
        for attribute, groups in (("age_band", BANDS), ("gender", ("male", "female"))):
            rows += [cell(scale, 44.0 + 9 * place, 150, group_by=attribute, group=g) for g in groups]
        for number in range(1, 7):
            rows.append(cell(scale, 41.0 + number, 40, group_by="department", group=f"D{number:02d}"))
    return rows
