"""The management report (経営レポート): the whole content, from protected figures, in one language."""

from __future__ import annotations

from datetime import date

import polars as pl

from tazuna import __version__
from tazuna.disclosure.between_companies import Benchmark
from tazuna.disclosure.pooling import pools_among
from tazuna.errors import StudyError
from tazuna.language import Language, message
from tazuna.measurement.overview import StudyFigures
from tazuna.measurement.second_look.look import SecondLook
from tazuna.reporting.cells import organisation_cells
from tazuna.reporting.content import Report
from tazuna.reporting.material import Material
from tazuna.reporting.sections.annex import annex
from tazuna.reporting.sections.executive import executive_part
from tazuna.reporting.sections.front_page import front_page
from tazuna.reporting.sections.individual import individual_part
from tazuna.reporting.sections.organisation import organisation_part
from tazuna.study import Study, Wave


def management_report(
    study: Study,
    figures: StudyFigures,
    organisation_id: str,
    language: Language,
    *,
    today: date,
    benchmark: Benchmark | None = None,
    look: SecondLook | None = None,
) -> Report:
    """Compose the report of one organisation on its last wave with answers.

    Parameters
    ----------
    study
        For names, instruments and what was set aside at intake; no answer is read here.
    figures
        What `tazuna.measurement.overview.release_study` let out.
    organisation_id
        As in the table ``organisations``.
    language
        Of the report.
    today
        The date printed on it.
    benchmark
        The comparison with other companies at the reported wave, where one was made.
    look
        What a second look at the same organisation found, where one was taken.

    Raises
    ------
    StudyError
        When the study has no such organisation.
    """
    m = material(study, figures, organisation_id, language, today, benchmark, look)
    return Report(
        title=m.t("Career ownership management report"),
        organisation=m.organisation,
        wave=m.wave.label,
        today=today,
        language=language,
        handling=m.t("Handle with care"),
        front=front_page(m),
        parts=(
            executive_part(m),
            organisation_part(m),
            individual_part(m),
            annex(m),
        ),
        provenance=_provenance(m),
    )


def material(
    study: Study,
    figures: StudyFigures,
    organisation_id: str,
    language: Language,
    today: date,
    benchmark: Benchmark | None = None,
    look: SecondLook | None = None,
) -> Material:
    """What the sections are written from: the organisation's cells on its last wave, and the names of
    things.
    """
    organisations = study.tables["organisations"].filter(pl.col("organisation_id") == organisation_id)
    if organisations.is_empty():
        raise StudyError(message("There is no organisation “{name}” in this study.", name=organisation_id))
    cells = organisation_cells(
        figures.release.cells, organisation_id, tuple(wave.wave for wave in study.waves)
    )
    answered = (w for w in study.waves if w.wave == cells.wave)
    wave = next(answered, study.waves[-1] if study.waves else Wave("", "", None, None, 0))
    departments = study.table("departments")
    names = {} if departments is None else dict(departments.select("department_id", "name").iter_rows())
    return Material(
        study=study,
        organisation=str(organisations["name"][0]),
        organisation_id=organisation_id,
        cells=cells,
        wave=wave,
        k=figures.release.k.get(wave.wave, wave.k),
        departments=names,
        reliability=figures.reliability,
        methods=figures.methods,
        today=today,
        language=language,
        hidden=figures.release.hidden,
        figures=figures.release.cells.height,
        next_smallest=figures.release.audit.next_smallest,
        benchmark=benchmark,
        comparability=figures.comparability,
        look=look,
        pools=pools_among(cells.groups("department"), names),
    )


def reported_wave(study: Study, figures: StudyFigures, organisation_id: str) -> str:
    """The last wave that has figures of the organisation; empty where none has."""
    waves = tuple(wave.wave for wave in study.waves)
    return organisation_cells(figures.release.cells, organisation_id, waves).wave


def _provenance(m: Material) -> tuple[tuple[str, str], ...]:
    """What is needed to make the same report again."""
    t = m.t
    return (
        (t("Input (SHA-256)"), m.methods.sha256),
        (t("Tazuna version"), __version__),
        (t("Seed"), str(m.methods.seed)),
    )
