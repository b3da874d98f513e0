"""Figures of the individual view (個人視点): profile, steps, reasons, contribution by level."""

from __future__ import annotations

from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.figures.dots import Dot, Frame, dot_figure, round_domain
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of

AREAS = ("co", "co1", "co2", "co3", "co4", "co5")
REASONS = ("reason_not_moving", "reason_not_learning")


def profile_figure(m: Material) -> Figure | None:
    """The profile's total and five areas, for everybody and by age band."""
    t = m.t
    places = [("all", "all"), *(("age_band", band) for band in m.age_bands)]
    dots = [
        Dot(m.scale(area), m.group(group_by, group), cell)
        for area in AREAS
        for group_by, group in places
        if (cell := m.cells.at(area, group_by=group_by, group=group)) is not None
    ]
    return dot_figure(
        m,
        dots,
        Frame(width=232, columns=3, row_height=25),
        code="profile",
        title=t("Career ownership profile by age band (0 to 100)"),
        headings=(t("Area"), t("Age band"), t("Score")),
        notes=(
            t(
                "Mean of the answered questions, 0 to 100; bars are 95% intervals. n of each mark is in "
                "the table. Scores of the 11 items are not shown; their reliability is in the annex."
            ),
        ),
    )


def contribution_figure(m: Material) -> Figure | None:
    """Mean contribution by level of the profile."""
    t = m.t
    dots = [
        Dot("", m.ruled("level", level), cell)
        for level in m.ruling_groups("level")
        if (cell := m.cells.at("contribution", group_by="level", group=level)) is not None
    ]
    order = m.study.orders.get("contribution")
    scale = (
        t("Contribution as the company rates it: {order}.", order=_ranks(order))
        if order
        else t("Contribution as the company states it, a number.")
    )
    return dot_figure(
        m,
        dots,
        Frame(
            domain=round_domain([dot.cell for dot in dots], 0.5),
            columns=1,
            width=560,
            label_width=44,
            row_height=26,
            kind="coefficient",
            decimals=2,
        ),
        code="contribution",
        title=t("Contribution by level of the profile"),
        headings=("", t("Level of the profile"), t("Contribution, mean")),
        notes=(
            scale,
            t(
                "Bars are 95% intervals; only people who answered. A relation, not an effect: people may "
                "be rated high and feel in charge for a third reason."
            ),
        ),
    )


def reasons_figure(m: Material) -> Figure | None:
    """Reasons for not moving and not learning, most frequent first."""
    t = m.t
    dots = []
    for question in REASONS:
        prefix = f"dist.{question}."
        found = [(name.removeprefix(prefix), m.cells.at(name)) for name in m.cells.measures(prefix)]
        shares = [(category, cell) for category, cell in found if cell is not None]
        shares.sort(key=lambda share: -(share[1].mean or 0.0))
        dots += [Dot(m.scale(question), m.category(question, category), cell) for category, cell in shares]
    domain = round_domain([dot.cell for dot in dots], 10.0, floor=0.0)
    return dot_figure(
        m,
        dots,
        Frame(domain=domain, columns=2, width=240, row_height=25, label_width=30, kind="percent", unit="%"),
        code="reasons",
        title=t("Reasons for not moving and not learning"),
        headings=(t("Question"), t("Reason"), t("Share")),
        notes=(t("One reason each; percent of those who answered the question, bars are 95% intervals."),),
    )


def outcome_table(m: Material) -> Table | None:
    """Every outcome for everybody and by age band; None where none can be shown."""
    t = m.t
    outcomes = [
        scale.code
        for instrument in m.study.instruments
        for scale in instrument.scales.values()
        if scale.kind == "outcome" and (cell := m.cells.at(scale.code)) is not None and cell.shown
    ]
    if not outcomes:
        return None
    bands = [
        band for band in m.age_bands if m.cells.at(outcomes[0], group_by="age_band", group=band) is not None
    ]
    columns = (
        Column(t("Outcome")),
        Column("n", "count"),
        Column(t("Everybody"), "score"),
        Column(t("95% lower"), "score"),
        Column(t("95% upper"), "score"),
        *(Column(m.group("age_band", band), "score") for band in bands),
    )
    rows: list[tuple[Value, ...]] = []
    for outcome in outcomes:
        by_band = (figures_of(m.cells.at(outcome, group_by="age_band", group=band))[1] for band in bands)
        rows.append((m.scale(outcome), *figures_of(m.cells.at(outcome)), *by_band))
    return Table("outcomes", t("Outcomes, everybody and by age band (0 to 100)"), columns, tuple(rows))


def _ranks(order: tuple[str, ...]) -> str:
    return " < ".join(f"{text} = {rank}" for rank, text in enumerate(order, start=1))
