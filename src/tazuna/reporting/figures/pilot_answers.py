"""How people answered each question (回答の分布): a bar a question, a piece an answer."""

from __future__ import annotations

from tazuna.measurement.pilot.pilot import JudgedQuestion, JudgedScale
from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Mark, Table, Value
from tazuna.reporting.figures.marks import as_written, category, mark, quantity
from tazuna.reporting.figures.theme import (
    LABEL_LINE,
    Row,
    Specification,
    as_lines,
    finished,
    label_room,
    layered,
)
from tazuna.reporting.pilot_words import PilotWords
from tazuna.reporting.widths import shown_width

_NAME_ROOM, _BAR, _NAME_WIDTH = 270, 430, 36
"""Px for the names at most, px of a whole bar, half-width characters on a line of a name."""
_BAR_HEIGHT, _GAP = 22, 10
_ROOM_FOR_A_NUMBER = 5.5
"""Percent from which a piece has room for its figure."""
_MOST_LINES = 2
_SQUARE, _LEGEND_LINE = 12, 20


def answers_figure(w: PilotWords, scale: JudgedScale, number: int) -> Figure | None:
    """None where the answers are no categories."""
    t = w.t
    if not w.pilot.ordered:
        return None
    answers = _answers(scale)
    title = t("{scale}: how people answered", scale=w.scale(scale))
    rows = [(judged, [_percent(w, judged, answer) for answer in answers]) for judged in scale.questions]
    return Figure(
        code=f"answers-{number}",
        title=title,
        spec=finished(_specification(w, scale, answers, rows)),
        alternative=t("; ").join(
            t("{name}: {values}", name=judged.question.code, values=_told(w, judged, answers, shares))
            for judged, shares in rows
        ),
        table=_table(w, f"answers-{number}-table", title, scale, answers, rows),
        notes=(_note(w, scale),),
    )


def _note(w: PilotWords, scale: JudgedScale) -> str:
    t = w.t
    said = t("Percent of those who answered the question, in the categories as they were asked.")
    if any(judged.question.reversed for judged in scale.questions):
        return said + t(" Questions with “R” are turned round for the score.")
    return said


def _answers(scale: JudgedScale) -> range:
    lowest = min(int(judged.question.lowest) for judged in scale.questions)
    highest = max(int(judged.question.highest) for judged in scale.questions)
    return range(lowest, highest + 1)


def _percent(w: PilotWords, judged: JudgedQuestion, answer: int) -> float | None:
    return w.percents.get(f"dist.{judged.question.code}.{answer}")


def _told(w: PilotWords, judged: JudgedQuestion, answers: range, shares: list[float | None]) -> str:
    return w.listed(
        f"{w.category(judged.question, answer)} {share:.0f}%"
        for answer, share in zip(answers, shares, strict=True)
        if share is not None
    )


def name_of(judged: JudgedQuestion) -> str:
    """The code, marked where the question is turned round."""
    return f"{judged.question.code} (R)" if judged.question.reversed else judged.question.code


def _specification(
    w: PilotWords,
    scale: JudgedScale,
    answers: range,
    rows: list[tuple[JudgedQuestion, list[float | None]]],
) -> Specification:
    colours = _colours(len(answers))
    first = scale.questions[0].question
    named = [_lines(w, judged) for judged, _ in rows]
    room = min(float(_NAME_ROOM), label_room(line for lines in named for line in lines) + 8)
    across = {"axis": None, "scale": {"domain": [0, room + _BAR], "nice": False, "zero": False}}
    legend, below = _legend([w.category(first, answer) for answer in answers], colours, room + _BAR)
    pieces: list[Row] = []
    names: list[Row] = []
    top = float(below)
    for (_, shares), lines in zip(rows, named, strict=True):
        height = max(_BAR_HEIGHT, LABEL_LINE * len(lines))
        middle = top + height / 2
        names.append({"y": middle, "name": "\n".join(lines)})
        pieces += _pieces(shares, colours, middle, room)
        top += height + _GAP
    y = {"axis": None, "scale": {"domain": [round(top), 0], "nice": False, "zero": False}}
    bar = {
        "x": quantity("from", **across),
        "x2": {"field": "to"},
        "y": quantity("above", **y),
        "y2": {"field": "under"},
        "color": as_written("colour"),
    }
    told = {
        "x": quantity("middle", **across),
        "y": quantity("y", **y),
        "text": category("text"),
        "color": as_written("ink"),
    }
    called = {"x": {"value": 0}, "y": quantity("y", **y), "text": category("name")}
    return layered(
        mark("rect", pieces, bar, stroke=palette.GROUND, strokeWidth=1),
        mark("text", [piece for piece in pieces if piece["text"]], told, baseline="middle", fontSize=11),
        mark("text", names, called, align="left", baseline="middle", lineBreak="\n", lineHeight=LABEL_LINE),
        *_legend_marks(legend, across, y),
        width=round(room + _BAR),
        height=round(top),
    )


