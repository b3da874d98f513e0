"""What a draw leaves behind: results, record, frozen tables and lists, and the page in short."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tazuna.language import Language, translator

if TYPE_CHECKING:
    from tazuna.matching.drawing import Drawn
    from tazuna.matching.figures import DrawFigures
    from tazuna.reporting.content import Report
    from tazuna.study import Study


def write_draw(files: Mapping[str, bytes], page: Report | None, out: Path) -> None:
    """All files are complete in memory before the first is written, and draw.json comes last.

    Parameters
    ----------
    files
        From `tazuna.matching.draw_folder.draw_files`.
    page
        The draw in short, or None.
    """
    from tazuna.commands.outputs import output_folder
    from tazuna.matching.record import RECORD

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
