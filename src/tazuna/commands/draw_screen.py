"""How the marks of a draw look on the screen."""

from __future__ import annotations

from collections.abc import Iterable

from tazuna.language import Language, translator


def mark_lines(marks: Iterable[str], language: Language) -> list[str]:
    """What must be said of a draw whose secret was short, or that had no beacon."""
    from tazuna.matching.drawing import FORESEEN, SHORT

    t = translator(language)
    words = {
        SHORT: t(
            "Mark: not secret. The seed has fewer than 128 bits, so that it could be found by trying. For a "
            "real draw take a long random one."
        ),
        FORESEEN: t(
            "Mark: the organiser could have foreseen it. Without --beacon nothing public went into the draw."
        ),
    }
    return [words[mark] for mark in marks]
