"""The score over the waves (推移), a panel a view and a line a viewpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt

from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Column, Figure, NativeChart, NativeSeries, Table, Value
from tazuna.reporting.figures.dots import looks_legend, round_domain
from tazuna.reporting.figures.score import SCORES, look_of, sides_of
from tazuna.reporting.figures.theme import (
    Row,
    Specification,
    as_lines,
    data,
    finished,
    layered,
    side_by_side,
    spread,
)
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of, whole
from tazuna.reporting.words import VIEWPOINTS

_HEIGHT, _WIDTH = 138, 345
_LABEL_HEIGHT = 14.0
_BESIDE = 0.1
"""How far apart the viewpoints of one wave stand, in waves."""
_LETTER = 5.8
"""Width of a half-width character of an axis label, in px."""
_DASHES = {"executive": [1, 0], "hr": [8, 3], "manager": [4, 3], "employee": [1, 0], "all": [6, 2, 1, 2]}

Track = tuple[tuple[str, Cell], ...]


def trend_figure(m: Material) -> Figure | None:
    """Lines with intervals; None with fewer than two waves to show."""
    t = m.t
    sides = sides_of(m, waves=m.cells.waves)
    tracks = {(score, side): _track(m, score, side) for score in SCORES for side in sides}
    shown = [cell for track in tracks.values() for _, cell in track if cell.shown]
    waves = {wave for track in tracks.values() for wave, cell in track if cell.shown}
    if len(waves) < 2:
        return None
    domain = round_domain(shown, 10.0)
    drawn = [score for score in SCORES if any(c.shown for side in sides for _, c in tracks[score, side])]
    held = [side for side in sides if any(c.shown for score in SCORES for _, c in tracks[score, side])]
    charts = [_panel(m, score, {side: tracks[score, side] for side in held}, domain) for score in drawn]
    legend = looks_legend(t, {t(VIEWPOINTS[side].template): look_of(side) for side in held})
    title = t("Management score over the waves")
    return Figure(
        code="trend",
        title=title,
        spec=finished(side_by_side(charts, columns=2)),
        alternative=_words(m, drawn, tracks),
        table=_table(m, tracks),
        notes=(
            legend,
            t(
                "Bars are 95% intervals. The figures say what changed, not why: there is no group to "
                "compare with, and partly other people answered."
            ),
        ),
        native=_native(m, tracks),
    )


def _sides(tracks: dict[tuple[str, str], Track]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(side for _, side in tracks))


def _track(m: Material, score: str, side: str) -> Track:
    found = ((wave, m.cells.at(score, viewpoint=side, wave=wave)) for wave in m.cells.waves)
    return tuple((wave, cell) for wave, cell in found if cell is not None)


def _panel(m: Material, score: str, tracks: dict[str, Track], domain: tuple[float, float]) -> Specification:
    place = {wave: number for number, wave in enumerate(m.cells.waves)}
    furthest = _BESIDE * (len(tracks) - 1) / 2
    rows: list[Row] = []
    ends: list[Row] = []
    for beside, (side, track) in enumerate(tracks.items()):
        look, shift = look_of(side), _BESIDE * beside - furthest
        shown = [(place[wave] + shift, cell) for wave, cell in track if cell.shown]
        for at, cell in shown:
            lower = cell.mean if cell.lower is None else cell.lower
            upper = cell.mean if cell.upper is None else cell.upper
            row: Row = {"at": at, "mean": cell.mean, "lower": lower, "upper": upper}
            rows.append(row | {"side": side, "colour": look.colour, "shape": look.shape})
        if shown:
            cell = shown[-1][1]
            words = f"{m.t(VIEWPOINTS[side].template)} {whole(cell.mean or 0.0)}"
            ends.append({"at": shown[-1][0] - shift + furthest, "mean": cell.mean, "label": words})
    apart = _LABEL_HEIGHT * (domain[1] - domain[0]) / _HEIGHT
    for end, moved in zip(ends, spread([end["mean"] for end in ends], apart), strict=True):
        end["place"] = moved
    x = _time_axis(m)
    y = alt.Y(
        "mean:Q",
        scale=alt.Scale(domain=list(domain), nice=False, zero=False),
        axis=alt.Axis(title=None, tickCount=5),
    )
    base = alt.Chart(data(rows)).encode(x=x)
    colour = alt.Color("colour:N", scale=None)
    dashes = alt.Scale(domain=list(_DASHES), range=list(_DASHES.values()))
    dash = alt.StrokeDash("side:N", sort=list(_DASHES), scale=dashes, legend=None)
    return layered(
        base.mark_rule(strokeWidth=1.5, opacity=0.7).encode(
            y=alt.Y("lower:Q"), y2=alt.Y2("upper:Q"), color=colour
        ),
        base.mark_line(strokeWidth=2).encode(y=y, color=colour, strokeDash=dash, detail=alt.Detail("side:N")),
        base.mark_point(filled=True, size=80, opacity=1).encode(
            y=y, color=colour, shape=alt.Shape("shape:N", scale=None)
        ),
        alt.Chart(data(ends))
        .mark_text(align="left", dx=9)
        .encode(x=x, y=alt.Y("place:Q"), text=alt.Text("label:N")),
        width=_WIDTH,
        height=_HEIGHT,
        title=m.scale(score),
    )


def _time_axis(m: Material) -> alt.X:
    """Waves at 0, 1, 2, …, so that the viewpoints can stand side by side; the ticks carry the waves'
    names.
    """
    count = len(m.cells.waves)
    letters = max(int(_WIDTH / (count + 0.6) / _LETTER), 4)
    names = ["\n".join(as_lines(m.wave_label(wave), letters)) for wave in m.cells.waves]
    axis = alt.Axis(
        title=None,
        values=list(range(count)),
        labelExpr=f"split({json.dumps(names, ensure_ascii=False)}[datum.value], '\\n')",
        labelFontSize=11,
        grid=False,
    )
    return alt.X("at:Q", scale=alt.Scale(domain=[-0.4, count - 0.4], nice=False, zero=False), axis=axis)


def _rows(m: Material, tracks: dict[tuple[str, str], Track]) -> list[tuple[str, str, tuple[Value, ...]]]:
    return [
        (score, side, (m.scale(score), m.t(VIEWPOINTS[side].template), m.wave_label(wave), *figures_of(cell)))
        for (score, side), track in tracks.items()
        for wave, cell in track
    ]


def _table(m: Material, tracks: dict[tuple[str, str], Track]) -> Table:
    t = m.t
    columns = (
        *(Column(name) for name in (t("View"), t("Viewpoint"), t("Wave"))),
        Column("n", "count"),
        Column(t("Score"), "score"),
        Column(t("95% lower"), "score"),
        Column(t("95% upper"), "score"),
    )
    rows = tuple(values for _, _, values in _rows(m, tracks))
    return Table("trend-table", t("Management score over the waves"), columns, rows)


def _native(m: Material, tracks: dict[tuple[str, str], Track]) -> NativeChart:
    """The total's lines: a spreadsheet chart has one panel."""
    rows = _rows(m, tracks)
    series = []
    for side in _sides(tracks):
        places = [i for i, (score, viewpoint, _) in enumerate(rows) if (score, viewpoint) == ("ms", side)]
        if places:
            series.append(NativeSeries(m.t(VIEWPOINTS[side].template), places[0], places[-1]))
    return NativeChart("line", tuple(series), label_column=2, value_column=4, interval_columns=(5, 6))


def _words(m: Material, drawn: Sequence[str], tracks: dict[tuple[str, str], Track]) -> str:
    """The total's tracks, or those of every view where the total is not shown."""
    parts = []
    for score in ("ms",) if "ms" in drawn else drawn:
        for side in _sides(tracks):
            track = [(m.wave_label(wave), c.mean) for wave, c in tracks[score, side] if c.mean is not None]
            if track:
                values = m.t(", ").join(f"{wave} {whole(mean)}" for wave, mean in track)
                name = f"{m.scale(score)} {m.t(VIEWPOINTS[side].template)}"
                parts.append(m.t("{name}: {values}", name=name, values=values))
    return m.t("; ").join(parts)
