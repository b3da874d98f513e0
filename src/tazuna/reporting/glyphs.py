"""Which characters the packaged fonts can show: PDF/UA forbids a character without a shape."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

from tazuna.reporting.drawing import FONTS

GETA = "〓"
"""What Japanese printers set for a character that they lack (ゲタ)."""

_SEGMENTS_BY_DELTA, _GROUPS = 4, 12


def printable(text: str) -> str:
    """``text`` with every character that the packaged fonts lack replaced by 〓; line breaks stay."""
    known = covered()
    return "".join(c if ord(c) in known or c in "\n\t" else GETA for c in text if c >= " " or c in "\n\t")


@cache
def covered() -> frozenset[int]:
    """Code points of all packaged fonts together."""
    return frozenset().union(*(_code_points(path) for path in sorted(FONTS.glob("*.ttf"))))


def _code_points(font: Path) -> set[int]:
    """Code points of a TrueType font, by its ``cmap`` (OpenType formats 12, else 4)."""
    held = font.read_bytes()
    tables = struct.unpack_from(">H", held, 4)[0]
    start = next(
        offset
        for tag, _, offset, _ in (struct.unpack_from(">4sIII", held, 12 + 16 * i) for i in range(tables))
        if tag == b"cmap"
    )
    found: dict[int, set[int]] = {}
    for index in range(struct.unpack_from(">H", held, start + 2)[0]):
        offset = start + struct.unpack_from(">I", held, start + 4 + 8 * index + 4)[0]
        layout = struct.unpack_from(">H", held, offset)[0]
        if layout == _SEGMENTS_BY_DELTA:
            found[layout] = _segments(held, offset)
        elif layout == _GROUPS:
            found[layout] = _groups(held, offset)
    return found.get(_GROUPS) or found.get(_SEGMENTS_BY_DELTA) or set()


def _segments(held: bytes, offset: int) -> set[int]:
    count = struct.unpack_from(">H", held, offset + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", held, offset + 14)
    starts = struct.unpack_from(f">{count}H", held, offset + 16 + 2 * count)
    return {point for first, last in zip(starts, ends, strict=True) for point in range(first, last + 1)} - {
        0xFFFF
    }


def _groups(held: bytes, offset: int) -> set[int]:
    count = struct.unpack_from(">I", held, offset + 12)[0]
    groups = (struct.unpack_from(">III", held, offset + 16 + 12 * i) for i in range(count))
    return {point for first, last, _ in groups for point in range(first, last + 1)}
