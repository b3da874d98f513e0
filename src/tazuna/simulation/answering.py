"""Who answers, and what (回答行動): ordinal answers with gaps, and people who do not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.questionnaire import Item
from tazuna.simulation.streams import Flags, Floats, Integers, gumbel, stream

Answers = npt.NDArray[np.int16]
NOT_ANSWERED = -1


def who_responds(
    seed: int, wave: int, general: Floats, in_field: Flags, asked: Flags, assumed: Assumptions
) -> Flags:
    """Who responds at a wave: fewer in the field, and fewer with low traits; shape (n,)."""
    rate = np.where(in_field, assumed.response_rates["field"], assumed.response_rates["office"])
    odds = np.log(rate / (1 - rate)) + assumed.response_slope * general
    chance = 1 / (1 + np.exp(-odds))
    return np.asarray((stream(seed, "responds", wave).random(general.size) < chance) & asked)


def graded_answers(item: Item, latent: Floats, rng: np.random.Generator) -> Answers:
    """Answers to one ordered question by the graded response model.

    Parameters
    ----------
    latent
        Shape (n,).

    Returns
    -------
    Answers
        Shape (n,), category numbers.
    """
    uniform = rng.random(latent.size, dtype=np.float32)
    with np.errstate(divide="ignore"):
        noisy = np.log(uniform / (1 - uniform))
    a = np.float32(abs(item.discrimination))
    noisy += a * latent
    above = np.zeros(latent.size, dtype=np.int16)
    for threshold in item.thresholds:
        above += noisy > a * np.float32(threshold)
    if item.discrimination < 0:
        above = np.int16(len(item.thresholds)) - above
    return np.asarray(np.array(item.values, dtype=np.int16)[above])


def unordered_answers(
    item: Item, latent: Floats, weights: Floats, slopes: Floats, rng: np.random.Generator
) -> Answers:
    """Answers to an unordered question: each category has a log weight and a slope on the latent variable."""
    best = np.full(latent.size, -np.inf, dtype=np.float32)
    chosen = np.zeros(latent.size, dtype=np.int16)
    for place, value in enumerate(item.values):
        appeal = weights[place] + slopes[place] * latent + gumbel(rng, latent.size)
        chosen = np.where(appeal > best, np.int16(value), chosen)
        best = np.maximum(best, appeal)
    return chosen


def answers_at(
    seed: int,
    wave: int,
    items: Sequence[Item],
    latents: Mapping[str, Floats],
    responds: Flags,
    assumed: Assumptions,
) -> pl.DataFrame:
    """One column a question for those who respond, null where somebody left it out.

    Careless people are the same at every wave; half of them tick one column, half anything.

    Parameters
    ----------
    latents
        Latent variable → shape (n,), everybody.
    responds
        Shape (n,).
    """
    rows = np.flatnonzero(responds)
    careless = stream(seed, "careless").random(responds.size, dtype=np.float32)[rows] / np.float32(
        assumed.careless
    )
    one_column = stream(seed, "favourite column").random(responds.size, dtype=np.float32)[rows]
    rng = stream(seed, "stops midway", wave)
    stops_at = np.where(
        rng.random(rows.size) < assumed.broke_off, rng.integers(10, len(items), rows.size), len(items)
    )
    columns: dict[str, Answers] = {}
    own = {latent: latents[latent][rows] for latent in dict.fromkeys(item.latent for item in items)}
    for place, item in enumerate(items):
        rng = stream(seed, "answer", item.code, wave)
        if item.thresholds:
            answer = graded_answers(item, own[item.latent], rng)
        else:
            fixed = stream(seed, "categories", item.code)
            weights = (0.4 * fixed.standard_normal(len(item.values))).astype(np.float32)
            slopes = (0.4 * fixed.standard_normal(len(item.values))).astype(np.float32)
            answer = unordered_answers(item, own[item.latent], weights, slopes, rng)
        values = np.array(item.values, dtype=np.int16)
        ticked = np.where(careless < 0.5, one_column, rng.random(rows.size, dtype=np.float32))
        answer = np.where(careless < 1.0, values[(ticked * values.size).astype(np.int16)], answer)
        left_out = (rng.random(rows.size, dtype=np.float32) < assumed.missing) | (stops_at <= place)
        columns[item.code] = np.where(left_out, NOT_ANSWERED, answer).astype(np.int16)
    return pl.DataFrame(columns).select(pl.when(pl.col(c) != NOT_ANSWERED).then(pl.col(c)) for c in columns)


def filter_questions(answers: pl.DataFrame, has_sheet: Flags) -> pl.DataFrame:
    """Empty what a person is not asked: a wish met without a wish filed, a career sheet that was never used.

    Parameters
    ----------
    has_sheet
        Shape (r,), who of the respondents used a career sheet.
    """
    sheet = [code for code in answers.columns if code.startswith("sheet")]
    return answers.with_columns(
        pl.when(pl.col("lg_wish_filed") == 1).then(pl.col("lg_wish_met")).alias("lg_wish_met"),
        *(pl.when(pl.lit(pl.Series(has_sheet))).then(pl.col(code)).alias(code) for code in sheet),
    )


def response_table(
    person_id: pl.Series, wave_id: str, year: int, answers: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """The rows of ``responses`` of one wave, answered in the first three weeks of October."""
    opened = int(np.datetime64(f"{year}-10-02T09:00", "s").astype(np.int64))
    day = np.floor(20 * rng.beta(0.9, 1.6, len(person_id))).astype(np.int64)
    moment: Integers = opened + day * 86_400 + rng.integers(0, 36_000, len(person_id))
    answered = pl.Series(moment * 1_000_000).cast(pl.Datetime("us"))
    heading = {
        "person_id": person_id,
        "wave": pl.repeat(wave_id, len(person_id), eager=True),
        "answered_at": answered,
    }
    return pl.DataFrame(heading).hstack(answers)
