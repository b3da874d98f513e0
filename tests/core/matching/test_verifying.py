"""A draw is the same until one byte of it is changed; then the first difference is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.matching.round_folder import BY_RULES, ROUND, write_round
from tazuna.errors import StudyError
from tazuna.matching.chances import chances_of
from tazuna.matching.draw import commitment_of
from tazuna.matching.drawing import draw_round, ready_round
from tazuna.matching.frozen_tables import canonical_csv
from tazuna.matching.outcome_tables import assignments_table, chances_table, removed_table
from tazuna.matching.publishing import files_of_draw
from tazuna.matching.record import RECORD, written_record
from tazuna.matching.seals import PIECES, changed_file, seal_of_file
from tazuna.matching.verifying import verify_draw
from tazuna.study.folder import open_study

SECRET = "5f1c0a94d8e27b6630c1f2a7b94e8d05"
PLACES_IN_A_FILE = 7
"""Bytes flipped in each file, from the first to the last."""


def write_draw(study_folder: Path, out: Path) -> Path:
    study = open_study(study_folder)
    ready = ready_round(study, ROUND)
    draw = draw_round(study, ready, SECRET, "4711")
    chances = chances_of(ready.mechanism, method="simulated", seed="x", draws=20)
    results = {
        "assignments.csv": canonical_csv(assignments_table(study, draw, chances, "ja")),
        "chances.csv": canonical_csv(chances_table(ready.prepared, chances)),
        "chances_removed.csv": canonical_csv(removed_table(ready.prepared)),
    }
    head = {"tazuna_version": "0", "input_sha256": "", "seed": SECRET}
    entries = {"published_at": "2026-09-30T12:00:00", "v": chances.information, "chances": {}}
    for name, data in files_of_draw(draw, results, entries, {"figures": {}}, head).items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    return out


@pytest.fixture(scope="module")
def draw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("draw")
    return write_draw(write_round(folder / "study", "open places, own lotteries"), folder / "out")


@pytest.fixture
def copy(draw: Path, tmp_path: Path) -> Path:
    return shutil.copytree(draw, tmp_path / "copy")


def difference(folder: Path) -> tuple[str, str]:
    """File, and the whole sentence."""
    found = verify_draw(folder).difference
    assert found is not None
    return found.file, found.said().text("en")


def resealed(folder: Path, change: Callable[[dict[str, object]], None] = lambda _: None) -> None:
    """Somebody who forges a draw writes all hashes anew."""
    for part in (folder / "public", folder / "tables", folder):
        content = json.loads((part / RECORD).read_text(encoding="utf-8"))
        content.pop("entry_seals")
        content["files"] = {name: seal_of_file((part / name).read_bytes()) for name in content["files"]}
        change(content)
        (part / RECORD).write_bytes(written_record(content))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("rules", BY_RULES)
def test_a_draw_by_any_rules_comes_out_the_same_from_each_folder(rules: str, tmp_path: Path) -> None:
    out = write_draw(write_round(tmp_path / "study", rules), tmp_path / "out")
    for folder, parts in ((out, 2), (out / "tables", 1), (out / "public", 1)):
        found = verify_draw(folder)
        assert found.same, found.difference
        assert len(found.parts) == parts
        assert found.offers > 3
        assert found.marks == ()


@pytest.mark.parametrize("part", ["", "tables", "public"])
def test_a_changed_byte_anywhere_is_named_with_its_file(part: str, copy: Path) -> None:
    folder = copy / part
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        for place in {at * (len(data) - 1) // (PLACES_IN_A_FILE - 1) for at in range(PLACES_IN_A_FILE)}:
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            file, said = difference(folder)
            assert file in (path.relative_to(folder).as_posix(), RECORD), (path, place, said)
        path.write_bytes(data)
    assert verify_draw(folder).same


@pytest.mark.parametrize("part", ["", "tables", "public"])
@pytest.mark.parametrize(
    ("entry", "old", "new"), [("seed", SECRET, SECRET[:-1] + "6"), ("beacon", "4711", "4712")]
)
def test_a_changed_secret_or_beacon_is_named(part: str, entry: str, old: str, new: str, copy: Path) -> None:
    edit(copy / part / RECORD, f'"{entry}": "{old}"', f'"{entry}": "{new}"')
    file, said = difference(copy / part)
    assert file == RECORD
    assert f"entry {entry}" in said
    assert new in said


@pytest.mark.parametrize("part", ["tables", "public"])
def test_the_line_that_was_changed_is_shown(part: str, copy: Path) -> None:
    name = "priorities.csv" if part == "tables" else "tiers.csv"
    lines = (copy / part / name).read_text(encoding="utf-8").splitlines(keepends=True)
    lines[9] = lines[9].replace(",1", ",3") if ",1" in lines[9][-3:] else lines[9].replace(",2", ",3")
    (copy / part / name).write_text("".join(lines), encoding="utf-8")
    for folder, file in ((copy, f"{part}/{name}"), (copy / part, name)):
        found, said = difference(folder)
        assert found == file
        assert "line 10" in said
        assert lines[9].strip() in said


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "tables" / "people.csv").unlink()
    file, said = difference(copy)
    assert file == "tables/people.csv"
    assert "no such file" in said


def test_a_secret_that_was_not_committed_to_is_found_in_a_forged_record(copy: Path) -> None:
    resealed(copy, lambda content: content.update(seed="another"))
    file, said = difference(copy / "public")
    assert file == RECORD
    assert commitment_of(SECRET) in said
    assert commitment_of("another") in said


def test_another_beacon_in_a_forged_record_gives_other_places(copy: Path) -> None:
    resealed(copy, lambda content: content.update(beacon="4712"))
    file, said = difference(copy / "public")
    assert file == "lists.csv"
    assert "receipt" in said
    file, said = difference(copy / "tables")
    assert file in ("assignments.csv", RECORD)


def test_a_place_given_to_somebody_else_is_found_by_receipt_and_by_person(copy: Path) -> None:
    lines = (copy / "public" / "lists.csv").read_text(encoding="utf-8").splitlines()
    line = next(at for at, text in enumerate(lines) if text.endswith("true"))
    edit(copy / "public" / "lists.csv", lines[line], lines[line].replace("true", "false"))
    people = (copy / "tables" / "assignments.csv").read_text(encoding="utf-8").splitlines()
    person = next(text for text in people[1:] if text.split(",")[1])
    other = "P1" if person.split(",")[1] == "P0" else "P0"
    edit(copy / "tables" / "assignments.csv", person, person.replace(person.split(",")[1], other, 1))
    resealed(copy)
    file, said = difference(copy / "public")
    assert file == "lists.csv"
    assert f"line {line + 1}, receipt {lines[line].split(',')[0]}" in said
    file, said = difference(copy / "tables")
    assert file == "assignments.csv"
    assert f"person {person.split(',')[0]}" in said
    assert f"found is {other}" in said


def test_a_tier_changed_after_the_seal_was_published_is_found_in_a_forged_draw(copy: Path) -> None:
    path = copy / "tables" / "priorities.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1\n", ",2\n"), encoding="utf-8")
    resealed(copy)
    assert difference(copy / "tables")[0] in ("receipts.csv", RECORD)
    assert difference(copy)[0].startswith("tables/")


def test_lists_that_are_not_those_of_the_tables_are_found(copy: Path) -> None:
    path = copy / "public" / "tiers.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
    resealed(copy)
    assert verify_draw(copy / "public").same
    file, said = difference(copy)
    assert file == "public/tiers.csv"
    assert "line 2" in said


def test_records_that_disagree_are_found(copy: Path) -> None:
    content = json.loads((copy / "public" / RECORD).read_text(encoding="utf-8"))
    content.pop("entry_seals")
    content["published_at"] = "2026-09-29T12:00:00"
    (copy / "public" / RECORD).write_bytes(written_record(content))
    whole = json.loads((copy / RECORD).read_text(encoding="utf-8"))
    whole.pop("entry_seals")
    whole["files"]["public/draw.json"] = seal_of_file((copy / "public" / RECORD).read_bytes())
    (copy / RECORD).write_bytes(written_record(whole))
    file, said = difference(copy)
    assert file == "public/draw.json"
    assert "published_at" in said


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\ufeff{}", '{"schema": "tazuna/draw/1"}', "\udcff"])
def test_a_record_that_is_none_is_a_difference(text: str, copy: Path) -> None:
    (copy / RECORD).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert difference(copy)[0] == RECORD


def test_public_lists_that_cannot_be_read_are_a_difference_even_in_a_forged_draw(copy: Path) -> None:
    for text in ("", "receipt\nR\n", "receipt,program_id,rank,offered\nR,P0,x,true\n"):
        (copy / "public" / "lists.csv").write_text(text, encoding="utf-8")
        resealed(copy)
        assert difference(copy / "public")[0] == "lists.csv"


def test_tables_that_are_no_study_any_more_name_the_fault(copy: Path) -> None:
    edit(copy / "tables" / "applications.csv", "P", "Q")
    resealed(copy)
    with pytest.raises(StudyError, match="applications"):
        verify_draw(copy / "tables")


def test_a_folder_without_a_draw_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="holds no draw"):
        verify_draw(tmp_path)


def test_a_long_file_names_the_lines_between_which_it_was_changed(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    lines = [f"row {at}\n".encode() for at in range(10 * PIECES)]
    path.write_bytes(b"".join(lines))
    seals = {"long.csv": seal_of_file(path.read_bytes())}
    assert changed_file(tmp_path, seals) is None
    lines[1234] = b"changed\n"
    path.write_bytes(b"".join(lines))
    found = changed_file(tmp_path, seals)
    assert found is not None
    assert found.place.text("en") == "lines 1231 to 1240"
