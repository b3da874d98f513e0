"""What is in a study folder: settings, one raw table for each of our tables, and a hash of the bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import fastexcel

from tazuna.errors import StudyError, UnreadableSourceError
from tazuna.intake.checks import Progress
from tazuna.intake.faults import Notice, listed
from tazuna.intake.headers import normalise_heading
from tazuna.intake.raw_table import RawTable
from tazuna.intake.schema import normalised, schema
from tazuna.intake.sources import TABLE_ENDINGS, read_table, study_files
from tazuna.language import message
from tazuna.study.exports import export_tables, file_and_sheet
from tazuna.study.frozen import REQUIRED_TABLES
from tazuna.study.settings import StudySettings, read_settings

SETTINGS_FILE = "study.toml"
READ_ENDINGS = (*TABLE_ENDINGS, ".xls", ".xlsm", ".xlsb", ".ods")
Files = Mapping[str, Callable[[], bytes]]
_FILES_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class StudySources:
    """What was found in a study.

    Parameters
    ----------
    path, files
        The folder or file, and every file in it by name.
    tables
        Our table name → its raw table.
    used
        Names of the files that were read, `study.toml` included.
    """

    path: Path
    files: Files
    settings: StudySettings
    tables: Mapping[str, RawTable]
    used: tuple[str, ...]
    notices: tuple[Notice, ...]

    def sha256(self) -> str:
        """Hash of the bytes of the input files, in the order of their names."""
        digest = hashlib.sha256()
        for name in sorted({*self.used, *self.settings.instrument_files} & set(self.files)):
            digest.update(self.files[name]())
        return digest.hexdigest()


def find_sources(
    path: Path, question_codes: Collection[str], progress: Progress | None = None, inside: str = ""
) -> StudySources:
    """Find and read the tables of a study.

    A table is the file or sheet that ``[tables]`` names, else the one with our name; a workbook with our
    name gives its first sheet where no sheet has one.

    Parameters
    ----------
    question_codes
        Headings, besides the schema's, that make a row the header.
    inside
        A folder within ``path`` that is the study.

    Raises
    ------
    StudyError
        There is no such path, ``study.toml`` has a mistake, a table has two files, or a required one none.
    UnreadableSourceError
        A file cannot be read as a table.
    """
    if not path.exists():
        raise StudyError(
            message("{path} does not exist.", path=str(path)),
            message("Name a folder, a .zip of one, or an .xlsx file."),
        )
    files = study_files(path, inside)
    written = files.get(SETTINGS_FILE)
    settings = StudySettings() if written is None else read_settings(_text(written()))
    known = known_headings(settings, question_codes)
    candidates: list[_Candidate] = []
    unused: list[str] = []
    unread: list[UnreadableSourceError] = []
    exported = {file_and_sheet(table, settings, files)[0] for table in settings.formats}
    names = sorted(set(files) - exported)
    with ThreadPoolExecutor(_FILES_AT_ONCE) as threads:
        started = {
            name: threads.submit(_read, files[name], name, known)
            for name in names
            if _worth_reading(name, settings)
        }
        for name in names:
            if not _worth_reading(name, settings):
                unused += [name] if _looks_like_a_table(name) else []
                continue
            if progress is not None:
                progress(message("Reading {source}", source=name))
            try:
                # The settings in a workbook may name files that were not worth reading before.
                reading = started.pop(name, None) or threads.submit(_read, files[name], name, known)
                raws, own_settings = reading.result()
            except UnreadableSourceError as error:
                if _is_wanted(name, settings):
                    raise
                unread.append(error)
                unused.append(name)
                continue
            if own_settings is not None:
                if written is None:
                    settings = _without_empty_sheets(own_settings, raws)
                raws = tuple(_as_filled(raw) for raw in raws if raw.frame.height)
            candidates += [_Candidate(name, raw, first=raw is raws[0]) for raw in raws]
    tables = _chosen(candidates, settings)
    tables |= {
        table: _Candidate(file, raw, first=True)
        for table, (file, raw) in export_tables(
            settings, files, {table: c.raw for table, c in tables.items()}, question_codes, progress
        ).items()
    }
    _require(tables, files, path, unread)
    chosen = {(c.file, c.raw.source) for c in tables.values()}
    unused += [c.raw.source for c in candidates if (c.file, c.raw.source) not in chosen]
    used = {c.file for c in tables.values()} | ({SETTINGS_FILE} & set(files))
    notices = _notices(path, unused, without_settings=written is None and settings == StudySettings())
    return StudySources(
        path, files, settings, {name: c.raw for name, c in tables.items()}, tuple(sorted(used)), notices
    )


@dataclass(frozen=True, slots=True)
class _Candidate:
    file: str
    raw: RawTable
    first: bool


def known_headings(settings: StudySettings, question_codes: Collection[str]) -> frozenset[str]:
    """Headings that make a row the header of a table wherever it stands."""
    ours = {
        word
        for table in schema().values()
        for column in table.columns.values()
        for word in (column.name, *column.label.values(), *column.also)
    }
    named = {source for names in settings.columns.values() for source in names}
    return frozenset(normalise_heading(word) for word in (*ours, *named, *question_codes))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StudyError(
            message("{source} is not UTF-8 text.", source=SETTINGS_FILE),
            message("Save it as UTF-8 in the editor."),
        ) from error


def _read(
    content: Callable[[], bytes], name: str, known: frozenset[str]
) -> tuple[tuple[RawTable, ...], StudySettings | None]:
    """The tables of a file, and the settings of a workbook that has some."""
    data = content()
    raws = read_table(data, name, known)
    return raws, _settings_sheet(data, name) if name.lower().endswith(".xlsx") else None


def _looks_like_a_table(name: str) -> bool:
    return name.lower().endswith(TABLE_ENDINGS) and not name.startswith((".", "~$"))


def _worth_reading(name: str, settings: StudySettings) -> bool:
    """Workbooks, whose sheets may be ours, and other files with a name of ours."""
    if name.startswith((".", "~$")):
        return False
    lower = name.lower()
    return lower.endswith(".xlsx") or (lower.endswith(READ_ENDINGS) and _is_wanted(name, settings))


def _is_wanted(name: str, settings: StudySettings) -> bool:
    wanted = {normalised(place.split("#")[0]) for place in settings.tables.values()}
    stem = normalised(PurePath(name).stem)
    return stem in schema() or stem in wanted or normalised(name) in wanted


def _settings_sheet(data: bytes, name: str) -> StudySettings | None:
    """The settings in a sheet called ``study.toml``, one line of text a row, as the template has it."""
    workbook = fastexcel.read_excel(data)
    if SETTINGS_FILE not in workbook.sheet_names:
        return None
    cells = workbook.load_sheet(SETTINGS_FILE, header_row=None, dtypes="string").to_polars()
    lines = ["" if line is None else str(line) for line in cells.to_series(0)] if cells.width else []
    return read_settings("\n".join(lines), f"{name} › {SETTINGS_FILE}")


def _without_empty_sheets(settings: StudySettings, raws: tuple[RawTable, ...]) -> StudySettings:
    """The settings of a template without the tables whose sheets were left empty.

    Raises
    ------
    StudyError
        A required one was left empty.
    """
    empty = {normalised(raw.name): raw for raw in raws if not raw.frame.height}
    for table in REQUIRED_TABLES:
        raw = empty.get(normalised(settings.tables.get(table, table)))
        if raw is not None:
            raise StudyError(
                message("{source} is not filled in yet.", source=raw.source),
                message("Fill it in from line {line}, below the headings.", line=raw.header_line + 1),
            )
    filled = {table: place for table, place in settings.tables.items() if normalised(place) not in empty}
    return replace(settings, tables=filled)


def _as_filled(raw: RawTable) -> RawTable:
    """A sheet of the template: its title is no news, and headings without any value below are not there."""
    required = {
        normalised(word)
        for table in schema().values()
        for column in table.columns.values()
        if column.required
        for word in column.label.values()
    }
    empty = {
        column
        for column in raw.columns
        if raw.frame[column].null_count() == raw.frame.height and normalised(column) not in required
    }
    return replace(
        raw,
        columns=tuple(column for column in raw.columns if column not in empty),
        frame=raw.frame.drop(empty),
        notices=tuple(notice for notice in raw.notices if notice.kind not in ("no_table", "title_rows")),
    )


def _chosen(candidates: list[_Candidate], settings: StudySettings) -> dict[str, _Candidate]:
    chosen: dict[str, _Candidate] = {}
    for table in schema():
        if table in settings.formats:
            continue
        place = settings.tables.get(table, table)
        fitting = [c for c in candidates if _is_named(c, place)] or [
            c for c in candidates if _is_file(c, place) and c.first
        ]
        if not fitting and table in settings.tables:
            raise StudyError(
                message(
                    "study.toml, tables.{table}: there is no {place}",
                    table=table,
                    place=settings.tables[table],
                ),
                message('Correct the name of the file or sheet: "file.xlsx", or "file.xlsx#sheet".'),
            )
        if len(fitting) > 1:
            raise StudyError(
                message(
                    "the table {table} is there more than once: {places}",
                    table=table,
                    places=", ".join(c.raw.source for c in fitting),
                ),
                message("Keep one, or name it in study.toml under [tables]."),
            )
        if fitting:
            chosen[table] = fitting[0]
    return chosen


def _is_named(candidate: _Candidate, place: str) -> bool:
    file, _, sheet = place.partition("#")
    if sheet:
        return _is_file(candidate, file) and normalised(sheet) == normalised(candidate.raw.name)
    return normalised(file) == normalised(candidate.raw.name)


def _is_file(candidate: _Candidate, place: str) -> bool:
    return normalised(place) in (normalised(candidate.file), normalised(PurePath(candidate.file).stem))


def _require(
    tables: Mapping[str, _Candidate], files: Files, path: Path, unread: list[UnreadableSourceError]
) -> None:
    for table in REQUIRED_TABLES:
        if table not in tables and unread:
            raise unread[0]
        if table not in tables:
            raise StudyError(
                message(
                    "{path} has no table {table} ({label}); found are: {files}",
                    path=path.name,
                    table=table,
                    label=schema()[table].label["ja"],
                    files=listed(sorted(files)) or "–",
                ),
                message(
                    "Call the file {table}.csv, or name it in study.toml under [tables]; tazuna init does "
                    "that.",
                    table=table,
                ),
            )


def _notices(path: Path, unused: list[str], *, without_settings: bool) -> tuple[Notice, ...]:
    notices = []
    if without_settings:
        said = message("{source}: there is no study.toml; the usual settings are used", source=path.name)
        notices.append(Notice("no_settings", "", path.name, 1, said))
    if unused:
        said = message("{source}: not used: {names}", source=path.name, names=listed(sorted(unused)))
        notices.append(Notice("files_not_used", "", path.name, len(unused), said))
    return tuple(notices)
