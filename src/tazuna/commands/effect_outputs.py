"""What an evaluation leaves behind: effect.json, balance.csv and the report in both languages."""

from __future__ import annotations

import datetime
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from tazuna.language import LANGUAGES, translator

if TYPE_CHECKING:
    from tazuna.evaluation.effect import Effect
    from tazuna.evaluation.ladder import Analysis
    from tazuna.study import Study

EFFECT = "effect.json"
REPORT = "report"


def write_effect(
    study: Study, found: Effect, analysis: Analysis, out: Path, today: datetime.date, process: Executor
) -> tuple[str, ...]:
    """All files are complete before the first moves into place, and effect.json comes last.

    Parameters
    ----------
    process
        That which writes the report; see `tazuna.reporting.processes`.

    Returns
    -------
    tuple of str
        Names of what was written into ``out``; balance.csv only where the design compares groups.
    """
    from tazuna.commands.outputs import output_folder, write_json
    from tazuna.evaluation.balance import balance_frame
    from tazuna.evaluation.effect_document import SCHEMA, effect_document

    content = {
        **effect_document(found),
        "skipped": [
            {"table": name, "rows_set_aside": rows, "cells_emptied": cells}
            for name, rows, cells in study.skipped_counts()
        ],
    }
    names = [EFFECT]
    with output_folder(out, last=EFFECT) as folder:
        write_json(folder / EFFECT, SCHEMA, content, sha256=study.sha256, seed=analysis.seed)
        if found.balance is not None:
            balance_frame(found.balance).write_csv(folder / "balance.csv")
            names.append("balance.csv")
        (folder / REPORT).mkdir()
        write_reports(study, found, folder / REPORT, today, process)
        names.append(REPORT)
    if found.balance is None:
        (out / "balance.csv").unlink(missing_ok=True)
    return tuple(names)


def write_reports(study: Study, found: Effect, folder: Path, today: datetime.date, process: Executor) -> None:
    """The report in both languages; one is drawn while the next is composed."""
    from tazuna.reporting.effect_report import effect_report
    from tazuna.reporting.processes import write_page

    written = []
    for language in LANGUAGES:
        facts = ((translator(language)("Study (SHA-256)"), study.sha256),)
        report = effect_report(found, language, title=study.title, today=today, facts=facts)
        written.append(process.submit(write_page, report, folder))
    for writing in written:
        writing.result()
