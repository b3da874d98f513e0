"""What is judged: the right scales, keyed as the instrument says, of one wave."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from tazuna.errors import StudyError
from tazuna.instrument.model import Instrument
from tazuna.instrument.shipped import shipped_instruments
from tazuna.measurement.pilot.asked import asked_at_wave, judged_scales
from tazuna.study import Study, Wave


@pytest.fixture(scope="module")
def study() -> Study:
    """40 people at two waves; the first question of the management score is asked the other way round."""
    shipped = shipped_instruments()["management_score"]
    turned = dataclasses.replace(shipped.questions["ms1"], key=-1)
    instrument = dataclasses.replace(shipped, questions={**shipped.questions, "ms1": turned})
    people = pl.DataFrame(
        {
            "person_id": [f"{k:03}" for k in range(40)],
            "organisation_id": "C1",
            "gender": ["female", "male"] * 20,
            "birth_year": [1990] * 40,
            "languages": [["ja"], ["ja", "en"]] * 20,
        }
    )
    answers = {code: [2, 4] * 40 for code in instrument.questions}
    responses = pl.DataFrame(
        {"person_id": people["person_id"].to_list() * 2, "wave": ["w1"] * 40 + ["w2"] * 40, **answers},
        schema_overrides=dict.fromkeys(answers, pl.Int16),
    ).with_columns(answered_at=pl.lit(None, pl.Datetime))
    return Study(
        title="Two waves",
        tables={"people": people, "organisations": pl.DataFrame({"organisation_id": ["C1"], "name": ["C"]})},
        responses=responses,
        instruments=(instrument,),
        waves=(Wave("w1", "First", 2025, 2025, 10), Wave("w2", "Second", 2026, 2026, 12)),
        orders={},
        sha256="0",
    )


def test_the_last_wave_is_judged_by_the_views_with_reversed_questions_turned(study: Study) -> None:
    asked = asked_at_wave(study, None, None)
    assert (asked.wave, asked.k, asked.answered, asked.asked) == ("w2", 12, 40, 40)
    assert [scale.code for scale in asked.scales] == ["ms_see", "ms_grow", "ms_connect"]
    assert np.array_equal(asked.table.of(["ms1", "ms2"])[:2], [[4, 2], [2, 4]])
    assert asked.scales[0].questions[0].reversed
    assert asked.scales[0].questions[0].wording["ja"]


def test_groups_are_those_in_which_people_differ(study: Study) -> None:
    groupings = asked_at_wave(study, "w1", "management_score").groupings
    # Everybody is of one age band, and only those with a single language have one, which is the same.
    assert list(groupings) == ["gender"]


@pytest.mark.parametrize(
    ("wave", "instrument", "named"), [("w9", None, "w9"), (None, "co_profile", "co_profile")]
)
def test_what_was_not_asked_is_named(
    study: Study, wave: str | None, instrument: str | None, named: str
) -> None:
    with pytest.raises(StudyError, match=named):
        asked_at_wave(study, wave, instrument)


def test_totals_and_items_are_left_to_the_areas() -> None:
    instrument: Instrument = shipped_instruments()["co_profile"]
    found = judged_scales(instrument, tuple(instrument.questions))
    assert [scored.code for scored in found] == ["co1", "co2", "co3", "co4", "co5"]
