"""Looking things up in instruments: questions and scales by code, the tree, answers given as labels."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeVar

from tazuna.errors import InstrumentError
from tazuna.instrument.model import Instrument, Question, ResponseScale, Scale
from tazuna.language import message

Entry = TypeVar("Entry")


def questions_of(instruments: Iterable[Instrument]) -> dict[str, Question]:
    """Every question by code, in the order of the instruments.

    Raises
    ------
    InstrumentError
        Where a code stands in two instruments: answers are columns named by code, so it must be unique.
    """
    return _unique((instrument.id, instrument.questions) for instrument in instruments)


def scales_of(instruments: Iterable[Instrument]) -> dict[str, Scale]:
    """Every scale (尺度) by code, in the order of the instruments.

    Raises
    ------
    InstrumentError
        Where a code stands in two instruments.
    """
    return _unique((instrument.id, instrument.scales) for instrument in instruments)


def top_scales(scales: Mapping[str, Scale]) -> tuple[Scale, ...]:
    """The scales without a parent, in order."""
    return tuple(scale for scale in scales.values() if scale.parent is None)


def children_of(code: str, scales: Mapping[str, Scale]) -> tuple[Scale, ...]:
    """The scales directly below ``code``, in order; empty for the lowest level."""
    return tuple(scale for scale in scales.values() if scale.parent == code)


def normalised_label(text: str) -> str:
    """A label as it is compared: full and half width alike (NFKC), trimmed, without regard to case.

    Examples
    --------
    >>> normalised_label(" Ｙｅｓ ")
    'yes'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def category_values(answered: Question | ResponseScale, language: str | None = None) -> dict[str, int]:
    """Which value a label stands for, so that answers exported as labels can be read.

    Parameters
    ----------
    answered
        The question, or its response scale.
    language
        Only labels of this language tag; None takes the labels of every language.

    Returns
    -------
    dict
        `normalised_label` of each label → stored value. Look answers up by their `normalised_label`.
    """
    response = answered.response if isinstance(answered, Question) else answered
    return {
        normalised_label(label): category.value
        for category in response.categories
        for tag, label in category.label.items()
        if language in (None, tag)
    }


def _unique(parts: Iterable[tuple[str, Mapping[str, Entry]]]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    owners: dict[str, str] = {}
    for owner, entries in parts:
        for code, entry in entries.items():
            if code in found:
                raise InstrumentError(
                    message(
                        "the code “{code}” stands in the instruments {first} and {second}",
                        code=code,
                        first=owners[code],
                        second=owner,
                    ),
                    message("Rename it in one of the files, or use only one of the two instruments."),
                )
            found[code] = entry
            owners[code] = owner
    return found
