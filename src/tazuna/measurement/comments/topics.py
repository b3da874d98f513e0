"""Topics (話題) of comments: TF-IDF and non-negative matrix factorisation, without randomness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.measurement.intervals import Floats

STEPS = 400
_TINY = 1e-12
_SETTLED = 1e-5
_TELLS = 0.05


@dataclass(frozen=True, slots=True)
class Factors:
    """A matrix as the product of two without negative numbers.

    Parameters
    ----------
    documents
        Shape (documents, topics).
    words
        Shape (topics, words), each row of sum 1.
    """

    documents: Floats
    words: Floats


def tf_idf(counts: Floats) -> Floats:
    """Counts weighted by how rare a word is (Spärck Jones 1972, doi:10.1108/eb026526), rows of length 1.

    Parameters
    ----------
    counts
        Shape (documents, words).

    Returns
    -------
    Floats
        The same shape: count · (1 + log((1 + N) / (1 + documents with the word))); a document without words
        stays zero.
    """
    with_word = (counts > 0).sum(axis=0)
    weighted = counts * (1 + np.log((1 + len(counts)) / (1 + with_word)))
    length = np.linalg.norm(weighted, axis=1, keepdims=True)
    return np.asarray(weighted / np.where(length > 0, length, 1.0))


def factorise(matrix: Floats, topics: int) -> Factors:
    """Non-negative matrix factorisation by multiplicative updates (Lee & Seung 1999, doi:10.1038/44565).

    It begins at the singular vectors' positive parts (Boutsidis & Gallopoulos 2008,
    doi:10.1016/j.patcog.2007.09.010), so that the same comments give the same topics.

    Parameters
    ----------
    matrix
        Shape (documents, words), no negative number.
    topics
        At most the smaller side of the matrix.
    """
    w, h = _from_singular_vectors(matrix, topics)
    before = np.inf
    for _ in range(STEPS):
        h *= (w.T @ matrix) / (w.T @ w @ h + _TINY)
        w *= (matrix @ h.T) / (w @ (h @ h.T) + _TINY)
        error = float(np.linalg.norm(matrix - w @ h))
        if before - error < _SETTLED * before:
            break
        before = error
    size = h.sum(axis=1)
    order = np.argsort(-size * w.sum(axis=0), kind="stable")
    return Factors((w * size)[:, order], (h / np.where(size > 0, size, 1.0)[:, None])[order])


def top_words(factors: Factors, vocabulary: Sequence[str], count: int = 8) -> list[tuple[str, ...]]:
    """The words that weigh most in each topic, those left out that weigh next to nothing there."""
    return [
        tuple(
            vocabulary[at] for at in np.argsort(-row, kind="stable")[:count] if row[at] > _TELLS * row.max()
        )
        for row in factors.words
    ]


def _from_singular_vectors(matrix: Floats, topics: int) -> tuple[Floats, Floats]:
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    w, h = np.zeros((len(matrix), topics)), np.zeros((topics, matrix.shape[1]))
    for topic in range(topics):
        u, v = left[:, topic], right[topic]
        halves = [(np.maximum(sign * u, 0), np.maximum(sign * v, 0)) for sign in (1, -1)]
        u, v = max(halves, key=lambda half: float(np.linalg.norm(half[0]) * np.linalg.norm(half[1])))
        scale = np.sqrt(values[topic] * np.linalg.norm(u) * np.linalg.norm(v))
        w[:, topic] = scale * u / max(float(np.linalg.norm(u)), _TINY)
        h[topic] = scale * v / max(float(np.linalg.norm(v)), _TINY)
    # Updates multiply: what begins at zero would stay there.
    filler = max(float(matrix.mean()) / 100, _TINY)
    return np.maximum(w, filler), np.maximum(h, filler)
