"""One small sample study that the command tests share; they only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tazuna.commands.main import run


@pytest.fixture(scope="session")
def sample_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "study"
    assert run(["sample", str(folder), "--people", "240", "--companies", "2", "--seed", "7"]) == 0
    return folder
