"""``tazuna verify-draw``: whether a draw comes out the same again, or the first difference."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tazuna.commands.console import say, steps
from tazuna.language import Language, chosen_language, translator


def verify_draw(draw: Path, /, *, lang: Literal["ja", "en"] | None = None) -> int:
    """Draw a round again from its published files and say whether everything is the same.

    Exit code 0: the same. 1: something differs; the first difference is named.

    Parameters
    ----------
    draw
        The folder that tazuna match wrote, or its folder tables or public alone.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.commands.draw_screen import mark_lines
    from tazuna.matching import verifying

    language: Language = lang or chosen_language()
    t = translator(language)
    with steps(language) as step:
        found = verifying.verify_draw(draw, progress=step)
    if found.difference is not None:
        say(t("Not the same. The first difference:"), f"  {found.difference.said().text(language)}")
        return 1
    checked = {
        "tables": t("The internal tables have the hash that was published, and give the same places."),
        "public": t("The public lists give the same places."),
    }
    say(
        t(
            "The same: {round}, {offers} places were drawn again.",
            round=found.round,
            offers=f"{found.offers:,}",
        ),
        *(checked[part] for part in found.parts),
        *mark_lines(found.marks, language),
    )
    return 0
