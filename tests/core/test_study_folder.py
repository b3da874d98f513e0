"""A study folder opens as typed tables."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tazuna.study_folder import open_study


def write_clean_study(folder: Path) -> Path:
    """A small study without a fault: two waves, four people, a reorganisation."""
    tables = {
        "organisations": "organisation_id,name,kind\nC1,手綱株式会社,company\n",
        "departments": "department_id,organisation_id,name,successor_id\nD1,C1,営業部,D2\nD2,C1,新営業部,\n",
        "waves": "wave,label_ja,closed_on\n2024,第1回,2024-04-30\n2025,第2回,2025-04-30\n",
        "people": (
            "person_id,organisation_id,department,birth_date,employment_type,is_manager,manager_id,name\n"
            "001,C1,D1,1990-01-02,regular,true,,山田\n"
            "002,C1,新営業部,1985-12-31,contract,false,001,佐藤\n"
        ),
        "responses": (
            "person_id,wave,answered_at,ms1,ms2\n"
            "001,2024,2024-04-02 10:00:00,4,5\n002,2024,,,\n001,2025,2025-04-02 10:00:00,3,\n"
        ),
    }
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "study.toml").write_text('schema = "tazuna/study/1"\ntitle = "手綱"\n', encoding="utf-8")
    return folder


def test_a_clean_folder_opens_with_typed_columns_and_no_fault(tmp_path: Path) -> None:
    study = open_study(write_clean_study(tmp_path / "s"))

    assert list(study.faults) == []
    assert study.title == "手綱"
    people = study.tables["people"]
    assert people.schema["birth_year"] == pl.Int64
    assert people["birth_year"].to_list() == [1990, 1985]
    assert people["department"].to_list() == ["D1", "D2"]
    assert people["is_manager"].to_list() == [True, False]
    assert "name" not in people.columns
    assert "birth_date" not in people.columns
    assert study.responses.schema["ms1"] == pl.Int16
    assert study.responses.height == 3
    assert [wave.year for wave in study.waves] == [2024, 2025]
