"""Randomness that only the holder of a secret can repeat (鍵つき乱数): the same question, the same noise.

Noise that is drawn anew at each run can be averaged away by running again. Bits that follow from the secret
*and from the figures themselves* come out the same as long as nothing changed, and without any relation to
the former ones as soon as an answer changed: were the noise the same then, the difference of two tables
would be the answer.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

from tazuna.disclosure.discrete_noise import RandomBits

SHORTEST_SECRET = 16
"""Bytes; a shorter secret could be found by trying."""


def keyed_bits(secret: bytes, *question: str) -> RandomBits:
    """A source of random bits that follows from a secret and a question.

    The stream is HMAC-SHA-256(secret, question ‖ counter) for counter 0, 1, 2, …, each part of the question
    prefixed with its length. Who does not have the secret cannot tell it from chance.

    Parameters
    ----------
    secret
        At least `SHORTEST_SECRET` bytes.
    question
        What the noise is for, and the figures that it hides.

    Raises
    ------
    ValueError
        The secret is too short.

    Examples
    --------
    >>> first, again = (keyed_bits(b"sixteen bytes or more", "2026", "ms") for _ in range(2))
    >>> first(64) == again(64)
    True
    """
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"the secret needs {SHORTEST_SECRET} bytes, not {len(secret)}")
    blocks = _blocks(secret, question)
    held = length = 0

    def random_bits(count: int) -> int:
        nonlocal held, length
        while length < count:
            held, length = held << 256 | next(blocks), length + 256
        length -= count
        taken = held >> length
        held &= (1 << length) - 1
        return taken

    return random_bits


def _blocks(secret: bytes, question: tuple[str, ...]) -> Iterator[int]:
    parts = [part.encode() for part in question]
    head = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    counter = 0
    while True:
        block = hmac.digest(secret, head + counter.to_bytes(8, "big"), hashlib.sha256)
        yield int.from_bytes(block, "big")
        counter += 1
