"""What is in a study folder: settings, one raw table for each of our tables, and a hash of the bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tazuna.errors import StudyError
from tazuna.intake.checks import Progress
from tazuna.intake.faults import Notice
from tazuna.intake.raw_table import RawTable
from tazuna.intake.schema import normalised, schema
from tazuna.intake.sources import TABLE_ENDINGS, read_table_file
from tazuna.language import message
from tazuna.study_settings import StudySettings, read_settings

SETTINGS_FILE = "study.toml"
REQUIRED_TABLES = ("organisations", "people")


@dataclass(frozen=True, slots=True)
class StudySources:
    """``tables`` by our name; ``folder``: where instrument files are looked for; ``sha256`` of all input files."""

    folder: Path
    settings: StudySettings
    tables: Mapping[str, RawTable]
    sha256: str
    notices: tuple[Notice, ...]


def find_sources(path: Path, progress: Progress | None = None) -> StudySources:
    """Find and read the tables of a study."""
    if not path.exists():
        raise StudyError(
            message("{path} does not exist.", path=str(path)),
            message("Name a folder, a .zip or an .xlsx file."),
        )
    if not path.is_dir():
        raise NotImplementedError
    text_file = path / SETTINGS_FILE
    settings = (
        read_settings(text_file.read_text(encoding="utf-8")) if text_file.is_file() else StudySettings()
    )
    tables: dict[str, RawTable] = {}
    digest = hashlib.sha256()
    for file in sorted(path.iterdir()):
        if not file.is_file() or file.name.startswith((".", "~$")):
            continue
        digest.update(file.read_bytes())
        if file.suffix.lower() not in TABLE_ENDINGS:
            continue
        for raw in read_table_file(file):
            name = _our_table(raw, file, settings)
            if name is not None:
                tables[name] = raw
    return StudySources(path, settings, tables, digest.hexdigest(), ())


def _our_table(raw: RawTable, file: Path, settings: StudySettings) -> str | None:
    for table, place in settings.tables.items():
        if normalised(place) in (normalised(file.name), normalised(file.stem), normalised(raw.name)):
            return table
    return normalised(raw.name) if normalised(raw.name) in schema() else None
