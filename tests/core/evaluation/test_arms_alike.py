"""Whether an outcome's questions work alike with and without an offer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from tests.core.evaluation.made_arrays import asked, lottery

from tazuna.evaluation.arms_alike import arms_alike
from tazuna.evaluation.arrays import LotteryArrays, Outcome
from tazuna.instrument.shipped import shipped_instruments
from tazuna.language import message
from tazuna.study import Study, Wave

CUTS = np.array([-1.2, -0.4, 0.4, 1.2])


def _answered(arrays: LotteryArrays, *, raised: float = 0.0, read_otherwise: float = 0.0) -> Study:
    """Three questions of engagement: an offer raises the factor, and the first question besides."""
    rng = np.random.default_rng(4)
    offered = arrays.offers.offered
    people = len(offered)
    factor = rng.standard_normal(people) + raised * offered
    behind = 0.8 * factor[:, None] + 0.6 * rng.standard_normal((people, 3))
    behind[:, 0] += read_otherwise * offered
    answers = np.searchsorted(CUTS, behind) + 1
    columns = {f"engagement{k + 1}": answers[:, k] for k in range(3)}
    names = list(arrays.people.person)
    return Study(
        title="made",
        tables={"people": pl.DataFrame({"person_id": names, "organisation_id": "C01"})},
        responses=pl.DataFrame({"person_id": names, "wave": "2026", **columns}),
        instruments=(shipped_instruments()["outcomes"],),
        waves=(Wave("2026", "2026", 2026, 2026, 10),),
        orders={},
        sha256="0" * 64,
    )


def _large() -> LotteryArrays:
    return lottery(5, applicants=1200, places=200, redraws=99)


def test_an_effect_on_the_factor_leaves_the_questions_alike() -> None:
    arrays = _large()
    found = arms_alike(_answered(arrays, raised=0.5), asked(), arrays)
    assert found is not None
    assert found.held is True
    assert "work alike" in found.check.text("en")


def test_a_question_that_people_with_an_offer_read_otherwise_speaks_against_it() -> None:
    arrays = _large()
    found = arms_alike(_answered(arrays, read_otherwise=0.9), asked(), arrays)
    assert found is not None
    assert found.held is False
    assert "engagement" in found.check.text("ja")


def test_two_hundred_answers_an_arm_are_needed() -> None:
    arrays = lottery(5, redraws=99)
    found = arms_alike(_answered(arrays), asked(), arrays)
    assert found is not None
    assert found.held is None
    assert "200" in found.check.text("en")


def test_an_outcome_of_two_questions_is_not_tested_and_a_column_is_no_scale() -> None:
    arrays = _large()
    answered = _answered(arrays)
    two = replace(
        answered,
        responses=answered.responses.with_columns(isolation1=pl.lit(3), isolation2=pl.lit(2)),
        tables={
            **answered.tables,
            "outcomes": pl.DataFrame({"person_id": ["x"], "wave": ["2026"], "sick_days": [1]}),
        },
    )
    isolation = replace(asked(), outcome=Outcome("isolation", message("isolation"), "scale", "low"))
    found = arms_alike(two, isolation, arrays)
    assert found is not None
    assert found.held is None
    assert "3 to 12" in found.check.text("en")
    days = replace(asked(), outcome=Outcome("sick_days", message("sick days"), "column", "low"))
    assert arms_alike(two, days, arrays) is None
