"""The sample as a folder."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import polars as pl
import pytest

from tazuna import __version__
from tazuna.errors import TazunaError
from tazuna.simulation.consortium import Consortium, simulate
from tazuna.simulation.writing import TableFormat, write_sample
from tazuna.study.folder import open_study


@pytest.fixture(scope="module")
def small() -> Consortium:
    return simulate(people=200, companies=2, seed=3)


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_the_written_study_opens_without_faults(
    small: Consortium, tmp_path: Path, format_: TableFormat
) -> None:
    study = open_study(write_sample(small, tmp_path / "sample", format=format_))
    assert len(study.faults) == 0
    assert study.responses.height == small.tables["responses"].height
    assert [wave.wave for wave in study.waves] == ["fy2023", "fy2024", "fy2025"]
    assert study.orders["contribution"] == ("D", "C", "B", "A", "S")
    assert set(study.tables) == set(small.tables) - {"responses"}


def test_csv_is_utf8_without_bom_and_keeps_leading_zeros(small: Consortium, tmp_path: Path) -> None:
    folder = write_sample(small, tmp_path / "sample")
    text = (folder / "people.csv").read_bytes()
    assert not text.startswith(b"\xef\xbb\xbf")
    assert b"\n000001,fy2023," in text
    assert "生産本部".encode() in (folder / "departments.csv").read_bytes()


def test_settings_and_truth_say_what_made_them(small: Consortium, tmp_path: Path) -> None:
    folder = write_sample(small, tmp_path / "sample")
    settings = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert settings["schema"] == "tazuna/study/1"
    assert settings["disclosure"]["k"] == 10
    assert settings["calendar"]["fiscal_year_starts"] == 4
    assert settings["match"] == {"tiers": small.tables["priorities"]["tier"].max(), "open_share": 0.25}
    assert (truth["schema"], truth["seed"], truth["version"]) == ("tazuna/truth/1", 3, __version__)


def test_an_earlier_sample_is_replaced_whole(small: Consortium, tmp_path: Path) -> None:
    folder = write_sample(small, tmp_path / "sample")
    write_sample(simulate(people=100, companies=1, waves=1, seed=4), folder, format="parquet")
    assert not list(folder.glob("*.csv"))
    assert pl.read_parquet(folder / "people.parquet").height == 100
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]


def test_an_empty_folder_is_filled(small: Consortium, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert (write_sample(small, tmp_path / "empty") / "people.csv").exists()


def test_a_folder_with_anything_else_is_left_alone(small: Consortium, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "people.csv").write_text("person_id\n1\n")
    with pytest.raises(TazunaError, match="other than a sample"):
        write_sample(small, own)
    assert (own / "people.csv").read_text() == "person_id\n1\n"


def test_a_sample_to_which_somebody_added_a_file_is_left_alone(small: Consortium, tmp_path: Path) -> None:
    folder = write_sample(small, tmp_path / "sample")
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(TazunaError, match="other than a sample"):
        write_sample(small, folder)
    assert (folder / "notes.txt").exists()


def test_a_file_in_the_way_is_named(small: Consortium, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(TazunaError, match="is a file"):
        write_sample(small, tmp_path / "file")
    with pytest.raises(TazunaError, match="cannot be written"):
        write_sample(small, tmp_path / "file" / "below")


def test_a_failure_midway_leaves_nothing_behind(
    small: Consortium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(TazunaError, match="No space left"):
        write_sample(small, tmp_path / "sample")
    assert list(tmp_path.iterdir()) == []
