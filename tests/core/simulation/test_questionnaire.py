"""Items: what they measure, their thresholds, and true scores."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.instrument.shipped import shipped_instruments
from tazuna.simulation.answering import graded_answers
from tazuna.simulation.questionnaire import (
    SHARE_YES,
    SHARES_OF_FIVE,
    Item,
    expected_score,
    questionnaire,
    thresholds_for,
)
from tazuna.simulation.traits import AREAS, LOADINGS


@pytest.fixture(scope="module")
def items() -> dict[str, Item]:
    return {item.code: item for item in questionnaire(1, shipped_instruments())}


def test_every_shipped_question_is_an_item(items: dict[str, Item]) -> None:
    assert set(items) == {code for i in shipped_instruments().values() for code in i.questions}


def test_leaving_out_an_instrument_changes_no_other_item(items: dict[str, Item]) -> None:
    shipped = shipped_instruments()
    alone = questionnaire(1, {"outcomes": shipped["outcomes"]})
    assert [items[item.code] for item in alone] == list(alone)


def test_elements_measure_their_area_and_views_their_view(items: dict[str, Item]) -> None:
    assert {items[code].latent for code in items if code.startswith("co")} == set(AREAS)
    assert items["co4b2"].latent == "co4"
    assert [items[f"ms{n}"].latent for n in (1, 4, 9)] == ["ms_see", "ms_grow", "ms_connect"]
    assert items["used2"].latent == "used"


def test_a_consistency_check_repeats_its_question_the_other_way_round(items: dict[str, Item]) -> None:
    assert items["co_check1"].latent == items["co1a1"].latent
    assert items["co_check1"].discrimination < 0
    assert not items["co_check1"].scored


def test_every_assumed_scale_and_share_belongs_to_a_shipped_question(items: dict[str, Item]) -> None:
    measured = {item.latent for item in items.values()}
    assert set(LOADINGS) <= measured
    assert set(SHARES_OF_FIVE) <= measured
    assert set(SHARE_YES) <= set(items)


def test_discriminations_lie_between_1_and_2_2(items: dict[str, Item]) -> None:
    assert all(1.0 <= abs(item.discrimination) <= 2.2 for item in items.values())


def test_thresholds_give_the_shares_asked_for() -> None:
    rng = np.random.default_rng(5)
    found = thresholds_for(1.7, np.array([0.92, 0.37]))
    trait = rng.standard_normal(400_000)
    above = [float((1.7 * (trait - b) + rng.logistic(size=trait.size) > 0).mean()) for b in found]
    assert above == pytest.approx([0.92, 0.37], abs=0.004)


@pytest.mark.parametrize("discrimination", [1.6, -1.6])
def test_the_true_score_is_the_mean_of_many_answers(discrimination: float) -> None:
    item = Item("q", "trait", discrimination, (-1.2, -0.3, 0.7, 1.5), (1, 2, 3, 4, 5), scored=True)
    latent = np.full(200_000, 0.8, dtype=np.float32)
    answered = graded_answers(item, latent, np.random.default_rng(2)).astype(float).mean()
    keyed = answered if discrimination > 0 else 6 - answered
    assert float(expected_score([item], {"trait": latent[:1]})[0]) == pytest.approx(25 * (keyed - 1), abs=0.3)


def test_the_true_score_of_a_scale_is_the_mean_over_its_latent_variables(items: dict[str, Item]) -> None:
    low, high = (np.full(1, value, dtype=np.float32) for value in (-1.0, 1.0))
    pair = [items["used1"], items["stay1"]]
    both = expected_score(pair, {"used": low, "stay": high})[0]
    alone = [expected_score([pair[0]], {"used": low})[0], expected_score([pair[1]], {"stay": high})[0]]
    assert both == pytest.approx(sum(alone) / 2)
