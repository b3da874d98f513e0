"""A study as a .zip: its files are read in memory, and nothing is ever written where a name points."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from tazuna.errors import UnreadableSourceError
from tazuna.intake.workbook_parts import DAMAGED, broken_archive, guard_sizes
from tazuna.language import message

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


def zipped_names(data: bytes, source: str, inside: str = "") -> Mapping[str, str]:
    """Name of a file of the study → member of the archive.

    One folder around everything is passed over; files in deeper folders and those that macOS adds are not
    part of the study. Japanese names are found whether they are written in UTF-8 or, as by Windows, in CP932.

    Parameters
    ----------
    data
        The archive.
    source
        The archive as a person sees it.
    inside
        A folder within the study whose own files are meant instead, such as ``draws/autumn``.

    Raises
    ------
    UnreadableSourceError
        Not a zip or damaged, protected by a password, implausibly large, or with a name that leads outside.
    """
    folder = PurePosixPath(inside)
    members = _members(data, source)
    return {path.name: member for path, member in members.items() if path.parent == folder}


def zipped_folders(data: bytes, source: str, inside: str = "") -> tuple[str, ...]:
    """Names of the folders of a study in an archive, or of those within one of them; sorted.

    Raises
    ------
    UnreadableSourceError
        As `zipped_names`.
    """
    parts = PurePosixPath(inside).parts
    below = {
        path.parts[len(parts)]
        for path in _members(data, source)
        if len(path.parts) > len(parts) + 1 and path.parts[: len(parts)] == parts
    }
    return tuple(sorted(below))


def _members(data: bytes, source: str) -> Mapping[PurePosixPath, str]:
    """Path within the study → member, for every file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except DAMAGED as error:
        raise broken_archive(source) from error
    guard_sizes(members, source)
    paths = {PurePosixPath(_readable_name(member)): member for member in members}
    for path, member in paths.items():
        if path.is_absolute() or ".." in path.parts:
            raise UnreadableSourceError(
                message("{source} holds a file with an unsafe name: {name}", source=source, name=str(path)),
                message("Make the zip again from the folder of the study"),
            )
        if member.flag_bits & _ENCRYPTED:
            raise UnreadableSourceError(
                message("{source} is protected by a password", source=source),
                message("Unpack it and give the folder instead"),
            )
    own = {path: member for path, member in paths.items() if path.parts and path.parts[0] != "__MACOSX"}
    tops = {path.parts[0] for path in own}
    inside_one_folder = len(tops) == 1 and all(len(path.parts) > 1 for path in own)
    around = 1 if inside_one_folder else 0
    return {PurePosixPath(*path.parts[around:]): member.filename for path, member in own.items()}


def unzipped(data: bytes, member: str, source: str) -> bytes:
    """The content of one member.

    Raises
    ------
    UnreadableSourceError
        The archive is damaged there.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(member)
    except DAMAGED as error:
        raise broken_archive(source) from error


def _readable_name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    written = member.filename.encode("cp437", "replace")
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp932", "replace").replace("\\", "/")
