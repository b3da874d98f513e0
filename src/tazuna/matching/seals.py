"""Seals (封印): hashes that show whether files and entries are as they were written, and where not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tazuna.intake.faults import shortened
from tazuna.language import Message, message

PIECES = 256
"""Into so many runs of lines a file is cut; a file with fewer lines has each line sealed."""
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is not as it was drawn.

    Parameters
    ----------
    file
        Its name below the folder that was checked.
    place
        Where in the file: a line, an entry, a receipt or a person.
    expected, found
        What should stand there, and what does.
    """

    file: str
    place: Message
    expected: Message | str
    found: Message | str

    def said(self) -> Message:
        """The difference in a sentence."""
        return message(
            "{file}, {place}: expected is {expected}, found is {found}",
            file=self.file,
            place=self.place,
            expected=self.expected,
            found=self.found,
        )


def seal_of_file(data: bytes) -> dict[str, object]:
    """``sha256``, the number of ``lines``, and a short hash of each run of lines, to find a change again."""
    lines = data.splitlines(keepends=True)
    runs = " ".join(_runs(lines, _run_size(len(lines))))
    return {"sha256": hashlib.sha256(data).hexdigest(), "lines": len(lines), "runs": runs}


def seal_of_entry(value: object) -> str:
    """A short hash of one entry of ``draw.json``."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[
        :_DIGITS
    ]


def changed_file(
    folder: Path, seals: Mapping[str, Mapping[str, object]], below: str = ""
) -> Difference | None:
    """The first of the sealed files that is missing or not as it was written.

    Parameters
    ----------
    folder
        Where the files are.
    seals
        Name → `seal_of_file`.
    below
        The folder's name as differences call it, with a slash at its end.
    """
    for name, seal in seals.items():
        path = folder / name
        if not path.is_file():
            expected = message("SHA-256 {hash}", hash=seal["sha256"])
            return Difference(f"{below}{name}", message("the whole file"), expected, message("no such file"))
        data = path.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != seal["sha256"]:
            lines = data.splitlines(keepends=True)
            place, text = _changed_place(lines, seal)
            return Difference(
                f"{below}{name}",
                place,
                message("SHA-256 {hash}", hash=seal["sha256"]),
                message("SHA-256 {hash}{text}", hash=found, text=text),
            )
    return None


def changed_entry(name: str, content: Mapping[str, object]) -> Difference | None:
    """The first entry of a ``draw.json`` that is not what its seal says, or is missing, or was added.

    Parameters
    ----------
    name
        Of the file.
    content
        With ``entry_seals``, entry → `seal_of_entry`.
    """
    seals = content.get("entry_seals")
    if not isinstance(seals, Mapping):
        return Difference(
            name, message("entry {entry}", entry="entry_seals"), message("a hash of every entry"), "–"
        )
    for entry in (*seals, *(added for added in content if added not in seals and added != "entry_seals")):
        place = message("entry {entry}", entry=entry)
        if entry not in content:
            return Difference(name, place, message("a value"), message("no such entry"))
        if entry not in seals:
            return Difference(name, place, message("no such entry"), shown(content[entry]))
        if seal_of_entry(content[entry]) != seals[entry]:
            expected = message("a value with the hash {hash}", hash=seals[entry])
            return Difference(name, place, expected, shown(content[entry]))
    return None


def shown(value: object) -> str:
    """A value of a JSON document, cut short."""
    return shortened(json.dumps(value, ensure_ascii=False))


def _changed_place(lines: Sequence[bytes], seal: Mapping[str, object]) -> tuple[Message, str]:
    """Where the first changed run is, and its text where it is one line."""
    written, total = str(seal["runs"]).split(), int(str(seal["lines"]))
    size = _run_size(total)
    now = _runs(lines, size)
    first = next((at for at, run in enumerate(written) if at >= len(now) or now[at] != run), len(written))
    start = first * size + 1
    if size > 1:
        return message("lines {first} to {last}", first=start, last=min(start + size - 1, total)), ""
    text = lines[start - 1].decode("utf-8", "replace").strip() if start <= len(lines) else ""
    return message("line {line}", line=start), f" “{shortened(text)}”"


def _runs(lines: Sequence[bytes], size: int) -> list[str]:
    return [
        hashlib.sha256(b"".join(lines[at : at + size])).hexdigest()[:_DIGITS]
        for at in range(0, len(lines), size)
    ]


def _run_size(lines: int) -> int:
    return max(1, -(-lines // PIECES))
