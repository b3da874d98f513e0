"""Keys, receipts and lottery numbers, each against a second way of computing it."""

from __future__ import annotations

import hashlib
import struct
import time

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tazuna.errors import StudyError
from tazuna.matching.draw import (
    commitment_of,
    hash_of_fields,
    is_short,
    key_of,
    numbers_of,
    receipts_of,
    tables_seal,
)
from tazuna.matching.market import market_of_lists
from tazuna.matching.rules import PLAIN, Rules

ENOUGH_SECONDS = 1.0
"""For the numbers of 100,000 people; it takes about a fifth of that."""


def sha_of_fields(*fields: bytes) -> bytes:
    """The same hash, written down a second time from the definition."""
    digest = hashlib.sha256()
    for field in fields:
        digest.update(struct.pack(">I", len(field)))
        digest.update(field)
    return digest.digest()


def test_the_commitment_is_the_sha256_that_every_tool_computes() -> None:
    assert commitment_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert commitment_of("秘密") == hashlib.sha256("秘密".encode()).hexdigest()


def test_the_key_is_made_of_secret_and_beacon() -> None:
    assert key_of("a", "b") == sha_of_fields(b"a", b"b")
    assert key_of("a", None) == key_of("a", "") == sha_of_fields(b"a", b"")
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc", None)}) == 3


@given(st.lists(st.text(max_size=4), max_size=3), st.lists(st.text(max_size=4), max_size=3))
def test_different_fields_never_make_the_same_text(one: list[str], other: list[str]) -> None:
    assert (one == other) == (hash_of_fields(*one) == hash_of_fields(*other))


def test_a_lottery_number_is_the_first_53_bits() -> None:
    market = market_of_lists([[0, 1], [1]], [1, 1])
    key = key_of("secret", "17")
    drawn = numbers_of(key, "回", ("R1", "R2"), market, Rules(ties="multiple"))
    for at, receipt in enumerate((b"R1", b"R2")):
        digest = sha_of_fields(key, "回".encode(), receipt)
        assert drawn.person[at] == (int.from_bytes(digest, "big") >> 203) / 2**53
    assert drawn.pair is not None
    for edge, (receipt, program) in enumerate(((b"R1", b"p0"), (b"R1", b"p1"), (b"R2", b"p1"))):
        digest = sha_of_fields(key, "回".encode(), receipt, program)
        assert drawn.pair[edge] == (int.from_bytes(digest, "big") >> 203) / 2**53


def test_a_single_lottery_has_no_numbers_of_pairs() -> None:
    assert numbers_of(b"key", "r", ("R1",), market_of_lists([[0]], [1]), PLAIN).pair is None


def test_a_hundred_thousand_numbers_take_under_a_second_and_are_even() -> None:
    people = 100_000
    market = market_of_lists([[] for _ in range(people)], [1])
    receipts = [f"R{at}" for at in range(people)]
    before = time.process_time()
    numbers = numbers_of(b"key", "r", receipts, market, PLAIN).person
    assert time.process_time() - before < ENOUGH_SECONDS
    assert np.unique(numbers).size == people
    counts = np.histogram(numbers, bins=20, range=(0, 1))[0]
    assert np.abs(counts - people / 20).max() < 5 * np.sqrt(people / 20)


def test_receipts_that_the_application_gave_are_kept_and_missing_ones_made() -> None:
    people = pl.DataFrame({"person_id": ["a", "b"], "receipt": ["MINE", None]})
    mine, made = receipts_of(people, "secret", b"tables")
    assert mine == "MINE"
    assert len(made) == 19
    assert made == receipts_of(people, "secret", b"tables")[1]


def test_a_receipt_cannot_be_made_without_the_internal_tables() -> None:
    people = pl.DataFrame({"person_id": ["a"]})
    known = receipts_of(people, "secret", b"tables")
    assert known != receipts_of(people, "secret", b"other tables")
    assert known != receipts_of(people, "another", b"tables")


def test_two_people_with_one_receipt_are_refused_by_name() -> None:
    people = pl.DataFrame({"person_id": ["ann", "bo"], "receipt": ["R", "R"]})
    with pytest.raises(StudyError, match="ann and bo"):
        receipts_of(people, "secret", b"")


@pytest.mark.parametrize(
    ("secret", "short"),
    [
        ("7", True),
        ("12345678901234567890123456789012", True),
        ("123456789012345678901234567890123456789", False),
        ("5f1c0a94d8e27b6630c1f2a7b94e8d0", True),
        ("5f1c0a94d8e27b6630c1f2a7b94e8d05", False),
        ("kT2mV9xQ4rW7zB1nC5pL8d", False),
        ("correct horse", True),
    ],
)
def test_a_secret_is_short_when_even_a_random_one_of_its_kind_has_under_128_bits(
    secret: str, short: bool
) -> None:
    assert is_short(secret) == short


def test_the_seal_of_the_tables_depends_on_secret_names_and_bytes() -> None:
    files = {"people.csv": b"a", "receipts.csv": b"b"}
    seals = {
        tables_seal("s", files),
        tables_seal("t", files),
        tables_seal("s", {**files, "receipts.csv": b"c"}),
        tables_seal("s", {"people.csv": b"a", "receipt.csv": b"b"}),
    }
    assert len(seals) == 4
    assert tables_seal("s", dict(reversed(files.items()))) in seals