def _lines(w: PilotWords, judged: JudgedQuestion) -> list[str]:
    """Code and wording, cut where it is long: the table beside the figure has all of it."""
    name = name_of(judged)
    wording = w.wording(judged.question)
    lines = as_lines(f"{name} {wording}" if wording else name, _NAME_WIDTH)
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]}…"]


def _pieces(shares: list[float | None], colours: tuple[str, ...], middle: float, room: float) -> list[Row]:
    found: list[Row] = []
    start = 0.0
    for share, colour in zip(shares, colours, strict=True):
        if share is None:
            continue
        found.append(
            {
                "from": room + start * _BAR / 100,
                "to": room + (start + share) * _BAR / 100,
                "middle": room + (start + share / 2) * _BAR / 100,
                "above": middle - _BAR_HEIGHT / 2,
                "under": middle + _BAR_HEIGHT / 2,
                "y": middle,
                "colour": colour,
                "ink": palette.ink_on(colour),
                "text": f"{share:.0f}" if share >= _ROOM_FOR_A_NUMBER else "",
            }
        )
        start += share
    return found


def _legend(labels: list[str], colours: tuple[str, ...], width: float) -> tuple[list[Row], int]:
    """A square and a name for each answer, on as many lines as they need; and the px that they take."""
    found: list[Row] = []
    across, line = 0.0, 0
    for label, colour in zip(labels, colours, strict=True):
        wide = _SQUARE + 6 + shown_width(label) * 7 + 14
        if across and across + wide > width:
            across, line = 0.0, line + 1
        found.append({"left": across, "line": line, "label": label, "colour": colour})
        across += wide
    return found, (line + 1) * _LEGEND_LINE + 4


def _legend_marks(
    legend: list[Row], across: Specification, y: Specification
) -> tuple[Specification, Specification]:
    rows: list[Row] = [
        {
            **one,
            "right": one["left"] + _SQUARE,
            "name": one["left"] + _SQUARE + 6,
            "above": one["line"] * _LEGEND_LINE,
            "under": one["line"] * _LEGEND_LINE + _SQUARE,
            "y": one["line"] * _LEGEND_LINE + _SQUARE / 2,
        }
        for one in legend
    ]
    square = {
        "x": quantity("left", **across),
        "x2": {"field": "right"},
        "y": quantity("above", **y),
        "y2": {"field": "under"},
        "color": as_written("colour"),
    }
    named = {"x": quantity("name", **across), "y": quantity("y", **y), "text": category("label")}
    return (
        mark("rect", rows, square, stroke=palette.LINE, strokeWidth=0.5),
        mark("text", rows, named, align="left", baseline="middle"),
    )


def _colours(count: int) -> tuple[str, ...]:
    """From light to dark, one an answer."""
    steps = palette.BLUES
    if count == 1:
        return (steps[0],)
    places = [place * (len(steps) - 1) / (count - 1) for place in range(count)]
    return tuple(
        palette.mixed(steps[int(at)], steps[min(int(at) + 1, len(steps) - 1)], at - int(at)) for at in places
    )


def _table(
    w: PilotWords,
    code: str,
    caption: str,
    scale: JudgedScale,
    answers: range,
    rows: list[tuple[JudgedQuestion, list[float | None]]],
) -> Table:
    t = w.t
    first = scale.questions[0].question
    columns = (
        Column(t("Question")),
        Column(t("Answered"), "count"),
        Column(t("Left out"), "percent"),
        *(Column(w.category(first, answer), "percent") for answer in answers),
    )
    held: list[tuple[Value, ...]] = []
    for judged, shares in rows:
        figures = (Mark.HIDDEN if share is None else share for share in shares)
        left_out = w.percent(f"left_out.{judged.question.code}")
        held.append((name_of(judged), w.answered(judged), left_out, *figures))
    return Table(code, caption, columns, tuple(held))
