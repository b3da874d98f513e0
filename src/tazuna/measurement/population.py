"""The population (調査対象): everybody asked at a wave, with scores, groups and where they count."""

from __future__ import annotations

import polars as pl

from tazuna.measurement.scoring import question_codes
from tazuna.measurement.units import current_units
from tazuna.study import Study

DEMOGRAPHICS = ("worksite", "gender", "job_family", "employment_type")
ANSWER = "answer:"
_TEXTS = ("organisation_id", "department", "status", *DEMOGRAPHICS)


def population(study: Study, scores: pl.DataFrame, groups: pl.DataFrame, ages: pl.DataFrame) -> pl.DataFrame:
    """Everybody asked: the people as of each wave, except those who left.

    Somebody seconded out counts in the organisation that seconds, not in a department of it; somebody
    seconded in counts where the people table has them working. Departments are today's
    (`tazuna.measurement.units.current_units`).

    Parameters
    ----------
    study, scores, groups, ages
        The study and what `score_people`, `classify` and `ages` make of it.

    Returns
    -------
    pl.DataFrame
        One row a person and wave: ``organisation_id``, ``wave``, ``unit`` (the department for standard
        errors, never null), ``department`` (for figures; null = counts in none), ``worksite``, ``gender``,
        ``job_family``, ``employment_type``, ``viewpoint`` (manager, employee), ``age``, ``answered``
        (Boolean), ``contribution`` (Float64), the rulings, the scales, and the answers as ``answer:CODE``.
        Texts are Categorical. ``contribution`` is null for those who did not answer: figures describe one
        set of people.
    """
    asked = pl.concat([_asked(study, wave.wave) for wave in study.waves])
    keys = ["person_id", "wave"]
    texts = ["organisation_id", "wave", "unit", "department", *DEMOGRAPHICS, "viewpoint"]
    rulings = [name for name in groups.columns if name not in keys]
    answers = [code for code in question_codes(study) if code in study.responses.columns]
    # A question may bear the name of its own scale: answers stand under "answer:CODE".
    answer = pl.col(answers).name.prefix(ANSWER)
    joined = (
        asked.join(scores, on=keys, how="left", maintain_order="left")
        .join(groups, on=keys, how="left", maintain_order="left")
        .join(ages, on=keys, how="left", maintain_order="left")
        .join(study.responses.select(*keys, answer), on=keys, how="left", maintain_order="left")
    )
    answered = pl.col("n_answered").fill_null(0) > 0
    return joined.select(
        pl.col(*texts, *rulings).cast(pl.Categorical),
        pl.col("age"),
        answered.alias("answered"),
        pl.when(answered).then("contribution").alias("contribution"),
        pl.col([name for name in scores.columns if name not in (*keys, "n_answered")]),
        pl.col([ANSWER + code for code in answers]),
    )


def _asked(study: Study, wave: str) -> pl.DataFrame:
    people = study.people_at(wave)
    absent = [pl.lit(None, pl.String).alias(name) for name in _TEXTS if name not in people.columns]
    units = current_units(study)
    placed = (
        people.with_columns(absent)
        .filter(pl.col("status").ne_missing("left"))
        .join(units, on="department", how="left", maintain_order="left")
        .with_columns(pl.coalesce("unit", "department").alias("unit"))
    )
    works_here = pl.col("status").ne_missing("seconded_out")
    managers = pl.col("is_manager") if "is_manager" in people.columns else pl.lit(value=False)
    return placed.select(
        "person_id",
        "organisation_id",
        pl.lit(wave).alias("wave"),
        pl.col("unit").fill_null(""),
        pl.when(works_here).then("unit").alias("department"),
        *DEMOGRAPHICS,
        pl.when(managers.fill_null(value=False))
        .then(pl.lit("manager"))
        .otherwise(pl.lit("employee"))
        .alias("viewpoint"),
        _contribution(people, study.orders.get("contribution")).alias("contribution"),
    )


def _contribution(people: pl.DataFrame, order: tuple[str, ...] | None) -> pl.Expr:
    """Contribution as a number: ordered text becomes 1, 2, … from the lowest; text without an order is not
    measured.
    """
    if "contribution" not in people.columns:
        return pl.lit(None, pl.Float64)
    if people.schema["contribution"].is_numeric():
        return pl.col("contribution").cast(pl.Float64)
    ranks = {text: float(rank) for rank, text in enumerate(order or (), start=1)}
    return pl.col("contribution").cast(pl.String).replace_strict(ranks, default=None, return_dtype=pl.Float64)
