"""A bank of questions (項目バンク): what is known of each, from whom, and whether that is enough to go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from tazuna.instrument.model import Instrument
from tazuna.language import Message, message
from tazuna.measurement.adaptive.contents import AdaptiveError, Content, keyed
from tazuna.measurement.graded.items import NOT_ANSWERED, Answers, Floats, GradedItems

FEWEST_PEOPLE = 500
"""People who must have answered at the calibration."""
LARGEST_ERROR = 0.2
"""Largest standard error of a slope, as a share of the slope."""
_SMALLEST_EIGENVALUE = 1e-3

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures of a bank come from.

    Parameters
    ----------
    instrument, version
        Of the questions.
    wave
        Whose answers they were calibrated on.
    calibrated_on
        Date.
    people
        Who answered.
    """

    instrument: str
    version: str
    wave: str
    calibrated_on: date
    people: int


@dataclass(frozen=True, slots=True)
class Bank:
    """m questions of A areas, each question measuring one area (simple structure, 単純構造).

    Parameters
    ----------
    contents
        Of the m questions.
    items
        Their parameters. θ of every area has mean 0 and deviation 1 among the people of the calibration. The
        levels are the answers that somebody gave there, turned so that high means much.
    slope_errors
        Shape (m,): standard errors of the slopes.
    correlations
        Shape (A, A): of θ between the areas, in the order of `areas`.
    provenance
        Where all this comes from.
    """

    contents: tuple[Content, ...]
    items: GradedItems
    slope_errors: Floats
    correlations: Floats
    provenance: Provenance

    @property
    def areas(self) -> tuple[str, ...]:
        """Codes of the areas, as they first come."""
        return tuple(dict.fromkeys(content.area for content in self.contents))

    @property
    def area_at(self) -> Places:
        """Shape (m,): which of `areas` each question measures."""
        return np.array([self.areas.index(content.area) for content in self.contents])

    @property
    def item_at(self) -> Places:
        """Shape (m,): number of each question's item."""
        items = list(dict.fromkeys((content.area, content.item) for content in self.contents))
        return np.array([items.index((content.area, content.item)) for content in self.contents])

    def categories_of(self, answers: Floats) -> Answers:
        """Answers as categories of `items`, `NOT_ANSWERED` where there is none.

        An answer that nobody gave at the calibration counts as the nearest one that somebody gave, of two
        equally near ones the lower.

        Parameters
        ----------
        answers
            Shape (n, m): as stored, NaN = not answered.

        Raises
        ------
        AdaptiveError
            An answer that its question does not take.
        """
        turned = keyed(answers, self.contents)
        found = np.full(answers.shape, NOT_ANSWERED, np.int8)
        for column, levels in enumerate(self.items.levels):
            given = turned[:, column]
            nearest = np.abs(given[:, None] - np.array(levels)).argmin(axis=1)
            found[:, column] = np.where(np.isfinite(given), nearest, NOT_ANSWERED)
        return found


def shortcomings(bank: Bank) -> tuple[Message, ...]:
    """Why questions should not be chosen by these figures; empty for a calibrated bank.

    Calibrated means: `FEWEST_PEOPLE` answered, every slope is above 0 and known to within a standard error
    of `LARGEST_ERROR` of itself, and the areas can be correlated as stated.
    """
    found = []
    if bank.provenance.people < FEWEST_PEOPLE:
        found.append(
            message(
                "{n} people answered at the calibration; {needed} are needed.",
                n=bank.provenance.people,
                needed=FEWEST_PEOPLE,
            )
        )
    vague = ~(bank.slope_errors <= LARGEST_ERROR * bank.items.slopes)
    if vague.any():
        codes = [code for code, so in zip(bank.items.codes, vague, strict=True) if so]
        found.append(
            message("How well they measure is not known well enough: {codes}.", codes=", ".join(codes))
        )
    if np.linalg.eigvalsh(bank.correlations)[0] < _SMALLEST_EIGENVALUE:
        found.append(message("The areas cannot be told apart: they correlate too highly."))
    return tuple(found)


def is_calibrated(bank: Bank) -> bool:
    """Whether questions may be chosen by these figures."""
    return not shortcomings(bank)


def expect_calibrated(bank: Bank) -> None:
    """Refuse a bank that is not calibrated.

    Raises
    ------
    AdaptiveError
        With the first of the `shortcomings`.
    """
    for found in shortcomings(bank):
        raise AdaptiveError(
            found,
            message("Use a fixed short form until a pilot with more people has calibrated the questions."),
        )


def expect_same_questions(bank: Bank, instrument: Instrument) -> None:
    """Refuse a bank of other questions than those that will be asked.

    Raises
    ------
    AdaptiveError
        Another instrument or version: figures of one wording say nothing of another.
    """
    come_from = bank.provenance
    if (come_from.instrument, come_from.version) != (instrument.id, instrument.version):
        raise AdaptiveError(
            message(
                "The bank is of {bank}; asked will be {asked}.",
                bank=f"{come_from.instrument} {come_from.version}",
                asked=f"{instrument.id} {instrument.version}",
            ),
            message("Ask the version that was calibrated, or calibrate the new one."),
        )
