"""The heat map (ヒートマップ): departments by age bands, protected cells hatched."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from tazuna.reporting import palette
from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.figures.theme import (
    HATCH,
    Row,
    Specification,
    data,
    finished,
    label_room,
    layered,
    side_by_side,
)
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of, mean_of, whole
from tazuna.reporting.pooled_rows import listed, rows_once

ROWS_A_FIGURE = 16
MOST_FIGURES = 4
_COLUMN, _LINE = 128, 21
_SHADE_STEP = 4.0
_WHOLE = "all"


def heat_map_measure(m: Material) -> str | None:
    """The measure shown: the management score, else the profile; None where departments have neither."""
    return next((s for s in ("ms", "co") if m.cells.groups("department", s)), None)


def heat_map_figures(m: Material) -> tuple[Figure, ...]:
    """As many figures as the departments need; empty where every cell is protected."""
    measure = heat_map_measure(m)
    if measure is None:
        return ()
    departments = heat_map_rows(m, measure)
    bands = _bands(m, measure)
    grid = {(d, band): _cell(m, measure, d, band) for d in departments for band in (_WHOLE, *bands)}
    if not any(cell is not None and cell.shown for cell in grid.values()):
        return ()
    means = [cell.mean for cell in grid.values() if cell is not None and cell.mean is not None]
    domain = (min(means) // _SHADE_STEP * _SHADE_STEP, -(-(max(means) + 0.1) // _SHADE_STEP) * _SHADE_STEP)
    pages = [departments[i : i + ROWS_A_FIGURE] for i in range(0, len(departments), ROWS_A_FIGURE)][
        :MOST_FIGURES
    ]
    return tuple(
        _figure(m, measure, page, bands, grid, domain, number=number, of=len(pages))
        for number, page in enumerate(pages, start=1)
    )


def heat_map_table(
    m: Material, measure: str, departments: Sequence[str] | None = None, number: int = 1
) -> Table:
    """Scores and n of every department and age band."""
    t = m.t
    bands = _bands(m, measure)
    columns = [Column(t("Department"))]
    for band in (_WHOLE, *bands):
        name = t("Whole department") if band == _WHOLE else m.group("age_band", band)
        columns += [Column(name, "score"), Column(t("n of {name}", name=name), "count")]
    rows: list[tuple[Value, ...]] = []
    for department in departments or heat_map_rows(m, measure):
        values: list[Value] = [m.group("department", department)]
        for band in (_WHOLE, *bands):
            cell = _cell(m, measure, department, band)
            values += [mean_of(cell), figures_of(cell)[0]]
        rows.append(tuple(values))
    caption = t("{measure} by department and age band", measure=_measure_name(m, measure))
    shaded = tuple(range(1, len(columns), 2))
    return Table(f"heat-map-{number}-table", caption, tuple(columns), tuple(rows), shaded)


def _measure_name(m: Material, measure: str) -> str:
    return m.t("Management score, total") if measure == "ms" else m.scale(measure)


def _bands(m: Material, measure: str) -> tuple[str, ...]:
    pairs = m.cells.groups("department*age_band", measure)
    held = {pair.partition("|")[2] for pair in pairs}
    return tuple(band for band in m.age_bands if band in held)


def pooled_table(m: Material) -> Table | None:
    """Which departments the heat map shows together; None where it shows none."""
    t = m.t
    measure = heat_map_measure(m)
    held = [row for row in heat_map_rows(m, measure) if row in m.pools] if measure else []
    rows = tuple(
        (
            m.group("department", pool),
            listed([m.group("department", member) for member in m.pools[pool]], t),
        )
        for pool in held
    )
    columns = (Column(t("Row")), Column(t("Departments in it")))
    return Table("pooled-departments", t("Departments shown together"), columns, rows) if rows else None


def heat_map_rows(m: Material, measure: str) -> list[str]:
    """Departments and pools from the highest score to the lowest; those without a figure last, by name."""
    bands = (_WHOLE, *_bands(m, measure))

    def shown(department: str) -> bool:
        cells = (_cell(m, measure, department, band) for band in bands)
        return any(cell is not None and cell.shown for cell in cells)

    def place(department: str) -> tuple[bool, float, str]:
        cell = m.cells.at(measure, group_by="department", group=department)
        mean = None if cell is None else cell.mean
        return (mean is None, -(mean or 0.0), m.group("department", department))

    return sorted(rows_once(m.cells.groups("department", measure), m.pools, shown), key=place)


def _cell(m: Material, measure: str, department: str, band: str) -> Cell | None:
    if band == _WHOLE:
        return m.cells.at(measure, group_by="department", group=department)
    return m.cells.at(measure, group_by="department*age_band", group=f"{department}|{band}")


def _figure(
    m: Material,
    measure: str,
    departments: Sequence[str],
    bands: Sequence[str],
    grid: dict[tuple[str, str], Cell | None],
    domain: tuple[float, float],
    *,
    number: int,
    of: int,
) -> Figure:
    t = m.t
    title = t("{measure} by department and age band", measure=_measure_name(m, measure))
    if of > 1:
        title = t("{title} ({number} of {of})", title=title, number=number, of=of)
    cells = [grid[d, band] for d in departments for band in (_WHOLE, *bands)]
    hidden = sum(cell is not None and cell.hidden for cell in cells)
    return Figure(
        code=f"heat-map-{number}",
        title=title,
        spec=finished(_tiles(m, departments, bands, grid, domain)),
        alternative=_words(m, departments, grid, hidden),
        table=heat_map_table(m, measure, departments, number),
        notes=(
            t(
                "Hatched: not shown for protection. A dark cell is a high score. From the highest score "
                "of the whole department to the lowest; departments as they are today. n of each cell is "
                "in the table.",
            ),
        ),
    )


def _words(
    m: Material, departments: Sequence[str], grid: dict[tuple[str, str], Cell | None], hidden: int
) -> str:
    """Highest and lowest department, and how much is protected."""
    t = m.t
    means = [(d, c.mean) for d in departments if (c := grid[d, _WHOLE]) is not None and c.mean is not None]
    said = t(
        "{count} departments; {hidden} cells are hatched: not shown for protection. The table has every "
        "figure.",
        count=len({member for d in departments for member in m.pools.get(d, (d,))}),
        hidden=hidden,
    )
    if not means:
        return said
    (high, most), (low, least) = max(means, key=lambda d: d[1]), min(means, key=lambda d: d[1])
    ends = t(
        "Highest: {high} with {most}; lowest: {low} with {least}. ",
        high=m.group("department", high),
        most=whole(most),
        low=m.group("department", low),
        least=whole(least),
    )
    return ends + said


def _tiles(
    m: Material,
    departments: Sequence[str],
    bands: Sequence[str],
    grid: dict[tuple[str, str], Cell | None],
    domain: tuple[float, float],
) -> Specification:
    columns = {_WHOLE: m.t("Whole department")} | {band: m.group("age_band", band) for band in bands}
    names = _distinct_labels(m, departments)
    rows: list[Row] = []
    for department in departments:
        for band, label in columns.items():
            cell = grid[department, band]
            if cell is None or not (cell.hidden or cell.shown):
                continue
            ground = HATCH if cell.mean is None else _shade(cell.mean, domain)
            words = "" if cell.mean is None else whole(cell.mean)
            ink = palette.INK if cell.mean is None else palette.ink_on(ground)
            rows.append(
                {"name": names[department], "band": label, "ground": ground, "words": words, "ink": ink}
            )
    order = [names[d] for d in departments]
    x_axis = alt.Axis(title=None, orient="top", labelAngle=0, ticks=False, domain=False, labelPadding=6)
    x = alt.X("band:N", sort=list(columns.values()), axis=x_axis)
    side = alt.Axis(title=None, ticks=False, domain=False, minExtent=label_room(order))
    y = alt.Y("name:N", sort=order, axis=side)
    base = alt.Chart(data(rows)).encode(x=x, y=y)
    tiles = base.mark_rect(stroke=palette.GROUND, strokeWidth=2).encode(fill=alt.Fill("ground:N", scale=None))
    words = base.mark_text(fontWeight="bold").encode(
        text=alt.Text("words:N"), color=alt.Color("ink:N", scale=None)
    )
    body = layered(tiles, words, width=_COLUMN * len(columns), height=_LINE * len(departments))
    return side_by_side([body, _legend(m, domain)], columns=1, row=10)


def _legend(m: Material, domain: tuple[float, float]) -> Specification:
    """Swatches from light to dark with their values, and the hatching with its meaning."""
    low, high = domain
    stops = [low + (high - low) * k / 4 for k in range(5)]
    rows = [
        {
            "place": 26 + 48 * k,
            "ground": _shade(stop, domain),
            "words": whole(stop),
            "ink": palette.ink_on(_shade(stop, domain)),
        }
        for k, stop in enumerate(stops)
    ]
    rows.append({"place": 300, "ground": HATCH, "words": "", "ink": palette.INK})
    across = alt.X("place:Q", scale=alt.Scale(domain=[0, 520], nice=False), axis=None)
    base = alt.Chart(data(rows)).encode(x=across)
    swatches = base.mark_point(
        shape="square", size=1400, stroke=palette.LINE, strokeWidth=1, opacity=1
    ).encode(fill=alt.Fill("ground:N", scale=None))
    values = base.mark_text().encode(text=alt.Text("words:N"), color=alt.Color("ink:N", scale=None))
    meaning = alt.Chart(data([{"place": 330, "words": m.t("Not shown for protection")}])).mark_text(
        align="left"
    )
    return layered(swatches, values, meaning.encode(x=across, text=alt.Text("words:N")), width=520, height=40)


def _shade(value: float, domain: tuple[float, float]) -> str:
    """The blue of a value, interpolated from light to dark over the domain."""
    low, high = domain
    place = min(max((value - low) / (high - low), 0.0), 1.0) * (len(palette.BLUES) - 1)
    first = min(int(place), len(palette.BLUES) - 2)
    return palette.mixed(palette.BLUES[first], palette.BLUES[first + 1], place - first)


def _distinct_labels(m: Material, departments: Sequence[str]) -> dict[str, str]:
    """Axis labels, with the id behind a name that another department has too."""
    names = [m.axis_label("department", department) for department in departments]
    return {
        department: name if names.count(name) == 1 else f"{name} ({department})"
        for department, name in zip(departments, names, strict=True)
    }
