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

_SIZE = re.compile(r'<svg [^>]*?\bwidth="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"')
_TAG = re.compile(r"<[a-z][^<>]*>")
_ROLE = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
"""What Vega says of its parts: the drawing is read as one image, and a part without a name is an error."""


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


@lru_cache(maxsize=64)
def bare_drawing(spec: str) -> str:
    """The drawing of a specification in JSON, without name and description.

    Kept for the renderer that comes next: page and PDF show the same.
    """
    _register_fonts()
    drawn: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return drawn


def draw(figure: Figure) -> str:
    """The figure as one ``<svg>`` element with name and description.

    Ids begin with the figure's code, so that many drawings fit on one page.
    """
    opening, rest = bare_drawing(json.dumps(figure.spec)).split(">", 1)
    title, description = escape(figure.title), escape(figure.alternative)
    words = f'<title id="title">{title}</title><desc id="words">{description}</desc>'
    hatch = _HATCH if "url(#hatch)" in rest else ""
    rest = _TAG.sub(lambda tag: _ROLE.sub("", tag[0]), rest)
    own = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{figure.code}-", f"{words}{hatch}{rest}")
    named = f'role="img" aria-labelledby="{figure.code}-words"'
    return f"{opening} {named}>{own}"


def drawn_size(drawing: str) -> tuple[float, float]:
    """Width and height of a drawing that `draw` made, in px.

    Raises
    ------
    ValueError
        The drawing does not say its size.
    """
    found = _SIZE.match(drawing)
    if found is None:
        raise ValueError(f"a drawing begins with its width and height, not with {drawing[:120]!r}")
    return float(found["width"]), float(found["height"])
