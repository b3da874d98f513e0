"""Banks calibrated on answers made from known parameters."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.instrument.shipped import shipped_instrument
from tazuna.measurement.adaptive.bank import Bank, is_calibrated, shortcomings
from tazuna.measurement.adaptive.calibration import calibrate

from .made_banks import MADE_ON, people_of


@pytest.fixture(scope="module")
def calibrated(profile: Bank) -> Bank:
    _, complete = people_of(profile, 2000)
    answers = complete + 1.0
    answers[np.random.default_rng(3).random(answers.shape) < 0.1] = np.nan
    return calibrate(answers, shipped_instrument("co_profile"), "co", wave="2026", calibrated_on=MADE_ON)


def test_slopes_come_back_within_their_errors(profile: Bank, calibrated: Bank) -> None:
    z = (calibrated.items.slopes - profile.items.slopes) / calibrated.slope_errors
    # 39 standard normal deviates.
    assert np.abs(z).max() < 4
    assert 0.7 < z.std() < 1.4


def test_correlations_come_back(profile: Bank, calibrated: Bank) -> None:
    # Between 2,000 people measured with a reliability of .87 a correlation of .5 has a standard error of .02.
    assert np.abs(calibrated.correlations - profile.correlations).max() < 0.07


def test_two_thousand_people_calibrate_the_profile(calibrated: Bank) -> None:
    assert not shortcomings(calibrated)
    assert calibrated.provenance.people == 2000
    assert calibrated.contents[0].code == "co1a1"


def test_two_hundred_do_not(profile: Bank) -> None:
    _, complete = people_of(profile, 200)
    bank = calibrate(
        complete + 1.0, shipped_instrument("co_profile"), "co", wave="2026", calibrated_on=MADE_ON
    )
    assert not is_calibrated(bank)
