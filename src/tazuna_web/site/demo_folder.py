"""The demo's folder: held by one demo at a time, and never mistaken for something else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tazuna.errors import TazunaError
from tazuna.language import message

DATABASE, TRUTH, UNFINISHED, HELD = "tazuna.sqlite3", "truth.json", "unfinished", "held"
KEYS = ("secret.key", "pseudonym.key")


class DemoFolderError(TazunaError):
    """The folder cannot hold the demo."""


@contextmanager
def hold(folder: Path, address: str) -> Iterator[None]:
    """Hold the folder for this demo, at this address; the hold ends with the process, however it ends.

    Raises
    ------
    DemoFolderError
        Another demo holds it, it holds something other than a demo, or it cannot be written.
    """
    import fcntl

    try:
        _expect_demo_or_room(folder)
        folder.mkdir(parents=True, exist_ok=True)
        held = (folder / HELD).open("a+", encoding="utf-8")
    except OSError as error:
        raise DemoFolderError(
            message("{path} cannot be written: {reason}", path=folder, reason=error.strerror or str(error)),
            message("Name a folder in which you may write: --data DIR"),
        ) from error
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            held.seek(0)
            raise DemoFolderError(
                message("The demo in {path} is running already: {address}", path=folder, address=held.read()),
                message("Open that address, or name another folder and port: --data DIR --port PORT"),
            ) from error
        held.truncate(0)
        held.write(address)
        held.flush()
        yield


def _expect_demo_or_room(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise DemoFolderError(
            message("{path} is a file; the demo needs a folder.", path=folder),
            message("Name a folder: --data DIR"),
        )
    found = {path.name for path in folder.iterdir()} if folder.exists() else set()
    is_demo = {DATABASE, TRUTH} <= found
    is_room = found <= {UNFINISHED, HELD, TRUTH, *KEYS}
    if not (is_demo or is_room):
        raise DemoFolderError(
            message("{path} holds something other than a demo.", path=folder),
            message("Name a folder that does not exist yet: --data DIR"),
        )
