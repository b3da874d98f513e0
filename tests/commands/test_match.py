"""The draw by the command: real lists, a sample round, the same seed, and a stop half-way."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tazuna.commands.main import run
from tazuna.study.folder import open_study

ROUND = "相互副業2024"
AT = ("--published-at", "2026-09-30T12:00:00")
SECRET = "5f1c0a94d8e27b6630c1f2a7b94e8d05"


def match(study: Path, out: Path, *more: str, seed: str = SECRET, draws: int = 100) -> Path:
    """Draw a round of ``study`` into ``out``."""
    arguments = ["--seed", seed, "--draws", str(draws), "--out", str(out), *AT, *more]
    assert run(["match", str(study), "--round", ROUND, *arguments]) == 0
    return out


@pytest.fixture(scope="module")
def drawn(sample_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return match(sample_study, tmp_path_factory.mktemp("match") / "out", "--beacon", "4711")


@pytest.fixture(scope="module")
def glasgow(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return match(shared_data / "glasgow_projects", tmp_path_factory.mktemp("glasgow") / "out")


def record(folder: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((folder / "draw.json").read_text(encoding="utf-8"))
    return content


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_files_and_their_columns_are_those_of_the_contract(drawn: Path) -> None:
    names = ("assignments.csv", "chances.csv", "chances_removed.csv", "draw.json", "public", "tables")
    assert tuple(sorted(path.name for path in drawn.iterdir())) == names
    columns = {name: pl.read_csv(drawn / name).columns for name in names[:3]}
    assert columns == {
        "assignments.csv": [
            *("person_id", "program_id", "rank", "chance", "chance_any", "offer_round", "reason", "next_step")
        ],
        "chances.csv": ["person_id", "program_id", "rank", "chance", "std_error", "status"],
        "chances_removed.csv": ["person_id", "program_id", "reason"],
    }
    assert {path.name for path in (drawn / "public").iterdir()} == {
        *("lists.csv", "tiers.csv", "places.csv", "draw.json")
    }
    assert not (drawn / "assignments.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_everybody_who_applied_has_one_row_and_every_pair_is_kept_or_removed(
    sample_study: Path, drawn: Path
) -> None:
    study = open_study(sample_study)
    programs = study.tables["programs"].filter(round=ROUND)["program_id"]
    applied = study.tables["applications"].filter(pl.col("program_id").is_in(programs.implode()))
    rows = pl.read_csv(drawn / "assignments.csv", infer_schema=False)
    assert rows["person_id"].to_list() == sorted(applied["person_id"].unique())
    pairs = pl.concat(
        pl.read_csv(drawn / name, infer_schema=False).select("person_id", "program_id")
        for name in ("chances.csv", "chances_removed.csv")
    )
    assert sorted(pairs.rows()) == sorted(applied.select("person_id", "program_id").rows())


def test_chances_and_places_agree(drawn: Path) -> None:
    chances = pl.read_csv(drawn / "chances.csv", schema_overrides={"person_id": pl.String})
    rows = pl.read_csv(drawn / "assignments.csv", schema_overrides={"person_id": pl.String})
    given = rows.drop_nulls("program_id").join(chances, on=["person_id", "program_id"], how="left")
    assert (given["chance"] == given["chance_right"]).all()
    assert (given["rank"] == given["rank_right"]).all()
    assert (given["offer_round"] == 1).all()
    lost = rows.filter(pl.col("program_id").is_null())
    assert lost.select("rank", "chance", "offer_round").null_count().row(0) == (lost.height,) * 3
    assert lost["next_step"].null_count() == 0
    assert rows["reason"].null_count() == 0
    assert rows.drop_nulls("program_id")["next_step"].null_count() == rows.height - lost.height
    certain = chances.filter(pl.col("status").is_in(["never", "always"]))
    assert (certain["std_error"] == 0).all()
    assert (chances.filter(pl.col("status").is_in(["conditional", "unseen"]))["std_error"] > 0).all()


def test_the_record_reproduces_and_explains_the_draw(drawn: Path) -> None:
    content = record(drawn)
    assert content["schema"] == "tazuna/draw/1"
    assert content["commitment"] == hashlib.sha256(SECRET.encode()).hexdigest()
    assert (content["seed"], content["beacon"], content["marks"]) == (SECRET, "4711", [])
    assert content["published_at"] == "2026-09-30T12:00:00"
    rows = pl.read_csv(drawn / "assignments.csv")
    figures = content["figures"]
    assert isinstance(figures, dict)
    assert figures["unmatched"] == rows["program_id"].null_count()
    assert figures["justified_envy"] == figures["blocking_pairs"] == 0
    first = rows.filter(rank=1).height / rows.height
    assert figures["share_by_rank"]["1"] == pytest.approx(first, abs=1e-4)
    any_place = rows["chance_any"]
    assert content["v"] == pytest.approx((any_place * (1 - any_place)).sum())


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads(
    sample_study: Path, drawn: Path, tmp_path: Path
) -> None:
    again = match(sample_study, tmp_path / "again", "--beacon", "4711", "--threads", "3")
    assert files(again) == files(drawn)
    other = match(sample_study, tmp_path / "other", "--beacon", "4712")
    assert record(other)["cutoffs"] != record(drawn)["cutoffs"]


def test_the_internal_tables_are_a_study_that_gives_the_same_draw(drawn: Path, tmp_path: Path) -> None:
    again = match(drawn / "tables", tmp_path / "again", "--beacon", "4711")
    for name in ("assignments.csv", "chances.csv", "tables/receipts.csv", "public/lists.csv"):
        assert (again / name).read_bytes() == (drawn / name).read_bytes(), name
    assert record(again)["tables_sha256"] == record(drawn)["tables_sha256"]


def test_the_results_are_tables_that_a_study_reads(sample_study: Path, drawn: Path, tmp_path: Path) -> None:
    study = shutil.copytree(sample_study, tmp_path / "study")
    for name in ("assignments.csv", "chances.csv", "draw.json"):
        shutil.copy(drawn / name, study / name)
    opened = open_study(study)
    assert not opened.faults
    assert opened.tables["assignments"].height == pl.read_csv(drawn / "assignments.csv").height
    assert opened.tables["chances"]["chance"].dtype == pl.Float64


def test_a_short_seed_without_a_beacon_works_and_is_marked(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    match(sample_study, tmp_path, "--lang", "ja", seed="7")
    assert record(tmp_path)["marks"] == ["not secret", "the organiser could have foreseen it"]
    assert "予見できた" in capsys.readouterr().out


def test_without_a_seed_nothing_is_drawn(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(["match", str(sample_study), "--round", ROUND, "--out", str(out), "--lang", "en"]) == 1
    assert "--seed" in capsys.readouterr().err
    assert not out.exists()


def test_an_unknown_round_is_named_with_those_that_are_there(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--round", "2031", "--seed", "7", "--out", str(tmp_path), "--lang", "en"]
    assert run(["match", str(sample_study), *arguments]) == 1
    said = capsys.readouterr().err
    assert "2031" in said
    assert ROUND in said


def test_the_preview_needs_no_seed_and_announces_nothing_without_one(
    sample_study: Path, drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["match", str(sample_study), "--round", ROUND, "--preview", "--draws", "50", "--lang", "en"]
    assert run([*arguments, "--out", str(tmp_path / "one")]) == 0
    content = json.loads((tmp_path / "one" / "preview.json").read_text(encoding="utf-8"))
    assert "commitment" not in content
    assert content["round"] == ROUND
    capsys.readouterr()
    assert run([*arguments, "--seed", SECRET, "--out", str(tmp_path / "two")]) == 0
    announced = json.loads((tmp_path / "two" / "preview.json").read_text(encoding="utf-8"))
    for entry in ("commitment", "tables_sha256"):
        assert announced[entry] == record(drawn)[entry]
        assert str(announced[entry]) in capsys.readouterr().out or entry == "tables_sha256"
    assert {path.name for path in (tmp_path / "two").iterdir()} == {"preview.json"}


def test_real_lists_with_real_limits(glasgow: Path, shared_data: Path) -> None:
    study = open_study(shared_data / "glasgow_projects")
    rows = pl.read_csv(glasgow / "assignments.csv")
    assert rows.height == 51
    of = study.tables["programs"].select("program_id", group="organisation_id")
    filled = rows.drop_nulls("program_id").join(of, on="program_id")["group"].value_counts(name="filled")
    limits = study.tables["caps"].join(filled, on="group")
    assert (limits["filled"] <= limits["upper"]).all()
    figures = record(glasgow)["figures"]
    assert isinstance(figures, dict)
    assert figures["justified_envy"] == figures["blocking_pairs"] == 0
    sums = pl.read_csv(glasgow / "chances.csv").group_by("person_id").agg(pl.col("chance").sum())
    assert (sums["chance"] <= 1 + 1e-12).all()
    assert run(["verify-draw", str(glasgow)]) == 0


def test_exact_chances_are_without_error_or_refused(
    sample_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--round", ROUND, "--seed", "7", "--chances", "exact", "--out", str(tmp_path)]
    if run(["match", str(sample_study), *arguments]) == 0:
        assert (pl.read_csv(tmp_path / "chances.csv")["std_error"] == 0).all()
    else:
        assert "order" in capsys.readouterr().err or not any(tmp_path.iterdir())


def test_a_stop_half_way_leaves_no_result(sample_study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "tazuna.commands.main", "match", str(sample_study), "--round", ROUND]
    environment = {**os.environ, "TAZUNA_LANG": "en"}
    arguments = ["--seed", "7", "--draws", "100000000", "--out", str(out)]
    with subprocess.Popen(
        [*command, *arguments], stderr=subprocess.PIPE, text=True, env=environment
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if line.startswith("Redrawing"):
                break
        time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
    assert not out.exists()


def test_a_failure_while_writing_leaves_the_old_draw_as_it_was(
    sample_study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(match(sample_study, tmp_path / "out"))
    written = []

    def write_some(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) == 5:
            raise OSError(28, "No space left on device", str(path))
        with path.open("wb") as file:
            return file.write(data)

    monkeypatch.setattr(Path, "write_bytes", write_some)
    arguments = ["--round", ROUND, "--seed", "8", "--draws", "10", "--out", str(tmp_path / "out")]
    assert run(["match", str(sample_study), *arguments]) == 1
    assert len(written) == 5
    assert files(tmp_path / "out") == before


def test_a_new_draw_replaces_every_file_of_an_old_one(sample_study: Path, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "old.csv").write_text("left over")
    match(sample_study, tmp_path)
    assert not (tmp_path / "tables" / "old.csv").exists()
    assert run(["verify-draw", str(tmp_path)]) == 0


def test_the_page_in_short_is_written_on_request(sample_study: Path, tmp_path: Path) -> None:
    out = match(sample_study, tmp_path / "out", "--beacon", "4711", "--report", "--lang", "ja", draws=20)
    names = sorted(path.name for path in (out / "report").iterdir())
    assert [name for name in names if not name.endswith(".svg")] == [
        f"抽選結果の要約_{ROUND}_2026-09-30.html",
        f"抽選結果の要約_{ROUND}_2026-09-30.pdf",
    ]
    assert "share-by-rank.ja.svg" in names
    assert record(out)["commitment"] in (out / "report" / names[-2]).read_text(encoding="utf-8")


def test_the_preview_says_what_other_rules_cost(sample_study: Path, tmp_path: Path) -> None:
    arguments = ["match", str(sample_study), "--round", ROUND, "--preview", "--draws", "20"]
    assert run([*arguments, "--out", str(tmp_path / "out")]) == 0
    rules = json.loads((tmp_path / "out" / "preview.json").read_text(encoding="utf-8"))["rules"]
    assert rules[0]["rules"] == "chosen"
    assert {"gate", "senders_first", "two_sided_ttc"} <= {row["rules"] for row in rules}
