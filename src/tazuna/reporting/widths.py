"""How much room words take on axes, in sheets and beside each other."""

from __future__ import annotations

import unicodedata

AXIS_LENGTH = 30
"""Characters of a name on a figure's axis."""


def shortened(name: str, length: int = AXIS_LENGTH) -> str:
    """A name for a figure's axis; the table beside the figure has the whole name."""
    return name if len(name) <= length else f"{name[: length - 1]}…"


def shown_width(words: str) -> int:
    """Width in half-width characters: a full-width character counts two.

    Examples
    --------
    >>> shown_width("人事HR")
    6
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in words)
