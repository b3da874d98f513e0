"""Taking part (参加): who completed which place, and for how many hours; and who consents to evaluation."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from tazuna.intake.figures import as_yes_no
from tazuna.study import Study

CONSENT = "evaluation_consent"
"""Column of people or applications; where neither has it, consent is not tracked."""
_SCHEMA = {
    "person_id": pl.String,
    "program_id": pl.String,
    "completed": pl.Boolean,
    "hours": pl.Float64,
}


def taking_part(study: Study, programs: Collection[str]) -> pl.DataFrame:
    """Who came to some programmes, rows of side work outside the round left out.

    Returns
    -------
    pl.DataFrame
        person_id, program_id, completed (Boolean), hours (Float64; 0 for somebody who did not come, null
        where not recorded).
    """
    table = study.table("participation")
    if table is None:
        return pl.DataFrame(schema=_SCHEMA)
    table = table.filter(pl.col("program_id").is_in(list(programs)))
    if "source" in table.columns:
        table = table.filter(pl.col("source").ne_missing("outside"))
    hours = pl.col("hours") if "hours" in table.columns else pl.lit(None, pl.Float64)
    absent = pl.col("status") == "no_show"
    return table.select(
        "person_id",
        "program_id",
        completed=pl.col("status") == "completed",
        hours=pl.when(absent).then(0.0).otherwise(hours.cast(pl.Float64)),
    )


def refusing(study: Study) -> tuple[pl.Series, bool] | None:
    """People who did not consent to evaluation (評価への同意), None where consent is not tracked.

    Somebody consents where every row of theirs says yes; an empty cell is no consent.

    Returns
    -------
    tuple or None
        Their ids, and whether everybody was asked or applicants only.
    """
    for name in ("people", "applications"):
        table = study.table(name)
        if table is not None and CONSENT in table.columns:
            given = table[CONSENT]
            yes = given if given.dtype == pl.Boolean else as_yes_no(given.cast(pl.String)).values
            no = table.filter(~yes.fill_null(value=False))["person_id"].unique().sort()
            return no, name == "people"
    return None
