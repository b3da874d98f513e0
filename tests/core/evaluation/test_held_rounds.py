"""Draws are read back from the study folder, run again and redrawn; what differs opens no lottery."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tests.core.evaluation.held_study import (
    OTHER_ROUND,
    PUBLISHED,
    ROUND,
    SECRET,
    change,
    hold_draw,
    places_of,
    write_study,
)

from tazuna.evaluation.asked import asked_of
from tazuna.evaluation.held_rounds import HeldRounds, held_rounds
from tazuna.evaluation.refusal import Refusal
from tazuna.matching.drawing import draw_round, ready_round
from tazuna.matching.record import written_record
from tazuna.matching.redraws import redrawn_offers
from tazuna.study.folder import open_study

REDRAWS = 200


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Round 1 at the top, the other one in a folder of ``draws``."""
    folder = write_study(tmp_path_factory.mktemp("held") / "study")
    hold_draw(folder, OTHER_ROUND, inside="draws/z")
    hold_draw(folder)
    return folder


@pytest.fixture
def copy(study: Path, tmp_path: Path) -> Path:
    return shutil.copytree(study, tmp_path / "study")


def held(path: Path, **question: str) -> HeldRounds | Refusal:
    opened = open_study(path)
    opened.require_sound()
    return held_rounds(opened, path, asked_of(opened, "engagement", **question), draws=REDRAWS, threads=1)


def cautions(found: HeldRounds | Refusal) -> list[str]:
    assert isinstance(found, HeldRounds)
    return [caution.code for caution in found.cautions]


def refused(found: HeldRounds | Refusal, code: str) -> str:
    assert isinstance(found, Refusal)
    assert found.code == code
    return found.text("en")


def test_both_rounds_are_stacked_with_people_and_programmes_coded_once(study: Path) -> None:
    found = held(study)
    assert isinstance(found, HeldRounds)
    assert found.cautions == ()
    draws = found.draws
    assert draws.rounds == (ROUND, OTHER_ROUND)
    assert np.bincount(draws.round).tolist() == [24, 8]
    assert len(found.persons) == 24
    assert draws.programs == ("P0", "P1", "P2", "P3", "P4", "P5", "P6", "Z1")
    assert draws.redrawn.shape == (REDRAWS, 32)
    names = [*draws.programs, ""]
    first = {
        found.persons[person]: names[place]
        for person, place in zip(draws.person[:24], draws.held[:24], strict=True)
        if place >= 0
    }
    assert first == places_of(study)
    in_z = draws.redrawn[:, draws.round == 1]
    assert set(np.unique(in_z)) == {-1, 7}
    assert ((in_z == 7).sum(axis=1) == 1).all()
    assert found.published_at == (PUBLISHED, PUBLISHED)
    assert found.first_published == PUBLISHED


def test_redraws_are_those_that_anybody_can_repeat_from_the_seed(study: Path) -> None:
    found = held(study, round_=ROUND)
    assert isinstance(found, HeldRounds)
    opened = open_study(study)
    drawn = draw_round(opened, ready_round(opened, ROUND), SECRET, "4711")
    edges = redrawn_offers(
        drawn.ready.mechanism, REDRAWS, f"evaluate {ROUND} {drawn.facts()['commitment']}", threads=1
    )
    programs = np.append(drawn.ready.market.program, -1)
    assert np.array_equal(found.draws.redrawn, programs[edges])


def test_only_rounds_of_the_programmes_asked_about_are_drawn_again(study: Path) -> None:
    found = held(study, program="Z1")
    assert isinstance(found, HeldRounds)
    assert found.draws.rounds == (OTHER_ROUND,)


def test_a_zip_of_the_study_gives_the_same_draws(study: Path, tmp_path: Path) -> None:
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(study.rglob("*.*")):
            packed.write(file, f"study/{file.relative_to(study)}")
    zipped, plain = held(archive), held(study)
    assert isinstance(zipped, HeldRounds)
    assert isinstance(plain, HeldRounds)
    assert np.array_equal(zipped.draws.redrawn, plain.draws.redrawn)


def test_a_study_that_has_grown_since_is_drawn_again_from_its_frozen_tables(copy: Path) -> None:
    change(copy / "applications.csv", "1000,", "2000,P1,1,2026-09-01,\n1000,")
    assert cautions(held(copy)) == []
    shutil.rmtree(copy / "tables")
    said = refused(held(copy), "draw_not_reproduced")
    assert "put the folder tables that tazuna match wrote beside draw.json" in said


def test_the_study_itself_serves_where_the_frozen_tables_are_missing(copy: Path) -> None:
    shutil.rmtree(copy / "tables")
    shutil.rmtree(copy / "draws" / "z" / "tables")
    assert cautions(held(copy)) == []


def test_another_place_than_the_draw_gave_is_named_with_person_and_both_places(copy: Path) -> None:
    person, program = next(iter(places_of(copy).items()))
    other = "P0" if program != "P0" else "P1"
    change(copy / "assignments.csv", f"{person},{program}", f"{person},{other}")
    said = refused(held(copy), "draw_not_reproduced")
    assert f"person {person}: expected is {program}, found is {other}" in said
    assert "Put assignments.csv back" in said


def test_a_place_that_the_draw_did_not_give_is_a_difference(copy: Path) -> None:
    without = next(str(person) for person in range(1000, 1024) if str(person) not in places_of(copy))
    lines = (copy / "assignments.csv").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(f"{without},"))
    change(copy / "assignments.csv", row, f"{without},P6,1,0.5,0.5,1,,")
    assert f"person {without}: expected is no place, found is P6" in refused(
        held(copy), "draw_not_reproduced"
    )


