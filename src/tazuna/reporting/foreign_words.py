"""Japanese names inside a report in another language, so that they are read aloud and set as Japanese."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from tazuna.language import Language

_LETTERS = "々-〇ぁ-ヿㇰ-ㇿ㐀-鿿豈-﫿ｦ-ﾟ\\U00020000-\\U0003fffd"
_JAPANESE = re.compile(f"[0-9]*[{_LETTERS}][{_LETTERS}0-9、。「」（）・　]*")


def spoken(text: str, language: Language) -> Markup:
    """``text`` as markup; in a report that is not Japanese, Japanese words carry ``lang="ja"``.

    Examples
    --------
    >>> str(spoken("Sales & 人事部", "en"))
    'Sales &amp; <span lang="ja">人事部</span>'
    """
    if language == "ja":
        return escape(text)
    marked, end = Markup(), 0
    for found in _JAPANESE.finditer(text):
        marked += escape(text[end : found.start()])
        marked += Markup('<span lang="ja">{}</span>').format(found[0])
        end = found.end()
    return marked + escape(text[end:])
