"""Verifying a draw (抽選の検証): everything is hashed and drawn again, and the first difference is named."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import numpy as np
import polars as pl

from tazuna.errors import StudyError
from tazuna.intake.faults import shortened
from tazuna.language import Message, message
from tazuna.matching.draw import commitment_of, key_of, numbers_of
from tazuna.matching.drawing import Drawn, cutoffs_in_words, draw_round, marks_of, mechanism_name, ready_round
from tazuna.matching.frozen_tables import RECEIPTS
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.public_lists import LISTS, PUBLIC_FILES, public_files, public_round
from tazuna.matching.record import RECORD, SHARED, read_record
from tazuna.matching.seals import Difference, changed_file, shown
from tazuna.study.folder import open_study

Part = Literal["tables", "public"]
Record = Mapping[str, object]
Say = Callable[[Message], None]
ASSIGNMENTS = "assignments.csv"


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying a draw found.

    Parameters
    ----------
    parts
        Which folders were there: the internal tables, the public lists, or both.
    difference
        The first; None where everything is as it was drawn.
    round
        Name of the round; empty where the record cannot be read.
    offers
        How many people got a place when it was drawn again; 0 where it came not so far.
    marks
        What must be said of the draw, as in `tazuna.matching.drawing.marks_of`.
    """

    parts: tuple[Part, ...]
    difference: Difference | None
    round: str = ""
    offers: int = 0
    marks: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self.difference is None


def verify_draw(folder: Path, progress: Say | None = None) -> Verification:
    """Draw a round again from its files alone.

    Checked are, in this order: the record, its seals and those of every file; the commitment; then lottery
    numbers and places are computed again from the tables or the lists and compared line by line.

    Parameters
    ----------
    folder
        What ``tazuna match`` wrote, or its ``tables/`` or its ``public/`` alone.
    progress
        Told what is being done.

    Raises
    ------
    StudyError
        The folder holds no draw.
    TazunaError
        The tables have the hash that the record says and still are no study.
    """
    say: Say = progress or (lambda _: None)
    whole = (folder / "tables").is_dir() and (folder / "public").is_dir()
    parts: tuple[Part, ...] = ("tables", "public") if whole else _only_part(folder)
    say(message("Checking the hashes of every file …"))
    record = read_record(folder)
    if isinstance(record, Difference):
        return Verification(parts, record)
    difference, offers = _files_and_commitment(folder, record), 0
    if difference is None:
        again = _whole if whole else (_from_tables if parts == ("tables",) else _from_public)
        difference, offers = again(folder, "", record, say)
    return Verification(parts, difference, str(record["round"]), offers, _marks(record))


def _only_part(folder: Path) -> tuple[Part, ...]:
    for part, file in (("public", LISTS), ("tables", RECEIPTS)):
        if (folder / file).is_file():
            return (cast("Part", part),)
    if (folder / RECORD).is_file():
        file = LISTS if folder.name == "public" else RECEIPTS
        raise StudyError(
            message("{path} holds a draw.json but no {file}.", path=str(folder), file=file),
            message("Verify the folder as it was published, with every file in it."),
        )
    raise StudyError(
        message("{path} holds no draw.", path=str(folder)),
        message("Name the folder that tazuna match wrote, or its tables or public folder."),
    )


def _marks(record: Record) -> tuple[str, ...]:
    return tuple(marks_of(str(record["seed"]), _beacon(record)))


def _beacon(record: Record) -> str | None:
    return None if record.get("beacon") is None else str(record["beacon"])


def _files_and_commitment(folder: Path, record: Record, below: str = "") -> Difference | None:
    seals = cast("Mapping[str, Mapping[str, object]]", record["files"])
    changed = changed_file(folder, seals, below)
    if changed is not None:
        return changed
    found = commitment_of(str(record["seed"]))
    if found == record["commitment"]:
        return None
    return Difference(
        f"{below}{RECORD}",
        message("entry {entry}", entry="seed"),
        message("a secret with the published SHA-256 {hash}", hash=record["commitment"]),
        message("“{secret}”, whose SHA-256 is {hash}", secret=shortened(str(record["seed"])), hash=found),
    )


def _whole(folder: Path, _: str, record: Record, say: Say) -> tuple[Difference | None, int]:
    """Tables, then public lists, then whether the lists are those of the tables."""
    for part in ("tables", "public"):
        below = f"{part}/"
        own = read_record(folder / part, below)
        if isinstance(own, Difference):
            return own, 0
        for entry in SHARED:
            if own.get(entry) != record.get(entry):
                place = message("entry {entry}", entry=entry)
                expected = message("as in draw.json: {value}", value=shown(record.get(entry)))
                return Difference(f"{below}{RECORD}", place, expected, shown(own.get(entry))), 0
    difference, offers = _from_tables(folder / "tables", "tables/", record, say)
    return (difference, offers) if difference else _from_public(folder / "public", "public/", record, say)


