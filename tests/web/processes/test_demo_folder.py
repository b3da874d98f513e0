"""The demo's folder is held by one demo and never mistaken for something else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tazuna_web.site.demo_folder import DATABASE, DemoFolderError, hold

HOME = "http://127.0.0.1:8000/"


def test_a_second_demo_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys\n"
        "from tazuna_web.site.demo_folder import hold, DemoFolderError\n"
        "try:\n"
        f"    with hold(pathlib.Path({str(tmp_path)!r}), 'elsewhere'): print('held')\n"
        "except DemoFolderError as error: print(error.text('en'))"
    )
    with hold(tmp_path, HOME):
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert f"is running already: {HOME}" in other.stdout
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert again.stdout == "held\n"


@pytest.mark.parametrize("name", ["notes.txt", DATABASE])
def test_a_folder_with_something_else_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(DemoFolderError, match="something other than a demo"), hold(tmp_path, HOME):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoFolderError, match="is a file"), hold(tmp_path / "file", HOME):
        pass
