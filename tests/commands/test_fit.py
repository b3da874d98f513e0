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
