"""Where a study's tables come from: a folder, a .zip or one workbook; every table as a `RawTable`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from tazuna.errors import UnreadableSourceError
from tazuna.intake.archives import unzipped, zipped_folders, zipped_names
from tazuna.intake.faults import Notice, listed
from tazuna.intake.grids import Grid, table_of_grid
from tazuna.intake.parquet_files import read_parquet_table
from tazuna.intake.raw_table import RawTable
from tazuna.intake.text_files import read_text_grid
from tazuna.intake.workbook_parts import MOST_BYTES, not_xlsx
from tazuna.intake.workbooks import read_workbook_grids
from tazuna.language import message

TEXT_ENDINGS = (".csv", ".tsv", ".txt")
TABLE_ENDINGS = (*TEXT_ENDINGS, ".xlsx", ".parquet")
_OTHER_SPREADSHEETS = {
    ".xls": message("an old Excel workbook (.xls)"),
    ".xlsm": message("a workbook with macros (.xlsm)"),
    ".xlsb": message("a binary Excel workbook (.xlsb)"),
    ".ods": message("an OpenDocument spreadsheet (.ods)"),
    ".numbers": message("a Numbers spreadsheet"),
}

Progress = Callable[[str], None]


def open_source(
    path: Path, known_headers: frozenset[str] = frozenset(), progress: Progress | None = None
) -> tuple[RawTable, ...]:
    """The tables of a study as they stand in its files.

    Parameters
    ----------
    path
        A folder (its .csv, .tsv, .txt, .xlsx and .parquet files, not those of folders within), a .zip of such
        a folder, or one file.
    known_headers
        Headings (NFKC) that make a header row certain wherever it stands.
    progress
        Called with each file's name before it is read.

    Returns
    -------
    tuple of RawTable
        In the order of the files' names; a workbook's in the order of its sheets.

    Raises
    ------
    UnreadableSourceError
        Nothing is there, or a file cannot be read as a table (a .txt without one is left out with a notice).
    """
    files = study_files(path)
    tables: list[RawTable] = []
    ignored: list[str] = []
    for name in sorted(files):
        if not _is_table_file(name):
            continue
        if progress is not None:
            progress(name)
        try:
            tables += read_table(files[name](), name, known_headers)
        except UnreadableSourceError:
            if not name.lower().endswith(".txt") or len(files) == 1:
                raise
            ignored.append(name)
    if not tables:
        raise UnreadableSourceError(
            message("{source} holds no table", source=path.name),
            message("Put the tables there as .csv, .tsv, .xlsx or .parquet files"),
        )
    return _with_ignored(tuple(tables), path.name, ignored)


def study_files(path: Path, inside: str = "") -> Mapping[str, Callable[[], bytes]]:
    """Name → content (read when called) of every file of a study, settings such as ``study.toml`` included.

    Parameters
    ----------
    path
        A folder, a .zip or one file.
    inside
        A folder within the study whose own files are meant instead; none where there is no such folder.

    Raises
    ------
    UnreadableSourceError
        Nothing is there, or the archive is damaged or unsafe.
    """
    if path.is_dir():
        folder = path / inside
        found = folder.iterdir() if folder.is_dir() else ()
        return {file.name: _reader(file) for file in found if file.is_file()}
    if path.suffix.lower() == ".zip":
        data = _content(path)
        members = zipped_names(data, path.name, inside)
        return {name: _unzipper(data, member, name) for name, member in members.items()}
    return {} if inside else {path.name: _reader(path)}


def study_folders(path: Path, inside: str = "") -> tuple[str, ...]:
    """Names of the folders within a study, or within one of them; sorted, none in a workbook.

    Raises
    ------
    UnreadableSourceError
        As `study_files`.
    """
    if path.is_dir():
        folder = path / inside
        found = folder.iterdir() if folder.is_dir() else ()
        return tuple(sorted(below.name for below in found if below.is_dir()))
    return zipped_folders(_content(path), path.name, inside) if path.suffix.lower() == ".zip" else ()


def read_table_file(
    path: Path, known_headers: frozenset[str] = frozenset(), header_line: int | None = None
) -> tuple[RawTable, ...]:
    """The tables of one file: one, or one a sheet with a table in a workbook.

    Parameters
    ----------
    path
        A .csv, .tsv, .txt, .xlsx or .parquet file.
    known_headers
        As in `open_source`.
    header_line
        The line of the header, where a person named it.

    Raises
    ------
    UnreadableSourceError
        The file is missing, empty, binary, damaged, too large, of another format, or holds no table.
    """
    return read_table(_content(path), path.name, known_headers, header_line)


def read_table(
    data: bytes, name: str, known_headers: frozenset[str] = frozenset(), header_line: int | None = None
) -> tuple[RawTable, ...]:
    """As `read_table_file`, from the content of a file called ``name``."""
    if name.lower().endswith(".parquet"):
        return (read_parquet_table(data, PurePath(name).stem, name),)
    found = [
        (source, table_of_grid(grid, table, source, known_headers, header_line))
        for table, source, grid in read_grids(data, name)
    ]
    tables = tuple(table for _, table in found if table is not None)
    if not tables:
        raise UnreadableSourceError(
            message("{source}: no row looks like the header of a table", source=name),
            message("Write at least two column headings side by side in one row, and the data below them"),
        )
    return _with_ignored(tables, name, [source for source, table in found if table is None])


def read_grids(data: bytes, name: str) -> list[tuple[str, str, Grid]]:
    """Name, source and cells of the text file called ``name``, or of each sheet of the workbook.

    Raises
    ------
    UnreadableSourceError
        As `read_table_file`, but for the search of a header.
    """
    stem, ending = PurePath(name).stem, PurePath(name).suffix.lower()
    if ending in _OTHER_SPREADSHEETS:
        raise not_xlsx(name, _OTHER_SPREADSHEETS[ending])
    if ending == ".xlsx":
        return [(sheet, f"{name} › {sheet}", grid) for sheet, grid in read_workbook_grids(data, name)]
    return [(stem, name, read_text_grid(data, name))]


def _is_table_file(name: str) -> bool:
    ending = PurePath(name).suffix.lower()
    return not name.startswith((".", "~$")) and ending in (*TABLE_ENDINGS, *_OTHER_SPREADSHEETS)


def _with_ignored(tables: tuple[RawTable, ...], source: str, ignored: list[str]) -> tuple[RawTable, ...]:
    """The first table also tells which sheets or files hold none."""
    if not ignored:
        return tables
    said = message("{names}: no table there, left out", names=listed(ignored))
    notice = Notice("no_table", tables[0].name, source, len(ignored), said)
    return (replace(tables[0], notices=(*tables[0].notices, notice)), *tables[1:])


def _reader(file: Path) -> Callable[[], bytes]:
    return lambda: _content(file)


def _unzipper(data: bytes, member: str, name: str) -> Callable[[], bytes]:
    return lambda: unzipped(data, member, name)


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise UnreadableSourceError(
                message(
                    "{source} is larger than {gigabytes} GB", source=file.name, gigabytes=MOST_BYTES >> 30
                ),
                message("Split it into several files, or save it as Parquet"),
            )
        return file.read_bytes()
    except OSError as error:
        raise UnreadableSourceError(
            message(
                "{source} cannot be opened: {reason}", source=file.name, reason=error.strerror or str(error)
            ),
            message("Check the path, and close the file in other programs"),
        ) from error
