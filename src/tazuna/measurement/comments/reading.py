"""A reading aid for open comments: topics with their sizes, and masked examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.disclosure.threshold import COMMENTS_FLOOR
from tazuna.language import message
from tazuna.measurement.comments.masking import masked, share_masked, words_of_many
from tazuna.measurement.comments.tokens import CommentsError, Token, Tokenizer
from tazuna.measurement.comments.topics import factorise, tf_idf, top_words
from tazuna.measurement.intervals import Floats

MOST_TOPICS = 6
EXAMPLES = 3
_MOST_MASKED = 0.5


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that at least ten people write about.

    Parameters
    ----------
    words
        That weigh most, first the heaviest; each used by at least ten people.
    n
        People with a comment mainly on it.
    examples
        Masked comments of people who allowed it, those nearest to the topic first.
    """

    words: tuple[str, ...]
    n: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommentReading:
    """What may be shown of the comments of one group of people.

    Parameters
    ----------
    n
        People who wrote something.
    topics
        Largest first. Topics of fewer than ten people are left out.
    """

    n: int
    topics: tuple[Topic, ...]


def read_comments(
    comments: pl.DataFrame,
    tokenizer: Tokenizer,
    *,
    topics: int = MOST_TOPICS,
    hidden: Iterable[str] = (),
) -> CommentReading:
    """Find topics in comments and pick examples. An aid to reading: neither a measurement nor a result.

    Parameters
    ----------
    comments
        ``person_id``, ``text``, ``may_quote`` (Boolean: the person allowed quoting). Of one wave and group.
    tokenizer
        `tazuna.measurement.comments.tokens.japanese_tokenizer` or ``english_tokens``.
    topics
        Looked for at most.
    hidden
        Strings that are always masked: names of departments, of the company.

    Raises
    ------
    CommentsError
        Fewer than ten people wrote something, or they share no words.
    """
    written = comments.drop_nulls("text").filter(pl.col("text").str.strip_chars() != "")
    people = written["person_id"].n_unique()
    if people < COMMENTS_FLOOR:
        raise CommentsError(
            message("Comments are read only where at least {k} people wrote one.", k=COMMENTS_FLOOR)
        )
    writers = written["person_id"].to_list()
    tokens = [tokenizer(text) for text in written["text"]]
    shared = words_of_many(list(zip(writers, tokens, strict=True)))
    names = {name for name in hidden if name}
    vocabulary = sorted(word for word in shared if not any(word in name or name in word for name in names))
    if len(vocabulary) < 2:
        raise CommentsError(
            message("The comments share too few words that {k} people use to find topics.", k=COMMENTS_FLOOR)
        )
    counts = _counts(tokens, vocabulary)
    factors = factorise(tf_idf(counts), min(topics, len(vocabulary)))
    main = np.where(counts.sum(axis=1) > 0, factors.documents.argmax(axis=1), -1)
    quotable = written["may_quote"].fill_null(value=False).to_numpy()
    found = []
    for place, words in enumerate(top_words(factors, vocabulary)):
        here = np.flatnonzero(main == place)
        n = len({writers[at] for at in here})
        if n < COMMENTS_FLOOR:
            continue
        nearest = here[np.argsort(-factors.documents[here, place], kind="stable")]
        quoted = [tokens[at] for at in nearest if quotable[at]]
        found.append(Topic(words, n, _examples(quoted, frozenset(vocabulary), names)))
    return CommentReading(people, tuple(sorted(found, key=lambda topic: -topic.n)))


def _examples(quoted: Sequence[tuple[Token, ...]], known: frozenset[str], names: set[str]) -> tuple[str, ...]:
    """The first few that still say something when masked; the same sentence once."""
    telling = (masked(part, known, names) for part in quoted if share_masked(part, known) <= _MOST_MASKED)
    return tuple(dict.fromkeys(telling))[:EXAMPLES]


def _counts(tokens: Sequence[tuple[Token, ...]], vocabulary: Sequence[str]) -> Floats:
    """Shape (comments, words)."""
    place = {word: at for at, word in enumerate(vocabulary)}
    counts = np.zeros((len(tokens), len(vocabulary)))
    for row, comment in enumerate(tokens):
        for token in comment:
            if token.kind == "word" and token.base in place:
                counts[row, place[token.base]] += 1
    return counts
