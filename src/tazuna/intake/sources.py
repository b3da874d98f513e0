"""Where a study's tables come from: a folder, a .zip or one workbook; every file as raw tables."""

from __future__ import annotations

from pathlib import Path, PurePath

from tazuna.errors import UnreadableSourceError
from tazuna.intake.grids import table_of_grid
from tazuna.intake.raw_table import RawTable
from tazuna.intake.text_files import read_text_grid
from tazuna.intake.workbooks import read_workbook_grids
from tazuna.language import message

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")


def open_source(path: Path, known_headers: frozenset[str] = frozenset()) -> tuple[RawTable, ...]:
    """The raw tables of a study folder, zip or workbook."""
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in TABLE_ENDINGS)
        return tuple(table for file in files for table in read_table_file(file, known_headers))
    return read_table_file(path, known_headers)


def read_table_file(
    path: Path, known_headers: frozenset[str] = frozenset(), header_line: int | None = None
) -> tuple[RawTable, ...]:
    """The raw tables of one file: one, or one a sheet of a workbook."""
    return _tables(path.read_bytes(), path.name, known_headers, header_line)


def _tables(
    data: bytes, name: str, known_headers: frozenset[str], header_line: int | None
) -> tuple[RawTable, ...]:
    stem = PurePath(name).stem
    if name.lower().endswith(".xlsx"):
        tables = [
            table_of_grid(grid, sheet, f"{name} › {sheet}", known_headers, header_line)
            for sheet, grid in read_workbook_grids(data, name)
        ]
    else:
        tables = [table_of_grid(read_text_grid(data, name), stem, name, known_headers, header_line)]
    found = tuple(table for table in tables if table is not None)
    if not found:
        raise UnreadableSourceError(message("{source}: no table was found", source=name))
    return found
