"""The organisation view (組織視点): where the score is high and low, layers, the unmoved."""

from __future__ import annotations

from tazuna.reporting.content import Block, Figure, Paragraph, Part, Section
from tazuna.reporting.figures.groups import (
    needs_figure,
    share_by_band_figure,
    share_figure,
    unmoved_by_department_table,
)
from tazuna.reporting.figures.heat_map import (
    MOST_FIGURES,
    ROWS_A_FIGURE,
    heat_map_figures,
    heat_map_measure,
    heat_map_rows,
    heat_map_table,
    pooled_table,
)
from tazuna.reporting.figures.individuals import AREAS
from tazuna.reporting.figures.score import SCORES
from tazuna.reporting.material import Material
from tazuna.reporting.sections.absence import absent
from tazuna.reporting.sections.comparable import comparable_note


def organisation_part(m: Material) -> Part:
    """Where in the organisation, and which groups do not move."""
    t = m.t
    return Part(
        code="organisation",
        title=t("Organisation view"),
        lead=t("In which parts of the organisation, and which groups do not move?"),
        sections=(
            Section("heat-map", t("Department by age band"), _heat_map(m)),
            Section("layers", t("Layers of mindset"), _layers(m)),
            Section("unmoved", t("The unmoved"), _unmoved(m)),
            Section("causes", t("Why people do not look forward to thinking about a career"), _causes(m)),
            Section("needs", t("Unmet needs of the unmoved"), _needs(m)),
        ),
    )


def _heat_map(m: Material) -> tuple[Block, ...]:
    t = m.t
    figures = heat_map_figures(m)
    if not figures:
        return (
            absent(
                m,
                held=bool(m.cells.groups("department")),
                what=t("There is no heat map by department."),
                why=t("It shows where in the organisation the score is high and where it is low."),
                how=t(
                    "Put department into the table people, and names of departments into the table "
                    "departments."
                ),
            ),
        )
    measure = heat_map_measure(m) or ""
    departments = heat_map_rows(m, measure)
    compared = SCORES if measure == "ms" else AREAS
    notes = (
        *_together(m),
        *comparable_note(m, "department", compared),
        *comparable_note(m, "age_band", compared),
    )
    if len(departments) <= ROWS_A_FIGURE * MOST_FIGURES:
        return (*figures, *notes)
    rest = t(
        "The figures show the {shown} departments with the highest scores of {count}; the table has all.",
        shown=ROWS_A_FIGURE * MOST_FIGURES,
        count=len(departments),
    )
    return (Paragraph(rest), *figures, heat_map_table(m, measure, number=0), *notes)


def _together(m: Material) -> tuple[Block, ...]:
    """Which departments share a row, and that nothing says for whose sake."""
    t = m.t
    table = pooled_table(m)
    if table is None:
        return ()
    said = t(
        "Some departments have too few answers to be shown alone. They are shown together with others near "
        "them in the organisation, in rows marked (together); which of them is the small one is not told. "
        "A department without a row of its own is in one of these; a large one may also have its own."
    )
    return (Paragraph(said, "note"), table)


def _layers(m: Material) -> tuple[Block, ...]:
    t = m.t
    notes = (
        t(
            "Practising: acted within the last six months (4 or 5 of 5); else understanding: interested "
            "(4 or 5); else traditional. Percent of those who can be placed, bars are 95% intervals."
        ),
    )
    figure = share_by_band_figure(
        m, "layer", code="layers", title=t("Share of each layer, everybody and by age band"), notes=notes
    )
    return (figure or _unasked(m, held=m.cells.at("share.layer.practice") is not None),)


def _unmoved(m: Material) -> tuple[Block, ...]:
    t = m.t
    figure = share_by_band_figure(
        m,
        "unmoved",
        code="unmoved",
        title=t("Share of the unmoved groups, everybody and by age band"),
        notes=(
            t(
                "Unmoved: not practising, or cannot picture using it here (1 or 2 of 5). The first that "
                "fits: met no measure in the last twelve months; growth is not supported; a high profile "
                "that cannot be used here. Own rules, version {version}.",
                version=m.methods.rules_version,
            ),
        ),
    )
    if figure is None:
        return (_unasked(m, held=m.cells.at("share.unmoved.moved") is not None),)
    return (figure,)


def _needs(m: Material) -> tuple[Block, ...]:
    needs = needs_figure(m) or _unasked(m, held=bool(m.cells.groups("unmoved")))
    table = unmoved_by_department_table(m)
    return (needs,) if table is None else (needs, table)


def _causes(m: Material) -> tuple[Block, ...]:
    t = m.t
    figure: Figure | None = share_figure(
        m,
        "cause",
        code="causes",
        title=t("What stands behind it"),
        notes=(t("One answer each; percent of those who answered the question, bars are 95% intervals."),),
    )
    return (figure or _unasked(m, held=bool(m.cells.measures("share.cause."))),)


def _unasked(m: Material, *, held: bool) -> Block:
    t = m.t
    return absent(
        m,
        held=held,
        what=t("The questions of layers and groups were not asked."),
        why=t("Without them it cannot be seen who does not move, and what would have to change for them."),
        how=t("Add the instrument layers_groups to the survey; it has 12 short questions."),
    )
