"""The record of a draw (抽選の記録): ``draw.json``, every entry sealed, and how it is read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tazuna.language import message
from tazuna.matching.seals import Difference, changed_entry, seal_of_entry, shown

SCHEMA = "tazuna/draw/1"
RECORD = "draw.json"
SEALS = "entry_seals"
SHARED = (
    *(
        "tazuna_version",
        "seed",
        "round",
        "mechanism",
        "rules",
        "beacon",
        "commitment",
        "tables_sha256",
        "marks",
    ),
    *("published_at", "cutoffs", "v", "chances", "preregistration_sha256"),
)
"""Entries that stand in the record of the round, of its tables and of its public lists alike."""
_TEXTS = ("seed", "round", "mechanism", "commitment", "tables_sha256")


def written_record(content: Mapping[str, object]) -> bytes:
    """The record as text, with a short hash of every entry at its end."""
    seals = {entry: seal_of_entry(value) for entry, value in content.items()}
    return _text({**content, SEALS: seals}).encode()


def read_record(folder: Path, below: str = "") -> dict[str, object] | Difference:
    """The record in a folder, or where it is not as it was written.

    Parameters
    ----------
    below
        The folder's name as differences call it, with a slash at its end.
    """
    name = f"{below}{RECORD}"
    try:
        data = (folder / RECORD).read_bytes()
    except FileNotFoundError:
        return Difference(
            name, message("the whole file"), message("the record of a draw"), message("no such file")
        )
    return record_of(data, name)


def record_of(data: bytes, name: str) -> dict[str, object] | Difference:
    """The record in the bytes of a file called ``name``, or where it is not as it was written."""
    try:
        text = data.decode()
        content = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        return Difference(name, message("line {line}", line=line), message("JSON in UTF-8"), str(error))
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        found = shown(content.get("schema") if isinstance(content, dict) else content)
        return Difference(name, message("entry {entry}", entry="schema"), SCHEMA, found)
    return (
        _changed_text(name, text, content)
        or changed_entry(name, content)
        or _missing(name, content)
        or content
    )


def _changed_text(name: str, text: str, content: object) -> Difference | None:
    """Where the text is not as JSON is written here: a blank or a sign too many changes no entry."""
    written = _text(content)
    if text == written:
        return None
    pairs = zip((*written.split("\n"), ""), (*text.split("\n"), ""), strict=False)
    line, (expected, found) = next((at, pair) for at, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return Difference(name, message("line {line}", line=line), f"“{expected}”", f"“{found}”")


def _missing(name: str, content: Mapping[str, object]) -> Difference | None:
    """An entry without which nothing can be drawn again."""
    for entry, kind in (
        *((text, str) for text in _TEXTS),
        ("rules", dict),
        ("files", dict),
        ("cutoffs", list),
    ):
        if not isinstance(content.get(entry), kind):
            place = message("entry {entry}", entry=entry)
            return Difference(name, place, message("a value"), shown(content.get(entry)))
    return None


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
