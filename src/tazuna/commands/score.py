"""``tazuna score``: people's scores (which stay local) and protected group figures."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from tazuna.commands.console import say, steps
from tazuna.language import Language, chosen_language, message, translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tazuna.measurement.comparing import Comparability
    from tazuna.measurement.factor.fit_indices import FitIndices
    from tazuna.measurement.overview import WaveReliability


def score(
    study: Path,
    /,
    *,
    out: Path,
    skip_faulty: bool = False,
    seed: Annotated[int, Parameter(validator=Number(gte=0))] = 1,
    lang: Literal["ja", "en"] | None = None,
) -> int:
    """Score a study: scores.parquet (single people, keep it local), groups.csv (protected), reliability.json.

    Groups below the study's threshold are suppressed in groups.csv, n included, and so is what would tell
    of them. Small departments have a row together with others near them: group D01+D02.

    Parameters
    ----------
    study
        The study: a folder of tables, a .zip of one, or one .xlsx with a sheet a table.
    out
        The folder for the results; nothing is written outside it.
    skip_faulty
        Go on without the faulty rows and cells, and say so with counts in every output.
    seed
        The seed of everything random; the same seed gives the same figures.
    lang
        Japanese or English (otherwise TAZUNA_LANG, then the system's language).
    """
    from tazuna.commands.fault_screen import skipped_lines
    from tazuna.commands.outputs import output_folder, write_json
    from tazuna.measurement.comparing import comparing_process
    from tazuna.measurement.overview import measure, released
    from tazuna.study.folder import open_study

    language: Language = lang or chosen_language()
    t = translator(language)
    with comparing_process() as comparing, steps(language) as step:
        opened = open_study(study, skip_faulty=skip_faulty, progress=step)
        opened.require_sound()
        step(message("Scoring {people} answers …", people=opened.responses.height))
        measured = measure(opened, seed=seed, comparing=comparing)
        step(message("Protecting the group figures …"))
        figures = released(measured)
        with output_folder(out) as folder:
            measured.individual.write_parquet(folder / "scores.parquet", compression="snappy")
            figures.release.cells.write_csv(folder / "groups.csv")
            content = {
                "scales": {
                    code: scale_facts(found, [one for one in figures.comparability if one.scale == code])
                    for code, found in figures.reliability.items()
                },
                "skipped": [
                    {"table": name, "rows_set_aside": rows, "cells_emptied": cells}
                    for name, rows, cells in opened.skipped_counts()
                ],
            }
            write_json(
                folder / "reliability.json", "tazuna/reliability/1", content, sha256=opened.sha256, seed=seed
            )
    release = figures.release
    say(
        *skipped_lines(opened, language),
        t("Written to {path}: scores.parquet, groups.csv, reliability.json", path=out),
        t(
            "{shown} group figures are shown; {hidden} are hidden to protect small groups.",
            shown=f"{release.shown:,}",
            hidden=f"{release.hidden:,}",
        ),
        t("scores.parquet holds single people's scores: keep it on this machine."),
    )
    return 0


def scale_facts(found: WaveReliability, compared: Iterable[Comparability] = ()) -> dict[str, Any]:
    """The reliability of one scale as it stands in ``reliability.json``."""
    figures, structure = found.figures, found.structure
    loadings = structure.loadings if structure is not None else {}
    return {
        "wave": found.wave,
        **dataclasses.asdict(figures),
        "items": {
            code: {"loading": loadings.get(code), **dataclasses.asdict(item)}
            for code, item in figures.items.items()
        },
        "omega": None if structure is None else structure.omega,
        "fit": None if structure is None or structure.fit is None else _fit_facts(structure.fit),
        "invariance": {one.by: _invariance_facts(one) for one in compared},
    }


def _fit_facts(fit: FitIndices) -> dict[str, float]:
    """Of one factor."""
    return {name: getattr(fit, name) for name in ("chi2", "df", "cfi", "rmsea", "srmr")}


def _invariance_facts(compared: Comparability) -> dict[str, Any]:
    """Between groups or waves; how far single departments lie apart is said by protected figures only."""
    found = compared.found
    differences = () if compared.by == "department" else found.differences
    return {
        "verdict": found.verdict,
        "ja": found.says.text("ja"),
        "en": found.says.text("en"),
        "groups": list(found.groups),
        "freed": list(found.freed),
        "differences": [
            {"group": one.group, "full": one.full, "partial": one.partial} for one in differences
        ],
    }
