"""Departments that are shown together: what they are called, and that everybody is in one row."""

from __future__ import annotations

import pytest
from tests.core.reporting import made_study
from tests.core.reporting.conftest import told
from tests.core.reporting.made_pools import figures_with_pool

from tazuna.language import Language, translator
from tazuna.reporting.content import Figure, Paragraph, Table
from tazuna.reporting.drawing import draw
from tazuna.reporting.figures.answer_check import answer_check
from tazuna.reporting.figures.groups import unmoved_by_department_table
from tazuna.reporting.figures.heat_map import heat_map_figures, pooled_table
from tazuna.reporting.figures.own_scales import own_department_table
from tazuna.reporting.pooled_rows import pool_name, rows_once
from tazuna.reporting.sections.annex import annex
from tazuna.reporting.sections.organisation import organisation_part

NAMES: dict[Language, str] = {
    "ja": "5事業部・6事業部（合算）",
    "en": "5事業部, 6事業部 (together)",
}
WHO = {"organisation_id": made_study.ORGANISATION, "wave": "W2", "group_by": "department"}


def names_of(table: Table) -> list[object]:
    return [row[0] for row in table.rows]


@pytest.mark.parametrize(
    ("count", "length", "ja", "en"),
    [
        (2, 30, "営業一課・営業二課（合算）", "営業一課, 営業二課 (together)"),
        (3, 30, "営業一課・営業二課・総務課（合算）", "営業一課, 営業二課, 総務課 (together)"),
        (5, 34, "営業一課・営業二課 ほか3部署（合算）", "営業一課, 営業二課 and 3 more (together)"),
        (5, 15, "営業一課 ほか4部署（合算）", "営業一課 and 4 more (together)"),
        (2, 5, "営業一課 ほか1部署（合算）", "営業一課 and 1 more (together)"),
    ],
)
def test_a_pool_is_called_by_its_departments_and_long_ones_by_the_first(count, length, ja, en):
    names = ["営業一課", "営業二課", "総務課", "人事課", "経理課"][:count]
    assert pool_name(names, translator("ja"), length=length) == ja
    assert pool_name(names, translator("en"), length=length) == en


def test_everybody_is_in_one_row_where_possible():
    pools = {"A+B": ("A", "B"), "C+D": ("C", "D")}
    groups = ["A", "B", "A+B", "C", "D", "C+D", "E"]
    assert rows_once(groups, pools, {"A+B", "D", "C+D"}.__contains__) == ("A+B", "D", "C+D", "E")
    assert rows_once(groups, pools, {"A+B"}.__contains__) == ("A+B", "C", "D", "E")
    assert rows_once(groups, pools, set[str]().__contains__) == ("A", "B", "C", "D", "E")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_heat_map_has_the_pool_instead_of_its_departments_and_says_which_they_are(language):
    m = told(figures_with_pool(["D05", "D06"]), language=language)
    (figure,) = heat_map_figures(m)
    assert names_of(figure.table) == [
        NAMES[language],
        *(name for name in names_of(figure.table) if name != NAMES[language]),
    ]
    assert len(figure.table.rows) == 5
    assert NAMES[language] in figure.alternative
    assert "6" in figure.alternative
    table = pooled_table(m)
    assert table is not None
    assert table.rows == ((NAMES[language], "5事業部・6事業部" if language == "ja" else "5事業部, 6事業部"),)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "どの部署の回答が少ないかは示しません"),
        ("en", "which of them is the small one is not told"),
    ],
)
def test_beside_the_map_stands_that_nothing_tells_which_department_is_small(language, said):
    blocks = organisation_part(told(figures_with_pool(["D05", "D06"]), language=language)).sections[0].blocks
    figure, note, table = blocks[:3]
    assert isinstance(figure, Figure)
    assert isinstance(note, Paragraph)
    assert isinstance(table, Table)
    assert said in note.text
    assert NAMES[language] in draw(figure)
    assert "D05+D06" not in str(blocks)


def test_a_pool_that_is_hidden_has_no_row_and_its_departments_have():
    m = told(figures_with_pool(["D05", "D06"], shown=False))
    names = names_of(heat_map_figures(m)[0].table)
    assert sorted(map(str, names)) == [f"{number}事業部" for number in range(1, 7)]
    assert pooled_table(m) is None


def test_without_pools_nothing_is_said_of_them():
    assert "合算" not in str(organisation_part(told()).sections[0])


def test_other_tables_by_department_have_the_pool_once():
    table = unmoved_by_department_table(told(figures_with_pool(["D05", "D06"])))
    assert table is not None
    assert sorted(map(str, names_of(table))) == sorted(
        [*(f"{number}事業部" for number in range(1, 5)), NAMES["ja"]]
    )
    loaded = made_study.study_with_loaded_instrument()
    rows = [*made_study.loaded_cells()]
    rows += [{**row, "group": "D05+D06"} for row in rows if row["group"] == "D05"]
    scales = own_department_table(told(figures_with_pool(["D05", "D06"], more=rows), loaded))
    assert scales is not None
    assert names_of(scales).count(NAMES["ja"]) == 1
    assert "5事業部" not in names_of(scales)


def test_the_table_of_who_was_asked_has_the_pool_once():
    rates = [made_study.cell("response_rate", 70.0, 60, group_by="department", group="D05+D06")]
    blocks = annex(told(figures_with_pool(["D05", "D06"], more=rates))).sections[0].blocks
    names = [row[1] for block in blocks if isinstance(block, Table) for row in block.rows]
    assert names.count(NAMES["ja"]) == 1
    assert "5事業部" not in names
    assert "4事業部" in names


def test_the_truth_of_a_pool_is_that_of_its_people():
    truth = [
        {**WHO, "group": "D05", "people": 10, "co": 70.0},
        {**WHO, "group": "D06", "people": 30, "co": 80.0},
    ]
    checked = answer_check(told(figures_with_pool(["D05", "D06"])), truth)
    table = next(f.table for f in checked.figures if f.code == "answer-check-departments")
    of_pool = [row for row in table.rows if "合算" in str(row[1])]
    assert next(row[-2] for row in of_pool if row[0] != "経営スコア") == 77.5
    assert not [row for row in table.rows if row[1] == "5事業部"]
