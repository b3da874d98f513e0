"""Families of limits: nested or disjoint, or refused by name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.core.matching.small_markets import nested_regions

from tazuna.errors import StudyError
from tazuna.matching.blocks import blocks_of, layers_of
from tazuna.matching.market import market_of_lists
from tazuna.matching.nested_caps import caps_of, expect_nested, places_beyond_minimums
from tazuna.matching.rules import Region, Rules


def _region(name: str, *programs: int, upper: int = 1) -> Region:
    return Region(name, np.isin(np.arange(5), programs), upper)


def test_regions_that_cross_are_refused_by_name() -> None:
    with pytest.raises(StudyError) as error:
        expect_nested((_region("north", 0, 1), _region("coast", 1, 2), _region("south", 3)))
    assert "north" in error.value.text("en")
    assert "coast" in error.value.text("ja")


def test_disjoint_nested_and_equal_regions_are_accepted() -> None:
    expect_nested((_region("a", 0, 1, 2), _region("b", 1, 2), _region("c", 3, 4), _region("d", 3, 4)))


@given(nested_regions(5))
@settings(max_examples=100, deadline=None)
def test_the_blocks_of_every_limit_stand_side_by_side(regions: tuple[Region, ...]) -> None:
    market = market_of_lists([[0]], [2] * 5)
    rules = Rules(regions=regions, open_places=np.array([1, 0, 1, 2, 0]))
    caps = caps_of(blocks_of(market, layers_of(market, rules)), rules)
    for cap, members in enumerate(caps.members):
        places = np.sort(caps.place_in_line[members])
        assert places.tolist() == list(range(caps.first[cap], caps.last[cap]))
        if caps.parent[cap] >= 0:
            assert (members <= caps.members[caps.parent[cap]]).all()
    for block, innermost in enumerate(caps.innermost):
        around = [members.sum() for members in caps.members if members[block]]
        assert innermost == -1 if not around else caps.members[innermost].sum() == min(around)


def test_a_region_that_crosses_the_places_beyond_minimums_is_refused_naming_both_settings() -> None:
    market = market_of_lists([[0]], [2] * 5, minimum=[1] * 5)
    rules = Rules(regions=(_region("north", 0, 1),), minimums="extended_seats")
    with pytest.raises(StudyError, match=r"north.*extended_seats"):
        caps_of(blocks_of(market, layers_of(market, rules)), rules)


def test_places_beyond_minimums_leave_enough_people_for_the_minimums() -> None:
    assert places_beyond_minimums(10, np.array([3, 4])) == 3
    assert places_beyond_minimums(5, np.array([3, 4])) == 0
