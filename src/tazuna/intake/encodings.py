"""Text as companies save it (文字コード): UTF-8, UTF-16 with its mark and CP932 (Shift_JIS) become UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import numpy as np

from tazuna.errors import UnreadableSourceError
from tazuna.language import Message, message

_PIECE = 1 << 24
_HEAD = 1 << 16
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
_UNASSIGNED = "\x80\uf8f0\uf8f1\uf8f2\uf8f3"
_CONTROL = bytes([*range(1, 9), *range(14, 27), *range(28, 32)])

_SAVE_AS_CSV = message("Open the file in Excel and save it as “CSV UTF-8”, or as a workbook (.xlsx)")
_KINDS = (
    (b"%PDF", message("a PDF")),
    (b"\x89PNG", message("a picture")),
    (b"\xff\xd8\xff", message("a picture")),
    (b"GIF8", message("a picture")),
    (b"MZ", message("a program")),
    (b"\x7fELF", message("a program")),
    (b"PK\x03\x04", message("a workbook or zip archive")),
    (b"\xd0\xcf\x11\xe0", message("an old or password-protected Office file")),
    (b"\x1f\x8b", message("a compressed file")),
)


def as_utf8(data: bytes, source: str) -> bytes:
    """The same text in UTF-8 without a byte order mark, lines ended by LF alone.

    UTF-8 is tried first and strictly; CP932 with the NEC and IBM characters (㈱ 髙 ①) is what remains. A file
    that is neither, or partly one and partly the other, is not guessed at.

    Parameters
    ----------
    data
        The whole file.
    source
        The file as a person sees it.

    Raises
    ------
    UnreadableSourceError
        The file is empty or binary, or a byte fits no encoding (line and byte offset are named).
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = _from_utf16(data, source)
    else:
        data = data.removeprefix(codecs.BOM_UTF8)
        _refuse_binary(data, source)
        fault = _first_not_utf8(data)
        if fault is not None:
            data = _from_cp932(data, fault, source)
    if not data or data.isspace() or (len(data) < _HEAD and not data.decode().strip()):
        raise UnreadableSourceError(
            message("{source} is empty", source=source),
            message("Write the column headings in the first line and one row a line below"),
        )
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _from_utf16(data: bytes, source: str) -> bytes:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, source) from error
    if "\0" in text:
        raise _binary(message("binary"), source)
    return text.encode("utf-8", "replace")


def _refuse_binary(data: bytes, source: str) -> None:
    for mark, kind in _KINDS:
        if data.startswith(mark) and (len(mark) > 2 or b"\0" in data[:_HEAD]):
            raise _binary(kind, source)
    head = data[:_HEAD]
    if b"\0" in data or len(head) - len(head.translate(None, _CONTROL)) > len(head) // 200:
        raise _binary(message("binary"), source)


def _from_cp932(data: bytes, utf8_fault: int, source: str) -> bytes:
    if _holds_utf8_japanese(data) or _ISO_2022_JP.search(data):
        raise _undecodable(data, utf8_fault, source)
    converted = []
    for start, end in _pieces(data):
        try:
            text = data[start:end].decode("cp932")
        except UnicodeDecodeError as error:
            raise _undecodable(data, start + error.start, source) from error
        unassigned = min((text.find(sign) for sign in _UNASSIGNED if sign in text), default=None)
        if unassigned is not None:
            raise _undecodable(data, start + len(text[:unassigned].encode("cp932")), source)
        converted.append(text.encode("utf-8"))
    return b"".join(converted)


def _holds_utf8_japanese(data: bytes) -> bool:
    """Three kana or kanji of UTF-8 in a row: bytes that Shift_JIS text practically never has."""
    for start, end in _pieces(data):
        piece = np.frombuffer(data, dtype=np.uint8)[start:end]
        early = piece[: max(piece.size - 8, 0)]
        first = np.flatnonzero((early >= 0xE3) & (early <= 0xE9))
        for offset in (3, 6):
            first = first[(piece[first + offset] >= 0xE3) & (piece[first + offset] <= 0xE9)]
        for offset in (1, 2, 4, 5, 7, 8):
            first = first[(piece[first + offset] >= 0x80) & (piece[first + offset] <= 0xBF)]
        if first.size:
            return True
    return False


def _first_not_utf8(data: bytes) -> int | None:
    """The offset of the first byte that is not UTF-8 text; None where all of it is."""
    # A single byte is found ten times as fast as a pattern.
    if b"\x1b" in data and _ISO_2022_JP.search(data):
        return data.index(b"\x1b$")
    if data.isascii():
        return None
    for start, end in _pieces(data):
        try:
            data[start:end].decode("utf-8")
        except UnicodeDecodeError as error:
            return start + error.start
    return None


def _pieces(data: bytes) -> Iterator[tuple[int, int]]:
    """Stretches that end with a line: 0x0A is never part of a longer character, in UTF-8 as in CP932."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _PIECE) + 1 or len(data)
        yield start, end
        start = end


def _binary(kind: Message, source: str) -> UnreadableSourceError:
    return UnreadableSourceError(
        message("{source} is not a text table: its content is {kind}", source=source, kind=kind), _SAVE_AS_CSV
    )


def _undecodable(data: bytes, offset: int, source: str) -> UnreadableSourceError:
    return UnreadableSourceError(
        message(
            "{source} line {line}: byte {offset} is neither UTF-8 nor Shift_JIS text, or the file mixes both",
            source=source,
            line=data[:offset].count(b"\n") + 1,
            offset=offset,
        ),
        _SAVE_AS_CSV,
    )
