"""A release with pools gives away no member of them."""

from __future__ import annotations

import pytest
from tests.core.disclosure.attacks import narrowest, recovered_exactly
from tests.core.disclosure.made_companies import LINKS, WAVES, K, company
from tests.core.disclosure.pool_attacks import (
    asked_with_pools,
    known_with_pools,
    links_with,
    pools_in,
    told_by_the_rule,
    with_pools,
)

from tazuna.disclosure.release import release_cells
from tazuna.disclosure.threshold import emptied, too_small

THRESHOLDS = dict.fromkeys(WAVES, K)
ATTACKED = (1, 2, 5)
AT_A_TIME = 2


@pytest.mark.parametrize("seed", ATTACKED)
def test_no_number_of_a_member_is_recovered_or_known_within_the_protection_interval(seed):
    made, wave = company(seed), WAVES[seed % 2]
    pools = pools_in(made)
    assert any(of == wave for _, of, _ in pools)
    cells = with_pools(made, pools)
    shown = release_cells(cells, THRESHOLDS, links_with(pools)).cells
    known = known_with_pools(shown, cells, wave, pools)
    assert recovered_exactly(known, K) == 0
    assert narrowest(known, K, AT_A_TIME) >= K
    departments = made.cells.filter(group_by="department")["group"].unique().sort().to_list()
    hidden = shown.filter("suppressed", group_by="department", wave=wave, measure="co")["group"]
    assert told_by_the_rule(known, departments, wave, pools, set(hidden), AT_A_TIME) >= K


@pytest.mark.parametrize("seed", ATTACKED[:2])
def test_two_waves_of_much_the_same_people_do_not_tell_how_many_were_asked_in_a_member(seed):
    made = company(seed)
    pools = pools_in(made)
    cells = with_pools(made, pools)
    shown = release_cells(cells, THRESHOLDS, links_with(pools)).cells
    known = asked_with_pools(shown, cells, pools)
    assert recovered_exactly(known, K) == 0
    assert narrowest(known, K, AT_A_TIME) >= K


def test_the_same_attacks_succeed_where_only_the_threshold_protects():
    made, wave = company(1), WAVES[1]
    pools = pools_in(made)
    cells = with_pools(made, pools)
    shown = emptied(cells, cells.select(too_small(THRESHOLDS)).to_series())
    assert recovered_exactly(known_with_pools(shown, cells, wave, pools), K) > 0


def test_nearly_every_department_is_seen_alone_or_in_a_pool():
    unseen = unseen_without = 0
    for seed in ATTACKED[:2]:
        made = company(seed)
        pools = pools_in(made)
        release = release_cells(with_pools(made, pools), THRESHOLDS, links_with(pools))
        rows = release.cells.filter(group_by="department", measure="co")
        gone = set(rows.filter("suppressed").select("organisation_id", "wave", "group").rows())
        seen = {
            (*place, m)
            for (*place, code), inside in pools.items()
            for m in inside
            if (*place, code) not in gone
        }
        unseen += len(gone - seen)
        without = release_cells(made.cells, THRESHOLDS, LINKS).cells
        unseen_without += without.filter("suppressed", group_by="department", measure="co").height
    assert unseen_without > 10
    assert unseen <= 0.1 * unseen_without
