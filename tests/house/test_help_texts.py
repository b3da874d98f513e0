"""Help teaches, in both languages, without loading what only the work needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from house.help_texts import help_texts
from tazuna.commands.main import build_app, commands
from tazuna.commands.main import run as run_here
from tazuna.language import LANGUAGES, translator

HEAVY = (
    "polars",
    "numpy",
    "scipy",
    "altair",
    "fastexcel",
    "xlsxwriter",
    "pydantic",
    "typst",
    "vl_convert",
    "jinja2",
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tazuna.commands.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_help_text_has_a_japanese_form() -> None:
    t = translator("ja")
    assert not [text for text in sorted(help_texts()) if t(text) == text]


@pytest.mark.parametrize("command", commands())
def test_the_help_of_a_command_is_in_the_language_asked_for(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {}
    for language in LANGUAGES:
        assert run_here([command, "--help", "--lang", language]) == 0
        said[language] = capsys.readouterr().out
    assert "使い方" in said["ja"]
    assert "Usage" in said["en"]
    assert "使い方" not in said["en"]


def test_the_help_is_that_of_a_process_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here(["score", "--help", "--lang", "ja"]) == 0
    assert "使い方" in (here := capsys.readouterr().out)
    done = run("score", "--help", "--lang", "ja")
    assert (done.returncode, "".join(done.stdout.split())) == (0, "".join(here.split()))


def test_a_command_that_is_named_is_built_alone() -> None:
    (named,) = (name for name in build_app("ja", "verify-draw") if not name.startswith("-"))
    assert named == "verify-draw"


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; from tazuna.commands.main import run; run(['--help']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_mistyped_option_is_named_with_the_way_to_the_help() -> None:
    done = run("score", "somewhere", "--out", "x", "--sed", "3", "--lang", "ja")
    assert done.returncode == 2
    assert "--sed" in done.stderr
    assert "tazuna score --help" in done.stderr
    assert "Traceback" not in done.stderr
