"""Estimates beside the simulator's truth (答え合わせ): only for made-up data, where the truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from tazuna.reporting import palette
from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.figures.dots import round_domain
from tazuna.reporting.figures.score import SCORES
from tazuna.reporting.figures.theme import Row, as_lines, data, finished, label_room, wrapped
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of, interval, whole
from tazuna.reporting.words import VIEWPOINTS

VIEWPOINTS_KNOWN = {
    "manager": ("viewpoint", "manager"),
    "employee": ("viewpoint", "employee"),
    "all": ("all", "all"),
}
"""Where the truth of each viewpoint stands; of the company side there is none: it estimates nothing."""
BY_AGE = ("co", "used", "opportunity")
BY_DEPARTMENT = ("co", "ms")

_WIDTH, _ROW_HEIGHT = 250, 25
_LABEL_ROOM = 116.0
"""Width in px of what stands at the right of a row."""

TrueScores = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A score as estimated from the answers and as it is; a protected estimate has no truth beside it."""

    panel: str
    name: str
    estimate: Cell
    truth: float | None

    @property
    def holds(self) -> bool | None:
        """Whether the interval holds the truth; None where there is no interval to judge."""
        if self.truth is None or self.estimate.lower is None or self.estimate.upper is None:
            return None
        return self.estimate.lower <= self.truth <= self.estimate.upper


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """What came of holding the estimates against the truth.

    Parameters
    ----------
    held, judged
        How many intervals hold the truth, of how many.
    figures
        By view and viewpoint, by age band, by department: those that have anything to show.
    """

    held: int
    judged: int
    figures: tuple[Figure, ...]


def answer_check(m: Material, true_scores: TrueScores) -> AnswerCheck:
    """Hold the reported wave's estimates against the truth.

    Parameters
    ----------
    m
        The organisation's protected figures and the words.
    true_scores
        Of the organisation and any waves: rows with ``organisation_id``, ``wave``, ``group_by`` (all,
        viewpoint, age_band, department), ``group``, and a true mean a scale, 0–100, of everybody present.
    """
    t = m.t
    truth = _by_place(m, true_scores)
    parts = {
        "views": (t("Management score: estimate and truth"), _views(m, truth)),
        "age": (t("By age band: estimate and truth"), _ages(m, truth)),
        "departments": (t("By department: estimate and truth"), _departments(m, truth)),
    }
    verdicts = [pair.holds for _, pairs in parts.values() for pair in pairs if pair.holds is not None]
    figures = tuple(
        _figure(m, f"answer-check-{code}", title, pairs)
        for code, (title, pairs) in parts.items()
        if any(pair.estimate.shown for pair in pairs)
    )
    return AnswerCheck(sum(verdicts), len(verdicts), figures)


Place = tuple[str, str, str]


def _by_place(m: Material, true_scores: TrueScores) -> dict[Place, float]:
    """(group_by, group, scale) → the truth of the reported wave."""
    found: dict[Place, float] = {}
    for row in true_scores:
        if (row["organisation_id"], row["wave"]) != (m.organisation_id, m.wave.wave):
            continue
        for scale, value in row.items():
            if isinstance(value, float):
                found[str(row["group_by"]), str(row["group"]), scale] = value
    return found | _of_pools(m, true_scores, found)


def _of_pools(m: Material, true_scores: TrueScores, found: Mapping[Place, float]) -> dict[Place, float]:
    """The truth of departments together, each by its people; none where one of them has no truth."""
    people = {
        str(row["group"]): row["people"]
        for row in true_scores
        if (row["organisation_id"], row["wave"], row["group_by"])
        == (m.organisation_id, m.wave.wave, "department")
    }
    together: dict[Place, float] = {}
    for pool, members in m.pools.items():
        weights = [float(str(people.get(member, 0))) for member in members]
        for scale in BY_DEPARTMENT:
            truths = [found.get(("department", member, scale)) for member in members]
            held = [truth for truth in truths if truth is not None]
            if len(held) == len(members):
                total = sum(weight * truth for weight, truth in zip(weights, held, strict=True))
                together["department", pool, scale] = total / sum(weights)
    return together


def _views(m: Material, truth: Mapping[Place, float]) -> list[Pair]:
    """Managers and employees, and everybody where few managers hide both."""
    pairs = []
    for score in SCORES:
        employees = m.cells.at(score, viewpoint="employee")
        for side, (group_by, group) in VIEWPOINTS_KNOWN.items():
            cell = m.cells.at(score, viewpoint=side)
            if cell is None or (side == "all" and employees is not None and employees.shown):
                continue
            name = m.t(VIEWPOINTS[side].template)
            pairs.append(_pair(m.scale(score), name, cell, truth.get((group_by, group, score))))
    return pairs


def _ages(m: Material, truth: Mapping[Place, float]) -> list[Pair]:
    return [
        _pair(m.scale(scale), m.ruled("age_band", band), cell, truth.get(("age_band", band, scale)))
        for scale in BY_AGE
        for band in m.age_bands
        if (cell := m.cells.at(scale, group_by="age_band", group=band)) is not None
    ]


def _departments(m: Material, truth: Mapping[Place, float]) -> list[Pair]:
    return [
        _pair(
            _score_name(m, scale),
            m.axis_label("department", group),
            cell,
            truth.get(("department", group, scale)),
        )
        for scale in BY_DEPARTMENT
        for group in m.department_rows([scale])
        if (cell := m.cells.at(scale, group_by="department", group=group)) is not None
    ]


