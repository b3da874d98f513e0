"""What must hold for every study folder, however broken: checked through the commands themselves."""

from __future__ import annotations

import contextlib
import io
import string
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from tests.properties.recipe import Made, Recipe, make

from tazuna.commands.check import check
from tazuna.commands.report import report
from tazuna.commands.score import score
from tazuna.errors import TazunaError
from tazuna.intake.fault_table import FaultGroup
from tazuna.intake.headers import normalise_heading
from tazuna.intake.schema import schema
from tazuna.language import LANGUAGES, Message
from tazuna.study import Study, folder

LONGEST_LINE = 2_000


def expect_a_good_answer(recipe: Recipe) -> str:
    """Make the study, run the commands on it, and hold every property against what they say and leave.

    Returns
    -------
    str
        The outcome: ``sound``, ``faults`` or ``refused``, and what else ran.
    """
    with tempfile.TemporaryDirectory(prefix="tazuna-properties-") as name:
        room = Path(name)
        inputs = room / "in"
        inputs.mkdir()
        made = make(recipe, inputs)
        before = _content(inputs)
        with _own_temporary_folder(room / "tmp"):
            outcome = _run(recipe, made, room / "out")
        assert _content(inputs) == before, "an input was changed"
        assert {path.name for path in room.iterdir()} <= {"in", "out"}, "something was written outside --out"
        return outcome


def _run(recipe: Recipe, made: Made, out: Path) -> str:
    code, study, refused = _command(lambda: check(made.path, out=out, lang="ja"))
    if not (study is not None and study.faults) and recipe.seed % 4:
        skipped_code, skipping, refused_again = 0, study, refused
    else:
        skipped_code, skipping, refused_again = _command(
            lambda: check(made.path, skip_faulty=True, lang="en")
        )
    assert (refused is None) == (refused_again is None), "only one of check and check --skip-faulty refused"
    for error in (refused, refused_again):
        if error is not None:
            _expect_words(error.problem, error.cure)
    if study is None or skipping is None:
        assert refused is not None
        assert made.place is None, f"refused: {refused}"
        return "refused"
    assert (code, skipped_code) == (int(bool(study.faults)), 0)
    for opened in (study, skipping):
        _expect_every_row_counted(made, opened)
        _expect_helpful_faults(made, opened)
    if made.place is not None:
        _expect_place_named(made, study)
    outcome = "faults" if study.faults else "sound"
    if recipe.then == "check":
        return outcome
    return f"{outcome}, {_go_on(recipe, made, out)}"


def _go_on(recipe: Recipe, made: Made, out: Path) -> str:
    if recipe.then == "score":
        code, _, refused = _command(lambda: score(made.path, out=out, skip_faulty=True, lang="en"))
    else:
        code, _, refused = _command(
            lambda: report(made.path, out=out, organisation="C01", skip_faulty=True, lang="ja")
        )
    if refused is not None:
        _expect_words(refused.problem, refused.cure)
    assert code == int(refused is not None)
    return f"{recipe.then} refused" if refused is not None else recipe.then


