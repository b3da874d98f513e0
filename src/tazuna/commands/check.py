"""``tazuna check``: every fault of a study by line, before anything is computed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tazuna.commands.console import say, steps
from tazuna.language import Language, chosen_language, translator


def check(
    study: Path,
    /,
    *,
    out: Path | None = None,
    skip_faulty: bool = False,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Check a study and name every fault by file, line and column, with its cure.

    Exit code 0: sound. 1: faults, each named; nothing was changed.

    Parameters
    ----------
    study
        The study: a folder of tables, a .zip of one, or one .xlsx with a sheet a table.
    out
        A folder for faults.csv with every fault and faults.xlsx with the first 50,000 (the screen shows 20 of
        a kind).
    skip_faulty
        Show what would be left if the faulty rows and cells were left out.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.commands.fault_screen import fault_lines, sound_lines
    from tazuna.commands.outputs import output_folder
    from tazuna.intake.fault_files import WORKBOOK_FAULTS, write_faults
    from tazuna.study.folder import open_study

    language: Language = lang or chosen_language()
    with steps(language) as step:
        opened = open_study(study, skip_faulty=skip_faulty, progress=step)
    if not opened.faults:
        say(*sound_lines(opened, language))
        return 0
    say(*fault_lines(opened, language))
    if out is not None:
        with output_folder(out) as folder:
            write_faults(opened.faults, folder, language)
        whole = "faults.xlsx" if len(opened.faults) <= WORKBOOK_FAULTS else "faults.csv"
        say(translator(language)("All faults are in {path}.", path=out / whole))
    return 0 if skip_faulty else 1
