"""study.toml: what it may say, and what a mistake in it is answered with."""

from __future__ import annotations

import pytest

from tazuna.errors import StudyError
from tazuna.study.settings import read_settings

HEAD = 'schema = "tazuna/study/1"\ntitle = "手綱"\n'


def test_everything_is_read() -> None:
    settings = read_settings(
        HEAD
        + """
[tables]
people = "社員名簿.xlsx#名簿"
[columns.people]
"社員番号" = "person_id"
[values.people.gender]
1 = "male"
[orders]
contribution = ["C", "B", "A"]
[waves]
order = ["春", "秋"]
[disclosure]
k = 8
[caps]
program_group = "organisation_id"
[instruments]
files = ["big5.yaml"]
[calendar]
timezone = "Europe/Berlin"
fiscal_year_starts = 1
"""
    )

    assert settings.title == "手綱"
    assert settings.tables == {"people": "社員名簿.xlsx#名簿"}
    assert settings.columns == {"people": {"社員番号": "person_id"}}
    assert settings.values == {("people", "gender"): {"1": "male"}}
    assert settings.orders == {"contribution": ("C", "B", "A")}
    assert (settings.waves, settings.k, settings.program_groups) == (("春", "秋"), 8, ("organisation_id",))
    assert (settings.instrument_files, settings.shipped) == (("big5.yaml",), ())
    assert (settings.timezone, settings.fiscal_year_starts) == ("Europe/Berlin", 1)


def test_the_defaults_are_ten_april_tokyo_and_all_shipped_instruments() -> None:
    settings = read_settings(HEAD)

    assert (settings.k, settings.fiscal_year_starts, settings.timezone) == (10, 4, "Asia/Tokyo")
    assert settings.shipped is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = 'x'\n", "schema"),
        (HEAD + "[colums.people]\na = 'b'\n", "line 3, colums"),
        (HEAD + "[columns.peple]\na = 'b'\n", "columns.peple"),
        (HEAD + "[disclosure]\nk = 4\n", "line 4, disclosure.k"),
        (HEAD + "[disclosure]\nk = '10'\n", "line 4, disclosure.k"),
        (HEAD + "[disclosure]\nK = 10\n", "disclosure.K"),
        (HEAD + "[waves]\norder = '春'\n", "line 4, waves.order"),
        (HEAD + "[calendar]\nfiscal_year_starts = 13\n", "line 4, calendar.fiscal_year_starts"),
        (HEAD + "[values.people]\ngender = 'male'\n", "values.people.gender"),
        (HEAD + "[calendar]\ntimezone = 'Asia/Tokio'\n", "line 4, calendar.timezone"),
        (HEAD + "社員番号 = 'x'\n", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_key_line_and_cure(text: str, said: str) -> None:
    with pytest.raises(StudyError) as error:
        read_settings(text)

    assert said in error.value.text("en")
    assert error.value.cure is not None
    assert "{" not in error.value.text("ja")


@pytest.mark.parametrize("name", ["", "*", "__line__", "^.*$"])
def test_a_column_cannot_be_given_a_name_that_means_something_else(name: str) -> None:
    with pytest.raises(StudyError, match=r"line 3, columns\.people\.社番"):
        read_settings(f'schema = "tazuna/study/1"\n[columns.people]\n"社番" = "{name}"\n')


@pytest.mark.parametrize("line", ["x = " + "[" * 5000 + "]" * 5000, "x = " + "9" * 5000])
def test_settings_that_exhaust_the_reader_are_no_valid_toml(line: str) -> None:
    with pytest.raises(StudyError, match="not valid TOML"):
        read_settings(HEAD + line)


@pytest.mark.parametrize("k", ["4", "-1", "10000000", "9" * 30])
def test_the_smallest_group_is_a_number_that_can_be_meant(k: str) -> None:
    with pytest.raises(StudyError, match=r"line 4, disclosure\.k: the smallest group"):
        read_settings(f"{HEAD}[disclosure]\nk = {k}\n")