def _score_name(m: Material, scale: str) -> str:
    return m.t("Management score") if scale == "ms" else m.scale(scale)


def _pair(panel: str, name: str, estimate: Cell, truth: float | None) -> Pair:
    return Pair(panel, name, estimate, truth if estimate.shown else None)


def _figure(m: Material, code: str, title: str, pairs: list[Pair]) -> Figure:
    t = m.t
    panels = [[p for p in pairs if p.panel == panel] for panel in dict.fromkeys(p.panel for p in pairs)]
    cells = [p.estimate for p in pairs]
    cells += [Cell(None, p.truth, None, None, hidden=False) for p in pairs if p.truth is not None]
    domain = round_domain(cells, 10.0)
    charts = [_panel(m, panel, domain) for panel in panels]
    return Figure(
        code=code,
        title=title,
        spec=finished(alt.concat(*charts, columns=2, spacing={"row": 16, "column": 24})),
        alternative=_words(m, panels),
        table=_table(m, f"{code}-table", title, pairs),
        notes=(
            t(
                "● estimate with its 95% interval, ◇ truth. The truth is the expected score of everybody "
                "present, whether or not they answered. A protected group has neither; a "
                "unit that came out of a later reorganisation has no truth."
            ),
        ),
    )


def _panel(m: Material, pairs: list[Pair], domain: tuple[float, float]) -> Any:
    low, high = domain
    rows = [_row(m, pair) for pair in pairs]
    order = [str(row["name"]) for row in rows]
    beyond = high + (high - low) * _LABEL_ROOM / (_WIDTH - _LABEL_ROOM)
    values = [low + step * 10.0 for step in range(int((high - low) // 10) + 1)]
    x = alt.X(
        "mean:Q",
        scale=alt.Scale(domain=[low, beyond], nice=False, zero=False),
        axis=alt.Axis(title=None, values=values),
    )
    side = alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelExpr="split(datum.label, '\\n')",
        minExtent=label_room(order),
    )
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("name:N", sort=order, scale=alt.Scale(domain=order), axis=side)
    )
    shown, known = base.transform_filter("datum.mean != null"), base.transform_filter("datum.truth != null")
    layers = alt.layer(
        shown.mark_rule(strokeWidth=2.5, color=palette.ACCENT).encode(
            x=alt.X("lower:Q", title=None), x2=alt.X2("upper:Q")
        ),
        shown.mark_point(size=70, filled=True, opacity=1, color=palette.ACCENT).encode(x=x),
        known.mark_point(size=110, shape="diamond", opacity=1, strokeWidth=2, color=palette.WARNING).encode(
            x=alt.X("truth:Q")
        ),
        base.mark_text(align="left", dx=10).encode(x=alt.XDatum(high), text=alt.Text("label:N")),
    )
    title = alt.TitleParams(text=as_lines(pairs[0].panel, 30), anchor="start", frame="group")
    return layers.properties(width=_WIDTH, height=_ROW_HEIGHT * len(order), title=title)


def _row(m: Material, pair: Pair) -> Row:
    cell = pair.estimate
    return {
        "name": wrapped(pair.name),
        "mean": cell.mean,
        "lower": cell.mean if cell.lower is None else cell.lower,
        "upper": cell.mean if cell.upper is None else cell.upper,
        "truth": pair.truth,
        "label": _label(m, pair),
    }


def _label(m: Material, pair: Pair) -> str:
    t = m.t
    cell = pair.estimate
    if cell.mean is None:
        return t("not shown")
    if pair.truth is None:
        return whole(cell.mean)
    sign = {True: " ✓", False: " ×", None: ""}[pair.holds]
    return t("{estimate}, truth {truth}", estimate=whole(cell.mean), truth=whole(pair.truth)) + sign


def _table(m: Material, code: str, caption: str, pairs: list[Pair]) -> Table:
    t = m.t
    columns = (
        Column(t("Measure")),
        Column(t("Group")),
        Column("n", "count"),
        Column(t("Estimate"), "score"),
        Column(t("95% interval, lower"), "score"),
        Column(t("95% interval, upper"), "score"),
        Column(t("Truth"), "score"),
        Column(t("Interval holds the truth")),
    )
    rows: list[tuple[Value, ...]] = [
        (p.panel, p.name, *figures_of(p.estimate), p.truth, _verdict(m, p)) for p in pairs
    ]
    return Table(code, caption, columns, tuple(rows))


def _verdict(m: Material, pair: Pair) -> str | None:
    return {True: m.t("it does"), False: m.t("it does not"), None: None}[pair.holds]


def _words(m: Material, panels: list[list[Pair]]) -> str:
    t = m.t
    parts = []
    for pairs in panels:
        values = [
            t(
                "{name} {estimate}, truth {truth}",
                name=p.name,
                estimate=whole(p.estimate.mean) + interval(p.estimate, t),
                truth="–" if p.truth is None else whole(p.truth),
            )
            for p in pairs
            if p.estimate.mean is not None
        ]
        if not values:
            continue
        parts.append(t("{name}: {values}", name=pairs[0].panel, values=t("; ").join(values)))
    return str(t("; ").join(parts))
