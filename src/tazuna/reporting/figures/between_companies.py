"""The company's own values beside the quartiles of all companies (企業間比較)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import polars as pl

from tazuna.disclosure.between_companies import Benchmark
from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.figures.theme import LABEL_LINE, Row, data, finished, label_room, layered, wrapped
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import whole
from tazuna.reporting.words import scale_label

_ROW_HEIGHT, _WIDTH = 30, 420
_LABEL_WIDTH = 38

Range = tuple[float, float, float]
"""Value and its 95% interval."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scale: quartiles of all companies, and the own value where the company entered alone."""

    scale: str
    companies: int
    lower_quartile: Range
    median: Range
    upper_quartile: Range
    own: Range | None


def comparisons(m: Material, benchmark: Benchmark) -> tuple[Comparison, ...]:
    """The scales that can be shown, in the order of the rules."""
    own = {
        row["measure"]: _range(row, "mean")
        for row in benchmark.own_of(m.organisation_id).iter_rows(named=True)
    }
    shown = benchmark.quartiles.filter(pl.col("withheld").not_())
    found = []
    for (measure,), rows in shown.group_by("measure", maintain_order=True):
        quartiles = {row["quartile"]: _range(row, "value") for row in rows.iter_rows(named=True)}
        code = str(measure)
        name = scale_label(code, m.study.instruments, m.language)
        found.append(Comparison(name, rows["companies"][0], **quartiles, own=own.get(code)))
    return tuple(found)


def companies_figure(m: Material, found: Sequence[Comparison], notes: tuple[str, ...]) -> Figure:
    """A band from the lower to the upper quartile, the median, and a dot with interval for the own value."""
    t = m.t
    title = t("Own values and the quartiles of all companies (0 to 100)")
    order = [wrapped(c.scale, _LABEL_WIDTH) for c in found]
    rows = [_row(m, name, c) for name, c in zip(order, found, strict=True)]
    axis = alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelExpr="split(datum.label, '\\n')",
        minExtent=label_room(order),
    )
    y = alt.Y("name:N", sort=order, scale=alt.Scale(domain=order), axis=axis)
    scale = alt.Scale(domain=[0, 100], nice=False, zero=False)
    x = alt.X("from:Q", scale=scale, axis=alt.Axis(title=None, values=list(range(0, 101, 20))))
    base = alt.Chart(data(rows)).encode(y=y)
    own = base.transform_filter("isValid(datum.own)")
    chart = layered(
        base.mark_bar(height=14, color=palette.BLUES[1]).encode(x=x, x2="to:Q"),
        base.mark_tick(thickness=3, height=18, color=palette.QUIET_INK).encode(x="median:Q"),
        own.mark_rule(strokeWidth=2.5, color=palette.ACCENT).encode(x="lower:Q", x2="upper:Q"),
        own.mark_point(filled=True, size=85, opacity=1, color=palette.ACCENT).encode(x="own:Q"),
        base.mark_text(align="left").encode(x=alt.value(_WIDTH + 10), text="label:N"),
        width=_WIDTH,
        height=sum(_ROW_HEIGHT + LABEL_LINE * name.count("\n") for name in order),
    )
    legend = t(
        "Band: from the lower to the upper quartile; line: median; ● own value with its 95% interval. On "
        "the right: lower quartile / median / upper quartile; own value with its interval."
    )
    return Figure(
        code="companies",
        title=title,
        spec=finished(chart),
        alternative=t("; ").join(_words(m, c) for c in found),
        table=_table(m, found, title),
        notes=(legend, *notes),
    )


def _range(row: dict[str, float], value: str) -> Range:
    return (float(row[value]), float(row["lower"]), float(row["upper"]))


def _row(m: Material, name: str, found: Comparison) -> Row:
    label = " / ".join(whole(q[0]) for q in (found.lower_quartile, found.median, found.upper_quartile))
    row: Row = {
        "name": name,
        "from": found.lower_quartile[0],
        "to": found.upper_quartile[0],
        "median": found.median[0],
    }
    if found.own is None:
        return row | {"label": label}
    own, lower, upper = found.own
    both = f"{label};  ● {whole(own)}{m.t(' [{lower}–{upper}]', lower=whole(lower), upper=whole(upper))}"
    return row | {"own": own, "lower": lower, "upper": upper, "label": both}


def _table(m: Material, found: Sequence[Comparison], caption: str) -> Table:
    t = m.t
    columns = (
        Column(t("Scale")),
        Column(t("Figure")),
        Column(t("Companies"), "count"),
        Column(t("Score"), "score"),
        Column(t("95% lower"), "score"),
        Column(t("95% upper"), "score"),
    )
    rows: list[tuple[Value, ...]] = []
    for c in found:
        named = (
            (t("Own value"), c.own),
            (t("Lower quartile"), c.lower_quartile),
            (t("Median"), c.median),
            (t("Upper quartile"), c.upper_quartile),
        )
        rows += [(c.scale, name, c.companies, *figure) for name, figure in named if figure is not None]
    return Table("companies-table", caption, columns, tuple(rows))


def _words(m: Material, found: Comparison) -> str:
    t = m.t
    quartiles = t(
        "{scale}: lower quartile {lower}, median {median}, upper quartile {upper}",
        scale=found.scale,
        lower=whole(found.lower_quartile[0]),
        median=whole(found.median[0]),
        upper=whole(found.upper_quartile[0]),
    )
    if found.own is None:
        return quartiles
    return t("{quartiles}, own value {own}", quartiles=quartiles, own=whole(found.own[0]))
