"""Invariance of a study's scales between its waves and groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tazuna.measurement.comparability import comparisons
from tazuna.measurement.comparing import judged
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.population import population
from tazuna.measurement.scoring import score_people, scored_scales
from tazuna.simulation.consortium import simulate
from tazuna.simulation.writing import write_sample
from tazuna.study import Study
from tazuna.study.folder import open_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Two waves of 700 people."""
    folder = tmp_path_factory.mktemp("study") / "sample"
    write_sample(simulate(people=700, companies=2, waves=2, seed=4), folder)
    return open_study(folder)


def _tested(study: Study) -> dict[tuple[str, str], str]:
    people = population(study, score_people(study), group_rules())
    scales = scored_scales(study.instruments, study.responses.columns)
    found = judged(comparisons(study, people, scales, [wave.wave for wave in study.waves]))
    return {(one.scale, one.by): one.found.verdict for one in found}


def test_waves_of_an_unchanged_questionnaire_are_comparable(study: Study) -> None:
    found = _tested(study)
    by_wave = [verdict for (_, by), verdict in found.items() if by == "wave" and verdict != "not_tested"]
    assert len(by_wave) > 10
    # Each is a test at 1% with a floor of a tenth of a standard deviation.
    assert by_wave.count("comparable") >= len(by_wave) - 1
    assert ("co", "wave") not in found
    assert not any(scale.startswith("co1a") for scale, _ in found)


def test_a_question_that_became_easier_is_found(study: Study) -> None:
    last = pl.col("wave") == study.waves[-1].wave
    easier = pl.when(last).then((pl.col("co4a2") + 1).clip(upper_bound=5)).otherwise("co4a2")
    changed = replace(study, responses=study.responses.with_columns(easier.cast(pl.Int16).alias("co4a2")))
    people = population(changed, score_people(changed), group_rules())
    scales = [s for s in scored_scales(changed.instruments, changed.responses.columns) if s.code == "co4"]
    (found,) = [
        one
        for one in judged(comparisons(changed, people, scales, [wave.wave for wave in changed.waves]))
        if one.by == "wave"
    ]
    assert "co4a2" in found.found.freed
    assert np.abs(found.found.differences[0].change) > 0.05


def test_a_question_that_means_less_in_a_translation_is_found(study: Study) -> None:
    english = (pl.int_range(pl.len()) % 3 == 0).alias("english")
    easier = pl.when(english).then((pl.col("co4a2") + 1).clip(upper_bound=5)).otherwise("co4a2")
    language = pl.when(english).then(pl.lit("en")).otherwise(pl.lit("ja"))
    answers = study.responses.with_columns(easier.cast(pl.Int16).alias("co4a2"), language=language)
    told = replace(study, responses=answers)
    people = population(told, score_people(told), group_rules())
    scales = [s for s in scored_scales(told.instruments, told.responses.columns) if s.code == "co4"]
    waves = [told.waves[-1].wave]
    # Both waves as one, so that each language has its two hundred answers.
    both = people.with_columns(wave=pl.lit(waves[0]))
    (found,) = [one for one in judged(comparisons(told, both, scales, waves)) if one.by == "language"]
    assert found.found.groups == ("en", "ja")
    assert "co4a2" in found.found.freed
    assert "language" not in {by for _, by in _tested(study)}


def test_too_few_answers_are_not_tested_and_not_counted_out_loud(study: Study) -> None:
    few = replace(study, responses=study.responses.head(300))
    verdicts = set(_tested(few).values())
    assert verdicts <= {"not_tested"}
