"""``tazuna report``: the management report in HTML, PDF and XLSX."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from tazuna.commands.console import say, steps
from tazuna.language import Language, chosen_language, message, translator

if TYPE_CHECKING:
    from tazuna.study import Study


def report(
    study: Path,
    /,
    *,
    out: Path,
    organisation: str | None = None,
    skip_faulty: bool = False,
    date: datetime.date | None = None,
    benchmark_secret: Path | None = None,
    seed: Annotated[int, Parameter(validator=Number(gte=0))] = 1,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Write the management report of one organisation: HTML, PDF and XLSX.

    Page 1 is one page to decide from. The latest wave is reported, with the trend over the earlier ones.

    Parameters
    ----------
    study
        The study: a folder of tables, a .zip of one, or one .xlsx with a sheet a table.
    out
        The folder for the report; nothing is written outside it.
    organisation
        The organisation's id or name; may be left out where only one has people.
    skip_faulty
        Go on without the faulty rows and cells, and say so with counts in every output.
    date
        The date on the report, as 2026-04-01 (otherwise today).
    benchmark_secret
        A file with the secret that keys the noise of the comparison between companies; without it none.
    seed
        The seed of everything random; the same seed gives the same figures.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.commands.benchmark import LEDGER, benchmark_of, ledger_text, read_secret
    from tazuna.commands.fault_screen import skipped_lines
    from tazuna.commands.outputs import output_folder
    from tazuna.measurement.comparing import comparing_process
    from tazuna.measurement.overview import release_study
    from tazuna.measurement.second_look.look import second_look
    from tazuna.reporting.files import write_report_files
    from tazuna.reporting.management import management_report, reported_wave
    from tazuna.study.folder import open_study

    language: Language = lang or chosen_language()
    t = translator(language)
    today = date or datetime.datetime.now().astimezone().date()
    secret = None if benchmark_secret is None else read_secret(benchmark_secret)
    with comparing_process() as comparing, steps(language) as step:
        opened = open_study(study, skip_faulty=skip_faulty, progress=step)
        opened.require_sound()
        organisation_id = chosen_organisation(opened, organisation)
        step(message("Scoring {people} answers …", people=opened.responses.height))
        figures = release_study(opened, seed=seed, comparing=comparing)
        wave = reported_wave(opened, figures, organisation_id)
        benchmark = None
        if secret is not None and wave:
            benchmark = benchmark_of(opened, wave, secret=secret, out=out, today=today)
        step(message("Looking a second time at groups, moves and dips …"))
        look = second_look(opened, organisation_id, seed=seed)
        step(message("Writing the report …"))
        content = management_report(
            opened, figures, organisation_id, language, today=today, benchmark=benchmark, look=look
        )
        with output_folder(out) as folder:
            names = write_report_files(content, folder)
            if benchmark is not None:
                (folder / LEDGER).write_text(ledger_text(benchmark.ledger), encoding="utf-8")
    say(*skipped_lines(opened, language), *(t("Written: {path}", path=out / name) for name in names))
    return 0


def chosen_organisation(study: Study, named: str | None) -> str:
    """The id of the organisation ``named`` by id or name, or of the only one that has people.

    Raises
    ------
    StudyError
        None is named and several have people, or the named one is not in the study.
    """
    from tazuna.errors import StudyError

    organisations = study.tables["organisations"].select("organisation_id", "name").rows()
    listed = ", ".join(f"{identity} ({name})" for identity, name in organisations[:20])
    if named is not None:
        for identity, name in organisations:
            if named in (identity, name):
                return str(identity)
        raise StudyError(
            message("There is no organisation “{name}” in this study.", name=named),
            message("Name one of these by id or name: {organisations}", organisations=listed),
        )
    with_people = study.tables["people"]["organisation_id"].unique().drop_nulls().to_list()
    if len(with_people) == 1:
        return str(with_people[0])
    raise StudyError(
        message("This study has several organisations; the report is of one."),
        message("Name one with --organisation: {organisations}", organisations=listed),
    )
