"""The population (調査対象): everybody at a wave, with scores, answers, groups and where they count."""

from __future__ import annotations

import polars as pl

from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.groups import ANSWER, classify
from tazuna.measurement.units import current_units
from tazuna.study import Study, Wave

DEMOGRAPHICS = ("worksite", "gender", "job_family", "employment_type")
SCORE_GRID = 2.0**26
"""Scores are taken to 1/2^26 of a point: sums of a million are then exact in whatever order threads add."""
ANSWER_ROW = "answer_row"
_TEXTS = ("organisation_id", "department", "status", *DEMOGRAPHICS)


def population(study: Study, scores: pl.DataFrame, rules: GroupRules) -> pl.DataFrame:
    """Everybody as of each wave, whether or not asked, whether or not answering.

    Somebody seconded out counts in the organisation that seconds, not in a department of it; somebody
    seconded in counts where the people table has them working. Departments are today's
    (`tazuna.measurement.units.current_units`).

    Parameters
    ----------
    study
        The study.
    scores
        As `tazuna.measurement.scoring.score_people` gives them for this study.
    rules
        The rules of the groups.

    Returns
    -------
    pl.DataFrame
        One row a person and wave: ``person_id``, ``wave``, ``organisation_id``, ``unit`` (the department for
        standard errors, never null), ``department`` (for figures; null = counts in none), ``worksite``,
        ``gender``, ``job_family``, ``employment_type``, ``viewpoint`` (manager, employee), ``asked``
        (Boolean: had not left), ``answered`` (Boolean), ``age`` (years: the wave's year less the year of
        birth), ``contribution`` (Float64; null for those who did not answer, so that figures describe one
        set of people), the scales (on `SCORE_GRID`), ``n_answered`` (null without a row of answers),
        `ANSWER_ROW` (the row of ``study.responses``), the answers that the rules read and those without an
        order as ``answer:CODE``, and a column for each ruling.
    """
    read = {reading.question for reading in rules.readings.values()}
    codes = [
        question.code
        for instrument in study.instruments
        for question in instrument.questions.values()
        if question.code in study.responses.columns
        and (question.code in read or not question.response.ordered)
    ]
    answers = study.responses.select(pl.col(codes).name.prefix(ANSWER))
    scored = pl.concat([scores, answers], how="horizontal").with_row_index(ANSWER_ROW)
    everybody = pl.concat([_at(study, wave, scored) for wave in study.waves])
    # Every sum over people would join the waves' pieces of all columns again; here it is one at a time.
    for index in range(everybody.width):
        everybody.replace_column(index, everybody.to_series(index).rechunk())
    return classify(everybody, rules)


def _at(study: Study, wave: Wave, scored: pl.DataFrame) -> pl.DataFrame:
    people = study.people_at(wave.wave)
    absent = [pl.lit(None, pl.String).alias(name) for name in _TEXTS if name not in people.columns]
    units = current_units(study)
    answered = pl.col("n_answered").fill_null(0) > 0
    on_grid = (pl.selectors.float() * SCORE_GRID).round() / SCORE_GRID
    here = scored.filter(pl.col("wave") == wave.wave).drop("wave").with_columns(on_grid)
    return (
        people.with_columns(absent)
        .drop_nulls("organisation_id")
        .join(units, on="department", how="left", maintain_order="left")
        .select(*_places(people, wave), _contribution(people, study.orders.get("contribution")))
        .join(here, on="person_id", how="left", maintain_order="left")
        .with_columns(answered=answered, contribution=pl.when(answered).then("contribution"))
    )


def _places(people: pl.DataFrame, wave: Wave) -> list[pl.Expr]:
    """Where and as what each person counts; repeated texts as Categorical."""
    unit = pl.coalesce("unit", "department")
    works_here = pl.col("status").ne_missing("seconded_out")
    managers = pl.col("is_manager") if "is_manager" in people.columns else pl.lit(value=False)
    born = pl.col("birth_year").cast(pl.Int64) if "birth_year" in people.columns else pl.lit(None, pl.Int64)
    viewpoint = pl.when(managers.fill_null(value=False)).then(pl.lit("manager")).otherwise(pl.lit("employee"))
    texts = {
        "wave": pl.lit(wave.wave),
        "organisation_id": pl.col("organisation_id"),
        "unit": unit.fill_null(""),
        "department": pl.when(works_here).then(unit),
        **{name: pl.col(name) for name in DEMOGRAPHICS},
        "viewpoint": viewpoint,
    }
    return [
        pl.col("person_id"),
        *(text.cast(pl.Categorical).alias(name) for name, text in texts.items()),
        pl.col("status").ne_missing("left").alias("asked"),
        (pl.lit(wave.year, pl.Int64) - born).alias("age"),
    ]


def _contribution(people: pl.DataFrame, order: tuple[str, ...] | None) -> pl.Expr:
    """Contribution as a number: ordered text is 1, 2, … from the lowest; text without an order is null."""
    if "contribution" not in people.columns:
        return pl.lit(None, pl.Float64).alias("contribution")
    if people.schema["contribution"].is_numeric():
        return pl.col("contribution").cast(pl.Float64)
    ranks = {text: float(rank) for rank, text in enumerate(order or (), start=1)}
    text = pl.col("contribution").cast(pl.String)
    return text.replace_strict(ranks, default=None, return_dtype=pl.Float64)
