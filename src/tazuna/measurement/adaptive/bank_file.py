"""A bank as a JSON file, form ``tazuna/bank/1``: written whole, and every fault named when it is read."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from tazuna.instrument.faults import SchemaFault, as_error, schema_faults
from tazuna.instrument.parsing import MalformedTextError, Place, parse_json
from tazuna.instrument.schema import Answer, Code, FileModel, Text
from tazuna.language import Message, message
from tazuna.measurement.adaptive.bank import Bank, Provenance
from tazuna.measurement.adaptive.contents import AdaptiveError, Content
from tazuna.measurement.graded.items import GradedItems

SCHEMA = "tazuna/bank/1"
MAX_BYTES = 5_000_000
Number = Annotated[float, Field(allow_inf_nan=False)]
_CURE = message("Use the file as it was written, or calibrate the questions again.")


class QuestionForm(FileModel):
    code: Code
    item: Code
    area: Code
    key: Literal[1, -1]
    answers: Annotated[list[Answer], Field(min_length=2)]
    levels: Annotated[list[int], Field(min_length=2)]
    slope: Number
    slope_error: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    intercepts: Annotated[list[Number], Field(min_length=1)]


class BankForm(FileModel):
    schema_: Annotated[Literal["tazuna/bank/1"], Field(alias="schema")]
    instrument: Code
    version: Text
    wave: Text
    calibrated_on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    people: Annotated[int, Field(ge=1)]
    areas: Annotated[list[Code], Field(min_length=1)]
    correlations: list[list[Number]]
    questions: Annotated[list[QuestionForm], Field(min_length=1)]


def bank_text(bank: Bank) -> str:
    """The bank as JSON text, numbers at full precision."""
    come_from, items = bank.provenance, bank.items
    questions = [
        {
            "code": content.code,
            "item": content.item,
            "area": content.area,
            "key": content.key,
            "answers": list(content.answers),
            "levels": list(items.levels[row]),
            "slope": float(items.slopes[row]),
            "slope_error": float(bank.slope_errors[row]),
            "intercepts": items.intercepts[row][: len(items.levels[row]) - 1].tolist(),
        }
        for row, content in enumerate(bank.contents)
    ]
    content = {
        "schema": SCHEMA,
        "instrument": come_from.instrument,
        "version": come_from.version,
        "wave": come_from.wave,
        "calibrated_on": come_from.calibrated_on.isoformat(),
        "people": come_from.people,
        "areas": list(bank.areas),
        "correlations": bank.correlations.tolist(),
        "questions": questions,
    }
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def read_bank(path: Path | str) -> Bank:
    """The bank in a file.

    Raises
    ------
    AdaptiveError
        The file cannot be read or breaks the form; names file, place, what was found and what is expected.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AdaptiveError(message("{file} is too large for a bank.", file=path.name), _CURE)
        data = parse_json(path.read_bytes().decode("utf-8-sig")).data
    except OSError as error:
        raise AdaptiveError(
            message("{file} cannot be opened: {reason}", file=path.name, reason=error.strerror or str(error)),
            message("Check the path and whether the file may be read."),
        ) from error
    except UnicodeDecodeError as error:
        raise AdaptiveError(message("{file} is not UTF-8 text", file=path.name), _CURE) from error
    except MalformedTextError as error:
        line = error.line
        fault = SchemaFault(error.place, error.expected, _CURE)
        raise AdaptiveError(as_error(path.name, [fault], lambda _: line).problem, _CURE) from error
    return _bank(data, path.name)


def _bank(data: object, name: str) -> Bank:
    form, faults = schema_faults(data, BankForm)
    faults = faults if form is None else _contradictions(form)
    if form is None or faults:
        raise AdaptiveError(as_error(name, [faults[0]], lambda _: None).problem, _CURE)
    most = max(len(question.intercepts) for question in form.questions)
    intercepts = np.full((len(form.questions), most), np.nan)
    for row, question in enumerate(form.questions):
        intercepts[row, : len(question.intercepts)] = question.intercepts
    return Bank(
        tuple(Content(q.code, q.item, q.area, tuple(q.answers), q.key) for q in form.questions),
        GradedItems(
            tuple(question.code for question in form.questions),
            tuple(tuple(question.levels) for question in form.questions),
            np.array([question.slope for question in form.questions]),
            intercepts,
        ),
        np.array([question.slope_error for question in form.questions]),
        np.array(form.correlations),
        Provenance(
            form.instrument, form.version, form.wave, date.fromisoformat(form.calibrated_on), form.people
        ),
    )


def _contradictions(form: BankForm) -> list[SchemaFault]:
    """What fits the form and still makes no bank."""
    found = []

    def expect(kept: bool, place: Place, expected: Message) -> None:
        if not kept:
            found.append(SchemaFault(place, expected, _CURE))

    expect(_is_date(form.calibrated_on), ("calibrated_on",), message("expected is a day such as 2018-04-01"))
    codes = [question.code for question in form.questions]
    for row, question in enumerate(form.questions, start=1):
        place = ("questions", str(row))
        expect(codes.index(question.code) == row - 1, (*place, "code"), message("this code stands twice"))
        expect(_rising(question.answers), (*place, "answers"), message("expected are rising numbers"))
        expect(_rising(question.levels), (*place, "levels"), message("expected are rising numbers"))
        expect(
            len(question.intercepts) == len(question.levels) - 1,
            (*place, "intercepts"),
            message("expected is one number fewer than there are levels"),
        )
        expect(
            _rising([-intercept for intercept in question.intercepts]),
            (*place, "intercepts"),
            message("expected are falling numbers"),
        )
    areas = list(dict.fromkeys(question.area for question in form.questions))
    expect(form.areas == areas, ("areas",), message("expected are the areas of the questions, as they come"))
    expect(
        _are_correlations(form.correlations, len(areas)),
        ("correlations",),
        message("expected is a symmetric table, one row and column an area, with 1 on its diagonal"),
    )
    return found


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _rising(numbers: list[int] | list[float]) -> bool:
    return all(before < after for before, after in pairwise(numbers))


def _are_correlations(rows: list[list[float]], areas: int) -> bool:
    if [len(row) for row in rows] != [areas] * areas:
        return False
    table = np.array(rows)
    return bool(
        np.allclose(table, table.T) and np.allclose(np.diag(table), 1) and (np.abs(table) <= 1 + 1e-9).all()
    )
