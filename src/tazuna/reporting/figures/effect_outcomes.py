"""The further outcomes (副次アウトカム), with p-values that allow for their number."""

from __future__ import annotations

from dataclasses import replace

from tazuna.reporting.content import Figure
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_forest import ForestRow, forest_figure


def outcomes_figure(w: EffectWords) -> Figure | None:
    """The primary outcome and the further ones below; None where there are no further ones."""
    t, effect = w.t, w.effect
    if not effect.further_outcomes:
        return None
    rows = [ForestRow(w.say(effect.question.outcome_label), effect.estimate, "main")]
    rows += [
        ForestRow(w.say(one.outcome_label), replace(one.estimate, p_value=one.adjusted_p))
        for one in effect.further_outcomes
    ]
    return forest_figure(
        w,
        rows,
        code="effect-outcomes",
        title=t("Effect on each outcome"),
        heading=t("Outcome"),
        notes=(
            t("p of the further outcomes allows for how many there are (step-down); the intervals do not."),
        ),
    )
