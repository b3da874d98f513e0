"""What an .xlsx holds before its reader opens it: guards against bombs, and cells that have no value."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from tazuna.errors import UnreadableSourceError
from tazuna.intake.headers import column_index, column_letter
from tazuna.intake.raw_table import ErrorCell
from tazuna.language import Message, message

MOST_BYTES = 4 << 30
MOST_MEMBERS = 10_000
MOST_CELLS = 64_000_000
_HARMLESS_BYTES = 100 << 20
_HIGHEST_RATIO = 100
_LAST_ROW = 1_048_576
_PIECE = 1 << 23
_LONGEST_ROW = 1 << 27

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)
"""What Python's zipfile raises, by its method of packing, where an archive in memory is damaged."""

_TAG = re.compile(rb"<(?:\w+:)?(sheet|Relationship)\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]+)(\d+):([A-Z]+)(\d+)\"")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\bt=\"e\")[^>]*?\br=\"([A-Z]+)(\d+)\"[^>]*>.*?<(?:\w+:)?v>([^<]*)<", re.S
)
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\s(?![^>]*\bt=\"str\")[^>]*?\br=\"([A-Z]+)(\d+)\"[^>]*>\s*"
    rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_IMPOSSIBLE = re.compile(rb"r=\"(?:[A-Z]*\d{8}|[A-Z]{4})")
_REFERENCE = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")

_SAVE_AS_XLSX = message("Open it in Excel and save it as an Excel workbook (.xlsx) without a password")
_SAVE_AS_CSV = message("Copy the table alone into a new workbook, or save it as “CSV UTF-8”")


@dataclass(frozen=True, slots=True)
class SheetParts:
    """What the reader of cells does not tell about a sheet.

    Parameters
    ----------
    error_cells
        Cells with an error or a formula without a stored value; ``column`` is the letter.
    merged
        Merged ranges as (first line, first column, last line, last column), columns 0-based.
    """

    error_cells: tuple[ErrorCell, ...]
    merged: tuple[tuple[int, int, int, int], ...]


def examine_workbook(data: bytes, source: str) -> dict[str, SheetParts]:
    """Make sure that a workbook is safe to open, and note per sheet what its reader leaves out.

    Every part is inflated once in pieces, so a directory that lies about sizes is found out as well.

    Raises
    ------
    UnreadableSourceError
        Password-protected, an older format, not a workbook, broken, or too large when unpacked.
    """
    if not data.startswith(b"PK"):
        raise _not_a_workbook(data, source)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            guard_sizes(archive.infolist(), source)
            _require_workbook(set(archive.namelist()), source)
            sheets = _sheet_members(archive)
            found = {}
            for member in archive.namelist():
                if member in sheets:
                    found[sheets[member]] = _examined_sheet(archive, member, source)
                elif member.endswith((".xml", ".rels")):
                    for _ in _pieces(archive, member):
                        pass
    except DAMAGED as error:
        raise broken_archive(source) from error
    return found


def guard_sizes(members: list[zipfile.ZipInfo], source: str) -> None:
    """Refuse an archive that would unpack to far more than it is.

    Raises
    ------
    UnreadableSourceError
        Over 10,000 parts, over 4 GiB unpacked, or over 100 MiB at more than a hundred times the packed size.
    """
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    bomb = unpacked > _HARMLESS_BYTES and unpacked > _HIGHEST_RATIO * packed
    if len(members) > MOST_MEMBERS or unpacked > MOST_BYTES or bomb:
        raise UnreadableSourceError(
            message(
                "{source} is not opened: {parts} parts that unpack to {megabytes} MB are no plausible file",
                source=source,
                parts=len(members),
                megabytes=unpacked >> 20,
            ),
            _SAVE_AS_CSV,
        )


def broken_archive(source: str) -> UnreadableSourceError:
    """The error for a zip or workbook that is cut off or damaged."""
    return UnreadableSourceError(
        message("{source} is damaged or was cut off on the way", source=source),
        message("Fetch or save the file again"),
    )


def not_xlsx(source: str, found: Message) -> UnreadableSourceError:
    """The error for a spreadsheet of another format."""
    return UnreadableSourceError(
        message("{source} cannot be read: it is {found}", source=source, found=found), _SAVE_AS_XLSX
    )


def _not_a_workbook(data: bytes, source: str) -> UnreadableSourceError:
    if not data:
        return not_xlsx(source, message("an empty file"))
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return not_xlsx(source, message("not an Excel workbook"))
    if "EncryptedPackage".encode("utf-16-le") in data:
        return not_xlsx(source, message("protected by a password"))
    return not_xlsx(source, message("an old Excel workbook (.xls)"))


def _require_workbook(names: set[str], source: str) -> None:
    if "xl/workbook.bin" in names:
        raise not_xlsx(source, message("a binary Excel workbook (.xlsb)"))
    if "xl/workbook.xml" not in names:
        raise not_xlsx(source, message("not an Excel workbook"))


def _sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Member of the archive → sheet name."""

    def tags(member: str) -> Iterator[dict[str, str]]:
        for tag in _TAG.finditer(b"".join(_pieces(archive, member))):
            pairs = _ATTRIBUTE.findall(tag[2])
            yield {
                key.decode().split(":")[-1]: unescape(value.decode("utf-8", "replace"))
                for key, value in pairs
            }

    targets = {tag.get("Id", ""): tag.get("Target", "") for tag in tags("xl/_rels/workbook.xml.rels")}
    members = {}
    for tag in tags("xl/workbook.xml"):
        target = targets.get(tag.get("id", ""), "")
        members[target.removeprefix("/") if target.startswith("/") else f"xl/{target}"] = tag.get("name", "")
    return members


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    if member not in archive.namelist():
        return
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            yield piece


def _examined_sheet(archive: zipfile.ZipFile, member: str, source: str) -> SheetParts:
    errors: list[ErrorCell] = []
    merged: list[tuple[int, int, int, int]] = []
    last_line, wide = 0, False
    beyond = _valued_beyond(MOST_CELLS // _LAST_ROW)
    for rows in _whole_rows(archive, member, source):
        errors += _valueless(rows)
        if b"mergeCell" in rows:
            merged += [
                (int(line), column_index(left.decode()), int(last), column_index(right.decode()))
                for left, line, right, last in _MERGED.findall(rows)
            ]
        last_line = max(last_line, _last_valued_line(rows))
        wide = wide or beyond.search(rows) is not None
        if _IMPOSSIBLE.search(rows):
            raise broken_archive(source)
    widest = MOST_CELLS // max(last_line, 1)
    if wide and widest < 16_384:
        beyond = _valued_beyond(widest)
        if any(beyond.search(rows) for rows in _whole_rows(archive, member, source)):
            raise UnreadableSourceError(
                message(
                    "{source} is too large for a table: {rows} lines, {columns} columns",
                    source=source,
                    rows=last_line,
                    columns=f"> {widest}",
                ),
                _SAVE_AS_CSV,
            )
    return SheetParts(tuple(errors), tuple(merged))


def _whole_rows(archive: zipfile.ZipFile, member: str, source: str) -> Iterator[bytes]:
    """The sheet's XML in stretches that end with a row."""
    rest = b""
    for piece in _pieces(archive, member):
        rest += piece
        end = rest.rfind(b"row>") + 4
        if end > 3:
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > _LONGEST_ROW:
            raise broken_archive(source)
    yield rest


def _valueless(rows: bytes) -> Iterator[ErrorCell]:
    if b't="e"' in rows:
        for column, line, text in _ERROR.findall(rows):
            yield ErrorCell(int(line), column.decode(), text.decode("utf-8", "replace"))
    if b"<f" in rows or b":f" in rows:
        for column, line, formula in _UNCALCULATED.findall(rows):
            yield ErrorCell(int(line), column.decode(), "=" + unescape(formula.decode("utf-8", "replace")))


def _last_valued_line(rows: bytes) -> int:
    end = max(rows.rfind(b"v>"), rows.rfind(b"is>"))
    start = max(rows.rfind(b"<c ", 0, end + 1), rows.rfind(b":c ", 0, end + 1))
    reference = _REFERENCE.search(rows, start) if end >= 0 and start >= 0 else None
    return int(reference[2]) if reference else 0


def _valued_beyond(columns: int) -> re.Pattern[bytes]:
    """Matches a cell with content right of the first ``columns`` columns."""
    last = column_letter(columns - 1).encode()
    if len(last) == 3:
        first, second, third = (last[i : i + 1] for i in range(3))
        letters = rb"(?:[%b-Z][A-Z]{2}|%b[%b-Z][A-Z]|%b%b[%b-Z])" % (
            *(_next(first), first, _next(second), first, second, _next(third)),
        )
    else:
        first, second = last[:1], last[1:]
        letters = rb"(?:[A-Z]{3}|[%b-Z][A-Z]|%b[%b-Z])" % (_next(first), first, _next(second))
    return re.compile(rb"r=\"%b\d+\"[^>]*[^/>]><" % letters)


def _next(letter: bytes) -> bytes:
    return bytes([min(letter[0] + 1, ord("Z"))])
