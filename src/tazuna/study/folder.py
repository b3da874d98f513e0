"""The study folder (調査フォルダ): a folder, a .zip or one workbook becomes a `Study`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tazuna.instrument.describing import questions_of
from tazuna.instrument.model import Instrument
from tazuna.instrument.shipped import shipped_instruments
from tazuna.intake.checks import Checked, Progress, Rules, check_tables
from tazuna.intake.fault_table import FaultTable
from tazuna.intake.raw_table import LINE
from tazuna.study import Study, Wave
from tazuna.study.questions import asked_questions, company_questions, instruments_in_use
from tazuna.study.settings import FLOOR_K, StudySettings
from tazuna.study.sources import StudySources, find_sources


def open_study(
    path: Path, *, skip_faulty: bool = False, progress: Progress | None = None, inside: str = ""
) -> Study:
    """Read, check and type everything in a study folder.

    Parameters
    ----------
    path
        The folder, a .zip of one, or one .xlsx with a sheet a table.
    skip_faulty
        Go on with what is sound: rows with a bad key or required value are set aside, other bad cells
        emptied.
    progress
        Called with what is being done.
    inside
        A folder within ``path`` that is a study of its own, such as the frozen tables of a draw.

    Returns
    -------
    Study
        With ``faults``. Without ``skip_faulty`` a table with a fault is not in ``tables``; see
        `Study.require_sound`.

    Raises
    ------
    StudyError
        There is nothing to read, a required table is missing, or ``study.toml`` has a mistake.
    UnreadableSourceError
        A file cannot be read as a table.
    """
    sources = find_sources(path, questions_of(shipped_instruments().values()), progress, inside)
    settings = sources.settings
    instruments = instruments_in_use(settings, sources.files)
    asked = asked_questions(instruments)
    rules = Rules(
        columns=settings.columns,
        values=settings.values,
        orders=settings.orders,
        wave_order=settings.waves,
        timezone=settings.timezone,
        fiscal_year_starts=settings.fiscal_year_starts,
        questions=asked,
        company_questions=company_questions(asked),
        instruments=tuple(instrument.id for instrument in instruments),
    )
    # A gigabyte takes seconds to hash, on a core that checking leaves free.
    with ThreadPoolExecutor(1) as beside:
        sha256 = beside.submit(sources.sha256)
        checked = check_tables(sources.tables, rules, skip_faulty=skip_faulty, progress=progress)
        return _study(sources, settings, checked, instruments, sha256.result(), skip_faulty=skip_faulty)


def _study(
    sources: StudySources,
    settings: StudySettings,
    checked: Checked,
    instruments: tuple[Instrument, ...],
    sha256: str,
    *,
    skip_faulty: bool,
) -> Study:
    drafts = checked.drafts
    faulty = {name for name, draft in drafts.items() if draft.faults}
    kept = {
        name: draft.sound.drop(LINE)
        for name, draft in drafts.items()
        if name not in ("responses", "responses_long")
        and (draft.readable if skip_faulty else name not in faulty)
    }
    unsound_answers = not skip_faulty and faulty & {"responses", "responses_long"}
    return Study(
        title=settings.title or sources.path.stem,
        tables=kept,
        responses=checked.responses.clear() if unsound_answers else checked.responses,
        instruments=instruments,
        waves=tuple(
            Wave(facts.wave, facts.label, facts.year, facts.fiscal_year, max(facts.k or settings.k, FLOOR_K))
            for facts in checked.waves
        ),
        orders=settings.orders,
        sha256=sha256,
        faults=FaultTable(tuple(group for draft in drafts.values() for group in draft.faults)),
        notices=(*sources.notices, *(notice for draft in drafts.values() for notice in draft.notices)),
        rows_in_file={name: draft.rows_in_file for name, draft in drafts.items()},
        set_aside={
            name: aside
            for name, draft in drafts.items()
            if (aside := draft.rows_in_file - draft.sound.height)
        },
        emptied={name: draft.emptied for name, draft in drafts.items() if draft.emptied},
        skip_faulty=skip_faulty,
        program_groups=settings.program_groups,
        match=settings.match,
        rounds=settings.rounds,
        timezone=settings.timezone,
    )
