"""The folder of a draw (抽選のフォルダ): from a draw and its chances to every file that it leaves behind."""

from __future__ import annotations

import datetime

from tazuna import __version__
from tazuna.language import Language
from tazuna.matching.chances import Chances
from tazuna.matching.draw import commitment_of
from tazuna.matching.drawing import Drawn, compared
from tazuna.matching.figures import DrawFigures, figures_of_draw
from tazuna.matching.frozen_tables import canonical_csv
from tazuna.matching.outcome_tables import assignments_table, chances_table, removed_table
from tazuna.matching.publishing import chances_in_words, files_of_draw
from tazuna.matching.record import SCHEMA
from tazuna.study import Study
from tazuna.study.settings import DEFAULT_K


def redraw_seed(drawn: Drawn) -> str:
    """Of the redraws: known from the draw's public record, and not the key of the draw itself."""
    return f"redraws {drawn.ready.prepared.round} {commitment_of(drawn.secret)}"


def drawn_figures(study: Study, drawn: Drawn, chances: Chances, *, threads: int | None = None) -> DrawFigures:
    """The figures of a draw, with the runner-up beside it; groups below the study's largest k are hidden."""
    ready = drawn.ready
    return figures_of_draw(
        ready.prepared,
        ready.mechanism,
        drawn.numbers,
        drawn.outcome.held,
        chances,
        k=max((wave.k for wave in study.waves), default=DEFAULT_K),
        comparison=compared(study, ready, redraw_seed(drawn), threads=threads, keeping_limits=True),
    )


def draw_files(
    study: Study,
    drawn: Drawn,
    chances: Chances,
    figures: DrawFigures,
    *,
    sha256: str,
    published_at: datetime.datetime,
    language: Language,
    preregistration_sha256: str | None = None,
) -> dict[str, bytes]:
    """Every file of a draw by its name below the folder; see `tazuna.matching.publishing.files_of_draw`.

    Parameters
    ----------
    chances
        By redraws with `redraw_seed`, or exact.
    figures
        From `drawn_figures`.
    sha256
        Of the study's input files.
    published_at
        When the draw is published.
    language
        Of the reasons and next steps.
    preregistration_sha256
        Of what was registered before the draw; None where nothing was.
    """
    prepared = drawn.ready.prepared
    results = {
        "assignments.csv": canonical_csv(assignments_table(study, drawn, chances, language)),
        "chances.csv": canonical_csv(chances_table(prepared, chances)),
        "chances_removed.csv": canonical_csv(removed_table(prepared)),
    }
    entries: dict[str, object] = {
        "published_at": published_at.isoformat(timespec="seconds"),
        "v": chances.information,
        "chances": chances_in_words(chances, redraw_seed(drawn)),
    }
    if preregistration_sha256 is not None:
        entries["preregistration_sha256"] = preregistration_sha256
    by_program = zip(prepared.market.programs, chances.program_information.tolist(), strict=True)
    only_here: dict[str, object] = {
        "figures": figures.to_dict(),
        "v_by_program": dict(by_program),
        "skipped": [
            {"table": name, "rows_set_aside": rows, "cells_emptied": cells}
            for name, rows, cells in study.skipped_counts()
        ],
    }
    head = {"schema": SCHEMA, "tazuna_version": __version__, "input_sha256": sha256, "seed": drawn.secret}
    return files_of_draw(drawn, results, entries, only_here, head)
