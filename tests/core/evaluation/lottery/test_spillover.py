"""What places of colleagues do to a department."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.spillover import spillover
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.regression import Fit, least_squares


@dataclass
class Departments:
    """People by department, applicants among them, and R draws of a quarter of the applicants."""

    department: np.ndarray
    person: np.ndarray
    redrawn: np.ndarray
    without: np.ndarray

    def offers(self, number: int) -> Offers:
        return Offers(self.redrawn[number], self.redrawn)

    def share(self, drawn: np.ndarray) -> np.ndarray:
        """Of the others of each person's department."""
        own = np.zeros(len(self.department))
        np.maximum.at(own, self.person, drawn.astype(float))
        held = np.array([own[self.department == code].sum() for code in self.department])
        size = np.array([(self.department == code).sum() for code in self.department])
        return (held - own) / np.maximum(size - 1, 1)


def departments(seed: int, *, units: int = 25, each: int = 8, draws: int = 300) -> Departments:
    rng = np.random.default_rng(seed)
    department = np.repeat(np.arange(units), each)
    eager = rng.random(units)[department]
    person = np.flatnonzero(rng.random(len(department)) < eager)
    lots = rng.random((draws, len(person))).argsort(axis=1).argsort(axis=1)
    # Departments with many applicants do better anyway.
    without = 50 + 20 * eager + rng.normal(size=len(department)) * 4 + rng.normal(size=units)[department]
    return Departments(department, person, lots < len(person) // 4, without)


def test_the_estimate_is_that_of_the_regression_on_the_share_and_its_mean_over_the_redraws():
    made = departments(1)
    shares = np.array([made.share(drawn) for drawn in made.redrawn])
    own = np.zeros((len(made.redrawn), len(made.department)))
    own[:, made.person] = made.redrawn
    y = made.without + 10 * shares[7]
    rows = np.ptp(shares, axis=0) > 0
    columns = np.column_stack(
        [np.ones(rows.sum()), shares.mean(0)[rows], own.mean(0)[rows], own[7][rows], shares[7][rows] / 0.1]
    )
    fit = least_squares(y[rows], columns, list("abcde"), covariance="cr1", clusters=made.department[rows])
    assert isinstance(fit, Fit)
    found = spillover(y, made.department, made.person, made.offers(7))
    assert isinstance(found, Estimate)
    assert found.estimate == pytest.approx(fit.coefficient("e"))
    assert found.std_error == pytest.approx(fit.std_error("e"))
    assert found.inference == "redraws"
    assert found.n_treated + found.n_comparison == rows.sum()


def test_the_effect_on_colleagues_is_found_whatever_the_own_offer_does():
    made = departments(2, units=40, draws=1000)
    own = np.zeros(len(made.department))
    own[made.person] = made.redrawn[3]
    y = made.without + 30 * made.share(made.redrawn[3]) - 15 * own
    found = spillover(y, made.department, made.person, made.offers(3))
    assert isinstance(found, Estimate)
    assert found.lower < 3 < found.upper
    assert found.lower > 0
    assert found.p_value <= 0.05


def test_no_spillover_is_rejected_in_5_of_100_though_offers_work_and_eager_departments_do_better():
    made = departments(3, units=20, each=5, draws=1000)
    rng = np.random.default_rng(1)
    own = np.zeros(len(made.department))
    lotteries, rejected = 20, 0
    for number in range(lotteries):
        own[made.person] = made.redrawn[number]
        y = made.without + 5 * own + rng.normal(size=len(own))
        found = spillover(y, made.department, made.person, made.offers(number))
        assert isinstance(found, Estimate)
        rejected += found.p_value <= 0.05
    # Three Monte-Carlo errors: .05 + 3·√(.05·.95/20) = .196.
    assert rejected / lotteries <= 0.196


def test_somebody_with_places_of_two_rounds_counts_once_and_who_did_not_answer_counts_too():
    made = departments(4)
    twice = Departments(
        made.department,
        np.concatenate([made.person, made.person]),
        np.hstack([made.redrawn, np.zeros_like(made.redrawn)]),
        made.without,
    )
    y = made.without.copy()
    y[::9] = np.nan
    found = spillover(y, made.department, made.person, made.offers(0))
    assert isinstance(found, Estimate)
    assert spillover(y, made.department, twice.person, twice.offers(0)) == found
    both = Offers(np.tile(made.redrawn[0], 2), np.tile(made.redrawn, 2))
    assert spillover(y, made.department, twice.person, both) == found


def test_one_applicant_a_department_leaves_colleagues_only():
    rng = np.random.default_rng(5)
    department = np.repeat(np.arange(30), 4)
    person = np.arange(0, 120, 4)
    redrawn = rng.random((300, 30)).argsort(axis=1).argsort(axis=1) < 12
    made = Departments(department, person, redrawn, 50 + rng.normal(size=120))
    y = made.without + 9 * made.share(redrawn[0]) + 0.01 * rng.normal(size=120)
    found = spillover(y, department, person, made.offers(0), baseline=made.without)
    assert isinstance(found, Estimate)
    assert found.n_treated + found.n_comparison == 90
    assert found.estimate == pytest.approx(0.9, abs=0.02)


def test_few_departments_in_which_the_draw_decides_are_refused():
    made = departments(6, units=6)
    found = spillover(made.without, made.department, made.person, made.offers(0))
    assert isinstance(found, Refusal)
    assert found.code == "too_few_departments"


def test_people_of_no_known_department_have_no_colleagues():
    made = departments(7)
    department = made.department.copy()
    department[made.department == 3] = -1
    known = department >= 0
    of_known = known[made.person]
    offers = made.offers(2)
    found = spillover(made.without, department, made.person, offers)
    renumbered = np.cumsum(known) - 1
    without = spillover(
        made.without[known], department[known], renumbered[made.person[of_known]], offers.among(of_known)
    )
    assert isinstance(found, Estimate)
    assert found == without
