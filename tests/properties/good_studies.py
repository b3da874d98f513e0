"""Good studies to damage: a slice of the simulated sample, and what companies export, made by hand."""

from __future__ import annotations

import csv
import io
from functools import cache
from random import Random

from tests.properties.study_text import StudyText, TableText

from tazuna.simulation.consortium import simulate

SETTINGS = """\
schema = "tazuna/study/1"
title = "試し"

[orders]
contribution = ["D", "C", "B", "A", "S"]

[disclosure]
k = 5
"""

COMPANY_SETTINGS = """\
schema = "tazuna/study/1"
title = "手綱製作所"

[columns.people]
"社員番号" = "person_id"
"会社コード" = "organisation_id"
"所属" = "department"
"生年月日" = "birth_date"
"入社年月日" = "hired_on"
"雇用形態" = "employment_type"
"管理職" = "is_manager"
"上司社員番号" = "manager_id"
"氏名" = "name"

[columns.departments]
"部署コード" = "department_id"
"会社コード" = "organisation_id"
"部署名" = "name"
"上位部署コード" = "parent_id"
"開始日" = "starts_on"
"廃止日" = "ends_on"

[columns.responses]
"社員番号" = "person_id"
"調査回" = "wave"
"回答日時" = "answered_at"

[values.people.employment_type]
"正社員" = "regular"
"契約社員" = "contract"
"パート" = "part_time"
"""

_COMPANY_HEADINGS = {
    "people": {
        "person_id": "社員番号",
        "organisation_id": "会社コード",
        "department": "所属",
        "birth_date": "生年月日",
        "hired_on": "入社年月日",
        "employment_type": "雇用形態",
        "is_manager": "管理職",
        "manager_id": "上司社員番号",
        "name": "氏名",
    },
    "departments": {
        "department_id": "部署コード",
        "organisation_id": "会社コード",
        "name": "部署名",
        "parent_id": "上位部署コード",
        "starts_on": "開始日",
        "ends_on": "廃止日",
    },
    "responses": {"person_id": "社員番号", "wave": "調査回", "answered_at": "回答日時"},
}
_ANSWERS = ("ms1", "ms2", "ms3", "ms4", "co1a1", "co1a2", "engagement1", "engagement2", "gave_up", "lg_cause")
_OPTIONAL = ("applications", "caps", "company_answers", "outcomes", "participation", "priorities", "programs")


def sample_study(random: Random) -> StudyText:
    """A slice of the simulated sample: the required tables, some of the others, a dozen questions."""
    tables = {name: TableText(list(header), [list(row) for row in rows]) for name, header, rows in _sample()}
    kept = {"organisations", "people"}
    kept |= {name for name in ("departments", "waves", "responses") if random.random() < 0.6}
    kept |= set(random.sample(_OPTIONAL, random.choice([0, 0, 1, 1, 2])))
    if "programs" not in kept:
        kept -= {"applications", "participation", "priorities"}
    people = tables["people"]
    optional = range(4, len(people.header))
    columns = [0, 1, 2, 3, *sorted(random.sample(optional, random.choice([1, 3, 3, 6, len(optional)])))]
    people.header = [people.header[i] for i in columns]
    people.rows = [[row[i] for i in columns] for row in people.rows]
    return StudyText({name: table for name, table in tables.items() if name in kept}, SETTINGS)


@cache
def _sample() -> tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...]:
    consortium = simulate(people=60, companies=1, seed=3)
    people = set(consortium.tables["people"]["person_id"].unique().sort().head(36))
    found = []
    for name, frame in consortium.tables.items():
        if name == "responses":
            answers = [c for c in _ANSWERS if c in frame.columns]
            frame = frame.select("person_id", "wave", "answered_at", *answers)
        text = frame.write_csv(datetime_format="%Y-%m-%dT%H:%M:%S")
        header, *rows = csv.reader(io.StringIO(text))
        if "person_id" in header and name not in ("applications", "participation", "priorities"):
            place = header.index("person_id")
            rows = [row for row in rows if row[place] in people]
        if "manager_id" in header:
            place = header.index("manager_id")
            rows = [[c if i != place or c in people else "" for i, c in enumerate(row)] for row in rows]
        found.append((name, tuple(header), tuple(tuple(row) for row in rows)))
    left = {"applications", "participation", "priorities"}
    return tuple(
        (name, header, tuple(r for r in rows if name not in left or r[header.index("person_id")] in people))
        for name, header, rows in found
    )


def company_study(random: Random) -> StudyText:
    """A roster with Japanese headings, eras and full-width figures, and answers in words, wide or long."""
    ids = [f"{n:06d}" for n in range(101, 131)]
    people = [
        [
            person,
            f"髙橋　{n}郎",
            "C01",
            ("営業部", "開発部", "物流部")[n % 3],
            ("1975/4/1", "昭和60年12月3日", "1988-7-15", "19920301", "S63.1.2")[n % 5],
            ("平成10年4月1日", "2011年4月1日", "20150401", "H20.4.1")[n % 4],
            ("正社員", "契約社員", "パート")[n % 3],
            "○" if n % 10 == 0 else "×",
            "" if n == 0 else ids[0],
            "横浜工場",
        ]
        for n, person in enumerate(ids)
    ]
    heading = [_COMPANY_HEADINGS["people"].get(c, c) for c in ("person_id", "name", "organisation_id")]
    heading += ["所属", "生年月日", "入社年月日", "雇用形態", "管理職", "上司社員番号", "勤務先"]
    tables = {
        "organisations": TableText(["organisation_id", "name", "kind"], [["C01", "㈱手綱製作所", "company"]]),
        "departments": TableText(
            ["部署コード", "会社コード", "部署名", "上位部署コード", "開始日", "廃止日"],
            [
                ["D1", "C01", "営業部", "", "2001/4/1", ""],
                ["D2", "C01", "開発部", "D1", "", ""],
                ["D3", "C01", "物流部", "D1", "2010/4/1", "2030/3/31"],
            ],
        ),
        "people": TableText(heading, people),
    }
    if random.random() < 0.7:
        rows = [["2025", "2025/10/1", "2025/10/31", "5"], ["2026", "2026/10/1", "2026/10/31", ""]]
        tables["waves"] = TableText(["wave", "opened_on", "closed_on", "k"], rows)
    if random.random() < 0.5:
        del tables["departments"]
    headings = dict(_COMPANY_HEADINGS)
    if random.random() < 0.7:
        words = ["1", "2", "3", "4", "5", "", "４", "とてもあてはまる"][:7]
        rows = [
            [person, wave, f"2026-10-0{n % 9 + 1}T09:00", *(words[(n * 7 + q * 3) % 7] for q in range(5))]
            for wave in ("2025", "2026")
            for n, person in enumerate(ids)
        ]
        tables["responses"] = TableText(
            ["社員番号", "調査回", "回答日時", "ms1", "ms2", "ms3", "ms4", "co1a1"], rows
        )
    else:
        rows = [
            [person, "2026", code, str((n + q) % 5 + 1)]
            for n, person in enumerate(ids)
            for q, code in enumerate(("ms1", "ms2", "ms3"))
        ]
        tables["responses_long"] = TableText(["person_id", "wave", "question", "value"], rows)
    return StudyText(tables, COMPANY_SETTINGS, headings=headings)


GOOD = {"sample": sample_study, "company": company_study}
