"""A small study, what is measured in it, and all that the command line writes of its group figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from doors.hidden_figures import Secrets, secrets
from tazuna.commands.main import run
from tazuna.measurement import overview
from tazuna.study import Study
from tazuna.study.folder import open_study

SEED = 1


@dataclass(frozen=True)
class Written:
    """A study, what was measured and released of it, and the folder of everything written."""

    study: Study
    measured: overview.Measured
    figures: overview.StudyFigures
    folder: Path

    @property
    def secrets(self) -> Secrets:
        return secrets(self.measured.cells, self.figures.release.cells)

    def files(self) -> list[Path]:
        """Everything but the scores of single people, which stay with whoever has the answers."""
        written = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        return [path for path in written if path.suffix in (".csv", ".json", ".html", ".xlsx", ".svg")]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Scores and a company's report; measuring and protecting, which take longest, are done once."""
    folder = tmp_path_factory.mktemp("doors")
    assert run(["sample", str(folder / "study"), "--people", "240", "--companies", "2", "--seed", "7"]) == 0
    study = open_study(folder / "study")
    measured = overview.measure(study, seed=SEED)
    figures = overview.released(measured)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(overview, "measure", lambda *_, **__: measured)
        patched.setattr(overview, "released", lambda *_, **__: figures)
        out = str(folder / "out")
        assert run(["score", str(folder / "study"), "--out", out]) == 0
        asked = ["--organisation", "C01", "--date", "2026-11-20", "--lang", "en"]
        assert run(["report", str(folder / "study"), *asked, "--out", f"{out}/report"]) == 0
    return Written(study, measured, figures, Path(out))
