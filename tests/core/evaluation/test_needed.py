"""How many rounds and places until an effect shows."""

from __future__ import annotations

import pytest

from tazuna.evaluation.needed import needed_for
from tazuna.evaluation.power import lottery_mde


def test_with_so_much_information_the_effect_is_the_smallest_that_shows() -> None:
    found = needed_for(0.3, 10.0, 20.0, 1, 1.0)
    assert found is not None
    assert lottery_mde(found.v).value == pytest.approx(0.3)
    assert found.v == pytest.approx(87.2, abs=0.1)
    assert found.rounds == 9


def test_places_are_counted_as_informative_as_those_so_far() -> None:
    found = needed_for(0.3, 10.0, 20.0, 1, 1.0)
    assert found is not None
    assert found.places == pytest.approx((found.v - 10) * 2, abs=1)


def test_several_rounds_so_far_are_the_measure() -> None:
    one, two = needed_for(0.3, 10.0, 20.0, 1, 1.0), needed_for(0.3, 20.0, 40.0, 2, 1.0)
    assert one is not None
    assert two is not None
    assert one.rounds == two.rounds


def test_a_baseline_that_explains_half_of_the_deviation_needs_a_quarter() -> None:
    whole, half = needed_for(0.3, 10.0, 20.0, 1, 1.0), needed_for(0.3, 10.0, 20.0, 1, 0.5)
    assert whole is not None
    assert half is not None
    assert half.v == pytest.approx(whole.v / 4)


def test_no_effect_needs_no_count_and_enough_is_enough() -> None:
    assert needed_for(0.0, 10.0, 20.0, 1, 1.0) is None
    found = needed_for(-2.0, 10.0, 20.0, 1, 1.0)
    assert found is not None
    assert (found.rounds, found.places) == (1, 0)
