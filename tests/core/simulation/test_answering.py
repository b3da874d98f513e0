"""Who answers and what."""

from __future__ import annotations

import numpy as np
import polars as pl

from tazuna.simulation.answering import graded_answers, who_responds
from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.consortium import Consortium
from tazuna.simulation.questionnaire import Item


def test_an_extreme_trait_gives_the_extreme_category() -> None:
    item = Item("q", "t", 2.0, (-1.0, 0.0, 1.0, 2.0), (1, 2, 3, 4, 5), scored=True)
    turned = Item("q", "t", -2.0, item.thresholds, item.values, scored=True)
    latent = np.array([-20.0, 20.0], dtype=np.float32)
    assert graded_answers(item, latent, np.random.default_rng(1)).tolist() == [1, 5]
    assert graded_answers(turned, latent, np.random.default_rng(1)).tolist() == [5, 1]


def test_keener_people_and_offices_respond_more_and_nobody_who_is_not_asked() -> None:
    general = np.repeat(np.float32([-1, 1]), 20_000)
    in_field = np.tile([True, False], 20_000)
    asked = np.arange(40_000) % 10 > 0
    responds = who_responds(1, 0, general, in_field, asked, Assumptions())
    assert not responds[~asked].any()
    assert responds[asked & (general > 0)].mean() > responds[asked & (general < 0)].mean() + 0.05
    assert responds[asked & ~in_field].mean() > responds[asked & in_field].mean() + 0.15


def test_a_few_percent_of_answers_are_missing(published: Consortium) -> None:
    asked_of_all = published.tables["responses"].select("^(co|used|stay)\\d.*$")
    missing = sum(column.null_count() for column in asked_of_all) / asked_of_all.height / asked_of_all.width
    assert 0.02 < missing < 0.04


def test_whether_a_wish_was_met_is_asked_only_of_those_who_filed_one(sample: Consortium) -> None:
    responses = sample.tables["responses"]
    met = responses.filter(pl.col("lg_wish_met").is_not_null())
    assert met.height > 100
    assert met["lg_wish_filed"].to_list() == [1] * met.height


def test_the_career_sheet_is_rated_by_few(sample: Consortium) -> None:
    responses = sample.tables["responses"]
    rated = responses.select(pl.any_horizontal(pl.col("^sheet.*$").is_not_null()).mean()).item()
    assert 0.10 < rated < 0.20


def test_answers_are_codes_of_the_instrument(sample: Consortium) -> None:
    responses = sample.tables["responses"]
    assert set(responses["co1a1"].drop_nulls().unique().to_list()) == {1, 2, 3, 4, 5}
    assert set(responses["gave_up"].drop_nulls().unique().to_list()) == {0, 1}
    assert set(responses["lg_cause"].drop_nulls().unique().to_list()) == {1, 2, 3}


def test_some_people_tick_one_column(published: Consortium) -> None:
    areas = published.tables["responses"].select("^co\\d.*$")
    one_column = areas.select(pl.min_horizontal(pl.all()) == pl.max_horizontal(pl.all())).to_series().mean()
    assert 0.005 < one_column < 0.02
