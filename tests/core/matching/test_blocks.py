"""Programmes split into blocks of places, and lists expanded to match."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.matching.small_markets import acceptance_rules, markets

from tazuna.matching.blocks import blocks_of, layers_of
from tazuna.matching.market import market_of_lists
from tazuna.matching.rules import Reserve, Rules


def test_a_list_names_reserved_tiered_and_open_places_where_the_programme_stood() -> None:
    market = market_of_lists([[1, 0], [0]], [3, 1], {(0, 1): 2, (0, 0): 2, (1, 0): 1})
    members = np.array([True, True, False])
    rules = Rules(
        open_places=np.array([1, 0]), reserves=(Reserve("new", members, np.array([1, 0]), "before"),)
    )
    blocks = blocks_of(market, layers_of(market, rules))
    assert blocks.program.tolist() == [0, 0, 0, 1]
    assert blocks.places.tolist() == [1, 1, 1, 1]
    assert blocks.block.tolist() == [3, 0, 1, 2, 1, 2]
    assert blocks.tier.tolist() == [2, 2, 2, 1, 1, 1]
    assert blocks.edge.tolist() == [0, 1, 1, 1, 2, 2]
    assert blocks.start.tolist() == [0, 4, 6]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_place_is_lost_or_added(data: st.DataObject) -> None:
    market = data.draw(markets())
    blocks = blocks_of(market, layers_of(market, data.draw(acceptance_rules(market))))
    places = np.bincount(blocks.program, blocks.places, len(market.programs))
    assert places.tolist() == market.capacity.tolist()
    assert blocks.start[-1] == blocks.edge.size
    owner = np.repeat(np.arange(len(market.applicants)), np.diff(blocks.start))
    assert owner.tolist() == market.applicant_of_edge()[blocks.edge].tolist()
    assert (market.program[blocks.edge] == blocks.program[blocks.block]).all()
