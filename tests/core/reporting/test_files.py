"""Three files under their names."""

from __future__ import annotations

from pathlib import Path

from tests.core.reporting import made_study
from tests.core.reporting.conftest import composed

from tazuna.reporting.files import write_report_files


def test_a_report_is_three_files_named_by_organisation_wave_and_date(tmp_path: Path) -> None:
    names = write_report_files(composed(made_study.figures([])), tmp_path)
    stem = "キャリアオーナーシップ経営レポート_株式会社あおぞら_2026年度調査_2026-11-20"
    assert names == (f"{stem}.html", f"{stem}.pdf", f"{stem}.xlsx")
    assert {path.name for path in tmp_path.iterdir()} == set(names)
    assert (tmp_path / names[1]).read_bytes().startswith(b"%PDF-")
