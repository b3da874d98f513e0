"""When a bank may be used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tazuna.instrument.shipped import shipped_instrument
from tazuna.measurement.adaptive.bank import (
    FEWEST_PEOPLE,
    Bank,
    expect_calibrated,
    expect_same_questions,
    is_calibrated,
    shortcomings,
)
from tazuna.measurement.adaptive.contents import AdaptiveError


def said(bank: Bank) -> list[str]:
    return [found.text("en") for found in shortcomings(bank)]


def with_people(bank: Bank, people: int) -> Bank:
    return replace(bank, provenance=replace(bank.provenance, people=people))


def test_five_hundred_people_are_enough_and_one_fewer_is_not(profile: Bank) -> None:
    assert is_calibrated(with_people(profile, FEWEST_PEOPLE))
    assert said(with_people(profile, FEWEST_PEOPLE - 1)) == [
        "499 people answered at the calibration; 500 are needed."
    ]


@pytest.mark.parametrize("error", [0.21, np.nan])
def test_a_slope_known_too_vaguely_is_named(profile: Bank, error: float) -> None:
    errors = profile.slope_errors.copy()
    errors[7] = error * profile.items.slopes[7]
    assert said(replace(profile, slope_errors=errors)) == [
        "How well they measure is not known well enough: co2a1."
    ]


def test_a_question_that_points_the_other_way_is_named(profile: Bank) -> None:
    slopes = profile.items.slopes.copy()
    slopes[0] *= -1
    assert "co1a1" in said(replace(profile, items=replace(profile.items, slopes=slopes)))[0]


def test_areas_that_cannot_be_told_apart_are_refused(profile: Bank) -> None:
    assert "told apart" in said(replace(profile, correlations=np.ones((5, 5))))[0]


def test_the_refusal_says_what_to_do_in_both_languages(profile: Bank) -> None:
    with pytest.raises(AdaptiveError) as caught:
        expect_calibrated(with_people(profile, 100))
    assert "fixed short form" in caught.value.text("en")
    assert "固定の短縮版" in caught.value.text("ja")


def test_a_bank_of_another_version_is_refused(profile: Bank) -> None:
    instrument = shipped_instrument("co_profile")
    expect_same_questions(profile, instrument)
    with pytest.raises(AdaptiveError, match=r"co_profile 1\.0; asked will be co_profile 2"):
        expect_same_questions(profile, replace(instrument, version="2"))


def test_an_answer_nobody_gave_counts_as_the_nearest_lower_one(profile: Bank) -> None:
    levels = ((1, 3, 4), *profile.items.levels[1:])
    bank = replace(profile, items=replace(profile.items, levels=levels))
    answers = np.full((6, 39), np.nan)
    answers[:5, 0] = [1, 2, 3, 4, 5]
    assert bank.categories_of(answers)[:, 0].tolist() == [0, 0, 1, 2, 2, -1]
    assert (bank.categories_of(answers)[:, 1:] == -1).all()
