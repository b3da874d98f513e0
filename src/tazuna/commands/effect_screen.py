"""How a result, or why there is none, looks on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tazuna.errors import TazunaError
from tazuna.language import Language, message, translator

if TYPE_CHECKING:
    from tazuna.evaluation.effect import Effect
    from tazuna.evaluation.evidence import Rung
    from tazuna.evaluation.ladder import NoDesign
    from tazuna.evaluation.refusal import Refusal

STRENGTHS = {
    "strong": message("strong"),
    "moderate": message("moderate"),
    "weak": message("weak"),
    "none": message("none: a change is no proof"),
}


class NoDesignError(TazunaError):
    """No design can be used; says of each why not, and what would cure it.

    Parameters
    ----------
    found
        The refusals of the designs that were asked for.
    """

    def __init__(self, found: NoDesign) -> None:
        super().__init__(message("There is no result: no design that was asked for can be used."))
        self.found = found

    def text(self, language: Language) -> str:
        """All refusals in ``language``; a reason shared by several designs is said once."""
        t = translator(language)
        shared: dict[tuple[str, str], list[Rung]] = {}
        for rung, why in self.found.refusals:
            shared.setdefault((why.problem.text(language), why.cure.text(language)), []).append(rung)
        lines = [self.problem.text(language)]
        for (problem, cure), rungs in shared.items():
            lines.append(t("{designs}: {problem}", designs=_named(rungs, language), problem=problem))
            lines.append(f"  {cure}")
        return "\n".join(lines)


def effect_lines(found: Effect, language: Language) -> list[str]:
    """The verdict, how much it carries, cautions, and why no higher design was possible."""
    t = translator(language)
    lines = [
        found.verdict.says.text(language),
        t(
            "Design {design}. How much this carries: {strength}",
            design=_named([found.rung], language),
            strength=STRENGTHS[found.verdict.strength].text(language),
        ),
    ]
    if found.v is not None and found.mde is not None:
        lines.append(
            t(
                "Information of the draw: V = {v}; smallest effect that would show: {mde} SD",
                v=f"{found.v:.1f}",
                mde=f"{found.mde:.2f}",
            )
        )
    if found.needed is not None:
        lines.append(
            t(
                "Until an effect of {effect} SD would show: {rounds} rounds like these in all, or {places} "
                "more places drawn like these.",
                effect=f"{found.needed.effect:g}",
                rounds=found.needed.rounds,
                places=found.needed.places,
            )
        )
    lines += [t("Note: {said}", said=caution.problem) for caution in found.cautions]
    lines += [t("Not as registered: {said}", said=deviation) for deviation in found.deviations or ()]
    lines += [_why_not(rung, why, language) for rung, why in found.not_above]
    return lines


def _why_not(rung: Rung, why: Refusal, language: Language) -> str:
    t = translator(language)
    return t("Not {design}: {problem}", design=_named([rung], language), problem=why.problem)


def _named(rungs: list[Rung], language: Language) -> str:
    from tazuna.reporting.effect_words import RUNGS

    return ", ".join(f"{rung} ({RUNGS[rung].text(language)})" for rung in rungs)