def _command(call: object) -> tuple[int, Study | None, TazunaError | None]:
    """Exit code, the study that was opened, and the error that `commands.main` would print."""
    opened: list[Study] = []
    really = folder.open_study

    def recording(*given: object, **named: object) -> Study:
        opened.append(really(*given, **named))  # type: ignore[arg-type]
        return opened[-1]

    said = io.StringIO()
    with (
        mock.patch.object(folder, "open_study", recording),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        try:
            code = call()  # type: ignore[operator]
            refused = None
        except TazunaError as error:
            code, refused = 1, error
    said.getvalue().encode("utf-8")
    return code, opened[0] if opened else None, refused


def _expect_every_row_counted(made: Made, study: Study) -> None:
    """Rows read and set aside are the rows in the file, and no table is passed over in silence."""
    said = " ".join(notice.text("en") for notice in study.notices)
    for name, table in made.text.tables.items():
        called = made.text.names.get(name, name)
        if name not in schema() or _uncertain(made, name):
            continue
        rows = len(table.rows) if made.form.layout == "parquet" else table.data_rows()
        if name not in study.rows_in_file:
            assert called in said or not rows, f"{name} is not used and nobody says so"
            continue
        if called != name:
            continue
        assert study.rows_in_file[name] == rows, f"{name}: {study.rows_in_file[name]} of {rows} rows"
        read = dict(study.rows_read())[name]
        assert read + study.set_aside.get(name, 0) == rows
        if name in study.tables:
            assert study.tables[name].height == read, name
        if name == "responses" and (study.skip_faulty or not study.faults.of_table(name)):
            plain = "instrument" not in table.header and "responses_long" not in made.text.tables
            assert not plain or study.responses.height == read, "answers were lost"


def _uncertain(made: Made, name: str) -> bool:
    table = made.text.tables[name]
    in_damaged = any(
        file.startswith((name, "study.", made.text.names.get(name, name))) for file in made.damaged
    )
    odd_parquet = made.form.layout == "parquet" and (
        len(set(table.header)) < len(table.header) or not all(cell.strip() for cell in table.header)
    )
    remapped = made.text.settings is not None and "[tables]" in made.text.settings
    return name in made.text.uncertain or in_damaged or odd_parquet or remapped or table.may_end_in_totals()


def _expect_helpful_faults(made: Made, study: Study) -> None:
    """Each fault has a cure in both languages, no open place, a line that exists, and a length to read."""
    for notice in study.notices:
        _expect_words(notice.said, None)
    for group in study.faults.groups:
        _expect_filled(group)
        table = made.text.tables.get(group.table)
        if table is not None and not _uncertain(made, group.table):
            lines = group.rows["line"].drop_nulls()
            assert lines.is_between(2, len(table.lines())).all(), f"{group.kind} in lines {lines.to_list()}"
    for kind in study.faults.counts():
        for fault in study.faults.head(kind, 3):
            for language in LANGUAGES:
                assert fault.expected.text(language) and fault.cure.text(language)
                words = fault.text(language)
                assert len(words) < LONGEST_LINE, f"{kind}: {len(words)} characters on one line"


def _expect_filled(group: FaultGroup) -> None:
    for said in (group.expected, group.cure):
        for place in _places(said.template):
            if place not in said.values:
                assert place in group.rows.columns, f"{group.kind}: {{{place}}} is open"
                assert not group.rows[place].has_nulls(), f"{group.kind}: {{{place}}} is open in some rows"


def _expect_words(problem: Message, cure: Message | None) -> None:
    for said in (problem, *([] if cure is None else [cure])):
        assert _places(said.template) <= set(said.values), said
        for language in LANGUAGES:
            words = said.text(language)
            assert 0 < len(words) < 2 * LONGEST_LINE, f"{len(words)} characters: {words[:300]}"


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def _expect_place_named(made: Made, study: Study) -> None:
    """The one damage is named where it is."""
    place = made.place
    assert place is not None
    line = None if place.row is None else made.text.tables[place.table].line_of(place.row)
    column = None if place.column is None else normalise_heading(place.column)
    found = [(f.kind, f.table, f.line, f.column) for f in study.faults]
    assert any((kind, place.table, line, column) in found for kind in place.kinds), (
        f"{place.kinds} expected at {place.table} line {line} {column}; found {found[:5]}"
    )
    if place.kinds[0] not in ("missing_column", "duplicate_header", "ragged_row"):
        own = [fault for fault in found if fault[1] == place.table]
        assert len(own) <= 2, f"one damage, {len(own)} faults: {own[:5]}"


def _content(place: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file()}


@contextlib.contextmanager
def _own_temporary_folder(place: Path) -> Iterator[None]:
    """Temporary files go to ``place``, which must be empty again at the end."""
    place.mkdir()
    with mock.patch.object(tempfile, "tempdir", str(place)):
        yield
    place.rmdir()
