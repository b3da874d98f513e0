"""The company side (会社側の回答): what executives and HR say in office, scored as employees are."""

from __future__ import annotations

import polars as pl

from tazuna.measurement.moments import PLACE
from tazuna.measurement.scoring import score_expression, scored_scales
from tazuna.study import Study


def company_scores(study: Study, above: pl.DataFrame) -> pl.DataFrame:
    """Score the company side.

    Parameters
    ----------
    study
        The study; without company answers the result is empty.
    above
        As `tazuna.measurement.units.organisations_above` gives it; an organisation pools those below it.

    Returns
    -------
    pl.DataFrame
        One row a respondent, scale and organisation that pools them: ``organisation_id``, ``wave``,
        ``viewpoint`` (executive, hr), ``measure``, ``score`` (0–100), ``people`` (1.0).
    """
    answers = study.table("company_answers")
    if answers is None:
        return pl.DataFrame(
            schema={
                **dict.fromkeys((*PLACE, "viewpoint", "measure"), pl.String),
                "score": pl.Float64,
                "people": pl.Float64,
            }
        )
    scales = scored_scales(study.instruments, answers.columns)
    keys = [*PLACE, "viewpoint"]
    scored = answers.select(*keys, *(score_expression(scale).alias(scale.code) for scale in scales))
    long = scored.unpivot(index=keys, variable_name="measure", value_name="score").drop_nulls("score")
    return long.join(above, on="organisation_id").select(
        pl.col("above").alias("organisation_id"),
        "wave",
        "viewpoint",
        "measure",
        pl.col("score").cast(pl.Float64),
        people=pl.lit(1.0),
    )
