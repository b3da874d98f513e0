"""A survey tool's export, untouched, goes from init to the scores of the same answers in our own form."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.core.intake import survey_files as made

from tazuna.commands.main import run
from tazuna.errors import StudyError, TazunaError, UnreadableSourceError
from tazuna.intake.guess_settings import open_questions
from tazuna.measurement.scoring import score_people
from tazuna.study.folder import open_study
from tazuna.study.guess import guess_study, make_study_folder
from tazuna.study.settings import read_settings

FILES: dict[str, Callable[[], bytes]] = {
    "qualtrics.csv": made.qualtrics,
    "legacy.csv": made.qualtrics_legacy,
    "lime.csv": made.limesurvey,
    "lime-both.csv": lambda: made.limesurvey(made.LIME_BOTH, ";", "labels"),
    "lime-full.csv": lambda: made.limesurvey(made.LIME_FULL, ",", "numbers"),
    "archive.lsa": made.lime_archive,
    "google.csv": made.google_forms,
}
NAMES = (*FILES, "forms.xlsx")


def put(folder: Path, name: str, *, staff: bool) -> Path:
    folder.mkdir(exist_ok=True)
    if name == "forms.xlsx":
        made.microsoft_forms(folder / name)
    else:
        (folder / name).write_bytes(FILES[name]())
    if staff:
        made.write_staff(folder)
    return folder


def scores(folder: Path) -> pl.DataFrame:
    columns = ["person_id", "ms", "ms_see", "ms_grow", "ms_connect"]
    return score_people(open_study(folder)).select(columns).sort("person_id")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.write_own(tmp_path_factory.mktemp("own") / "study")


@pytest.mark.parametrize("name", NAMES)
def test_an_export_beside_a_list_of_staff_scores_as_our_own_form(
    name: str, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = put(tmp_path / "study", name, staff=True)
    before = (folder / name).read_bytes()

    assert run(["init", str(folder), "--yes", "--lang", "ja"]) == 0
    assert "見分けた設問：9問" in capsys.readouterr().out
    assert run(["check", str(folder), "--lang", "ja"]) == 0
    assert run(["score", str(folder), "--out", str(tmp_path / "out"), "--lang", "ja"]) == 0

    assert (folder / name).read_bytes() == before
    study = open_study(folder)
    assert_frame_equal(scores(folder), scores(own), check_exact=False)
    assert study.rows_in_file["responses"] == made.PEOPLE
    told = [str(column) for column in study.tables["people"].columns]
    assert not {"name", "email", "氏名", "メールアドレス", "メール", "名前"} & set(told)


@pytest.mark.parametrize("name", NAMES)
def test_without_a_list_the_people_come_from_the_export(name: str, own: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / "study", name, staff=False)
    guess = guess_study(folder)
    make_study_folder(folder, guess, {}, "ja")

    opened = open_study(folder)

    assert list(opened.faults) == []
    people = opened.tables["people"]
    assert people.height == made.PEOPLE
    assert not set(made.QUESTIONS) & set(people.columns)
    told, wanted = (scores(study).drop("person_id") for study in (folder, own))
    assert_frame_equal(told, wanted, check_row_order=False, check_exact=False)
    everything = json.dumps([*people.columns, *map(str, people.rows()), *map(str, opened.responses.rows())])
    assert "example" not in everything
    assert "203.0.113" not in everything


def test_multiple_choice_stays_an_attribute_of_the_people_of_an_export(tmp_path: Path) -> None:
    folder = put(tmp_path / "study", "google.csv", staff=False)
    make_study_folder(folder, guess_study(folder), {}, "ja")
    people = open_study(folder).tables["people"].sort("person_id")
    assert people["この1年に学んだ方法 (複数選択)"].to_list()[:2] == ["研修;読書", "読書"]


def test_an_address_as_the_key_becomes_a_pseudonym_or_the_listed_number(tmp_path: Path, own: Path) -> None:
    alone = put(tmp_path / "alone", "forms.xlsx", staff=False)
    make_study_folder(alone, guess_study(alone), {"export:person": "メール"}, "ja")
    study = open_study(alone)
    assert study.tables["people"]["person_id"].str.contains("^p[0-9a-f]{16}$").all()
    assert "メール" not in study.tables["people"].columns

    listed = put(tmp_path / "listed", "forms.xlsx", staff=True)
    make_study_folder(listed, guess_study(listed), {}, "ja")
    assert 'person = "email"' in (listed / "study.toml").read_text(encoding="utf-8")
    assert scores(listed)["person_id"].to_list() == scores(own)["person_id"].to_list()


def test_an_address_that_is_not_in_the_list_is_a_fault_with_the_files_line(tmp_path: Path) -> None:
    folder = put(tmp_path / "study", "forms.xlsx", staff=True)
    make_study_folder(folder, guess_study(folder), {}, "ja")
    staff = folder / "社員名簿.csv"
    staff.write_text(staff.read_text("utf-8").replace("Taro7@", "Jiro7@"), encoding="utf-8")
    (fault,) = open_study(folder).faults
    assert (fault.kind, fault.line, fault.column) == ("key_does_not_join", 9, "メール")


def test_person_wave_doubtful_questions_and_codes_are_asked(tmp_path: Path) -> None:
    folder = put(tmp_path / "study", "lime.csv", staff=True)
    (folder / "lime.csv").write_bytes(
        made.limesurvey().replace(b"Q1[ms2]", "自分が力を発揮しやすい仕事を、よくわかっている".encode())
    )
    asks = {ask.key: ask for ask in open_questions(guess_study(folder), "ja")}
    assert asks["export:person"].choices[0].label == ("number（社員名簿にある人：30件のうち30件）")
    assert asks["export:wave"].default == "2026-06"
    assert asks["column:responses:自分が力を発揮しやすい仕事を、よくわかっている"].default == "yes"
    assert asks["export:word:AO01"].text.text("ja") == "lime.csv：回答「AO01」は 1 を指しますか"


def test_the_wave_is_chosen_among_those_of_the_folder(tmp_path: Path) -> None:
    folder = put(tmp_path / "study", "google.csv", staff=True)
    (folder / "調査回.csv").write_text(
        "調査回,開始日,締切日\n2026春,2026-06-01,2026-06-30\n2026秋,2026-10-01,2026-10-31\n", encoding="utf-8"
    )
    guess = guess_study(folder)
    assert guess.export is not None
    assert (guess.export.wave, guess.export.waves) == ("2026春", ("2026春", "2026秋"))
    make_study_folder(folder, guess, {}, "ja")
    assert open_study(folder).responses["wave"].unique().to_list() == ["2026春"]


def test_a_file_that_is_no_longer_what_study_toml_says_is_refused(tmp_path: Path) -> None:
    folder = put(tmp_path / "study", "qualtrics.csv", staff=True)
    make_study_folder(folder, guess_study(folder), {}, "ja")
    (folder / "qualtrics.csv").write_bytes(made.google_forms())
    with pytest.raises(UnreadableSourceError) as error:
        open_study(folder)
    assert error.value.text("ja").startswith("qualtrics.csv は Qualtrics の書き出しではありません")


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ('[formats.responses]\nformat = "excel"', "formats.responses.format"),
        ('[formats.responses]\nwave = "1"', "formats.responses.format"),
        ('[formats.responses]\nformat = "qualtrics"\ntool = "x"', "formats.responses.tool"),
        ('[formats.programs]\nformat = "qualtrics"', "formats.programs"),
        ('[formats.people]\nformat = "qualtrics"\nperson = "name"', "formats.people.person"),
        ("[formats]\nresponses = 3", "formats.responses"),
    ],
)
def test_a_mistake_in_formats_is_named(section: str, named: str) -> None:
    with pytest.raises(StudyError) as error:
        read_settings(f'schema = "tazuna/study/1"\n{section}\n')
    assert named in error.value.text("ja")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with some of its bytes, lines or ends changed."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data)) if data else 0
        match chance.randrange(5):
            case 0:
                data = data[:start] + bytes([chance.randrange(256)]) + data[start + 1 :]
            case 1:
                data = (
                    data[:start]
                    + chance.choice([b'"', b",", b";", b"\n", b"{", b"\xff", b"<"])
                    + data[start:]
                )
            case 2:
                data = data[:start] + data[start + chance.randint(1, 200) :]
            case 3:
                lines = data.split(b"\n")
                chance.shuffle(lines)
                data = b"\n".join(lines)
            case _:
                data = data[: chance.randint(1, len(data))] if data else data
    return data


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_mutated_export_gives_a_study_or_an_error_that_can_be_mended(
    name: str, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = put(tmp_path_factory.mktemp("mutated"), name, staff=bool(seed % 2))
    whole = (folder / name).read_bytes()
    chance = random.Random(seed)
    try:
        if seed % 3 == 0:
            make_study_folder(folder, guess_study(folder), {}, "ja")
        (folder / name).write_bytes(mutated(whole, chance))
        if seed % 3:
            make_study_folder(folder, guess_study(folder), {}, "ja")
        study = open_study(folder)
    except TazunaError as error:
        assert error.text("ja") != error.text("en")
        return
    for fault in study.faults:
        assert fault.text("ja")
