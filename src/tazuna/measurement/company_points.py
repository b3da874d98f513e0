"""What each company's scores add up to (会社ごとの合計点): what a comparison of companies starts from."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from tazuna.disclosure.contributors import CompanySums
from tazuna.disclosure.noisy_means import HIGHEST, PointSums
from tazuna.measurement.scoring import score_expression, scored_scales
from tazuna.study import Study

_PEOPLE = "people:"
_POINTS = "points:"


def company_points(study: Study, wave: str, measures: Collection[str]) -> dict[str, CompanySums]:
    """People who answered and their points, by company: unprotected.

    A person's score is clipped to 0–100 and rounded to a whole point (half to the even one, so that nothing
    drifts upward over many people). Everybody counts in one company only: that of the people table.

    Parameters
    ----------
    study
        The study.
    wave
        The wave that is compared.
    measures
        Codes of scales; those that the study does not ask are left out.

    Returns
    -------
    dict
        Every organisation that has people at the wave, whether or not anybody answered, so that being in the
        list tells nothing of an answer.
    """
    codes = asked_measures(study, measures)
    scores = [
        score_expression(scored).clip(0, HIGHEST).round(mode="half_to_even").cast(pl.Int64).alias(scored.code)
        for scored in scored_scales(study.instruments, study.responses.columns)
        if scored.code in codes
    ]
    points = study.responses.filter(pl.col("wave") == wave).select("person_id", *scores)
    answered = pl.any_horizontal(pl.lit(value=False), *(pl.col(code).is_not_null() for code in codes))
    totals = (
        _members(study, wave)
        .join(points, on="person_id", how="left")
        .group_by("organisation_id")
        .agg(
            answered.sum().cast(pl.Int64).alias("people"),
            pl.col(codes).count().cast(pl.Int64).name.prefix(_PEOPLE),
            pl.col(codes).sum().name.prefix(_POINTS),
        )
        .sort("organisation_id")
    )
    return {
        row["organisation_id"]: CompanySums(
            row["people"],
            {code: PointSums(row[_PEOPLE + code], row[_POINTS + code]) for code in codes},
        )
        for row in totals.iter_rows(named=True)
    }


def asked_measures(study: Study, measures: Collection[str]) -> list[str]:
    """Those of the scales that the study's answers can score."""
    found = scored_scales(study.instruments, study.responses.columns)
    return [scored.code for scored in found if scored.code in measures]


def companies_with_people(study: Study, wave: str) -> int:
    """How many organisations have people at the wave."""
    return _members(study, wave)["organisation_id"].n_unique()


def _members(study: Study, wave: str) -> pl.DataFrame:
    """Everybody who was asked, with the company that they count in."""
    people = study.people_at(wave).drop_nulls("organisation_id")
    if "status" in people.columns:
        people = people.filter(pl.col("status").ne_missing("left"))
    return people.select("person_id", "organisation_id")
