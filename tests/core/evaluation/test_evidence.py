"""Evidence for measures: rungs apart, families lend, nothing is claimed that was not compared."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.evaluation.evidence import Evidence, StudyEffect, gather_evidence
from tazuna.evaluation.partial_pooling import pool_measures

FAMILIES = {"listings": "community", "mentoring": "community", "events": "community", "side_work": "work"}


def study(
    measure: str, rung: str, size: float, error: float, name: str = "s1", **context: float
) -> StudyEffect:
    return StudyEffect(name, measure, rung, size, error, context)


def evidence(measure: str, *studies: StudyEffect, **here: float) -> Evidence:
    return gather_evidence(FAMILIES, studies, here)[measure]


def test_a_measure_without_any_study_is_open():
    found = evidence("side_work", study("mentoring", "A", 0.5, 0.1))
    assert (found.probability, found.size, found.sureness, found.rung) == (None, None, "none", None)
    assert found.sentence.text("en") == "No study yet; whether it helps is open."


def test_a_change_without_comparison_never_counts():
    found = evidence("side_work", study("side_work", "E", 0.9, 0.01))
    assert found.probability is None
    assert found.studies == ("s1",)
    assert "比べ" in found.sentence.text("ja")


def test_many_weak_studies_do_not_outvote_a_lottery():
    weak = [study("side_work", "D", 0.6, 0.05, f"d{i}") for i in range(20)]
    alone = evidence("side_work", study("side_work", "A", 0.0, 0.1, "a1"))
    found = evidence("side_work", study("side_work", "A", 0.0, 0.1, "a1"), *weak)
    assert found.rung == "A"
    assert found.size == alone.size
    assert [one.rung for one in found.by_rung] == ["A", "D"]
    assert found.by_rung[1].size > 0.5


def test_the_rung_bounds_how_sure_it_may_sound():
    def sureness(rung: str, studies: int) -> str:
        some = [study("side_work", rung, 0.6, 0.05, f"s{i}") for i in range(studies)]
        return evidence("side_work", *some).sureness

    assert [sureness("A", 4), sureness("B", 4), sureness("C", 4), sureness("D", 4)] == [
        "strong",
        "moderate",
        "moderate",
        "weak",
    ]
    assert sureness("A", 1) == "moderate"


def test_a_measure_not_studied_borrows_from_its_family_and_says_so():
    some = [study("mentoring", "A", 0.5, 0.05, f"s{i}") for i in range(3)]
    own, borrowed = evidence("mentoring", *some), evidence("events", *some)
    assert borrowed.borrowed
    assert not own.borrowed
    assert 0 < borrowed.size < own.size
    assert borrowed.upper - borrowed.lower > own.upper - own.lower
    assert borrowed.studies == ()
    assert borrowed.sureness in ("weak", "none")


def test_own_study_on_a_lower_rung_leads_before_the_family_on_a_higher():
    found = evidence("events", study("mentoring", "A", 0.5, 0.1), study("events", "C", -0.2, 0.1, "s2"))
    assert found.rung == "C"
    assert [(one.rung, one.borrowed) for one in found.by_rung] == [("A", True), ("C", False)]


def test_a_small_study_is_drawn_to_its_family_and_a_large_one_is_not():
    family = [study("listings", "A", 0.4, 0.05, f"s{i}") for i in range(4)]
    small = evidence("mentoring", study("mentoring", "A", -0.2, 0.4, "m"), *family)
    large = evidence("mentoring", study("mentoring", "A", -0.2, 0.02, "m"), *family)
    assert small.size > 0.05
    assert large.size < -0.05


def test_harm_is_as_sure_as_help():
    some = [study("side_work", "A", -0.6, 0.05, f"s{i}") for i in range(4)]
    found = evidence("side_work", *some)
    assert found.sureness == "strong"
    assert found.probability < 0.1


def test_a_place_like_those_where_it_worked_is_told_more():
    some = [study("side_work", "A", 0.1 * size, 0.05, f"s{size}", people=float(size)) for size in range(1, 8)]
    small, large = evidence("side_work", *some, people=1.0), evidence("side_work", *some, people=7.0)
    assert small.size == pytest.approx(0.1, abs=0.08)
    assert large.size == pytest.approx(0.7, abs=0.08)
    assert evidence("side_work", *some).size == pytest.approx(0.4, abs=0.08)


def test_two_results_of_one_study_by_one_design_are_an_error():
    with pytest.raises(ValueError, match="two results"):
        evidence("events", study("events", "A", 0.1, 0.1), study("events", "A", 0.2, 0.1))


def test_without_studies_the_belief_is_the_prior():
    found = pool_measures(np.empty(0), np.empty(0), np.empty(0, dtype=int), 1)
    assert found.probabilities == pytest.approx([0.5])
    assert found.sizes == pytest.approx([0.0])


def test_the_grid_agrees_with_drawing_from_the_model():
    """Importance sampling of the whole model, written out."""
    rng = np.random.default_rng(11)
    effects, variances, measure = np.array([0.5, 0.1, 0.3]), np.array([0.02, 0.05, 0.04]), np.array([0, 0, 1])
    n = 400_000
    tau, omega = np.abs(rng.normal(size=(2, n))) * 0.25
    each = rng.normal(size=n) * 0.5 + rng.normal(size=(2, n)) * omega
    spread = variances[:, None] + tau**2
    log = -0.5 * (np.log(spread) + (effects[:, None] - each[measure]) ** 2 / spread).sum(axis=0)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    new = each + rng.normal(size=(2, n)) * tau
    found = pool_measures(effects, variances, measure, 2)
    # Sampling error of 400,000 weighted draws, and 24 x 24 nodes.
    assert found.sizes == pytest.approx(new @ weight, abs=0.005)
    assert found.probabilities == pytest.approx((new > 0) @ weight, abs=0.005)
    order = np.argsort(new[0])
    quantiles = np.interp([0.025, 0.975], np.cumsum(weight[order]), new[0][order])
    assert found.interval(0) == pytest.approx(tuple(quantiles), abs=0.03)


@pytest.mark.parametrize(
    ("scales", "one", "four"),
    [
        ((0.5, 0.25), 0.87, 0.98),
        ((0.5, 0.125), 0.95, 0.99),
        ((0.5, 0.5), 0.78, 0.98),
        ((0.25, 0.25), 0.83, 0.98),
        ((1.0, 0.25), 0.89, 0.98),
    ],
)
def test_the_priors_matter_for_one_study_and_hardly_for_four(
    monkeypatch: pytest.MonkeyPatch, scales: tuple[float, float], one: float, four: float
) -> None:
    for name, scale in zip(("MEAN_SPREAD", "PLACE_SPREAD"), scales, strict=True):
        monkeypatch.setattr(f"tazuna.evaluation.partial_pooling.{name}", scale)

    def probability(size: float, error: float, studies: int) -> float:
        measures = np.zeros(studies, np.int64)
        pooled = pool_measures(np.full(studies, size), np.full(studies, error**2), measures, 1)
        return float(pooled.probabilities[0])

    assert probability(0.4, 0.15, 1) == pytest.approx(one, abs=0.006)
    assert probability(0.3, 0.1, 4) == pytest.approx(four, abs=0.01)
