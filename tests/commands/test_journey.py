"""From a sample to a report by the commands alone, and what each says on the way."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from tazuna.commands.main import run


@pytest.fixture(scope="module")
def scored(sample_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `tazuna score` with seed 3 has written for the sample."""
    out = tmp_path_factory.mktemp("scored") / "scores"
    assert run(["score", str(sample_study), "--out", str(out), "--seed", "3"]) == 0
    return out


def test_a_sound_study_is_said_to_be_sound(sample_study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(sample_study), "--lang", "ja"]) == 0
    assert "不備はありません" in capsys.readouterr().out


def test_scores_groups_and_reliability_are_written_and_nothing_else(scored: Path) -> None:
    assert {path.name for path in scored.iterdir()} == {"scores.parquet", "groups.csv", "reliability.json"}
    assert not (scored / "groups.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    groups = pl.read_csv(scored / "groups.csv")
    assert groups.columns == [
        *("organisation_id", "wave", "viewpoint", "group_by", "group", "measure"),
        *("n", "mean", "lower", "upper", "suppressed"),
    ]
    hidden = groups.filter("suppressed")
    assert hidden.height > 0
    assert hidden.select("n", "mean", "lower", "upper").null_count().row(0) == (hidden.height,) * 4
    under_k = groups.filter(~pl.col("viewpoint").is_in(["executive", "hr"]), pl.col("n") < 10)
    assert under_k.is_empty()


def test_json_says_what_reproduces_it(scored: Path) -> None:
    content = json.loads((scored / "reliability.json").read_text(encoding="utf-8"))
    assert content["schema"] == "tazuna/reliability/1"
    assert content["seed"] == 3
    assert re.fullmatch(r"[0-9a-f]{64}", content["input_sha256"])
    assert 0 < content["scales"]["co"]["alpha"] < 1


def test_the_same_seed_gives_the_same_figures(sample_study: Path, scored: Path, tmp_path: Path) -> None:
    assert run(["score", str(sample_study), "--out", str(tmp_path), "--seed", "3"]) == 0
    assert (tmp_path / "groups.csv").read_bytes() == (scored / "groups.csv").read_bytes()


@pytest.mark.parametrize(
    ("language", "title", "asked"), [("ja", "経営レポート", "organisation_id"), ("en", "management", "name")]
)
def test_the_report_has_three_files_named_with_the_date_for_an_organisation_by_id_or_name(
    sample_study: Path, tmp_path: Path, language: str, title: str, asked: str
) -> None:
    companies = pl.read_csv(sample_study / "organisations.csv")
    company = companies.row(by_predicate=pl.col("organisation_id") == "C02", named=True)
    arguments = ["--organisation", company[asked], "--date", "2026-04-01", "--lang", language]
    assert run(["report", str(sample_study), "--out", str(tmp_path), *arguments]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {Path(name).suffix for name in names} == {".html", ".pdf", ".xlsx"}
    assert all(company["name"] in name and title in name and "2026-04-01" in name for name in names)


def test_without_an_organisation_the_choices_are_named(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", str(sample_study), "--out", str(tmp_path / "out"), "--lang", "ja"]) == 1
    said = capsys.readouterr().err
    assert "--organisation" in said
    assert "C01" in said
    assert not (tmp_path / "out").exists()


def damaged(study: Path, folder: Path) -> Path:
    """A copy of the study with one bad age, one unknown department and one person twice."""
    shutil.copytree(study, folder)
    people = pl.read_csv(folder / "people.csv", infer_schema=False)
    twice = people.head(1)
    people = people.with_row_index("row").with_columns(
        birth_year=pl.when(pl.col("row") == 3).then(pl.lit("nonsense")).otherwise("birth_year"),
        department=pl.when(pl.col("row") == 5).then(pl.lit("nowhere")).otherwise("department"),
    )
    pl.concat([people.drop("row"), twice]).write_csv(folder / "people.csv")
    return folder


def test_faults_stop_everything_until_they_are_skipped(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = damaged(sample_study, tmp_path / "study")
    assert run(["check", str(study), "--out", str(tmp_path / "faults"), "--lang", "ja"]) == 1
    said = capsys.readouterr().out
    assert "people.csv" in said
    assert "nonsense" in said
    assert {path.name for path in (tmp_path / "faults").iterdir()} == {"faults.csv", "faults.xlsx"}
    faults = pl.read_csv(tmp_path / "faults" / "faults.csv")
    assert faults.filter(pl.col("value") == "nonsense")["line"].to_list() == [5]

    assert run(["score", str(study), "--out", str(tmp_path / "scores")]) == 1
    assert not (tmp_path / "scores").exists()

    assert run(["score", str(study), "--out", str(tmp_path / "scores"), "--skip-faulty"]) == 0
    content = json.loads((tmp_path / "scores" / "reliability.json").read_text(encoding="utf-8"))
    (skipped,) = (entry for entry in content["skipped"] if entry["table"] == "people")
    assert skipped["rows_set_aside"] == 1
    assert skipped["cells_emptied"] == 2


@pytest.mark.parametrize("command", ["check", "score", "report"])
def test_a_study_that_is_not_there_is_named(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = [] if command == "check" else ["--out", str(tmp_path / "out")]
    assert run([command, str(tmp_path / "absent"), *out]) == 1
    said = capsys.readouterr().err
    assert "absent" in said
    assert "Traceback" not in said


def test_out_may_not_be_a_file(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    assert run(["score", str(sample_study), "--out", str(tmp_path / "taken"), "--lang", "en"]) == 1
    assert "--out needs a folder" in capsys.readouterr().err
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_an_interrupted_command_leaves_no_half_written_file(
    sample_study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tazuna.commands.outputs.write_json", interrupted)
    assert run(["score", str(sample_study), "--out", str(tmp_path)]) == 130
    assert list(tmp_path.iterdir()) == []


def test_a_filled_template_is_a_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "book.xlsx"
    assert run(["template", str(book), "--lang", "ja"]) == 0
    assert book.stat().st_size > 0
    assert run(["template", str(book), "--lang", "ja"]) == 1
    assert "--force" in capsys.readouterr().err


def test_init_reads_a_company_export_and_check_accepts_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    rows = "\n".join(
        f"{n:05d},山田{n},{'男女'[n % 2]},正社員,昭和60年4月{n % 28 + 1}日,営業部" for n in range(1, 31)
    )
    table = f"社員番号,氏名,性別,雇用形態,生年月日,部署\n{rows}\n"
    (folder / "社員名簿.csv").write_bytes(table.encode("cp932"))
    assert run(["init", str(folder), "--yes", "--lang", "ja"]) == 0
    assert run(["check", str(folder), "--lang", "ja"]) == 0
    said = capsys.readouterr().out
    assert "社員番号 → person_id" in said
    assert "people: 30行" in said
