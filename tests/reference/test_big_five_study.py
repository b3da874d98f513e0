"""The public Big Five file, raw, through the commands: nobody is lost, and the alphas are the published ones.

Source of the data and the keys: Open-Source Psychometrics Project; alphas as published for this file.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import polars as pl
import pytest

from tazuna.commands.main import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "big5" / "prepare.py"
PEOPLE = 19_719
ALPHAS = {"E": 0.892, "N": 0.869, "A": 0.832, "C": 0.813, "O": 0.794}
ROUNDING = 0.0005
"""Published to three digits."""


@pytest.fixture(scope="module")
def study(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = importlib.util.spec_from_file_location("prepare", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    folder = tmp_path_factory.mktemp("big5") / "study"
    example.prepare(shared_data / "big5.tsv", folder)
    return folder


@pytest.fixture(scope="module")
def scores(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("scores")
    assert run(["score", str(study), "--skip-faulty", "--out", str(out)]) == 0
    return out


def test_impossible_ages_are_named_and_years_of_birth_are_understood(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(study), "--out", str(tmp_path), "--lang", "en"]) == 1
    faults = pl.read_csv(tmp_path / "faults.csv", infer_schema=False)
    raw = pl.read_csv(study / "people.csv")["age"]
    impossible = raw.filter((raw > 110) & ~raw.is_between(1900, 2012))
    assert sorted(faults.filter(pl.col("column") == "age")["value"].to_list()) == sorted(
        str(age) for age in impossible
    )
    assert faults.height == impossible.len()
    assert f"years of birth in the age column, read as such: {raw.is_between(1900, 2012).sum()}" in (
        capsys.readouterr().out
    )


def test_nobody_is_lost(scores: Path) -> None:
    people = pl.read_parquet(scores / "scores.parquet")
    assert people.height == PEOPLE
    assert people["person_id"].n_unique() == PEOPLE
    assert people.filter(pl.col("n_answered") == 0).height == 1


@pytest.mark.parametrize("scale", ALPHAS)
def test_alpha_is_the_published_one(scores: Path, scale: str) -> None:
    content = json.loads((scores / "reliability.json").read_text(encoding="utf-8"))
    assert content["scales"][scale]["alpha"] == pytest.approx(ALPHAS[scale], abs=ROUNDING)


def test_the_mean_of_everybody_is_in_the_group_figures(scores: Path) -> None:
    people = pl.read_parquet(scores / "scores.parquet")
    groups = pl.read_csv(scores / "groups.csv", infer_schema_length=None)
    row = groups.filter(
        pl.col("viewpoint") == "all", pl.col("group_by") == "all", pl.col("measure") == "E"
    ).to_dicts()[0]
    assert row["n"] == people["E"].count()
    assert row["mean"] == pytest.approx(people["E"].mean(), abs=1e-6)
