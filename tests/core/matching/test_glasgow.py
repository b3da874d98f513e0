"""The Glasgow projects 2014/15 (PrefLib 00038): real lists, supervisors' limits, two of them 0."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.core.matching.good_assignment import expect_good_assignment

from tazuna.matching.fairness import Yardstick
from tazuna.matching.feasibility import feasible_market
from tazuna.matching.lottery import Redraws
from tazuna.matching.market import Market
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.redraws import count_offers
from tazuna.matching.rules import RegionalChoice, Rules
from tazuna.matching.rules_of_study import rules_of
from tazuna.study.folder import open_study

DRAWS = 20


@pytest.fixture(scope="module")
def glasgow(shared_data: Path) -> tuple[Market, Rules]:
    """The market and its rules as the folder says."""
    study = open_study(shared_data / "glasgow_projects")
    prepared = feasible_market(study, "2014/15")
    return prepared.market, rules_of(study, prepared)


@pytest.mark.parametrize("choice", ["drawn_order", "turns"])
def test_limits_hold_and_nobody_envies_or_blocks(
    glasgow: tuple[Market, Rules], choice: RegionalChoice
) -> None:
    market, given = glasgow
    rules = Rules(regions=given.regions, regional_choice=choice)
    closed = [region for region in rules.regions if region.upper == 0]
    assert len(market.applicants) == 51
    assert len(closed) == 2
    mechanism, yardstick = mechanism_of(market, rules), Yardstick(market, rules)
    numbers, workspace = mechanism.empty_numbers(), mechanism.workspace()
    for draw in range(DRAWS):
        Redraws("glasgow").fill(numbers, draw)
        held = mechanism.assign(numbers, workspace)
        expect_good_assignment(market, rules, held)
        for region in closed:
            assert not region.programs[market.program[held[held >= 0]]].any()
        found = yardstick.measure(numbers, held)
        assert (found.justified_envy, found.blocking_outside) == (0, 0)


def test_chances_are_at_most_one_a_person(glasgow: tuple[Market, Rules]) -> None:
    market, rules = glasgow
    counts = count_offers(mechanism_of(market, rules), 200, "glasgow").held
    of_person = np.bincount(market.applicant_of_edge(), counts)
    assert of_person.max() <= 200
    assert 0 < of_person.sum() <= 200 * 51
