"""The sample's draws: by the shipped mechanism, written as the command writes them, the same again."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tazuna.commands.main import run
from tazuna.simulation.consortium import Consortium, simulate
from tazuna.simulation.held_draws import secret_and_beacon
from tazuna.simulation.writing import write_sample
from tazuna.study.folder import open_study

ROUNDS = ("相互副業2024", "地方副業2024", "社内副業2024")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(
        simulate(people=400, companies=4, seed=9), tmp_path_factory.mktemp("drawn") / "sample"
    )


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("round_", ROUNDS)
def test_the_files_are_byte_for_byte_those_of_the_command(folder: Path, round_: str, tmp_path: Path) -> None:
    secret, beacon = secret_and_beacon(9, round_)
    by = ["--seed", secret, "--beacon", beacon, "--published-at", "2024-12-16T12:00:00+09:00"]
    assert run(["match", str(folder), "--round", round_, *by, "--out", str(tmp_path), "--lang", "ja"]) == 0
    assert _files(tmp_path) == _files(folder / "draws" / round_)


@pytest.mark.parametrize("round_", ROUNDS)
def test_every_draw_of_a_sample_can_be_verified(
    folder: Path, round_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify-draw", str(folder / "draws" / round_), "--lang", "en"]) == 0
    assert f"The same: {round_}" in capsys.readouterr().out


def test_the_draws_do_not_disturb_the_study(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(folder), "--lang", "en"]) == 0
    assert "draws" not in capsys.readouterr().out
    record = json.loads((folder / "draws" / ROUNDS[0] / "draw.json").read_text(encoding="utf-8"))
    assert record["input_sha256"] == open_study(folder).sha256


def test_the_draws_are_secret_foreseen_by_nobody_and_between_wave_and_start(folder: Path) -> None:
    study = open_study(folder)
    starts = study.tables["programs"]["starts_on"].min()
    for round_ in ROUNDS:
        record = json.loads((folder / "draws" / round_ / "draw.json").read_text(encoding="utf-8"))
        assert record["marks"] == []
        assert "2024-10-22" < record["published_at"] < str(starts)


def test_the_study_lists_every_first_offer_of_the_draws(folder: Path) -> None:
    told = open_study(folder).tables["assignments"]
    drawn = pl.concat(
        pl.read_csv(folder / "draws" / round_ / "assignments.csv", schema_overrides={"person_id": pl.String})
        for round_ in ROUNDS
    )
    by_draw = told.filter((pl.col("offer_round") == 1) | pl.col("program_id").is_null())
    columns = ["person_id", "program_id", "rank", "chance", "chance_any"]
    assert by_draw.select(columns).sort("person_id").equals(drawn.select(columns).sort("person_id"))


def test_the_internal_round_tells_an_effect_and_the_others_of_three_companies_do_not(
    sample: Consortium,
) -> None:
    v = {draw.round: draw.chances.information for draw in sample.draws}
    assert v["社内副業2024"] > 40
    assert v["相互副業2024"] + v["地方副業2024"] < 12


def test_a_sample_of_one_wave_has_no_draw(tmp_path: Path) -> None:
    alone = simulate(people=60, companies=1, waves=1, seed=1)
    assert alone.draws == ()
    assert "[rounds" not in alone.settings
    assert not (write_sample(alone, tmp_path / "sample") / "draws").exists()


@pytest.mark.parametrize("seed", range(4))
def test_the_smallest_samples_can_be_drawn(seed: int) -> None:
    assert len(simulate(people=60, companies=2, waves=2, seed=seed).draws) == 3
