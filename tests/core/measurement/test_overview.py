"""A whole study measured and released."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tazuna.measurement.overview import measure, release_study, released


@pytest.fixture(scope="module")
def measured(random_study):
    return measure(random_study, seed=3)


@pytest.fixture(scope="module")
def figures(random_study):
    return release_study(random_study, seed=3)


def test_the_same_seed_gives_the_same_figures(random_study, measured):
    again = measure(random_study, seed=3)
    assert again.cells.equals(measured.cells)
    assert again.individual.equals(measured.individual)


def test_everybody_with_answers_is_scored_once_a_wave(random_study, measured):
    keys = ["person_id", "wave"]
    assert measured.individual.select(keys).sort(keys).equals(random_study.responses.select(keys).sort(keys))


def test_nothing_of_fewer_than_ten_people_is_released(figures):
    shown = figures.release.cells.filter(pl.col("suppressed").not_())
    protected = shown.filter(pl.col("viewpoint").is_in(["executive", "hr"]).not_())
    assert protected["n"].min() >= 10
    assert figures.release.hidden > 0
    assert figures.release.protection == "joint"


def test_every_part_of_a_report_has_its_figures(figures):
    shown = figures.release.cells.filter(pl.col("suppressed").not_(), pl.col("mean").is_not_null())
    parts = set(shown.select("group_by", "measure").rows())
    for part in (
        ("all", "ms"),
        ("all", "gap.ms_grow"),
        ("department", "co"),
        ("age_curve", "used"),
        ("level*age_curve", "opportunity"),
        ("level", "contribution"),
        ("all", "share.unmoved.unreached"),
        ("unmoved", "lg_support"),
        ("gender", "response_rate"),
        ("all", "dist.co1a1.5"),
    ):
        assert part in parts, part


def test_curves_end_inside_the_ages_of_those_asked(random_study, figures):
    curve = figures.release.cells.filter(pl.col("group_by") == "age_curve", pl.col("organisation_id") == "X")
    ages = curve["group"].cast(pl.Int64)
    years = 2024 - random_study.tables["people"]["birth_year"].drop_nulls()
    assert ages.min() >= years.quantile(0.01)
    assert ages.max() < years.max() + 1


def test_reliability_of_too_few_people_stays_inside(random_study, make_study):
    few = random_study.responses.filter(pl.col("wave") == "w1").head(9)
    people = random_study.tables["people"].filter(pl.col("person_id").is_in(few["person_id"].implode()))
    study = make_study(random_study.instruments, few, people)
    assert measure(study, seed=1).reliability
    assert not release_study(study, seed=1).reliability


def test_reliability_is_of_the_last_wave(figures):
    assert figures.reliability["co"].wave == "w2"
    assert 0 < figures.reliability["co"].figures.lower < figures.reliability["co"].figures.alpha


def test_a_study_of_one_scale_and_nothing_else_is_measured(make_question, make_instrument, make_study):
    instrument = make_instrument([make_question("a"), make_question("b")], {"s": ["a", "b"]})
    answers = pl.DataFrame({"person_id": [f"p{n}" for n in range(12)], "a": [1, 5] * 6, "b": [2, 4] * 6})
    figures = release_study(make_study([instrument], answers.cast({"a": pl.Int16, "b": pl.Int16})), seed=0)
    row = figures.release.cells.filter(
        pl.col("measure") == "s", pl.col("group_by") == "all", pl.col("viewpoint") == "all"
    )
    assert row.select("n", "mean").row(0) == (12, 50.0)


def test_a_study_without_answers_has_no_scores_and_no_error(random_study, make_study):
    study = make_study(
        random_study.instruments, random_study.responses.clear(), random_study.tables["people"]
    )
    figures = release_study(study, seed=0)
    assert figures.release.cells.filter(pl.col("measure") == "co").is_empty()
    assert not figures.reliability


def test_the_facts_say_how_the_figures_were_made(figures):
    facts = figures.methods
    assert (facts.seed, facts.replicates, facts.k) == (3, 2_000, {"w1": 10, "w2": 10})
    assert facts.instruments["co_profile"]
    assert {(fact.organisation_id, fact.wave) for fact in facts.gaps} == {
        (o, w) for o in "ABX" for w in ("w1", "w2")
    }


def two_companies(make_study, make_question, make_instrument, small):
    """Company A of 40 people, and B of ``small``, asked three questions."""
    rng = np.random.default_rng(5)
    count = 40 + small
    leaning = rng.normal(0, 1, count)
    answers = {
        code: np.clip(np.round(leaning + rng.normal(0, 1, count) + 3), 1, 5).astype(np.int16)
        for code in ("q1", "q2", "q3")
    }
    people = [f"P{number:03d}" for number in range(count)]
    instrument = make_instrument([make_question(code) for code in answers], {"scale": list(answers)})
    study = make_study(
        [instrument],
        pl.DataFrame({"person_id": people, **answers}),
        pl.DataFrame({"person_id": people, "organisation_id": ["A"] * 40 + ["B"] * small}),
    )
    return study, answers


def test_reliability_over_all_companies_does_not_tell_of_a_hidden_one(
    make_study, make_question, make_instrument
):
    study, answers = two_companies(make_study, make_question, make_instrument, 6)
    measured = measure(study, seed=1)
    unguarded = measured.reliability["scale"].figures
    of_b = (unguarded.items["q1"].mean * unguarded.n - answers["q1"][:40].sum()) / (unguarded.n - 40)
    assert of_b == pytest.approx(answers["q1"][40:].mean())
    shown = released(measured).reliability["scale"]
    assert shown.figures.n == 40
    assert {item.mean for item in shown.figures.items.values()} == {None}
    assert (shown.figures.alpha, shown.figures.lower) != (unguarded.alpha, unguarded.lower)
    assert shown.structure is not None
    assert shown.structure.fit is None


def test_reliability_is_told_in_full_where_every_company_is_shown(make_study, make_question, make_instrument):
    study, _ = two_companies(make_study, make_question, make_instrument, 12)
    measured = measure(study, seed=1)
    assert released(measured).reliability == measured.reliability
