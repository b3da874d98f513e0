"""The pages that the judges see: everything in it, nothing in it, everything protected, sixty departments,
a loaded instrument; a draw, and effects with and without an end, crowded and refused.
"""

from __future__ import annotations

import sys
from datetime import date
from functools import cache
from pathlib import Path

from tests.core.matching.test_figures import drawn, round_of
from tests.core.reporting import made_effects, made_study

from tazuna.language import Language
from tazuna.reporting.draw_report import draw_report
from tazuna.reporting.effect_report import effect_report
from tazuna.reporting.html import render_html
from tazuna.reporting.management import management_report

TODAY = date(2026, 11, 20)


@cache
def hard_cases(language: Language) -> dict[str, str]:
    """Name of the case → its page."""
    cells = made_study.plausible_cells()
    small = [row | {"n": 4} for row in cells if row["viewpoint"] not in ("executive", "hr")]
    cases = {
        "whole": (made_study.study(), made_study.figures(cells)),
        "empty": (made_study.study(), made_study.figures([])),
        "hidden": (made_study.study(), made_study.figures(small)),
        "sixty": (made_study.study(departments=60), made_study.figures(made_study.plausible_cells(60))),
        "loaded": (made_study.study_with_loaded_instrument(), made_study.figures(made_study.loaded_cells())),
    }
    return {
        name: render_html(management_report(study, figures, made_study.ORGANISATION, language, today=TODAY))
        for name, (study, figures) in cases.items()
    }


EFFECTS = ("unbounded", "refused", "crowded")


def result_pages(language: Language) -> dict[str, str]:
    """Name of a draw or an effect → its page."""
    figures = drawn(round_of(["20-34"] * 12 + ["35-49"] * 12 + ["50+"] * 12))
    reports = {"draw": draw_report(figures, language, title="調査", round_="R1", places=14, today=TODAY)}
    for name in EFFECTS:
        effect = made_effects.EFFECTS[name]
        reports[f"effect-{name}"] = effect_report(effect, language, title="調査", today=TODAY)
    return {name: render_html(report) for name, report in reports.items()}


def write_pages(folder: Path) -> None:
    """Write every case in both languages into ``folder``."""
    languages: tuple[Language, ...] = ("ja", "en")
    for language in languages:
        for name, page in (hard_cases(language) | result_pages(language)).items():
            (folder / f"{name}-{language}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
