"""How faults and notices look on the screen: 20 a kind, the rest counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tazuna.intake.fault_files import screen_lines
from tazuna.language import Language, translator

if TYPE_CHECKING:
    from tazuna.study import Study


def sound_lines(study: Study, language: Language) -> list[str]:
    """What was read and normalised, for a study without a fault."""
    t = translator(language)
    return [
        *_read_lines(study, language),
        *_notice_lines(study, language),
        t("No faults. The study can be used."),
    ]


def fault_lines(study: Study, language: Language) -> list[str]:
    """What was read, the notices, then the faults: 20 of each kind, and how many more."""
    t = translator(language)
    closing = skipped_lines(study, language) or [
        t("Nothing was changed. Mend the file, or go on without the faulty rows with --skip-faulty.")
    ]
    return [
        *_read_lines(study, language),
        *_notice_lines(study, language),
        *screen_lines(study.faults, language),
        t("{count} faults.", count=f"{len(study.faults):,}"),
        *closing,
    ]


def skipped_lines(study: Study, language: Language) -> list[str]:
    """What ``--skip-faulty`` left out, table by table; nothing where nothing was left out."""
    t = translator(language)
    return [
        t(
            "Left out because faulty: {table}: {rows} rows set aside, {cells} cells emptied.",
            table=table,
            rows=f"{rows:,}",
            cells=f"{cells:,}",
        )
        for table, rows, cells in study.skipped_counts()
    ]


def _read_lines(study: Study, language: Language) -> list[str]:
    t = translator(language)
    return [t("{table}: {rows} rows", table=name, rows=f"{rows:,}") for name, rows in study.rows_read()]


def _notice_lines(study: Study, language: Language) -> list[str]:
    t = translator(language)
    return [t("Note: {said}", said=notice.said) for notice in study.notices]
