"""Groups of people by rule: mindset layer (意識層), the unmoved (不動層), cause, step, age band, level of
体現度.

The rules are data (`tazuna.measurement.group_rules`); this module judges them over columns, in three-valued
logic: a condition over a missing answer is unknown, and a person whose first undecided condition is unknown
has no group.
"""

from __future__ import annotations

import polars as pl

from tazuna.measurement.group_rules import GroupRule, GroupRules, Reading, group_rules
from tazuna.study import Study


def classify(study: Study, scores: pl.DataFrame) -> pl.DataFrame:
    """Place every person of every wave in a group of each ruling.

    Parameters
    ----------
    study
        The study; ages are the year of the wave less the year of birth.
    scores
        As `tazuna.measurement.scoring.score_people` gives them.

    Returns
    -------
    pl.DataFrame
        One row a person and wave, answered or not: ``person_id``, ``wave``, then String columns
        ``age_band``, ``level``, ``layer``, ``unmoved``, ``cause``, ``step`` (codes of the rules; null =
        unknown, because an answer that decides is missing).
    """
    keys = ["person_id", "wave"]
    rules = group_rules()
    scales = _held([reading.scale for reading in rules.readings.values()], scores)
    questions = _held([reading.question for reading in rules.readings.values()], study.responses)
    read = (
        ages(study)
        .join(scores.select(*keys, *scales), on=keys, how="left", maintain_order="left")
        .join(study.responses.select(*keys, *questions), on=keys, how="left", maintain_order="left")
    )
    return place(read, rules).select(*keys, *rules.rulings)


def ages(study: Study) -> pl.DataFrame:
    """``person_id``, ``wave``, ``age`` (Int64, years; null where the year of birth or of the wave is not
    known).
    """
    frames = []
    for wave in study.waves:
        people = study.people_at(wave.wave)
        age = pl.lit(wave.year, pl.Int64) - birth_year(people)
        frames.append(people.select("person_id", pl.lit(wave.wave).alias("wave"), age.alias("age")))
    return pl.concat(frames)


def birth_year(people: pl.DataFrame) -> pl.Expr:
    """The year of birth where the table has one, else nulls."""
    return pl.col("birth_year").cast(pl.Int64) if "birth_year" in people.columns else pl.lit(None, pl.Int64)


def place(read: pl.DataFrame, rules: GroupRules) -> pl.DataFrame:
    """Add a column for each ruling to a frame that holds what the rules read.

    Parameters
    ----------
    read
        Scales, questions and ``age`` by their own names; a column that is missing is unknown for everybody.
    rules
        The rules.

    Returns
    -------
    pl.DataFrame
        ``read`` and a String column a ruling.
    """
    values = {name: _reading(reading, read) for name, reading in rules.readings.items()}
    placed = read
    for ruling, groups in rules.rulings.items():
        placed = placed.with_columns(_first_that_fits(groups, values).alias(ruling))
        values[ruling] = pl.col(ruling)
    return placed


def _reading(reading: Reading, read: pl.DataFrame) -> pl.Expr:
    column = reading.scale or reading.question or "age"
    return pl.col(column) if column in read.columns else pl.lit(None, pl.Float64)


def _first_that_fits(groups: tuple[GroupRule, ...], values: dict[str, pl.Expr]) -> pl.Expr:
    """The first group whose condition is true, unless an unknown condition comes before it."""
    found = pl.lit(None, pl.String)
    for rule in reversed(groups):
        tests = [test.holds(values[name]) for name, test in rule.when.items()]
        fits = pl.all_horizontal(tests) if tests else pl.lit(value=True)
        found = pl.when(fits).then(pl.lit(rule.group)).when(fits.not_()).then(found)
    return found


def _held(names: list[str | None], frame: pl.DataFrame) -> list[str]:
    return [name for name in names if name in frame.columns]
