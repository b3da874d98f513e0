"""File names say what, whose and when, on every file system."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tazuna.reporting.file_names import report_file_name

TODAY = date(2026, 11, 20)


def test_the_name_is_japanese_with_the_date() -> None:
    assert report_file_name("株式会社あおぞら", "第3回", TODAY, "ja", "pdf") == (
        "キャリアオーナーシップ経営レポート_株式会社あおぞら_第3回_2026-11-20.pdf"
    )


def test_an_english_report_has_an_english_name() -> None:
    named = report_file_name("Aozora", "Wave 3", TODAY, "en", "xlsx")
    assert named == "Career ownership management report_Aozora_Wave 3_2026-11-20.xlsx"


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_name_is_safe_on_windows(organisation: str, wave: str) -> None:
    name = report_file_name(organisation, wave, TODAY, "ja", "html")
    assert not set(name) & set('\\/:*?"<>|\0\n\r\t')
    assert len(name.encode("utf-8", "surrogatepass")) <= 255
    assert name.endswith("_2026-11-20.html")
    assert name == name.strip(" .")
