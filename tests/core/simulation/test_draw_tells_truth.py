"""What the lottery says of a sample, held against what the simulator built in."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.refusal import Refusal
from tazuna.matching.redraws import redrawn_offers
from tazuna.simulation.consortium import Consortium, simulate

REDRAWS = 300


@pytest.fixture(scope="module")
def small() -> tuple[Consortium, ...]:
    return tuple(simulate(people=600, companies=2, waves=2, seed=seed) for seed in range(100, 110))


@pytest.mark.parametrize("outcome", ["performance", "innovation"])
def test_the_truth_lies_inside_honest_intervals(small: tuple[Consortium, ...], outcome: str) -> None:
    found = [(_effect(sample, outcome), _truth(sample, outcome)) for sample in small]
    inside = [effect.estimate.lower <= truth <= effect.estimate.upper for effect, truth in found]
    # of 470 intervals (seeds 100 to 179 and 200 to 249, four and three outcomes each) 96 percent hold it
    assert sum(inside) >= 8
    away = [(effect.estimate.estimate - truth) / effect.estimate.std_error for effect, truth in found]
    # the mean of ten has a standard error of a third
    assert abs(np.mean(away)) < 0.8


def test_the_usual_sample_shows_what_a_place_did_and_what_it_did_not(sample: Consortium) -> None:
    for outcome in ("innovation", "performance"):
        effect = _effect(sample, outcome)
        assert effect.v > 12
        assert effect.mde < 0.5
        assert 0 < effect.estimate.lower < _truth(sample, outcome) < effect.estimate.upper
    nothing = _effect(sample, "stay").estimate
    assert nothing.lower < 0 < nothing.upper


def test_the_published_rounds_alone_carry_an_answer(published: Consortium) -> None:
    effect = _effect(published, "performance", rounds=2)
    assert effect.v > 12
    assert effect.mde < 0.5
    assert effect.estimate.lower < _truth(published, "performance") < effect.estimate.upper


def _truth(sample: Consortium, outcome: str) -> float:
    truth = sample.truth["effects_by_draw"]
    assert isinstance(truth, dict)
    return float(truth["pooled"]["outcomes"][outcome]["place"])


def _effect(sample: Consortium, outcome: str, rounds: int = 3) -> LotteryEffect:
    """Of a place in the first rounds, from those who answered and consent to evaluation."""
    draws = sample.draws[:rounds]
    round_ = np.repeat(np.arange(rounds), [draw.offered.size for draw in draws])
    offers = Offers(
        np.concatenate([draw.offered for draw in draws]),
        np.concatenate(
            [redrawn_offers(draw.drawn.ready.mechanism, REDRAWS, draw.round) >= 0 for draw in draws], axis=1
        ),
    )
    before, after = _scores(
        sample, outcome, [i for draw in draws for i in draw.drawn.ready.market.applicants]
    )
    rows = offers.at_risk & np.isfinite(after)
    controls, names = main_controls(offers.among(rows).chance, round_[rows], before[rows])
    found = lottery_effect(after[rows], offers.among(rows), controls, names)
    assert not isinstance(found, Refusal)
    return found


def _scores(sample: Consortium, outcome: str, people: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """At the last wave but one and at the last; NaN without an answer or consent."""
    if outcome in sample.tables["outcomes"].columns:
        scores = sample.tables["outcomes"].select("person_id", "wave", score=outcome)
    else:
        answers = sample.tables["responses"]
        questions = [code for code in answers.columns if code.rstrip("0123456789") == outcome]
        scores = answers.select("person_id", "wave", score=25.0 * (pl.mean_horizontal(questions) - 1))
    consenting = sample.tables["people"].filter("evaluation_consent").select("person_id").unique()
    scores = scores.join(consenting, on="person_id", how="semi")
    asked = pl.DataFrame({"person_id": people})
    before, after = (
        asked.join(scores.filter(wave=wave), on="person_id", how="left", maintain_order="left")["score"]
        .cast(pl.Float64)
        .fill_null(float("nan"))
        .to_numpy()
        for wave in sample.tables["waves"]["wave"][-2:]
    )
    return before, after
