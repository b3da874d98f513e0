"""From the rows of a closed wave to everything that its release holds: figures, reports, pictures, files."""

from __future__ import annotations

import dataclasses
import io
import re
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from tazuna.disclosure import release as core
from tazuna.language import LANGUAGES, Language
from tazuna.measurement.overview import StudyFigures, release_study
from tazuna.measurement.person_interval import standard_error_of_measurement
from tazuna.measurement.scoring import scored_scales
from tazuna.measurement.second_look.look import SecondLook, second_look
from tazuna.reporting.content import Figure, Report
from tazuna.reporting.drawing import draw
from tazuna.reporting.figures.answer_check import answer_check
from tazuna.reporting.figures.individuals import AREAS
from tazuna.reporting.files import write_report_files
from tazuna.reporting.management import management_report, material
from tazuna.reporting.material import Material
from tazuna.reporting.sections.comparable import comparable_line
from tazuna.study import Study
from tazuna_web.overview.contents import check_json, content_json
from tazuna_web.overview.models import Release
from tazuna_web.overview.released import HEADLINE, TEAM_SCALES
from tazuna_web.overview.truth import true_scores
from tazuna_web.surveys.models import Wave
from tazuna_web.surveys.tables import study_of

SIDE_MARGIN = 20
_SIZE = re.compile(
    r'(?P<before><svg[^>]*?)width="(?P<width>\d+)" height="(?P<height>\d+)" '
    r'viewBox="0 0 (?P=width) (?P=height)"'
)


@dataclasses.dataclass(frozen=True, slots=True)
class Drawn:
    """The release in one language.

    Parameters
    ----------
    content
        As the pages walk through it.
    pictures
        Figure code → SVG.
    files
        File name → bytes: HTML, PDF, XLSX.
    """

    language: Language
    content: dict[str, Any]
    pictures: dict[str, str]
    files: dict[str, bytes]


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """What a release stores.

    Parameters
    ----------
    figures
        The protected cells as Parquet.
    facts
        How they were made.
    """

    figures: bytes
    facts: dict[str, object]
    input_sha256: str
    seed: int
    editions: tuple[Drawn, ...]


def make(wave: Wave, *, seed: int) -> Made:
    """Calculate and draw the release of a closed wave; nothing is stored.

    Needs a scope that names the organisation that holds the wave.
    """
    study = study_of(wave)
    figures = release_study(study, seed=seed, earlier=_earlier(wave))
    look = second_look(study, wave.held_by.code, seed=seed)
    return Made(
        figures=_parquet(figures),
        facts=_facts(study, figures),
        input_sha256=study.sha256,
        seed=figures.methods.seed,
        editions=tuple(_drawn(study, figures, look, wave, language) for language in LANGUAGES),
    )


def _earlier(wave: Wave) -> list[core.Release]:
    """What the organisation released before, the first one first."""
    stored = Release.objects.filter(held_by=wave.held_by_id).exclude(wave=wave).order_by("made_on", "pk")
    releases = []
    for release in stored:
        cells = pl.read_parquet(io.BytesIO(bytes(release.figures)))
        k = {name: int(least) for name, least in release.facts["k"].items()}
        releases.append(core.Release(cells, k, core.Audit(0, 0, None)))
    return releases


def roomy(svg: str) -> str:
    """The drawing with a margin at its sides.

    As a picture on a page it is set in the reader's fonts, which may be wider than those measured with.

    Raises
    ------
    ValueError
        The drawing does not begin with its size in px.
    """
    found = _SIZE.match(svg)
    if found is None:
        raise ValueError(f"a drawing begins with width, height and viewBox from 0 0, not with {svg[:120]!r}")
    width = int(found["width"]) + 2 * SIDE_MARGIN
    view = f'width="{width}" height="{found["height"]}" viewBox="{-SIDE_MARGIN} 0 {width} {found["height"]}"'
    return f"{found['before']}{view}{svg[found.end() :]}"


def _drawn(study: Study, figures: StudyFigures, look: SecondLook, wave: Wave, language: Language) -> Drawn:
    organisation, today = wave.held_by.code, wave.closed_on or wave.closes_on
    report = management_report(study, figures, organisation, language, today=today, look=look)
    pictures = _pictures(report.figures)
    told = material(study, figures, organisation, language, today)
    content = content_json(report, pictures) | {"comparable": _comparable(told)}
    truth = true_scores()
    if truth:
        check = answer_check(told, truth)
        pictures |= _pictures(check.figures)
        content["answer_check"] = check_json(check, pictures)
    return Drawn(language, content, pictures, _files(report))


def _comparable(told: Material) -> dict[str, str]:
    """Whether what pages besides the report compare may be compared: for each page, a sentence."""
    return {
        "team": comparable_line(told, "department", TEAM_SCALES),
        "change": comparable_line(told, "wave", (HEADLINE,)),
        "profile": comparable_line(told, "wave", AREAS),
    }


def _pictures(figures: tuple[Figure, ...]) -> dict[str, str]:
    return {figure.code: roomy(draw(figure)) for figure in figures}


def _files(report: Report) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="tazuna-") as folder:
        return {name: (Path(folder) / name).read_bytes() for name in write_report_files(report, Path(folder))}


def _parquet(figures: StudyFigures) -> bytes:
    buffer = io.BytesIO()
    figures.release.cells.write_parquet(buffer)
    return buffer.getvalue()


def _facts(study: Study, figures: StudyFigures) -> dict[str, object]:
    """How the figures were made, and the reliability of each scale, as the profile needs it."""
    scales = {scored.code: scored for scored in scored_scales(study.instruments, study.responses.columns)}
    return {
        "k": dict(figures.release.k),
        "shown": figures.release.shown,
        "hidden": figures.release.hidden,
        "protection": figures.release.protection,
        "audit": dataclasses.asdict(figures.release.audit),
        "figures_sha256": figures.release.sha256,
        "rules_version": figures.methods.rules_version,
        "instruments": dict(figures.methods.instruments),
        "reliability": {
            scale: {
                "wave": found.wave,
                "alpha": found.figures.alpha,
                "standard_error": standard_error_of_measurement(found.figures, scales[scale]),
            }
            for scale, found in figures.reliability.items()
        },
    }
