"""Layers and unmoved groups (層と不動層): their sizes, what they lack, and why they do not move."""

from __future__ import annotations

from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.figures.dots import BESIDE, Dot, Frame, Look, dot_figure, looks_legend, round_domain
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of, mean_of

UNMOVED = ("unreached", "not_growing", "not_pictured", "unclassified")
MOVED = "moved"


def share_figure(m: Material, ruling: str, *, code: str, title: str, notes: tuple[str, ...]) -> Figure | None:
    """Shares of the groups of one ruling among those who could be placed."""
    dots = [
        Dot("", m.ruled(ruling, group), cell)
        for group in m.ruling_groups(ruling)
        if (cell := m.cells.at(f"share.{ruling}.{group}")) is not None
    ]
    t = m.t
    return dot_figure(
        m,
        dots,
        _share_frame(dots, columns=1, width=560, label_width=44),
        code=code,
        title=title,
        headings=("", t("Group"), t("Share")),
        notes=notes,
    )


def share_by_band_figure(
    m: Material, ruling: str, *, code: str, title: str, notes: tuple[str, ...]
) -> Figure | None:
    """Shares of the groups of one ruling, a panel for everybody and for each age band."""
    places = [("all", "all"), *(("age_band", band) for band in m.age_bands)]
    dots = [
        Dot(m.group(group_by, group), m.ruled(ruling, code_), cell)
        for group_by, group in places
        for code_ in m.ruling_groups(ruling)
        if (cell := m.cells.at(f"share.{ruling}.{code_}", group_by=group_by, group=group)) is not None
    ]
    t = m.t
    return dot_figure(
        m,
        dots,
        _share_frame(dots, columns=2, width=290, label_width=26),
        code=code,
        title=title,
        headings=(t("Age band"), t("Group"), t("Share")),
        notes=notes,
    )


def needs_figure(m: Material) -> Figure | None:
    """What each unmoved group lacks: its figures beside those of people who are on the move."""
    t = m.t
    dots = []
    for group in UNMOVED:
        panel = m.ruled("unmoved", group)
        for need in m.needs("unmoved", group):
            theirs = m.cells.at(need, group_by="unmoved", group=group)
            others = m.cells.at(need, group_by="unmoved", group=MOVED)
            if theirs is not None:
                dots.append(Dot(panel, m.scale(need), theirs, beside=others))
    moved = m.ruled("unmoved", MOVED)
    legend = looks_legend(t, {t("that group"): Look(), moved: BESIDE})
    return dot_figure(
        m,
        dots,
        Frame(width=290, row_height=26),
        code="needs",
        title=t("Unmet needs of the unmoved groups (0 to 100)"),
        headings=(t("Group"), t("Measure"), t("Value")),
        notes=(
            legend,
            t(
                "Scores from 0 to 100, yes-or-no questions in percent, bars are 95% intervals. Needs are "
                "listed by the group rules, version {version}; part of each difference follows from the "
                "rule itself.",
                version=m.methods.rules_version,
            ),
        ),
        beside=moved,
    )


def unmoved_by_department_table(m: Material) -> Table | None:
    """Share of everybody unmoved and of each group by department; None without departments."""
    t = m.t
    departments = m.department_rows([f"share.unmoved.{group}" for group in (MOVED, *UNMOVED)])
    if not departments:
        return None
    columns = (
        Column(t("Department")),
        Column("n", "count"),
        *(Column(m.ruled("unmoved", group), "percent") for group in (*UNMOVED, MOVED)),
    )
    rows: list[tuple[Value, ...]] = []
    for department in departments:
        shares = [
            m.cells.at(f"share.unmoved.{group}", group_by="department", group=department)
            for group in (*UNMOVED, MOVED)
        ]
        rows.append((m.group("department", department), figures_of(shares[-1])[0], *map(mean_of, shares)))
    rows.sort(key=lambda row: str(row[0]))
    return Table("unmoved-department", t("Unmoved groups by department"), columns, tuple(rows))


def _share_frame(dots: list[Dot], *, columns: int, width: int, label_width: int) -> Frame:
    domain = round_domain([dot.cell for dot in dots], 10.0, floor=0.0)
    return Frame(
        domain=domain,
        columns=columns,
        width=width,
        row_height=26,
        label_width=label_width,
        kind="percent",
        unit="%",
    )
