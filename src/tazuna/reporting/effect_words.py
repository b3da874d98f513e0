"""How the figures of an effect (効果) are said: in points and in standard deviations, with the interval."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.evidence import Rung
from tazuna.evaluation.refusal import Refusal
from tazuna.language import Language, Message, Translator, message, translator

RUNGS: dict[Rung, Message] = {
    "A": message("Draw"),
    "B": message("Cut-off of a score"),
    "C": message("Staggered start"),
    "D": message("Adjusted comparison"),
    "E": message("Before and after"),
}
"""The designs' short names."""

_SMALLEST_P = 0.001


@dataclass(frozen=True, slots=True)
class EffectWords:
    """An effect and the words for its figures.

    ``finer`` are digits beyond those that the outcome's deviation calls for.
    """

    effect: Effect
    language: Language
    finer: int = 0

    @property
    def t(self) -> Translator:
        """The translator into the language of the report."""
        return translator(self.language)

    def say(self, told: Message) -> str:
        """A message in the language of the report."""
        return told.text(self.language)

    def opening(self, told: Message) -> str:
        """A message at the beginning of a line."""
        words = self.say(told)
        return words[:1].upper() + words[1:]

    def rung(self, rung: Rung) -> str:
        """A design's short name."""
        return self.say(RUNGS[rung])

    @property
    def deviation(self) -> float | None:
        """Of the outcome; None where it does not vary or is not known."""
        deviation = self.effect.deviation
        return deviation if math.isfinite(deviation) and deviation > 0 else None

    @property
    def decimals(self) -> int:
        """Of the outcome's values: two digits of a standard deviation."""
        deviation = self.deviation
        return 1 if deviation is None else max(0, 2 + self.finer - math.floor(math.log10(deviation)))

    def plain(self, value: float) -> str:
        """A size without its sign: ``6.2``."""
        return f"{abs(value):.{self.decimals}f}"

    def signed(self, value: float) -> str:
        """``+6.2``, ``−0.8``; ``±0.0`` where nothing is left after rounding."""
        return _signed(value, self.decimals)

    def with_unit(self, number: str) -> str:
        """``+6.2 points``; a column of the study has no unit that we know."""
        return self.t("{number} points", number=number) if self.effect.question.in_points else number

    def in_sd(self, value: float) -> str:
        """A value of the outcome in standard deviations: ``+0.31``."""
        return "–" if self.deviation is None else _signed(value / self.deviation, 2)

    def sized(self, value: float) -> str:
        """``+6.2 points (+0.31 SD)``, without the second where no deviation is known."""
        told = self.with_unit(self.signed(value))
        if self.deviation is None:
            return told
        return self.t("{points} ({size} SD)", points=told, size=self.in_sd(value))

    def called(self, code: str) -> str:
        """What readers call a covariate or characteristic."""
        known = self.effect.labels.get(code)
        return code if known is None else self.say(known)

    def limit(self, value: float) -> str:
        """An end of an interval for a table."""
        return self.signed(value) if math.isfinite(value) else self.t("no limit")

    def interval(self, found: Estimate) -> str:
        """``+1.4 to +11.0``; says in words on which side there is no limit."""
        t, lower, upper = self.t, found.lower, found.upper
        if math.isfinite(lower) and math.isfinite(upper):
            return t("{lower} to {upper}", lower=self.signed(lower), upper=self.signed(upper))
        if math.isfinite(lower):
            return t("{lower} or more, no upper limit", lower=self.signed(lower))
        if math.isfinite(upper):
            return t("{upper} or less, no lower limit", upper=self.signed(upper))
        return t("no limit on either side")

    def with_interval(self, found: Estimate) -> str:
        """``+6.2 (+1.4 to +11.0)``."""
        return self.t(
            "{estimate} ({interval})",
            estimate=self.signed(found.estimate),
            interval=self.interval(found),
        )

    def result(self, found: Estimate | Refusal) -> str:
        """A result with its interval, or that there is none."""
        return self.with_interval(found) if isinstance(found, Estimate) else self.t("no figure")

    def per_hour(self, found: Estimate) -> str:
        """An effect of an hour with its interval: ``+0.19 (+0.04 to +0.35)``, in one digit more."""
        finer = replace(self, finer=self.finer + 1)
        return finer.with_interval(found)

    def probability(self, value: float) -> str:
        """``p = 0.012``."""
        if value < _SMALLEST_P:
            return f"p < {_SMALLEST_P}"
        return f"p = {value:.{3 if value < 0.1 else 2}f}"

    def percent(self, share: float) -> str:
        """A share (0–1) as a whole percentage."""
        return f"{100 * share:.0f}%"

    def listed(self, words: Iterable[str]) -> str:
        """Words with the language's comma between them."""
        return self.t(", ").join(words)


def _signed(value: float, decimals: int) -> str:
    rounded = round(value, decimals)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):.{decimals}f}"
