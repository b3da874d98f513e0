"""``tazuna template``: the workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tazuna.commands.console import say
from tazuna.language import Language, chosen_language, message, translator


def template(workbook: Path, /, *, force: bool = False, lang: Literal["ja", "en"] | None = None) -> int:
    """Make an Excel workbook to fill in: a sheet a table, with drop-downs and explanations.

    The filled workbook is a study as it stands: tazuna check workbook.xlsx

    Parameters
    ----------
    workbook
        The .xlsx file to make.
    force
        Replace the file where it exists.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.errors import StudyError
    from tazuna.study.template import write_template

    language: Language = lang or chosen_language()
    t = translator(language)
    if workbook.suffix.lower() != ".xlsx":
        raise StudyError(
            message("{path} does not end in .xlsx.", path=workbook),
            message("Name an Excel workbook, such as workbook.xlsx."),
        )
    if workbook.exists() and not force:
        raise StudyError(
            message("{path} exists already.", path=workbook),
            message("Name another file, or replace it with --force."),
        )
    if not workbook.parent.is_dir():
        raise StudyError(
            message("The folder {path} does not exist.", path=workbook.parent),
            message("Make the folder first, or name another."),
        )
    write_template(workbook, language)
    say(
        t("The workbook is {path}: fill it in, beginning with its first sheet.", path=workbook),
        t("Next: {command}", command=f"tazuna check {workbook}"),
    )
    return 0
