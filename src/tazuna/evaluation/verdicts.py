"""The first sentence of a result (結論): what its design allows to say, and how much it carries.

==== ================================================================ =============== ========
rung when                                                             says            strength
==== ================================================================ =============== ========
A    V ≥ 12 and MDE ≤ .8 SD; interval on one side of 0                raised, lowered strong
A    V ≥ 12 and MDE ≤ .8 SD; interval around 0, within ±.5 SD         none above X    strong
A    V ≥ 12 and MDE ≤ .8 SD; interval around 0, wider                 none above X    moderate
A    otherwise, or an interval around 0 without an end                too small       weak
B    both intervals, straight and corrected, on one side of 0         near cut-off    moderate
B    otherwise                                                        near cut-off    weak
C    interval on one side of 0                                        if parallel     moderate
C    otherwise                                                        if parallel     weak
D    interval on one side of 0, robustness value of its end ≥ .1      suggests        moderate
D    otherwise                                                        suggests        weak
E    always                                                           changed         none
==== ================================================================ =============== ========

Each assumption that was checked and did not hold takes one step off (strong, moderate, weak); no result of
rungs A to D falls below weak by this.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.arrays import Asked
from tazuna.evaluation.effect import Assumption, Verdict
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.evidence import Sureness
from tazuna.evaluation.refusal import Refusal
from tazuna.language import Message, message

V_WANTED = 12.0
"""Information from which on a draw may say "raised", "lowered" or "no effect larger than"."""
MDE_WANTED = 0.8
"""Standard deviations: the smallest effect that such a draw must have been able to show."""
SMALL = 0.5
"""Standard deviations within which an interval around 0 says that nothing large is there."""
ROBUST = 0.1
"""Robustness value of the end of the interval from which on a comparison is more than a hint."""
_LADDER: tuple[Sureness, ...] = ("weak", "moderate", "strong")


@dataclass(frozen=True, slots=True)
class Saying:
    """Words that every verdict needs.

    Parameters
    ----------
    asked
        The question.
    deviation
        Standard deviation of the outcome among the comparison.
    assumptions
        Those of the design, checked.
    """

    asked: Asked
    deviation: float
    assumptions: Sequence[Assumption] = ()

    @property
    def outcome(self) -> Message:
        """What readers call the outcome."""
        return self.asked.outcome.label

    @property
    def place(self) -> Message:
        """The place that was drawn or given."""
        if self.asked.any_place:
            return message("a place")
        return message("a place in {program}", program=self.asked.question.program_label)

    @property
    def part(self) -> Message:
        """Taking part in what was asked about."""
        if self.asked.any_place:
            return message("taking part")
        return message("taking part in {program}", program=self.asked.question.program_label)

    @property
    def without(self) -> Message:
        """What a drawn place is compared with."""
        if self.asked.any_place:
            return message("applying and not getting a place")
        return message("applying and getting another place or none")

    def amount(self, value: float, *, signed: bool = False) -> Message | str:
        """A size in the outcome's unit: points of a scale, or the plain number of a column."""
        size = f"{value:{'+' if signed else ''}.{self._decimals}f}"
        return message("{size} points", size=size) if self.asked.outcome.kind == "scale" else size

    def interval(self, found: Estimate, *, sign: float = 1.0) -> Message:
        """The interval in words, turned around where ``sign`` is -1."""
        lower, upper = sorted((sign * found.lower, sign * found.upper))
        if np.isfinite(lower) and np.isfinite(upper):
            return message(
                "95% interval {lower} to {upper}", lower=self._number(lower), upper=self._number(upper)
            )
        if np.isfinite(upper):
            return message("95% interval: up to {upper}, no lower end", upper=self._number(upper))
        if np.isfinite(lower):
            return message("95% interval: from {lower}, no upper end", lower=self._number(lower))
        return message("95% interval without an end on either side")

    def sized(self, found: Estimate) -> dict[str, object]:
        """Values of a sentence with a direction: outcome, size and interval, all counted in its direction."""
        sign = 1.0 if found.estimate >= 0 else -1.0
        return {
            "outcome": self.outcome,
            "size": self.amount(abs(found.estimate)),
            "interval": self.interval(found, sign=sign),
        }

    def around(self, found: Estimate) -> dict[str, object]:
        """Values of a sentence without a direction: outcome, signed estimate and interval."""
        return {
            "outcome": self.outcome,
            "estimate": self.amount(found.estimate, signed=True),
            "interval": self.interval(found),
        }

    def judged(self, said: Message, found: Estimate) -> Message:
        """``said``, and whether that is better or worse where the instrument says which end is wished for."""
        wished = self.asked.outcome.better
        if wished == "unknown":
            return said
        if (found.estimate > 0) == (wished == "high"):
            return both(said, message("That is a change for the better."))
        return both(said, message("That is a change for the worse."))

    def verdict(self, says: Message, strength: Sureness) -> Verdict:
        """With one step off for each assumption that did not hold."""
        if strength == "none":
            return Verdict(says, strength)
        failed = sum(assumption.held is False for assumption in self.assumptions)
        return Verdict(says, _LADDER[max(0, _LADDER.index(strength) - failed)])

    @property
    def _decimals(self) -> int:
        """One of points; two digits of a standard deviation of a column."""
        if self.asked.outcome.kind == "scale" or not self.deviation > 0:
            return 1
        return max(0, 2 - math.floor(math.log10(self.deviation)))

    def _number(self, value: float) -> str:
        return f"{value:.{self._decimals}f}"


