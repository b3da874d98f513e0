"""A company some of whose departments are shown together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
from tests.core.reporting import made_study
from tests.core.reporting.made_study import BANDS, Row, cell

from tazuna.disclosure.pooling import pool_code
from tazuna.disclosure.release import Audit, Release
from tazuna.disclosure.threshold import emptied
from tazuna.measurement.overview import StudyFigures

SHARES = ("unreached", "not_growing", "not_pictured", "unclassified", "moved")


def figures_with_pool(
    members: Sequence[str], *, departments: int = 6, shown: bool = True, more: Sequence[Row] = ()
) -> StudyFigures:
    """Plausible figures in which these departments are hidden and the pool of them is shown, or not."""
    code = pool_code(members)
    rows = [*made_study.plausible_cells(departments), *more]
    for share in SHARES:
        rows += [
            cell(f"share.unmoved.{share}", 20.0, 30, group_by="department", group=f"D{number:02d}")
            for number in range(1, departments + 1)
        ]
        rows.append(cell(f"share.unmoved.{share}", 20.0, 30, group_by="department", group=code))
    for measure in ("ms", "co"):
        rows.append(cell(measure, 77.0, 31, group_by="department", group=code))
        rows += [
            cell(measure, 70.0 + place, 8 + 4 * place, group_by="department*age_band", group=f"{code}|{band}")
            for place, band in enumerate(BANDS)
        ]
    cells = made_study.frame(rows)
    gone = pl.col("group").str.split("|").list.first().is_in([*members, *([] if shown else [code])])
    hidden = cells.select(
        (pl.col("group_by").str.contains("department") & gone) | (pl.col("n") < made_study.K)
    )
    release = Release(
        emptied(cells, hidden.to_series()), dict.fromkeys(("W1", "W2"), made_study.K), Audit(0, 0, None)
    )
    return replace(made_study.figures(), release=release)
