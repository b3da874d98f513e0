"""Specifications drawn as SVG with the packaged fonts, the same for page and PDF."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

import vl_convert

from tazuna.reporting import palette
from tazuna.reporting.content import Figure

FONTS = Path(__file__).parent / "fonts"

_HATCH = (
    '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="7" height="7" fill="{palette.GROUND}"/><rect width="1.6" height="7" fill="{palette.QUIET_INK}"/>'
    "</pattern></defs>"
)


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def draw(figure: Figure) -> str:
    """The figure as one ``<svg>`` element with name and description.

    Ids begin with the figure's code, so that many drawings fit on one page.
    """
    _register_fonts()
    drawn: str = vl_convert.vegalite_to_svg(dict(figure.spec), allowed_base_urls=[])
    opening, rest = drawn.split(">", 1)
    words = f'<title id="title">{escape(figure.title)}</title><desc id="words">{escape(figure.alternative)}</desc>'
    hatch = _HATCH if "url(#hatch)" in rest else ""
    own = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{figure.code}-", f"{words}{hatch}{rest}")
    named = f'role="img" aria-labelledby="{figure.code}-title {figure.code}-words"'
    return f"{opening} {named}>{own}"
