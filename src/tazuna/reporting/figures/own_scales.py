"""Scales of instruments that were loaded from a file (読み込んだ調査票の尺度), by the groups of people."""

from __future__ import annotations

from tazuna.instrument.model import Scale
from tazuna.instrument.shipped import SHIPPED
from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.figures.dots import Dot, Frame, dot_figure
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of, mean_of
from tazuna.reporting.words import ATTRIBUTES

PANELS_A_FIGURE = 9
MOST_GROUPS = 12
"""An attribute with more groups than this is left to the table of group figures."""
_BY_ROW = ("all", "department")
"""Attributes that have no figure of their own: everybody stands in each table, departments in one."""


def own_scales(m: Material) -> tuple[Scale, ...]:
    """The scales of loaded instruments that have figures, in the order of their instrument."""
    return tuple(
        scale
        for instrument in m.study.instruments
        if instrument.id not in SHIPPED
        for scale in instrument.scales.values()
        if m.cells.at(scale.code) is not None
    )


def own_scores(m: Material) -> tuple[tuple[str, Cell], ...]:
    """Name and score of each top scale that can be shown, highest first."""
    found = [(m.scale(scale.code), m.cells.at(scale.code)) for scale in own_scales(m) if scale.parent is None]
    shown = [(name, cell) for name, cell in found if cell is not None and cell.shown]
    return tuple(sorted(shown, key=lambda score: -(score[1].mean or 0.0)))


def own_scores_figure(m: Material) -> Figure | None:
    """Everybody's score on each top scale, highest first; None without loaded instruments."""
    t = m.t
    return dot_figure(
        m,
        [Dot("", name, cell) for name, cell in own_scores(m)[:MOST_GROUPS]],
        Frame(columns=1, width=400, row_height=26, label_width=30),
        code="own-scores",
        title=t("Scales of your instrument, everybody (0 to 100)"),
        headings=("", t("Scale"), t("Score")),
        notes=(_note(m),),
    )


def own_scale_figures(m: Material) -> tuple[Figure, ...]:
    """A figure an attribute, a panel a top scale; in parts where there are many scales."""
    t = m.t
    tops = [scale.code for scale in own_scales(m) if scale.parent is None]
    parts = [tops[i : i + PANELS_A_FIGURE] for i in range(0, len(tops), PANELS_A_FIGURE)]
    figures = []
    for attribute, label in ATTRIBUTES.items():
        groups = () if attribute in _BY_ROW or not tops else m.cells.groups(attribute, tops[0])
        if not 1 < len(groups) <= MOST_GROUPS:
            continue
        for number, codes in enumerate(parts, start=1):
            title = t("Scales of your instrument by {attribute} (0 to 100)", attribute=t(label.template))
            if len(parts) > 1:
                title = t("{title} ({number} of {of})", title=title, number=number, of=len(parts))
            figures.append(_by_attribute(m, codes, attribute, groups, title, number))
    return tuple(figure for figure in figures if figure is not None)


def _by_attribute(
    m: Material, codes: list[str], attribute: str, groups: tuple[str, ...], title: str, number: int
) -> Figure | None:
    t = m.t
    dots = [
        Dot(m.scale(code), m.group(attribute, group), cell)
        for code in codes
        for group in groups
        if (cell := m.cells.at(code, group_by=attribute, group=group)) is not None
    ]
    return dot_figure(
        m,
        dots,
        Frame(width=232, columns=3, row_height=25),
        code=f"own-{attribute.replace('_', '-')}-{number}",
        title=title,
        headings=(t("Scale"), t(ATTRIBUTES[attribute].template), t("Score")),
        notes=(_note(m),),
    )


def own_scale_table(m: Material) -> Table | None:
    """Every scale of the loaded instruments for everybody and by age band; None without any."""
    t = m.t
    scales = own_scales(m)
    if not scales:
        return None
    bands = [b for b in m.age_bands if m.cells.at(scales[0].code, group_by="age_band", group=b) is not None]
    columns = (
        Column(t("Scale")),
        Column("n", "count"),
        Column(t("Everybody"), "score"),
        Column(t("95% lower"), "score"),
        Column(t("95% upper"), "score"),
        *(Column(m.group("age_band", band), "score") for band in bands),
    )
    rows: list[tuple[Value, ...]] = []
    for scale in scales:
        by_band = (mean_of(m.cells.at(scale.code, group_by="age_band", group=band)) for band in bands)
        rows.append((m.scale(scale.code), *figures_of(m.cells.at(scale.code)), *by_band))
    return Table(
        "own-scales", t("Scales of your instrument, everybody and by age band"), columns, tuple(rows)
    )


def own_department_table(m: Material) -> Table | None:
    """The top scales by department, shaded by size; None without departments."""
    t = m.t
    tops = [scale.code for scale in own_scales(m) if scale.parent is None][:PANELS_A_FIGURE]
    departments = m.department_rows(tops)
    if not departments:
        return None
    columns = (Column(t("Department")), Column("n", "count"), *(Column(m.scale(c), "score") for c in tops))
    rows: list[tuple[Value, ...]] = []
    for department in departments:
        found = [m.cells.at(code, group_by="department", group=department) for code in tops]
        rows.append((m.group("department", department), figures_of(found[0])[0], *map(mean_of, found)))
    rows.sort(key=lambda row: str(row[0]))
    shaded = tuple(range(2, len(columns)))
    return Table(
        "own-departments", t("Scales of your instrument by department"), columns, tuple(rows), shaded
    )


def _note(m: Material) -> str:
    return m.t(
        "Mean of the answered questions, 0 to 100; bars are 95% intervals. 0 and 100 are the ends of the "
        "answer scale: scores of different scales cannot be ranked against each other without norms."
    )
