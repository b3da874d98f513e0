"""Specifications drawn as SVG with the packaged fonts, the same for page and PDF."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from html import escape
from pathlib import Path

import vl_convert

from tazuna.reporting import palette
from tazuna.reporting.content import Figure

FONTS = Path(__file__).parent / "fonts"

_HATCH = f"""<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)"><rect width="7" height="7" fill="{palette.GROUND}"/>
<rect width="1.6" height="7" fill="{palette.QUIET_INK}"/></pattern></defs>"""


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


@lru_cache(maxsize=64)
def _drawn(spec: str) -> str:
    """The bare drawing, kept for the renderer that comes next: page and PDF show the same."""
    _register_fonts()
    drawn: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return drawn


def draw(figure: Figure) -> str:
    """The figure as one ``<svg>`` element with name and description.

    Ids begin with the figure's code, so that many drawings fit on one page.
    """
    opening, rest = _drawn(json.dumps(figure.spec)).split(">", 1)
    title, description = escape(figure.title), escape(figure.alternative)
    words = f'<title id="title">{title}</title><desc id="words">{description}</desc>'
    hatch = _HATCH if "url(#hatch)" in rest else ""
    own = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{figure.code}-", f"{words}{hatch}{rest}")
    named = f'role="img" aria-labelledby="{figure.code}-title {figure.code}-words"'
    return f"{opening} {named}>{own}"
