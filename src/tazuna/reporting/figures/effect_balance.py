"""How alike the two sides were (群間のバランス), before and after weighting: the love plot."""

from __future__ import annotations

import math

from tazuna.evaluation.balance import LIMIT, Balance, balance_frame
from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.marks import mark, quantity
from tazuna.reporting.figures.theme import (
    LABEL_LINE,
    Row,
    Specification,
    finished,
    label_room,
    layered,
    wrapped,
)

MOST = 20
"""Covariates drawn, the least alike first; the table has all."""
_ROW, _WIDTH, _NAME_WIDTH = 24, 380, 30


def balance_figure(w: EffectWords) -> Figure | None:
    """Standardised differences of the covariates; None where there are none."""
    t, found = w.t, w.effect.balance
    if found is None or not found.covariates:
        return None
    title = t("Differences before and after weighting")
    drawn = _ordered(w, found)
    notes = [
        t(
            "□ before, ● after weighting; in the grey band (up to {limit}) the sides count as alike.",
            limit=LIMIT,
        ),
        t("Differences of yes-or-no characteristics are shares, all others standard deviations."),
    ]
    if len(drawn) > MOST:
        notes.append(t("{count} more are in the table.", count=len(drawn) - MOST))
    return Figure(
        code="effect-balance",
        title=title,
        spec=finished(_specification(w, drawn[:MOST])),
        alternative=_words(w, found),
        table=_table(w, found, title),
        notes=tuple(notes),
    )


def _ordered(w: EffectWords, found: Balance) -> list[Row]:
    """Covariates as marks, the least alike before weighting first."""
    rows: list[Row] = [
        {
            "name": wrapped(w.called(one.covariate), _NAME_WIDTH),
            "before": one.difference_before if math.isfinite(one.difference_before) else None,
            "after": one.difference_after if math.isfinite(one.difference_after) else None,
        }
        for one in found.covariates
    ]
    return sorted(rows, key=lambda row: -abs(row["before"] or 0.0))


def _specification(w: EffectWords, rows: list[Row]) -> Specification:
    ends = [abs(value) for row in rows for value in (row["before"], row["after"]) if value is not None]
    reach = 1.1 * max([*ends, 2 * LIMIT])
    lines = [row["name"].count("\n") for row in rows]
    numbered = [row | {"place": place} for place, row in enumerate(rows)]
    names = {place: row["name"] for place, row in enumerate(rows)}
    order = list(names)
    told = " : ".join(f"datum.value == {place} ? split({name!r}, '\\n')" for place, name in names.items())
    scale = {"domain": [-reach, reach], "nice": False}
    axis = {"title": w.t("Difference, those with the programme less those without"), "tickCount": 7}
    side = {
        "title": None,
        "ticks": False,
        "domain": False,
        "labelExpr": f"{told} : ''",
        "minExtent": label_room(names.values()),
    }
    y = {"field": "place", "type": "ordinal", "sort": order, "scale": {"domain": order}, "axis": side}
    before, after = ([row for row in numbered if row[when] is not None] for when in ("before", "after"))
    both = [row for row in before if row["after"] is not None]
    band = {"x": quantity("low", scale=scale, axis=axis), "x2": {"field": "high"}}
    moves = {"x": quantity("before"), "x2": {"field": "after"}, "y": y}
    return layered(
        mark("rect", [{"low": -LIMIT, "high": LIMIT}], band, color=palette.FAINT_LINE),
        mark("rule", [{"zero": 0}], {"x": quantity("zero")}, color=palette.INK, strokeWidth=1),
        mark("rule", both, moves, color=palette.LINE, strokeWidth=1.5),
        mark(
            "point",
            before,
            {"x": quantity("before"), "y": y},
            shape="square",
            size=70,
            strokeWidth=2,
            opacity=1,
            color=palette.QUIET_INK,
        ),
        mark(
            "point",
            after,
            {"x": quantity("after"), "y": y},
            shape="circle",
            size=85,
            filled=True,
            opacity=1,
            color=palette.ACCENT,
        ),
        width=_WIDTH,
        height=sum(_ROW + LABEL_LINE * more for more in lines),
    )


def _words(w: EffectWords, found: Balance) -> str:
    t = w.t
    if found.is_reached:
        return t("After weighting no characteristic differs by more than {limit}.", limit=LIMIT)
    return t(
        "After weighting these still differ by more than {limit}: {names}.",
        limit=LIMIT,
        names=w.listed(w.called(name) for name in found.unbalanced),
    )


def _table(w: EffectWords, found: Balance, caption: str) -> Table:
    t = w.t
    frame = balance_frame(found)
    names = {
        "mean_treated": t("Mean, with the programme"),
        "mean_comparison": t("Mean, without"),
        "difference_before": t("Difference before"),
        "mean_treated_weighted": t("Weighted mean, with the programme"),
        "mean_comparison_weighted": t("Weighted mean, without"),
        "difference_after": t("Difference after"),
    }
    columns = (Column(t("Characteristic")), *(Column(name, "coefficient") for name in names.values()))
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (w.called(code), *values) for code, *values in frame.select("covariate", *names).iter_rows()
    )
    return Table("effect-balance-table", caption, columns, rows)
