"""The management score (C/O経営スコア) by view and viewpoint, and the gaps between the viewpoints."""

from __future__ import annotations

from tazuna.reporting import palette
from tazuna.reporting.content import Figure
from tazuna.reporting.figures.dots import Dot, Frame, Look, dot_figure, round_domain
from tazuna.reporting.material import Material
from tazuna.reporting.words import VIEWPOINTS

SCORES = ("ms", "ms_see", "ms_grow", "ms_connect")
SIDES = ("executive", "hr", "manager", "employee")


def sides_of(m: Material, *, waves: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """The viewpoints of a figure: with everybody where the employees are not shown alone."""
    return SIDES if m.cells.staff(waves=waves) == "employee" else (*SIDES, "all")


def gaps_of(m: Material) -> tuple[str, ...]:
    """The pairs whose difference is shown: each side of the company and the people."""
    staff = m.cells.staff()
    return ("executive-employee", "hr-employee", "manager-employee") if staff == "employee" else _WITH_ALL


_WITH_ALL = ("executive-all", "hr-all")
"""Managers are among everybody: they are not compared with them."""


def look_of(side: str) -> Look:
    """Colour and shape of a viewpoint."""
    return Look(palette.VIEWPOINT_COLOURS[side], palette.VIEWPOINT_SHAPES[side])


def score_figure(m: Material) -> Figure | None:
    """Dots with intervals: total and three views, each by viewpoint; None where nobody has a score to
    show.
    """
    t = m.t
    dots = [
        Dot(m.scale(score), t(VIEWPOINTS[side].template), cell, look_of(side))
        for score in SCORES
        for side in sides_of(m)
        if (cell := m.cells.at(score, viewpoint=side)) is not None
    ]
    return dot_figure(
        m,
        dots,
        Frame(width=262, row_height=32),
        code="score",
        title=t("Management score by view and viewpoint (0 to 100)"),
        headings=(t("View"), t("Viewpoint"), t("Score")),
        notes=(
            t(
                "Mean of the answered questions, 0 to 100; bars are 95% intervals. Executives and HR "
                "answer in office; managers and employees are shown from {k} answers.",
                k=m.k,
            ),
        ),
    )


def gap_figure(m: Material) -> Figure | None:
    """Differences between each side of the company and the people; None where there is none to show."""
    t = m.t
    dots = [
        Dot(
            m.scale(score),
            t(
                "{side} − {other}",
                side=t(VIEWPOINTS[pair.split("-")[0]].template),
                other=t(VIEWPOINTS[m.cells.staff()].template),
            ),
            cell,
            look_of(pair.split("-")[0]),
        )
        for score in SCORES
        for pair in gaps_of(m)
        if (cell := m.cells.at(f"gap.{score}", viewpoint=pair)) is not None
    ]
    low, high = round_domain([dot.cell for dot in dots], 10.0)
    return dot_figure(
        m,
        dots,
        Frame(domain=(min(low, 0.0), max(high, 0.0)), width=300, row_height=22),
        code="gaps",
        title=t("Difference from the employees' score, in points")
        if m.cells.staff() == "employee"
        else t("Difference from everybody's score, in points"),
        headings=(t("View"), t("Difference"), t("Points")),
        notes=(_gap_method(m),),
    )


def _gap_method(m: Material) -> str:
    t = m.t
    fact = m.gap_fact
    drawn = (
        t("whole departments of the employees were drawn")
        if fact is not None and fact.resampled == "departments"
        else t("employees were drawn one by one")
    )
    return t(
        "Right of 0: that side sees it better. Intervals by bootstrap, {replicates} "
        "draws; {drawn}; a side with one respondent is taken as fixed.",
        replicates=f"{m.methods.replicates:,}",
        drawn=drawn,
    )