def test_a_place_given_later_is_no_offer_and_counted(copy: Path) -> None:
    first, program = next(iter(places_of(copy).items()))
    later = next(str(person) for person in range(1000, 1024) if str(person) not in places_of(copy))
    with (copy / "assignments.csv").open("a", encoding="utf-8") as file:
        file.write(f"{later},{program},1,,,2,,\n")
    found = held(copy, round_=ROUND)
    assert cautions(found) == ["refills"]
    assert isinstance(found, HeldRounds)
    assert [found.persons[code] for code in found.draws.person[found.refilled]] == [later]
    offered = found.draws.offers().offered
    assert offered[list(found.persons).index(first)]
    assert not offered[list(found.persons).index(later)]


def test_one_table_of_all_rounds_at_the_top_tells_later_offers_of_draws_in_folders(copy: Path) -> None:
    later = next(
        str(person) for person in range(1000, 1008) if str(person) not in places_of(copy / "draws/z")
    )
    for name in ("draw.json", "chances.csv"):
        (copy / name).unlink()
    with (copy / "assignments.csv").open("a", encoding="utf-8") as file:
        file.write(f"{later},Z1,1,,,2,,\n")
    assert cautions(held(copy, program="Z1")) == ["refills"]


def test_a_row_overwritten_by_a_later_offer_is_no_difference(copy: Path) -> None:
    person, program = next(iter(places_of(copy).items()))
    lines = (copy / "assignments.csv").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(f"{person},{program}"))
    change(copy / "assignments.csv", row, f"{person},P6,1,,,2,,")
    assert cautions(held(copy, round_=ROUND)) == ["refills"]


def test_another_secret_is_refused(copy: Path) -> None:
    change(copy / "draw.json", SECRET, SECRET.replace("5f", "6f"))
    assert "draw.json, entry seed" in refused(held(copy), "draw_not_reproduced")


def test_a_chance_that_no_redraw_could_give_is_refused(copy: Path) -> None:
    lines = (copy / "chances.csv").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines[1:] if 0.2 < float(line.split(",")[3]) < 0.8)
    person, program, rank, *_ = row.split(",")
    change(copy / "chances.csv", row, f"{person},{program},{rank},0.9999,0.001,conditional")
    said = refused(held(copy), "chances_differ")
    assert f"{person} at {program}" in said
    assert "0.9999" in said


def test_chances_from_few_redraws_agree_up_to_chance(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", "open places, own lotteries")
    hold_draw(folder, draws=30)
    assert cautions(held(folder, round_=ROUND)) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [({"beacon": None}, "draw_foreseeable"), ({"secret": "7"}, "short_secret")],
)
def test_what_makes_a_draw_doubtful_is_said(
    tmp_path: Path, options: dict[str, str | None], code: str
) -> None:
    folder = write_study(tmp_path / "study")
    hold_draw(folder, **options)
    assert cautions(held(folder, round_=ROUND)) == [code]


def test_without_the_draw_of_a_round_it_is_left_out_and_named(copy: Path) -> None:
    shutil.rmtree(copy / "draws")
    found = held(copy)
    assert cautions(found) == ["rounds_without_draw"]
    assert isinstance(found, HeldRounds)
    assert OTHER_ROUND in found.cautions[0].text("en")


def test_without_chances_they_are_not_compared_and_that_is_said(copy: Path) -> None:
    (copy / "chances.csv").unlink()
    assert cautions(held(copy, round_=ROUND)) == ["chances_not_compared"]


def test_a_study_without_a_draw_of_these_places_says_which_it_has(copy: Path) -> None:
    shutil.rmtree(copy / "draws")
    assert f"it holds those of {ROUND}" in refused(held(copy, program="Z1"), "no_draw")


def test_a_study_without_any_draw_says_what_to_copy(tmp_path: Path) -> None:
    said = refused(held(write_study(tmp_path / "study")), "no_draw")
    assert "copy everything that tazuna match wrote" in said


def test_a_record_without_assignments_is_refused(copy: Path) -> None:
    (copy / "draws" / "z" / "assignments.csv").unlink()
    assert "draws/z/draw.json" in refused(held(copy), "draw_incomplete")


def test_two_draws_of_one_round_are_refused(copy: Path) -> None:
    shutil.copytree(copy / "draws" / "z", copy / "draws" / "again")
    said = refused(held(copy), "round_twice")
    assert "draws/again/draw.json and draws/z/draw.json" in said


def test_a_publication_told_in_another_time_zone_is_put_on_the_clock_of_the_study(copy: Path) -> None:
    record = json.loads((copy / "draw.json").read_text(encoding="utf-8"))
    del record["entry_seals"]
    utc = written_record({**record, "published_at": "2026-09-30T03:00:00+00:00"})
    (copy / "draw.json").write_bytes(utc)
    found = held(copy, round_=ROUND)
    assert isinstance(found, HeldRounds)
    assert found.first_published == PUBLISHED


def test_a_record_changed_by_hand_is_refused_with_the_entry(copy: Path) -> None:
    change(copy / "draw.json", PUBLISHED.isoformat(), "2026-08-30T12:00:00")
    assert "entry published_at" in refused(held(copy), "draw_not_reproduced")
