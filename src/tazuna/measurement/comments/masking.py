"""Masking (伏せ字) of names and rare facts in a comment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tazuna.disclosure.threshold import COMMENTS_FLOOR
from tazuna.measurement.comments.tokens import Token

MASK = "■■"
_RUN = re.compile(rf"{MASK}(?:[\s・、,]*{MASK})+")


def words_of_many(
    comments: Sequence[tuple[str, Sequence[Token]]], fewest: int = COMMENTS_FLOOR
) -> frozenset[str]:
    """Words that at least ``fewest`` different people use; names and numbers never count.

    Parameters
    ----------
    comments
        The writer of each comment, and its tokens.
    """
    said: set[tuple[str, str]] = {
        (person, token.base) for person, tokens in comments for token in tokens if token.kind == "word"
    }
    people = Counter(base for _, base in said)
    return frozenset(base for base, count in people.items() if count >= fewest)


def masked(tokens: Iterable[Token], known: frozenset[str], hidden: Iterable[str] = ()) -> str:
    """The comment with names, numbers with their units, rare words and whatever is ``hidden`` masked.

    Parameters
    ----------
    tokens
        Of one comment.
    known
        Words that many use; every other word may tell who wrote.
    hidden
        Strings to mask wherever they stand, such as names of departments.
    """
    parts = list(tokens)
    told = "".join(part.surface for part in parts)
    spans = [match.span() for name in hidden if name for match in re.finditer(re.escape(name), told, re.I)]
    pieces, start = [], 0
    for before, part in zip([None, *parts], parts, strict=False):
        end = start + len(part.surface)
        covered = any(first < end and start < last for first, last in spans)
        rare = part.kind == "word" and part.base not in known
        unit = part.kind == "word" and before is not None and before.kind == "number"
        secret = covered or rare or unit or part.kind in ("name", "number")
        pieces.append(MASK if secret else part.surface)
        start = end
    return _RUN.sub(MASK, "".join(pieces))


def share_masked(tokens: Iterable[Token], known: frozenset[str]) -> float:
    """Share of the meaningful tokens that would be masked; 1 where a comment has none."""
    telling = [token for token in tokens if token.kind != "other"]
    open_ = sum(token.kind == "word" and token.base in known for token in telling)
    return 1 - open_ / len(telling) if telling else 1.0
