"""Where a command writes: only below ``--out``, and each file whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tazuna import __version__
from tazuna.errors import StudyError
from tazuna.language import message


@contextmanager
def output_folder(out: Path, *, last: str | None = None) -> Iterator[Path]:
    """A staging folder inside ``out``, whose files move into place when the block ends without an error.

    Parameters
    ----------
    out
        The folder that the user named; made where it is missing.
    last
        The file that makes the others whole: an old one goes away first, the new one comes last, so that
        a power cut between two moves never leaves it beside files of another run.

    Raises
    ------
    StudyError
        ``out`` is a file.
    """
    if out.exists() and not out.is_dir():
        raise StudyError(
            message("{path} is a file; --out needs a folder.", path=out),
            message("Name a folder that exists or can be made."),
        )
    out.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".tazuna-", dir=out))
    try:
        yield staging
        if last is not None:
            (out / last).unlink(missing_ok=True)
        for path in sorted(staging.iterdir(), key=lambda path: (path.name == last, path.name)):
            if path.is_dir() and (out / path.name).is_dir():
                shutil.rmtree(out / path.name)
            path.replace(out / path.name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def json_head(schema: str, *, sha256: str, seed: int | str | None) -> dict[str, object]:
    """What a JSON output begins with: schema, package version, the input's hash and the seed."""
    return {"schema": schema, "tazuna_version": __version__, "input_sha256": sha256, "seed": seed}


def write_json(
    path: Path, schema: str, content: Mapping[str, object], *, sha256: str, seed: int | str | None
) -> None:
    """Write a JSON output with what is needed to reproduce it: schema, input hash, package version, seed."""
    head = json_head(schema, sha256=sha256, seed=seed)
    text = json.dumps({**head, **content}, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
