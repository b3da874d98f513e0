"""Colours and type: after the Digital Agency's design tokens; text on its ground has a contrast of 4.5
or more.
"""

from __future__ import annotations

from collections.abc import Mapping

INK = "#1a1a1a"
QUIET_INK = "#595959"
LINE = "#b3b3b3"
FAINT_LINE = "#e6e6e6"
GROUND = "#ffffff"
ACCENT = "#0017c1"
ACCENT_GROUND = "#e8f1fe"
WARNING = "#ac3e00"

BLUES = ("#e8f1fe", "#c5d7fb", "#9db7f9", "#4979f5", "#0031d8", "#000082")
"""Light to dark, monotone in lightness so that greyscale keeps the order."""

VIEWPOINT_COLOURS: Mapping[str, str] = {
    "executive": "#000060",
    "hr": "#0031d8",
    "manager": "#4979f5",
    "employee": "#ac3e00",
    "all": "#1a1a1a",
}
VIEWPOINT_SHAPES: Mapping[str, str] = {
    "executive": "square",
    "hr": "diamond",
    "manager": "triangle-up",
    "employee": "circle",
    "all": "triangle-down",
}

LEVEL_COLOURS: Mapping[str, str] = {"high": "#000082", "middle": "#4979f5", "low": "#ac3e00"}
LEVEL_DASHES: Mapping[str, tuple[int, ...]] = {"high": (1, 0), "middle": (7, 3), "low": (2, 3)}

FONT_FAMILIES = ("BIZ UDPGothic", "Noto Sans JP")
"""The packaged fonts: the second has the rare characters of names that the first lacks."""


def ink_on(ground: str) -> str:
    """Black or white, whichever contrasts more with ``ground`` (``#rrggbb``; relative luminance of WCAG 2).

    Examples
    --------
    >>> ink_on("#000082"), ink_on("#e8f1fe")
    ('#ffffff', '#000000')
    """
    channels = (int(ground[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return GROUND if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"


def mixed(first: str, second: str, share: float) -> str:
    """The colour ``share`` of the way from ``first`` to ``second`` (``#rrggbb``).

    Examples
    --------
    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = ((int(first[p : p + 2], 16), int(second[p : p + 2], 16)) for p in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