def both(first: Message, second: Message) -> Message:
    """Two sentences, one after the other."""
    return message("{first} {second}", first=first, second=second)


def lottery_verdict(
    saying: Saying, found: Estimate, *, v: float, mde: float, beside: Estimate | Refusal | None
) -> Verdict:
    """Of rung A.

    Parameters
    ----------
    saying, found
        Words and the effect of the offer.
    v, mde
        Information, and the smallest effect in SD that would have shown.
    beside
        Rung D, shown where the draw is too small.
    """
    if v < V_WANTED or mde > MDE_WANTED or not (found.is_bounded or found.excludes_zero):
        return saying.verdict(_too_small(saying, found, mde, beside), "weak")
    if not found.excludes_zero:
        largest = max(abs(found.lower), abs(found.upper))
        said = message(
            "Getting {place} had no effect on {outcome} larger than {largest} ({interval}), compared with "
            "{without}.",
            place=saying.place,
            without=saying.without,
            largest=saying.amount(largest),
            outcome=saying.outcome,
            interval=saying.interval(found),
        )
        return saying.verdict(said, "strong" if largest <= SMALL * saying.deviation else "moderate")
    values = saying.sized(found) | {"place": saying.place, "without": saying.without}
    if found.estimate > 0:
        said = message(
            "Getting {place} raised {outcome} by {size} ({interval}), compared with {without}.", **values
        )
    else:
        said = message(
            "Getting {place} lowered {outcome} by {size} ({interval}), compared with {without}.", **values
        )
    return saying.verdict(saying.judged(said, found), "strong" if found.is_bounded else "moderate")


def cutoff_verdict(saying: Saying, found: Estimate, corrected: Estimate | Refusal) -> Verdict:
    """Of rung B; ``corrected`` is the estimate that doubts the straight lines."""
    if not found.excludes_zero:
        said = message(
            "Near the cut-off no effect of {place} on {outcome} can be seen: {estimate} ({interval}).",
            place=saying.place,
            **saying.around(found),
        )
        return saying.verdict(said, "weak")
    values = saying.sized(found) | {"place": saying.place}
    if found.estimate > 0:
        said = message("Getting {place} raised {outcome} by {size}, near the cut-off ({interval}).", **values)
    else:
        said = message(
            "Getting {place} lowered {outcome} by {size}, near the cut-off ({interval}).", **values
        )
    agreed = (
        isinstance(corrected, Estimate)
        and corrected.excludes_zero
        and (corrected.estimate > 0) == (found.estimate > 0)
    )
    return saying.verdict(saying.judged(said, found), "moderate" if agreed else "weak")


def rollout_verdict(saying: Saying, found: Estimate) -> Verdict:
    """Of rung C."""
    if not found.excludes_zero:
        said = message(
            "If trends were parallel, no effect of {part} on {outcome} can be seen: {estimate} ({interval}).",
            part=saying.part,
            **saying.around(found),
        )
        return saying.verdict(said, "weak")
    values = saying.sized(found) | {"part": saying.part}
    if found.estimate > 0:
        said = message("If trends were parallel, {part} raised {outcome} by {size} ({interval}).", **values)
    else:
        said = message("If trends were parallel, {part} lowered {outcome} by {size} ({interval}).", **values)
    return saying.verdict(saying.judged(said, found), "moderate")


def comparison_verdict(saying: Saying, found: Estimate, robustness_of_interval: float) -> Verdict:
    """Of rung D; ``robustness_of_interval`` is the robustness value of the interval's nearer end."""
    if not found.excludes_zero:
        said = message(
            "Comparing similar people suggests no clear effect of {part} on {outcome}: {estimate} "
            "({interval}).",
            part=saying.part,
            **saying.around(found),
        )
        return saying.verdict(said, "weak")
    values = saying.sized(found) | {"part": saying.part}
    if found.estimate > 0:
        said = message(
            "Comparing similar people suggests that {part} raised {outcome} by {size} ({interval}); they "
            "chose to take part, so something unmeasured may be behind it.",
            **values,
        )
    else:
        said = message(
            "Comparing similar people suggests that {part} lowered {outcome} by {size} ({interval}); they "
            "chose to take part, so something unmeasured may be behind it.",
            **values,
        )
    strength: Sureness = "moderate" if robustness_of_interval >= ROBUST else "weak"
    return saying.verdict(saying.judged(said, found), strength)


def change_verdict(saying: Saying, found: Estimate) -> Verdict:
    """Of rung E: never the word effect."""
    values = saying.around(found)
    if found.excludes_zero:
        said = message(
            "Among those who took part {outcome} changed by {estimate} ({interval}); nobody was compared "
            "with them, so this does not say why.",
            **values,
        )
    else:
        said = message(
            "Among those who took part {outcome} changed by {estimate} ({interval}): no clear change, and "
            "nobody to compare with.",
            **values,
        )
    return saying.verdict(said, "none")


def _too_small(saying: Saying, found: Estimate, mde: float, beside: Estimate | Refusal | None) -> Message:
    said = message(
        "The draw is too small to say what {place} did to {outcome}: {estimate} ({interval}). It would show "
        "effects from {smallest} on.",
        place=saying.place,
        smallest=saying.amount(mde * saying.deviation),
        **saying.around(found),
    )
    if not isinstance(beside, Estimate):
        return said
    hint = message(
        "Beside it, a comparison of similar people suggests {estimate} ({interval}).",
        estimate=saying.amount(beside.estimate, signed=True),
        interval=saying.interval(beside),
    )
    return both(said, hint)
