"""How many questions the adaptive form takes, against random forms that are balanced over the areas."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.measurement.adaptive.bank import Bank
from tazuna.measurement.adaptive.contents import Content
from tazuna.measurement.adaptive.next_question import Finished, StoppingRule, next_step
from tazuna.measurement.adaptive.replay import (
    Replay,
    random_balanced_orders,
    replay,
    replay_in_order,
)
from tazuna.measurement.graded.items import Floats

from .made_banks import made_bank, people_of

PEOPLE = 300
HONEST = (0.95, 1.05)
"""Between which real errors over stated ones must lie; chance alone moves them by .02 at 300 × 5 scores."""


def honesty(found: Replay, theta: Floats) -> float:
    return float(np.sqrt(np.mean((found.score - theta) ** 2) / np.mean(found.error**2)))


def test_the_profile_needs_sixteen_questions_where_random_forms_need_more_than_nineteen(
    profile: Bank,
) -> None:
    theta, complete = people_of(profile, PEOPLE)
    rule = StoppingRule(0.5, 39)
    orders = random_balanced_orders(profile, PEOPLE, np.random.default_rng(2))
    adaptive, random = replay(profile, complete, rule), replay_in_order(profile, complete, orders, rule)
    assert adaptive.median_to_precise <= 16
    assert random.median_to_precise >= 19
    assert adaptive.precise.mean() > 0.9
    for found in (adaptive, random):
        assert HONEST[0] < honesty(found, theta) < HONEST[1]


def test_eight_questions_an_area_reach_point_four_with_twenty_eight() -> None:
    contents = tuple(
        Content(f"q{area}{number}", f"i{area}{number % 2}", f"a{area}", (1, 2, 3, 4, 5))
        for area in range(5)
        for number in range(8 if area < 4 else 7)
    )
    bank = made_bank(contents, correlation=0.6)
    theta, complete = people_of(bank, PEOPLE)
    found = replay(bank, complete, StoppingRule(0.4, 39))
    assert found.median_to_precise <= 28
    assert HONEST[0] < honesty(found, theta) < HONEST[1]


def test_a_replay_asks_what_the_next_step_asks(profile: Bank) -> None:
    _, complete = people_of(profile, 3)
    rule = StoppingRule(0.55, 20)
    found = replay(profile, complete, rule)
    for person, own in enumerate(complete):
        answers: dict[str, int] = {}
        while not isinstance(step := next_step(profile, answers, rule), Finished):
            answers[step.code] = int(own[profile.items.codes.index(step.code)]) + 1
        assert len(answers) == found.asked[person]
        assert [score.error for score in step.scores] == pytest.approx(found.error[person], abs=1e-6)


def test_a_question_without_an_answer_counts_as_left_out(profile: Bank) -> None:
    _, complete = people_of(profile, 5)
    complete[:, ::2] = -1
    found = replay(profile, complete, StoppingRule(0.1, 39))
    assert (found.asked == 39).all()
    assert ((found.given >= 0) == (complete >= 0)).all()


def test_random_orders_take_every_area_once_before_any_twice(profile: Bank) -> None:
    orders = random_balanced_orders(profile, 50, np.random.default_rng(0))
    assert (np.sort(orders, axis=1) == np.arange(39)).all()
    assert all(len(set(profile.area_at[order[:5]])) == 5 for order in orders)
    assert len({tuple(order) for order in orders}) == 50
