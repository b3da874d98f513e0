"""A fixed short form (固定の短縮版): the same few questions for everybody, covering every item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.language import message
from tazuna.measurement.adaptive.bank import Bank, is_calibrated
from tazuna.measurement.adaptive.contents import AdaptiveError, Content
from tazuna.measurement.graded.information import item_information
from tazuna.measurement.graded.population import Populations, grid

Ground = Literal["information", "item_rest", "order"]


@dataclass(frozen=True, slots=True)
class FixedForm:
    """Questions that everybody is asked.

    Parameters
    ----------
    codes
        In the instrument's order.
    chosen_by
        ``information`` of a calibrated bank, ``item_rest`` correlation, or only the ``order`` of the
        instrument.
    """

    codes: tuple[str, ...]
    chosen_by: Ground


def fixed_form(
    contents: Sequence[Content],
    length: int,
    bank: Bank | None = None,
    item_rest: Mapping[str, float | None] | None = None,
    *,
    per_item: int = 1,
    per_area: int = 2,
) -> FixedForm:
    """Choose a short form by information where the bank is calibrated, else by content alone.

    Every item and area first gets its smallest number of questions. Then the area with least so far gets the
    next one, from the item with fewest, until the form is long enough. With a calibrated bank "least" is
    information over a standard normal θ, which also says which question is best; else it is the number of
    questions, and the best is the one with the highest item-rest correlation (項目-残余相関) or, where those
    are not known either, the first in the instrument.

    Parameters
    ----------
    contents
        All questions to choose from.
    length
        Of the form.
    bank
        Not used unless calibrated; a question that it lacks is refused.
    item_rest
        Correlation of each question with the others of its area (`tazuna.measurement.reliability`), used
        where there is no calibrated bank and every question has one.
    per_item, per_area
        Smallest numbers of questions; all of them where there are fewer.

    Raises
    ------
    AdaptiveError
        The length is too small for that, or larger than the number of questions.
    """
    worth, ground = _worth(contents, bank, item_rest)
    chosen = _covering(contents, worth, per_item, per_area)
    _expect_room(length, len(chosen), len(contents))
    reached = dict.fromkeys((content.area for content in contents), 0.0)
    for content in chosen:
        reached[content.area] += worth[content.code] if ground == "information" else 1.0
    while len(chosen) < length:
        rest = [content for content in contents if content not in chosen]
        areas = {content.area for content in rest}
        poorest = min((area for area in reached if area in areas), key=lambda area: reached[area])
        items = Counter(content.item for content in chosen)
        found = min(
            (content for content in rest if content.area == poorest),
            key=lambda content: (items[content.item], -worth[content.code]),
        )
        chosen.append(found)
        reached[poorest] += worth[found.code] if ground == "information" else 1.0
    return FixedForm(tuple(content.code for content in contents if content in chosen), ground)


def _worth(
    contents: Sequence[Content], bank: Bank | None, item_rest: Mapping[str, float | None] | None
) -> tuple[dict[str, float], Ground]:
    """How much each question is worth, and by what."""
    if bank is not None and is_calibrated(bank):
        _expect_in_bank(contents, bank)
        share = np.exp(Populations.standard(1).log_weights()[0])
        mean = item_information(bank.items, grid()) @ share
        known = dict(zip(bank.items.codes, mean.tolist(), strict=True))
        return {content.code: known[content.code] for content in contents}, "information"
    given = {content.code: (item_rest or {}).get(content.code) for content in contents}
    rests = {code: rest for code, rest in given.items() if rest is not None}
    if len(rests) == len(contents):
        return rests, "item_rest"
    return {content.code: -float(place) for place, content in enumerate(contents)}, "order"


def _covering(
    contents: Sequence[Content], worth: Mapping[str, float], per_item: int, per_area: int
) -> list[Content]:
    """The best questions of every item, then of every area that has too few."""
    best_first = sorted(contents, key=lambda content: -worth[content.code])
    items: Counter[str] = Counter()
    areas: Counter[str] = Counter()
    chosen: list[Content] = []
    for content in best_first:
        if items[content.item] < per_item:
            items[content.item] += 1
            areas[content.area] += 1
            chosen.append(content)
    for content in best_first:
        if areas[content.area] < per_area and content not in chosen:
            areas[content.area] += 1
            chosen.append(content)
    return chosen


def _expect_room(length: int, fewest: int, most: int) -> None:
    if not fewest <= length <= most:
        raise AdaptiveError(
            message(
                "A form of {length} questions cannot be made: at least {fewest}, at most {most}.",
                length=length,
                fewest=fewest,
                most=most,
            ),
            message("Change the length, or how many questions each item and area needs."),
        )


def _expect_in_bank(contents: Sequence[Content], bank: Bank) -> None:
    for content in contents:
        if content.code not in bank.items.codes:
            raise AdaptiveError(
                message("The bank has no question “{code}”.", code=content.code),
                message("Ask the version that was calibrated, or calibrate the new one."),
            )
