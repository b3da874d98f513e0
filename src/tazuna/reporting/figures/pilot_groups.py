"""Questions that two groups read differently (群による意味の違い), the largest differences first."""

from __future__ import annotations

from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.figures.marks import as_written, category, mark, quantity
from tazuna.reporting.figures.theme import Row, Specification, finished, layered
from tazuna.reporting.pilot_words import PilotWords

MOST_ROWS = 12
_WIDTH, _ROW = 320, 24


def group_figures(w: PilotWords) -> tuple[Figure, ...]:
    """A figure a grouping that was compared."""
    groupings = w.differences["group_by"].unique(maintain_order=True).to_list()
    return tuple(_figure(w, by, number) for number, by in enumerate(groupings, start=1))


def _figure(w: PilotWords, by: str, number: int) -> Figure:
    t = w.t
    rows = _rows(w, by)
    title = t("By {grouping}: how differently people of the same standing answer", grouping=w.by(by))
    shown = rows[:MOST_ROWS]
    return Figure(
        code=f"groups-{number}",
        title=title,
        spec=finished(_specification(w, shown)),
        alternative=t("; ").join(
            t("{name}: {values}", name=row["code"], values=f"{row['size']:.2f} ({row['who']})")
            for row in shown
        ),
        table=_table(w, f"groups-{number}-table", title, rows),
        notes=(
            t(
                "In standard deviations of the answer. From {limit} on, where it is sure, the question is "
                "said to mean different things.",
                limit=f"{w.pilot.rules.group_difference:.1f}",
            ),
            *(
                (t("The {most} largest; the table has all.", most=MOST_ROWS),)
                if len(rows) > MOST_ROWS
                else ()
            ),
        ),
    )


def _rows(w: PilotWords, by: str) -> list[Row]:
    """Code, size, groups and whether the question is said to differ, the largest first."""
    differing = {
        judged.question.code
        for judged in w.pilot.questions
        if any(finding.kind == "differs" for finding in judged.findings)
    }
    rows: list[Row] = []
    figures = w.differences.filter(group_by=by).select("group", "measure", "n", "mean")
    for group, measure, n, size in figures.rows():
        lowest, highest = (w.group(by, name) for name in group.split("|"))
        code = measure.removeprefix("differs.").split(".", 1)[1]
        who = w.t("{high} above {low}", high=highest, low=lowest)
        said = code in differing and size >= w.pilot.rules.group_difference
        rows.append({"code": code, "size": size, "n": n, "who": who, "differs": said})
    return sorted(rows, key=lambda row: -float(row["size"]))


def _specification(w: PilotWords, rows: list[Row]) -> Specification:
    limit = w.pilot.rules.group_difference
    told: list[Row] = [
        {
            "code": row["code"],
            "size": row["size"],
            "zero": 0,
            "colour": palette.WARNING if row["differs"] else palette.ACCENT,
            "text": f"{row['size']:.2f}  {row['who']}",
        }
        for row in rows
    ]
    most = max(2 * limit, *(row["size"] * 1.1 for row in told))
    axis = {"title": w.t("standard deviations (SD)"), "tickCount": 5, "grid": False}
    x = quantity("size", scale={"domain": [0, most], "nice": False}, axis=axis)
    order = [row["code"] for row in told]
    y = category("code", sort=order, axis={"title": None, "domain": False, "ticks": False})
    colour = as_written("colour")
    stem = {"x": quantity("zero"), "x2": {"field": "size"}, "y": y, "color": colour}
    beside = {"x": {"value": _WIDTH}, "y": y, "text": category("text")}
    return layered(
        mark("rule", [{"at": limit}], {"x": quantity("at")}, color=palette.QUIET_INK, strokeDash=[4, 3]),
        mark("rule", told, stem, strokeWidth=2),
        mark("point", told, {"x": x, "y": y, "color": colour}, filled=True, size=80, opacity=1),
        mark("text", told, beside, align="left", dx=8, baseline="middle"),
        width=_WIDTH,
        height=_ROW * len(rows),
    )


def _table(w: PilotWords, code: str, caption: str, rows: list[Row]) -> Table:
    t = w.t
    columns = (
        Column(t("Question")),
        Column(t("Difference (SD)"), "coefficient"),
        Column(t("Between")),
        Column(t("People in the smaller group"), "count"),
        Column(t("Said to differ")),
    )
    held: list[tuple[Value, ...]] = [
        (row["code"], row["size"], row["who"], row["n"], t("yes") if row["differs"] else t("no"))
        for row in rows
    ]
    return Table(code, caption, columns, tuple(held))
