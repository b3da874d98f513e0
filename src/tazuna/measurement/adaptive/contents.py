"""What each question covers: its item, its area, the answers that it takes, and which way it points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.errors import TazunaError
from tazuna.instrument.model import Instrument, Scale
from tazuna.language import message
from tazuna.measurement.graded.items import Floats


class AdaptiveError(TazunaError):
    """Questions cannot be asked adaptively, or no short form can be made of them."""


@dataclass(frozen=True, slots=True)
class Content:
    """One question's place in the concept tree.

    Parameters
    ----------
    code
        Of the question.
    item, area
        Codes of the scales that it belongs to; equal where an area has no items.
    answers
        The answers that it takes, as stored, lowest first.
    key
        -1 where a high answer means little of the area.
    """

    code: str
    item: str
    area: str
    answers: tuple[int, ...]
    key: Literal[1, -1] = 1


def contents_of(instrument: Instrument, total: str) -> tuple[Content, ...]:
    """The scored questions below a scale, area by area and item by item, in the instrument's order.

    Parameters
    ----------
    instrument
        Where the scales are.
    total
        Code of the scale whose children are the areas (領域), such as ``co``.

    Raises
    ------
    AdaptiveError
        The instrument has no such scale, nothing below it, a question of two items, or one without ordered
        answers.
    """
    areas = [scale for scale in instrument.scales.values() if scale.parent == total]
    if not areas:
        raise AdaptiveError(
            message(
                "“{instrument}” has no scale “{scale}” with areas.", instrument=instrument.id, scale=total
            ),
            message("Name a scale that is the parent of others."),
        )
    found = [
        Content(
            code,
            item.code,
            area.code,
            tuple(category.value for category in question.response.categories),
            question.key,
        )
        for area in areas
        for item in _items_of(instrument, area)
        for code in item.questions
        if (question := instrument.questions[code]).scored
    ]
    twice = [code for code, times in Counter(content.code for content in found).items() if times > 1]
    if twice:
        raise AdaptiveError(
            message("Each question may measure one item; in several are {codes}.", codes=", ".join(twice)),
            message("Choose a scale of questions whose items do not overlap."),
        )
    unordered = [content.code for content in found if not instrument.questions[content.code].response.ordered]
    if unordered:
        raise AdaptiveError(
            message("The answers to {codes} have no order.", codes=", ".join(unordered)),
            message("Choose a scale of questions whose answers go from little to much."),
        )
    return tuple(found)


def _items_of(instrument: Instrument, area: Scale) -> list[Scale]:
    """The lowest scales of an area; itself where there are none below."""
    below = [scale for scale in instrument.scales.values() if scale.parent == area.code]
    return [item for scale in below for item in _items_of(instrument, scale)] or [area]


def keyed(answers: Floats, contents: Sequence[Content]) -> Floats:
    """Answers turned so that high means much.

    Parameters
    ----------
    answers
        Shape (n, m), as stored, NaN = not answered.
    contents
        Of the m questions.

    Raises
    ------
    AdaptiveError
        An answer that its question does not take.
    """
    for column, content in zip(answers.T, contents, strict=True):
        strange = np.isfinite(column) & ~np.isin(column, content.answers)
        if strange.any():
            raise AdaptiveError(
                message(
                    "{code}: the answer {found} is none of {answers}.",
                    code=content.code,
                    found=f"{column[strange][0]:g}",
                    answers=", ".join(map(str, content.answers)),
                ),
                message("Pass answers as they are stored, without codes for “not answered”."),
            )
    turned = np.array([content.key < 0 for content in contents])
    ends = np.array([content.answers[0] + content.answers[-1] for content in contents])
    return np.asarray(np.where(turned, ends - answers, answers))