def _from_tables(folder: Path, below: str, record: Record, say: Say) -> tuple[Difference | None, int]:
    """Everything again from the internal tables."""
    study = open_study(folder, progress=say)
    study.require_sound(waves=False)
    say(message("Drawing again from the internal tables …"))
    ready = ready_round(study, str(record["round"]))
    drawn = draw_round(study, ready, str(record["seed"]), _beacon(record))
    differences = (
        _changed_lines(folder, drawn.frozen.files, below),
        _changed_facts(f"{below}{RECORD}", drawn.facts(), record),
        _changed_assignments(folder, drawn, below),
        _changed_lines(folder.parent / "public", _lists_of(drawn), "public/") if below else None,
    )
    offers = int((drawn.outcome.held >= 0).sum())
    return next((difference for difference in differences if difference), None), offers


def _from_public(folder: Path, below: str, record: Record, say: Say) -> tuple[Difference | None, int]:
    """Everything that can be computed again from the public lists."""
    say(message("Drawing again from the public lists …"))
    try:
        files = {name: _rows(folder / name) for name in PUBLIC_FILES}
        told = public_round(files, cast("Mapping[str, object]", record["rules"]))
        mechanism = mechanism_of(told.market, told.rules)
    except (KeyError, TypeError, ValueError, IndexError, pl.exceptions.PolarsError) as error:
        expected = message("lists as tazuna match writes them")
        why = shortened(f"{type(error).__name__}: {error}")
        return Difference(f"{below}{LISTS}", message("the whole file"), expected, why), 0
    key = key_of(str(record["seed"]), _beacon(record))
    numbers = numbers_of(key, str(record["round"]), told.market.applicants, told.market, told.rules)
    outcome = mechanism.run(numbers)
    held = outcome.held[outcome.held >= 0]
    facts = {
        "mechanism": mechanism_name(mechanism),
        "marks": list(_marks(record)),
        "cutoffs": cutoffs_in_words(mechanism, outcome),
    }
    offered = np.zeros(told.market.edges, np.bool_)
    offered[held] = True
    for edge in np.flatnonzero(offered != told.offered)[:1]:
        receipt = told.market.applicants[told.market.applicant_of_edge()[edge]]
        program = told.market.programs[told.market.program[edge]]
        place = message(
            "line {line}, receipt {receipt}, {program}",
            line=told.line[edge],
            receipt=receipt,
            program=program,
        )
        words = ("offered false", "offered true")
        pair = words[int(offered[edge])], words[int(told.offered[edge])]
        return Difference(f"{below}{LISTS}", place, *pair), held.size
    return _changed_facts(f"{below}{RECORD}", facts, record), held.size


def _lists_of(drawn: Drawn) -> dict[str, bytes]:
    return public_files(drawn.ready.market, drawn.ready.rules, drawn.frozen, drawn.outcome.held, drawn.secret)


def _changed_lines(folder: Path, files: Mapping[str, bytes], below: str) -> Difference | None:
    """The first line of a file that is not as computed again."""
    for name in sorted(files):
        path = folder / name
        found = path.read_bytes() if path.is_file() else b""
        if found == files[name]:
            continue
        pairs = zip(_lines(files[name]), _lines(found), strict=False)
        line, pair = next((at, pair) for at, pair in enumerate(pairs, 1) if pair[0] != pair[1])
        texts = [f"“{shortened(text)}”" for text in pair]
        return Difference(f"{below}{name}", message("line {line}", line=line), *texts)
    return None


def _lines(data: bytes) -> tuple[str, ...]:
    """With a last line that no file has, so that a shorter file differs from a longer one."""
    return (*data.decode("utf-8", "replace").split("\n"), "␄")


def _changed_facts(name: str, facts: Mapping[str, object], record: Record) -> Difference | None:
    """The first entry of the record that is not as computed again."""
    for entry, value in facts.items():
        expected: object = json.loads(json.dumps(value))
        found: object = record.get(entry)
        if expected == found:
            continue
        if isinstance(expected, list) and isinstance(found, list):
            longer = zip((*expected, None), (*found, None), strict=False)
            expected, found = next((one, other) for one, other in longer if one != other)
        return Difference(name, message("entry {entry}", entry=entry), shown(expected), shown(found))
    return None


def _changed_assignments(folder: Path, drawn: Drawn, below: str) -> Difference | None:
    """The first person who is said to have another place than the one computed again."""
    market, held = drawn.ready.market, drawn.outcome.held
    programs = [market.programs[market.program[edge]] if edge >= 0 else "" for edge in held]
    expected = dict(zip(market.applicants, programs, strict=True))
    try:
        table = _rows(folder / ASSIGNMENTS).select("person_id", pl.col("program_id").fill_null(""))
    except (OSError, pl.exceptions.PolarsError) as error:
        place = message("the whole file")
        return Difference(f"{below}{ASSIGNMENTS}", place, message("everybody's place"), shortened(str(error)))
    none = message("no place")
    for line, (person, program) in enumerate(table.iter_rows(), 2):
        wanted = expected.pop(person, None)
        if wanted != program:
            place = message("line {line}, person {person}", line=line, person=person)
            return Difference(f"{below}{ASSIGNMENTS}", place, wanted or none, program or none)
    for person in expected:
        place = message("person {person}", person=person)
        return Difference(f"{below}{ASSIGNMENTS}", place, message("a row"), message("no row"))
    return None


def _rows(path: Path) -> pl.DataFrame:
    """A table of text with the line of each row."""
    return pl.read_csv(io.BytesIO(path.read_bytes()), infer_schema=False).with_row_index("line", 2)
