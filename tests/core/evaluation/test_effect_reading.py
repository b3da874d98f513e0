"""From the file of an evaluation to the evidence of a measure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tazuna.evaluation.effect_reading import EffectFileError, read_study_effect
from tazuna.evaluation.evidence import gather_evidence

WRITTEN = {
    "schema": "tazuna/effect/1",
    "input_sha256": "ab",
    "design": "A",
    "program": "any",
    "outcome": "isolation",
    "standardised": {"estimate": -0.4, "std_error": 0.1, "interval": [-0.6, -0.2]},
}


def _file(folder: Path, **changed: object) -> Path:
    path = folder / "effect.json"
    path.write_text(json.dumps({**WRITTEN, **changed}), encoding="utf-8")
    return path


def test_a_lottery_that_lowered_isolation_is_evidence_that_the_measure_helps(tmp_path: Path) -> None:
    study = read_study_effect(_file(tmp_path), "M1", low_is_better=True, context={"log_staff": 6.0})
    assert (study.rung, study.size, study.std_error) == ("A", 0.4, 0.1)
    found = gather_evidence({"M1": "boundary", "M2": "boundary"}, [study])
    assert found["M1"].rung == "A"
    assert found["M1"].probability is not None
    assert found["M1"].probability > 0.8
    assert found["M2"].borrowed


@pytest.mark.parametrize(
    "changed",
    [
        {"schema": "tazuna/draw/1"},
        {"design": "Z"},
        {"standardised": None},
        {"standardised": {"estimate": 0.1, "std_error": None}},
        {"standardised": {"estimate": 0.1, "std_error": 0.0}},
    ],
)
def test_what_is_no_result_is_refused(tmp_path: Path, changed: dict[str, object]) -> None:
    path = _file(tmp_path, **changed)
    with pytest.raises(EffectFileError) as refused:
        read_study_effect(path, "M1")
    assert "effect.json" in refused.value.text("ja")


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EffectFileError, match="nothing"):
        read_study_effect(tmp_path / "nothing.json", "M1")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(EffectFileError, match="broken"):
        read_study_effect(tmp_path / "broken.json", "M1")
