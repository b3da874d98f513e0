"""Verifying by the command: what it says and with which exit code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tazuna.commands.main import run

ROUND = "相互副業2024"


@pytest.fixture(scope="module")
def drawn(sample_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("verify") / "out"
    arguments = ["--round", ROUND, "--seed", "7", "--draws", "50", "--out", str(out)]
    assert run(["match", str(sample_study), *arguments]) == 0
    return out


@pytest.mark.parametrize(
    ("part", "said", "unsaid"),
    [
        ("", ("internal tables", "public lists"), ()),
        ("tables", ("internal tables",), ("public lists give",)),
        ("public", ("public lists",), ("internal tables have",)),
    ],
)
def test_the_same_draw_is_said_to_be_the_same(
    part: str,
    said: tuple[str, ...],
    unsaid: tuple[str, ...],
    drawn: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["verify-draw", str(drawn / part), "--lang", "en"]) == 0
    words = capsys.readouterr().out
    assert words.startswith(f"The same: {ROUND}")
    assert all(word in words for word in said)
    assert not any(word in words for word in unsaid)
    assert "not secret" in words


@pytest.mark.parametrize(("language", "words"), [("ja", "行目"), ("en", "line 3")])
def test_a_difference_is_named_and_the_exit_code_is_1(
    language: str, words: str, drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copytree(drawn / "public", tmp_path / "public")
    lines = (copy / "lists.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = lines[2].replace("0", "1").replace("G", "H")
    (copy / "lists.csv").write_text("".join(lines), encoding="utf-8")
    assert run(["verify-draw", str(copy), "--lang", language]) == 1
    said = capsys.readouterr().out
    assert "lists.csv" in said
    assert words in said
    assert lines[2].strip() in said


def test_a_folder_without_a_draw_is_a_sentence_not_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify-draw", str(tmp_path), "--lang", "ja"]) == 1
    assert "抽選の結果がありません" in capsys.readouterr().err
    assert run(["verify-draw", str(tmp_path / "nowhere"), "--lang", "en"]) == 1
    assert "holds no draw" in capsys.readouterr().err
