"""The draw (抽選): from a secret and a public figure to lottery numbers that anybody can compute again.

Every hash is SHA-256 over fields, each preceded by its length in bytes (four bytes, big-endian), so that no
two lists of fields are the same text.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tazuna.errors import StudyError
from tazuna.language import message
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Floats, Market
from tazuna.matching.rules import Rules

ENOUGH_BITS = 128
"""Of a secret that nobody can try out."""
RECEIPT_CHARACTERS = 16
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that is easily misread."""
_KINDS = (
    (re.compile(r"\d*"), 10),
    (re.compile(r"[0-9a-f]*|[0-9A-F]*"), 16),
    (re.compile(r"[\w+/=-]*", re.A), 64),
)
"""Secrets of digits, of hexadecimal digits, of base-64 characters, and how many such characters there are."""
_PRINTABLE = 94


def hash_of_fields(*fields: str | bytes) -> bytes:
    """SHA-256 of the fields, each preceded by its length.

    Examples
    --------
    >>> hash_of_fields("ab", "c") == hash_of_fields("a", "bc")
    False
    """
    return hashlib.sha256(b"".join(_framed(field) for field in fields)).digest()


def commitment_of(secret: str) -> str:
    """What the opening publishes (事前に公表する値): SHA-256 of the secret's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_short(secret: str) -> bool:
    """Whether a secret of this length can be found by trying: it has under 128 bits, whatever it is.

    Examples
    --------
    >>> is_short("7"), is_short("5f1c0a94d8e27b6630c1f2a7b94e8d05")
    (True, False)
    """
    letters = next((count for kind, count in _KINDS if kind.fullmatch(secret)), _PRINTABLE)
    return len(secret) * math.log2(letters) < ENOUGH_BITS


def key_of(secret: str, beacon: str | None) -> bytes:
    """The key of the draw, unknown before the beacon (公開の乱数) is; no beacon counts as an empty one."""
    return hash_of_fields(secret, beacon or "")


def receipts_of(people: pl.DataFrame, secret: str, tables_hash: bytes) -> tuple[str, ...]:
    """A receipt (受付番号) for each applicant: under it they stand in the public lists.

    Parameters
    ----------
    people
        One row an applicant: person_id, and ``receipt`` where the application gave receipts.
    secret, tables_hash
        A missing receipt is 80 bits of SHA-256("receipt", secret, hash of the internal tables, person_id).
        Who learns the secret afterwards cannot compute a colleague's receipt without the internal tables.

    Raises
    ------
    StudyError
        Two applicants have the same receipt.
    """
    given = people["receipt"] if "receipt" in people.columns else pl.repeat(None, people.height, eager=True)
    receipts = [
        receipt if receipt else _made_receipt(secret, tables_hash, person)
        for person, receipt in zip(people["person_id"], given.cast(pl.String), strict=True)
    ]
    if len(set(receipts)) < len(receipts):
        twice = people["person_id"].filter(pl.Series(receipts).is_duplicated()).to_list()
        raise StudyError(
            message("{one} and {other} have the same receipt.", one=twice[0], other=twice[1]),
            message("Give every applicant a receipt of their own, or none at all."),
        )
    return tuple(receipts)


def numbers_of(key: bytes, round_: str, receipts: Sequence[str], market: Market, rules: Rules) -> Numbers:
    """The lottery numbers (抽選番号): the first 53 bits of SHA-256(key, round, receipt[, program]) over 2^53.

    Parameters
    ----------
    key
        From `key_of`.
    round_
        Name of the round.
    receipts
        One an applicant of the market.
    rules
        Whether each programme has a lottery of its own; then the program_id is a fourth field.

    Returns
    -------
    Numbers
        Uniform on [0, 1); smaller is better.
    """
    start = hashlib.sha256(_framed(key) + _framed(round_))
    of_person = [_framed(receipt) for receipt in receipts]
    person = np.fromiter((_number(start, field) for field in of_person), np.float64, len(of_person))
    if rules.ties != "multiple":
        return Numbers(person)
    return Numbers(person, _pair_numbers(start, of_person, market))


def _pair_numbers(start: hashlib._Hash, of_person: Sequence[bytes], market: Market) -> Floats:
    of_program = [_framed(program) for program in market.programs]
    pairs = zip(market.applicant_of_edge().tolist(), market.program.tolist(), strict=True)
    numbers = (_number(start, of_person[person] + of_program[program]) for person, program in pairs)
    return np.fromiter(numbers, np.float64, market.edges)


def _number(start: hashlib._Hash, fields: bytes) -> float:
    digest = start.copy()
    digest.update(fields)
    return (int.from_bytes(digest.digest()[:7], "big") >> 3) / 9007199254740992.0


def _framed(field: str | bytes) -> bytes:
    data = field.encode() if isinstance(field, str) else field
    return len(data).to_bytes(4, "big") + data


def _made_receipt(secret: str, tables_hash: bytes, person: str) -> str:
    """Four groups of four characters, to be read out over the telephone."""
    bits = int.from_bytes(hash_of_fields("receipt", secret, tables_hash, person)[:10], "big")
    letters = [_ALPHABET[(bits >> (5 * place)) & 31] for place in range(RECEIPT_CHARACTERS)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, RECEIPT_CHARACTERS, 4))


def tables_seal(secret: str, files: Mapping[str, bytes]) -> str:
    """The salted hash of frozen tables, published before the beacon: SHA-256("tables", secret, files).

    Parameters
    ----------
    files
        Name → bytes, the roster of receipts included; names and bytes are fields, in the order of the names.
    """
    fields = [field for name in sorted(files) for field in (name, files[name])]
    return hash_of_fields("tables", secret, *fields).hex()
