"""From rules to a mechanism: what is chosen, and what does not go together."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.errors import StudyError
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.minimums import CloseAndRerun
from tazuna.matching.reciprocity import SendersFirst
from tazuna.matching.regional_caps import CappedAcceptance
from tazuna.matching.rules import PLAIN, Region, Reserve, Rules
from tazuna.matching.two_sided_ttc import TwoSidedTopTradingCycles

MARKET = market_of_lists([[0, 1], [1]], [1, 2], sender=[0, 1], host=[0, 1], minimum=[1, 0])
REGION = Region("north", np.array([True, False]), 1)
CROSSING = Region("coast", np.array([True, True, False]), 1), Region("hill", np.array([False, True, True]), 1)
RESERVE = Reserve("new", np.array([True, False, False]), np.array([1, 0]))


@pytest.mark.parametrize(
    ("rules", "kind"),
    [
        (PLAIN, DeferredAcceptance),
        (Rules(regions=(REGION,)), CappedAcceptance),
        (Rules(minimums="extended_seats"), CappedAcceptance),
        (Rules(minimums="close_and_rerun"), CloseAndRerun),
        (Rules(minimums="close_and_rerun", regions=(REGION,)), CloseAndRerun),
        (Rules(reciprocity="senders_first"), SendersFirst),
        (Rules(sending=np.array([1, -1])), SendersFirst),
        (Rules(reciprocity="gate"), DeferredAcceptance),
        (Rules(reciprocity="two_sided_ttc"), TwoSidedTopTradingCycles),
        (Rules(reciprocity="two_sided_ttc", open_places=np.array([1, 0])), TwoSidedTopTradingCycles),
    ],
)
def test_the_rules_choose_the_mechanism(rules: Rules, kind: type) -> None:
    assert type(mechanism_of(MARKET, rules)) is kind


@pytest.mark.parametrize(
    ("beside", "named"),
    [
        ({"ties": "multiple"}, "ties = “multiple”"),
        ({"reserves": (RESERVE,)}, "reserves"),
        ({"regions": (REGION,)}, "caps of kind region"),
        ({"minimums": "close_and_rerun"}, "minimums = “close_and_rerun”"),
    ],
)
def test_two_sided_trading_refuses_what_it_cannot_keep_naming_both(
    beside: dict[str, object], named: str
) -> None:
    with pytest.raises(StudyError) as error:
        mechanism_of(MARKET, Rules(reciprocity="two_sided_ttc", **beside))  # type: ignore[arg-type]
    for language in ("ja", "en"):
        text = error.value.text(language)  # type: ignore[arg-type]
        assert named in text
        assert "two_sided_ttc" in text


def test_regions_that_cross_are_refused() -> None:
    market = market_of_lists([[0, 1, 2]], [1, 1, 1])
    with pytest.raises(StudyError, match=r"coast.*hill"):
        mechanism_of(market, Rules(regions=CROSSING))


def test_more_reserved_and_open_places_than_there_are_is_refused() -> None:
    rules = Rules(reserves=(RESERVE,), open_places=np.array([1, 0]))
    with pytest.raises(StudyError, match="p0 has 1 places, but 2"):
        mechanism_of(MARKET, rules)
