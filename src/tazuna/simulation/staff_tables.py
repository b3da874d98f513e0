"""The tables ``people`` and ``waves``: the arrays of the staff as rows of a wave."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from tazuna.simulation.naming import labels, person_ids, wave_name
from tazuna.simulation.organisations import DIVISIONS, FIELD_SHARES, FIRST_FISCAL_YEAR, Units
from tazuna.simulation.population import People
from tazuna.simulation.streams import Flags, Integers

GENDERS = ("female", "male", "other")
EMPLOYMENT = ("regular", "contract", "part_time", "rehired", "temporary")
STATUSES = ("active", "leave", "seconded_out", "seconded_in")
GRADES = ("G1", "G2", "G3", "G4", "G5", "M1", "M2", "M3")
_SKILLS = {
    "営業": ("法人営業", "提案書作成", "顧客分析", "展示会運営"),
    "製造": ("工程改善", "品質管理", "設備保全", "安全管理"),
    "技術": ("機械設計", "データ分析", "実験計画", "知的財産"),
    "サービス": ("接客", "在庫管理", "配送計画", "業務マニュアル作成"),
    "管理": ("採用", "経理", "情報システム", "広報"),
}


def people_table(
    units: Units,
    people: People,
    rows: Integers,
    department: Integers,
    *,
    wave: int,
    wave_id: str,
    manages: Flags,
    boss: Integers,
    contribution: Integers,
    consents: Flags,
) -> pl.DataFrame:
    """The rows of ``people`` as of one wave, for the people numbered ``rows``."""
    age = FIRST_FISCAL_YEAR + wave - people.birth_year[rows]
    division = units.leaf_division[department[rows]]
    grade = np.clip((age - 20) // 8, 0, 4) + np.where(manages[rows], 3, 0)
    families = [kind.job_family for kind in DIVISIONS]
    skills = [
        f"{a};{b}"
        for kind in families
        for a, b in zip(_SKILLS[kind], _SKILLS[kind][1:] + _SKILLS[kind][:1], strict=True)
    ]
    home = people.home[rows]
    head = boss[rows] < 0
    position = np.where(manages[rows], np.where(head, 2, 1), 0)
    companies = units.organisations.filter(pl.col("kind") == "company")
    return pl.DataFrame(
        {
            "person_id": person_ids(rows, people.count),
            "wave": pl.repeat(wave_id, rows.size, eager=True),
            "organisation_id": labels(units.companies, people.company[rows]),
            "department": labels(units.leaves, department[rows]),
            "job_family": labels(families, division),
            "worksite": labels(
                ("office", "field"), (people.worksite_draw[rows] < FIELD_SHARES[division]).astype(np.int64)
            ),
            "birth_year": people.birth_year[rows],
            "gender": labels(GENDERS, people.gender[rows]),
            "hired_on": pl.Series(people.hired_on[rows], dtype=pl.Int32).cast(pl.Date),
            "employment_type": labels(EMPLOYMENT, people.employment[rows]),
            "position": labels(("一般", "課長", "部長"), position),
            "grade": labels(GRADES, np.minimum(grade, len(GRADES) - 1)),
            "status": labels(STATUSES, people.status[rows]),
            "home_organisation_id": labels(units.companies, home),
            "is_manager": manages[rows],
            "manager_id": person_ids(boss[rows], people.count),
            "prefecture": labels(companies["prefecture"].to_list(), people.company[rows]),
            "contribution": labels(("D", "C", "B", "A", "S"), contribution),
            "skills": labels(skills, division * 4 + people.skills[rows]),
            "evaluation_consent": consents,
        }
    )


def wave_table(waves: int, k: int) -> pl.DataFrame:
    """The table ``waves``: three weeks every October."""
    years = [FIRST_FISCAL_YEAR + number for number in range(waves)]
    return pl.DataFrame(
        {
            "wave": [wave_name(number) for number in range(waves)],
            "label_ja": [f"{year}年度調査" for year in years],
            "opened_on": [date(year, 10, 2) for year in years],
            "closed_on": [date(year, 10, 22) for year in years],
            "fiscal_year": years,
            "k": [k] * waves,
        }
    )
