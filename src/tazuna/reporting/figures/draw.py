"""Figures of a draw (抽選の図): who got which choice, who by group, and everybody's chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt

from tazuna.language import Language, Message, Translator, message, translator
from tazuna.matching.costs import Cost
from tazuna.matching.figures import DrawFigures
from tazuna.reporting import palette
from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.figures.dots import Dot, Frame, dot_figure, round_domain
from tazuna.reporting.figures.theme import data, finished, layered
from tazuna.reporting.words import group_label

MOST_GROUPS = 12
_ATTRIBUTES: Mapping[str, Message] = {
    "age_band": message("Age band"),
    "worksite": message("Worksite"),
    "company": message("Company"),
}


@dataclass(frozen=True, slots=True)
class DrawWords:
    """A draw's figures and the words for them.

    Parameters
    ----------
    companies
        Organisation id → name.
    """

    figures: DrawFigures
    companies: Mapping[str, str]
    language: Language

    @property
    def t(self) -> Translator:
        """The translator into the language of the figures."""
        return translator(self.language)

    def group(self, group_by: str, group: str) -> str:
        """What a group is called."""
        if not group:
            return str(self.t("Not known"))
        if group_by == "company":
            return self.companies.get(group, group)
        return group_label(group_by, group, self.language, self.t)


def share_by_rank_figure(w: DrawWords) -> Figure | None:
    """Share of applicants with each choice, the runner-up's average beside it."""
    t, fair = w.t, w.figures.fairness
    if not fair.applicants:
        return None
    other = w.figures.runner_up
    dots = [
        Dot("", t("Choice {rank}", rank=rank), cell, beside=_beside(other, rank, fair.applicants))
        for rank, cell in enumerate(_rank_cells(w.figures), 1)
    ]
    without = Cell(fair.applicants, 100 * fair.unmatched / fair.applicants, None, None, hidden=False)
    left = None if other is None else fair.applicants - other.places
    rest = None if left is None else Cell(None, 100 * left / fair.applicants, None, None, hidden=False)
    dots.append(Dot("", t("No place"), without, beside=rest))
    notes = [t("Percent of the {count} people who applied; bars are 95% intervals.", count=fair.applicants)]
    if other is not None:
        notes.append(
            t("● this draw, □ the best other rules on average: {name}.", name=t(other.name.template))
        )
    return dot_figure(
        w,
        dots,
        Frame(columns=1, width=460, row_height=28, label_width=20, kind="percent", unit="%"),
        code="share-by-rank",
        title=t("Who got which choice"),
        headings=("", t("Result"), t("Share")),
        notes=tuple(notes),
        beside=None if other is None else t("Other rules"),
    )


def places_by_group_figure(w: DrawWords) -> Figure | None:
    """Share with a place by age band, worksite and company; None where every group is protected."""
    t = w.t
    shown = w.figures.groups.filter(~w.figures.groups["suppressed"])
    dots, left_out = [], w.figures.groups.height - shown.height
    for group_by, label in _ATTRIBUTES.items():
        rows = list(shown.filter(shown["group_by"] == group_by).iter_rows(named=True))
        left_out += max(0, len(rows) - MOST_GROUPS)
        largest = sorted(rows, key=lambda row: -row["n"])[:MOST_GROUPS]
        for row in rows if len(rows) <= MOST_GROUPS else largest:
            cell = Cell(row["n"], row["mean"], row["lower"], row["upper"], hidden=False)
            dots.append(Dot(t(label.template), w.group(group_by, row["group"]), cell))
    notes = [t("Percent of a group's applicants who have a place; bars are 95% intervals.")]
    if left_out:
        notes.append(t("{count} more groups are not shown.", count=left_out))
    return dot_figure(
        w,
        dots,
        Frame(
            domain=round_domain([dot.cell for dot in dots], 20.0, floor=0.0),
            columns=2,
            width=240,
            row_height=26,
            label_width=24,
            kind="percent",
            unit="%",
        ),
        code="places-by-group",
        title=t("Who has a place, by group"),
        headings=(t("Group by"), t("Group"), t("Share with a place")),
        notes=tuple(notes),
    )


def chances_figure(w: DrawWords) -> Figure:
    """How many people had which chance of a place, before the draw."""
    t, figures = w.t, w.figures
    steps = [
        t("{low}–{high}%", low=10 * tenth, high=10 * tenth + 10)
        for tenth in range(len(figures.chance_tenths))
    ]
    labels = [t("0%"), *steps, t("100%")]
    people = [figures.in_none, *figures.chance_tenths.tolist(), figures.in_every]
    drawn = [False, *[True] * len(steps), False]
    rows = [
        {"label": label, "people": count, "colour": palette.ACCENT if by_draw else palette.LINE}
        for label, count, by_draw in zip(labels, people, drawn, strict=True)
    ]
    base = alt.Chart(data(rows)).encode(
        x=alt.X("label:N", sort=labels, axis=alt.Axis(title=t("Chance of a place"), labelAngle=-40)),
        y=alt.Y("people:Q", axis=alt.Axis(title=t("People"), tickMinStep=1)),
    )
    bars = base.mark_bar().encode(color=alt.Color("colour:N", scale=None))
    numbers = base.mark_text(dy=-8).encode(text=alt.Text("people:Q"))
    table: list[tuple[Value, ...]] = list(zip(labels, people, strict=True))
    title = t("Everybody's chance of a place")
    return Figure(
        code="chances",
        title=title,
        spec=finished(layered(bars, numbers, width=620, height=190)),
        alternative=t(", ").join(t("{name} {count}", name=name, count=count) for name, count in table),
        table=Table(
            "chances-table",
            title,
            (Column(t("Chance of a place")), Column(t("People"), "count")),
            tuple(table),
        ),
        notes=(
            t(
                "Blue: people whom the draw decided about ({count}). Grey: a place in no redraw, or in "
                "every one.",
                count=sum(people[1:-1]),
            ),
        ),
    )


def _rank_cells(figures: DrawFigures) -> list[Cell]:
    fair = figures.fairness
    shares = 100 * fair.share_by_rank
    return [
        Cell(int(count), float(share), 100 * float(low), 100 * float(high), hidden=False)
        for count, share, low, high in zip(fair.by_rank, shares, figures.lower, figures.upper, strict=True)
    ]


def _beside(other: Cost | None, rank: int, applicants: int) -> Cell | None:
    """The runner-up's average share at a rank."""
    if other is None:
        return None
    people = float(other.by_rank[rank - 1]) if rank <= other.by_rank.size else 0.0
    return Cell(None, 100 * people / applicants, None, None, hidden=False)
