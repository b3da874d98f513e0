"""``tazuna fit`` as its users meet it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tazuna.commands.main import run


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Two scales of three questions."""
    path = tmp_path / "model.txt"
    path.write_text("own =~ q1 + q2 + q3\nuse =~ q4 + q5 + q6\n", encoding="utf-8")
    return path


@pytest.fixture
def items(tmp_path: Path) -> Path:
    """600 people, one answer missing and coded 9, two companies, question 2 reversed."""
    rng = np.random.default_rng(5)
    factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 600)
    latent = 0.8 * np.repeat(factors, 3, axis=1) + 0.6 * rng.standard_normal((600, 6))
    answers = np.clip(np.round(3 + 1.1 * latent), 1, 5).astype(int)
    answers[:, 1] = 6 - answers[:, 1]
    answers[0, 0] = 9
    rows = [",".join(["会社", *(f"q{k}" for k in range(1, 7))])]
    rows += [",".join(["AB"[i % 2], *map(str, row)]) for i, row in enumerate(answers)]
    path = tmp_path / "items.csv"
    path.write_text("\n".join(rows), encoding="cp932")
    return path


def test_everything_is_computed_and_written(
    items: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(
        [
            *("fit", str(items), "--model", str(model), "--out", str(tmp_path / "out"), "--missing", "9"),
            *("--reversed", "q2", "--group", "会社", "--lang", "ja"),
        ]
    )
    assert code == 0
    said = capsys.readouterr().out
    assert "回答者は600人です。" in said
    assert "設問はどの群でも同じように働いています" in said
    found = json.loads((tmp_path / "out" / "model.json").read_text(encoding="utf-8"))
    assert found["schema"] == "tazuna/model/1"
    assert set(found["reliability"]) == set(found["graded"]) == {"own", "use"}
    assert found["reliability"]["own"]["n"] == 599
    assert 0.6 < found["reliability"]["own"]["alpha"] < 0.9
    # One answer is missing, so the factor model counts 600 people and the one of ordered answers 599.
    assert (found["factor"]["ml"]["n"], found["factor"]["wlsmv"]["n"]) == (600, 599)
    loadings = [
        entry["standardised"] for entry in found["factor"]["wlsmv"]["parameters"] if entry["operator"] == "=~"
    ]
    assert loadings == pytest.approx([0.8] * 6, abs=0.08)
    assert all(item["a"] > 0 for item in found["graded"]["own"]["items"].values())
    assert found["invariance"]["verdict"]["code"] == "comparable"
    assert list(found["invariance_of_ordered"]["steps"]) == [
        "configural",
        "thresholds",
        "loadings",
        "intercepts",
    ]
    assert found["invariance_of_ordered"]["verdict"]["code"] == "comparable"
    assert "群の比較（順序のある回答、WLSMV）" in said
    assert "しきい値が等しい" in said


def test_what_cannot_be_computed_says_why_and_the_rest_stands(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(2)
    values = rng.standard_normal((80, 6)) + rng.standard_normal((80, 1))
    path = tmp_path / "measured.csv"
    path.write_text("\n".join(["q1,q2,q3,q4,q5,q6", *(",".join(f"{v:.3f}" for v in row) for row in values)]))
    assert run(["fit", str(path), "--model", str(model), "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    found = json.loads((tmp_path / "out" / "model.json").read_text(encoding="utf-8"))
    assert "ordered categories" in found["factor"]["wlsmv"]["refused"]["en"]
    assert found["graded"]["own"]["refused"]["ja"]
    assert found["invariance_of_ordered"] is None
    assert found["factor"]["ml"]["chi2"] > 0
    assert "ordered categories" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("own =~ q1 + q2 + q99", [], "q99"),
        ("own = q1", [], "own = q1"),
        ("own =~ q1 + q2 + q3", ["--missing", "nine"], "nine"),
        ("own =~ q1 + q2 + q3", ["--reversed", "q5"], "q5"),
        ("own =~ q1 + q2 + q3", ["--group", "部署"], "部署"),
    ],
)
def test_mistakes_are_named(
    items: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, options: list[str], said: str
) -> None:
    path = tmp_path / "other.txt"
    path.write_text(text, encoding="utf-8")
    code = run(
        ["fit", str(items), "--model", str(path), "--out", str(tmp_path / "out"), *options, "--lang", "ja"]
    )
    assert code == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out" / "model.json").exists()


def test_a_cell_that_is_no_number_is_named_with_its_line(
    items: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = items.read_text(encoding="cp932").splitlines()
    lines[4] = lines[4].rsplit(",", 1)[0] + ",多い"
    items.write_text("\n".join(lines), encoding="cp932")
    assert (
        run(["fit", str(items), "--model", str(model), "--out", str(tmp_path / "out"), "--lang", "ja"]) == 1
    )
    assert "5行目" in capsys.readouterr().err


def test_a_model_file_that_is_not_there_is_named(
    items: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "nothing.txt")
    assert run(["fit", str(items), "--model", missing, "--out", str(tmp_path / "out"), "--lang", "en"]) == 1
    assert "nothing.txt" in capsys.readouterr().err


PUBLIC = {
    # Holzinger & Swineford 1939 by lavaan: χ² of three factors, logLik, and a standardised loading.
    "holzinger": (
        "holzinger_swineford_1939.csv",
        "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9",
        [],
        ["χ² = 85.306, df = 24", "CFI .931, TLI .896, RMSEA .092", "logLik = -3737.745", "std  0.772"],
    ),
    # Published alphas of psychTools' bfi, psych's alpha without N1, and the graded model of mirt.
    "bfi": (
        "bfi.csv",
        "A =~ A1 + A2 + A3 + A4 + A5\nN =~ N1 + N2 + N3 + N4 + N5",
        ["--reversed", "A1"],
        ["A: alpha .703", "N: alpha .814", "alpha without it .758", "N: logLik = -21721.3782", "a  3.123"],
    ),
    "big five": (
        "big5.tsv",
        "E =~ " + " + ".join(f"E{k}" for k in range(1, 11)),
        ["--missing", "0", "--reversed", "E2,E4,E6,E8,E10"],
        ["E: logLik = -265412.3186"],
    ),
    "science": (
        "science.csv",
        "science =~ Comfort + Work + Future + Benefit",
        [],
        ["science: logLik = -1608.8694", "a  2.301"],
    ),
    "lsat7": (
        "lsat7.csv",
        "ability =~ Item.1 + Item.2 + Item.3 + Item.4 + Item.5",
        [],
        ["ability: logLik = -2658.8051"],
    ),
}


@pytest.mark.parametrize(("file", "text", "options", "published"), PUBLIC.values(), ids=PUBLIC)
def test_public_tables_give_the_published_figures(
    shared_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    text: str,
    options: list[str],
    published: list[str],
) -> None:
    model, out = tmp_path / "model.txt", tmp_path / "out"
    model.write_text(text, encoding="utf-8")
    args = ["fit", str(shared_data / file), "--model", str(model), "--out", str(out), *options]
    assert run([*args, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert [figure for figure in published if figure not in said] == []
    # A refusal of several scales for one reason is said once.
    assert said.count("The answers are no ordered categories") in (0, 2)


def test_two_questions_that_share_more_than_the_factor_are_standardised_as_by_lavaan(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "model.txt"
    model.write_text("N =~ N1 + N2 + N3 + N4 + N5\nN1 ~~ N2", encoding="utf-8")
    out = str(tmp_path / "out")
    assert (
        run(["fit", str(shared_data / "bfi.csv"), "--model", str(model), "--out", out, "--lang", "en"]) == 0
    )
    found = json.loads((tmp_path / "out" / "model.json").read_text(encoding="utf-8"))
    pair = next(
        entry
        for entry in found["factor"]["wlsmv"]["parameters"]
        if entry["right"] == "N2" and entry["left"] == "N1"
    )
    # standardizedSolution of lavaan 0.6-14.
    assert pair["standardised"] == pytest.approx(0.551, abs=0.002)


def test_a_pilot_report_is_written_beside_the_model(
    items: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ["fit", str(items), "--model", str(model), "--out", str(tmp_path / "out"), "--missing", "9"]
    assert run([*args, "--reversed", "q2", "--report", "--date", "2026-11-21", "--lang", "ja"]) == 0
    assert "6問すべて、このまま使えます。" in capsys.readouterr().out
    names = {path.name for path in (tmp_path / "out" / "report").iterdir()}
    assert {
        "予備調査レポート_items.csv_2026-11-21.pdf",
        "予備調査レポート_items.csv_2026-11-21.html",
        "Pilot report_items.csv_2026-11-21.pdf",
        "Pilot report_items.csv_2026-11-21.html",
    } < names
    found = json.loads((tmp_path / "out" / "model.json").read_text(encoding="utf-8"))
    assert found["wording"]["scales"]["own"]["questions"]["q2"]["verdict"] == "keep"


def test_fewer_than_200_people_get_no_report_and_are_told_why(
    items: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = items.read_text(encoding="cp932").splitlines()[:151]
    items.write_text("\n".join(text), encoding="cp932")
    args = ["fit", str(items), "--model", str(model), "--out", str(tmp_path / "out"), "--missing", "9"]
    assert run([*args, "--report", "--lang", "ja"]) == 1
    assert "回答者は150人です。文言の判定には200人以上が必要です。" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run([*args, "--lang", "ja"]) == 0


def test_a_table_needs_a_model_and_a_study_has_its_own(
    items: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert run(["fit", str(items), "--out", out, "--lang", "en"]) == 1
    assert "--model" in capsys.readouterr().err
    assert run(["fit", str(tmp_path), "--model", str(model), "--out", out, "--lang", "en"]) == 1
    assert "not for a study" in capsys.readouterr().err
