"""What a draw leaves behind: results, record, frozen tables and lists, and the page in short."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tazuna.language import Language, translator

if TYPE_CHECKING:
    from tazuna.matching.chances import Chances
    from tazuna.matching.drawing import Drawn
    from tazuna.matching.figures import DrawFigures
    from tazuna.reporting.content import Report
    from tazuna.study import Study


def redraw_seed(drawn: Drawn) -> str:
    """Of the redraws: known from the draw's public record, and not the key of the draw itself."""
    from tazuna.matching.draw import commitment_of

    return f"redraws {drawn.ready.prepared.round} {commitment_of(drawn.secret)}"


def drawn_figures(study: Study, drawn: Drawn, chances: Chances, threads: int | None) -> DrawFigures:
    """The figures of a draw, with the runner-up beside it; groups below the study's largest k are hidden."""
    from tazuna.matching.drawing import compared
    from tazuna.matching.figures import figures_of_draw
    from tazuna.study.settings import DEFAULT_K

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


def write_draw(
    study: Study,
    drawn: Drawn,
    chances: Chances,
    figures: DrawFigures,
    page: Report | None,
    out: Path,
    published_at: datetime.datetime,
    language: Language,
) -> None:
    """All files are complete in memory before the first is written, and draw.json comes last."""
    from tazuna.commands.outputs import json_head, output_folder
    from tazuna.matching.frozen_tables import canonical_csv
    from tazuna.matching.outcome_tables import (
        assignments_table,
        chances_table,
        removed_table,
    )
    from tazuna.matching.publishing import chances_in_words, files_of_draw
    from tazuna.matching.record import RECORD, SCHEMA

    prepared = drawn.ready.prepared
    results = {
        "assignments.csv": canonical_csv(assignments_table(study, drawn, chances, language)),
        "chances.csv": canonical_csv(chances_table(prepared, chances)),
        "chances_removed.csv": canonical_csv(removed_table(prepared)),
    }
    entries = {
        "published_at": published_at.isoformat(timespec="seconds"),
        "v": chances.information,
        "chances": chances_in_words(chances, redraw_seed(drawn)),
    }
    by_program = zip(prepared.market.programs, chances.program_information.tolist(), strict=True)
    only_here: dict[str, object] = {
        "figures": figures.to_dict(),
        "v_by_program": dict(by_program),
        "skipped": [
            {"table": name, "rows_set_aside": rows, "cells_emptied": cells}
            for name, rows, cells in study.skipped_counts()
        ],
    }
    head = json_head(SCHEMA, sha256=study.sha256, seed=drawn.secret)
    files = files_of_draw(drawn, results, entries, only_here, head)
    with output_folder(out, last=RECORD) as folder:
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        if page is not None:
            from tazuna.reporting.draw_report import write_draw_report

            (folder / "report").mkdir()
            write_draw_report(page, folder / "report")


def draw_page(
    study: Study, drawn: Drawn, figures: DrawFigures, today: datetime.date, language: Language
) -> Report:
    """The draw in short, with what makes it checkable at its end."""
    from tazuna.matching.draw import commitment_of
    from tazuna.reporting.draw_report import draw_report

    t = translator(language)
    organisations = study.tables["organisations"]
    return draw_report(
        figures,
        language,
        title=study.title,
        round_=drawn.ready.prepared.round,
        places=int(drawn.ready.market.capacity.sum()),
        today=today,
        facts=(
            (t("Commitment (SHA-256 of the secret)"), commitment_of(drawn.secret)),
            (t("Beacon"), drawn.beacon or "–"),
            (t("Hash of the tables"), drawn.frozen.seal),
        ),
        companies=dict(organisations.select("organisation_id", "name").iter_rows()),
    )
