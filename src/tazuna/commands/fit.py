"""``tazuna fit``: psychometrics on any table of items or wave, and the pilot report."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from tazuna.commands.console import Steps, say, steps
from tazuna.language import LANGUAGES, Language, chosen_language, message, translator

if TYPE_CHECKING:
    from tazuna.commands.fit_inputs import FitInput
    from tazuna.measurement.pilot.pilot import Pilot

MODEL, REPORT = "model.json", "report"


def fit(
    items: Path,
    /,
    *,
    out: Path,
    model: Path | None = None,
    report: bool = False,
    wave: str | None = None,
    instrument: str | None = None,
    group: str | None = None,
    missing: str | None = None,
    reversed_: Annotated[str | None, Parameter(name="--reversed")] = None,
    orthogonal: bool = False,
    date: datetime.date | None = None,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Fit a measurement model to any table of items: reliability, factors, graded responses, invariance.

    Written is model.json; the screen shows what users of R's psych, lavaan and mirt look for. With --report
    also, in the folder report, whether the wording of each question is any good, in Japanese and English.

    Parameters
    ----------
    items
        A table with a column a question (.csv, .tsv, .xlsx or .parquet), keyed so that high means much; or a
        study.
    out
        The folder for the results; nothing is written outside it.
    model
        For a table: the factor model in lavaan's syntax, such as: autonomy =~ q1 + q2 + q3; its factors are
        the scales.
    report
        Judge every wording and write the pilot report (HTML, PDF, SVG); it takes 200 people or more.
    wave
        Of a study: the wave (otherwise the last one with answers).
    instrument
        Of a study: the instrument, where the wave asked several.
    group
        A column by which to test whether the groups may be compared.
    missing
        Numbers that stand for no answer, separated by commas, such as 0,99.
    reversed_
        Questions to reverse first, separated by commas; the lowest and the highest answer change places.
    orthogonal
        Let the factors be uncorrelated, as in a bifactor model.
    date
        The date on the report, as 2026-04-01 (otherwise today).
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.commands.fit_inputs import expect_no_table_options, from_study, from_table, is_study
    from tazuna.commands.fit_screen import fit_lines
    from tazuna.commands.outputs import output_folder, write_json
    from tazuna.measurement.pilot.document import pilot_document
    from tazuna.measurement.pilot.pilot import expect_enough, pilot
    from tazuna.measurement.psychometrics import analyse
    from tazuna.measurement.psychometrics_document import psychometrics_document

    language: Language = lang or chosen_language()
    today = date or datetime.datetime.now().astimezone().date()
    names = [MODEL]
    with steps(language) as step:
        if is_study(items, named=wave is not None or instrument is not None):
            expect_no_table_options(
                {
                    "--model": model is not None,
                    "--group": group is not None,
                    "--missing": missing is not None,
                    "--reversed": reversed_ is not None,
                }
            )
            given = from_study(items, wave=wave, instrument=instrument, step=step)
        else:
            given = from_table(
                items,
                model,
                group=group,
                missing=_numbers(missing),
                reversed_=_parts(reversed_),
                step=step,
            )
        if report:
            expect_enough(given.asked)
        found = analyse(given.asked.table, given.model, orthogonal=orthogonal, step=step)
        judged = pilot(given.asked, found, step=step) if report else None
        with output_folder(out, last=MODEL) as folder:
            content = {"model": given.model, "source": given.title, **psychometrics_document(found)}
            if judged is not None:
                content["wording"] = pilot_document(judged)
                write_reports(judged, given, folder / REPORT, today, step)
                names.append(REPORT)
            write_json(folder / MODEL, "tazuna/model/1", content, sha256=given.sha256, seed=None)
    t = translator(language)
    say(*fit_lines(found, language), *_verdict_lines(judged, language))
    say(t("Written to {path}: {files}", path=out, files=", ".join(names)))
    return 0


def write_reports(judged: Pilot, given: FitInput, folder: Path, today: datetime.date, step: Steps) -> None:
    """The pilot report in both languages into a new folder."""
    from tazuna.reporting.pilot_report import pilot_report, write_pilot_report

    step(message("Writing the report …"))
    folder.mkdir()
    for language in LANGUAGES:
        fact = (translator(language)("Input (SHA-256)"), given.sha256)
        made = pilot_report(judged, language, title=given.title, wave=given.label, today=today, facts=(fact,))
        write_pilot_report(made, folder)


def _verdict_lines(judged: Pilot | None, language: Language) -> list[str]:
    """The first sentence of the report, and every question that it does not keep."""
    if judged is None:
        return []
    from tazuna.reporting.pilot_report import first_sentence
    from tazuna.reporting.pilot_words import PilotWords

    words = PilotWords(judged, language)
    others = [question for question in judged.questions if question.verdict != "keep"]
    told = [f"  {other.question.code}: {words.say(other.findings[0].says)}" for other in others]
    return [first_sentence(words), *told, ""]


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _numbers(text: str | None) -> list[float]:
    from tazuna.errors import MissingInputError

    try:
        return [float(part) for part in _parts(text)]
    except ValueError:
        raise MissingInputError(
            message("--missing: “{found}” is no list of numbers.", found=text),
            message("Write numbers separated by commas, such as 0,99."),
        ) from None
