"""A sample study on disk (見本の調査フォルダ): tables, settings and truth, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Literal

from tazuna import __version__
from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.simulation.consortium import Consortium

TableFormat = Literal["csv", "parquet"]
TRUTH_SCHEMA = "tazuna/truth/1"
SETTINGS, DRAWS, _TRUTH = "study.toml", "draws", "truth.json"


def write_sample(consortium: Consortium, folder: str | Path, *, format: TableFormat = "csv") -> Path:  # noqa: A002
    """Write a simulated consortium as a study folder, with its draws in ``draws/ROUND``.

    Everything is written to a folder beside it and renamed at the end, so the folder is never half-written.

    Parameters
    ----------
    consortium
        From `tazuna.simulation.consortium.simulate`.
    folder
        Where to; missing, empty, or holding nothing but an earlier sample, which is replaced.
    format
        ``csv`` is UTF-8 without BOM and opens anywhere; ``parquet`` is smaller and reads faster, which
        pays from about 200,000 people on.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    TazunaError
        When the folder holds something else, or cannot be written.
    """
    target = Path(folder)
    _expect_room(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        written = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        _write_files(consortium, written, format)
        written.chmod(0o755)
        if target.exists():
            earlier = written.with_name(f"{written.name}-earlier")
            target.rename(earlier)
            try:
                written.rename(target)
            except OSError:
                earlier.rename(target)
                raise
            shutil.rmtree(earlier)
        else:
            written.rename(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(written, ignore_errors=True)
    return target


def _write_files(consortium: Consortium, folder: Path, format: TableFormat) -> None:  # noqa: A002
    for name, table in consortium.tables.items():
        if format == "csv":
            table.write_csv(folder / f"{name}.csv", datetime_format="%Y-%m-%dT%H:%M:%S")
        else:
            table.write_parquet(folder / f"{name}.parquet")
    (folder / SETTINGS).write_text(consortium.settings, encoding="utf-8")
    sha256 = _sha256_of_inputs(folder)
    for draw in consortium.draws:
        for name, data in draw.files(sha256).items():
            path = folder / DRAWS / draw.round / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    truth = {
        "schema": TRUTH_SCHEMA,
        "version": __version__,
        "files": sorted({*_names(folder), _TRUTH}),
        **consortium.truth,
    }
    text = json.dumps(truth, ensure_ascii=False, indent=2)
    (folder / _TRUTH).write_text(text + "\n", encoding="utf-8")


def _expect_room(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise TazunaError(
            message("{folder} is a file; the sample needs a folder.", folder=folder),
            message("Name a folder that does not exist yet."),
        )
    if any(folder.iterdir()) and not _is_earlier_sample(folder):
        raise TazunaError(
            message("{folder} is not empty and holds something other than a sample.", folder=folder),
            message("Name a folder that does not exist yet."),
        )


def _is_earlier_sample(folder: Path) -> bool:
    try:
        truth = json.loads((folder / _TRUTH).read_text(encoding="utf-8"))
        return (
            isinstance(truth, dict)
            and truth.get("schema") == TRUTH_SCHEMA
            and set(truth["files"]) == _names(folder)
        )
    except (OSError, ValueError, KeyError):
        return False


def _names(folder: Path) -> set[str]:
    """Of everything in it, in folders below too."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def _sha256_of_inputs(folder: Path) -> str:
    """As of every study: the bytes of its tables and settings, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _cannot_write(folder: Path, error: OSError) -> TazunaError:
    return TazunaError(
        message("{folder} cannot be written: {reason}", folder=folder, reason=error.strerror or str(error)),
        message("Name a folder in which you may write, with enough room."),
    )
