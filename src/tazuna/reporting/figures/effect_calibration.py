"""The adjusted comparison held against the draw (校正): what self-selection leaves over."""

from __future__ import annotations

from tazuna.reporting.content import Figure
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_forest import ForestRow, forest_figure


def calibration_figure(w: EffectWords) -> Figure | None:
    """Draw, adjusted comparison, and their difference; None where both are not known."""
    t, found = w.t, w.effect.calibration
    if found is None:
        return None
    return forest_figure(
        w,
        (
            ForestRow(w.rung("A"), found.lottery, "main"),
            ForestRow(w.rung("D"), found.adjusted),
            ForestRow(t("Difference between the two"), found.difference, "quiet"),
        ),
        code="effect-calibration",
        title=t("Would a comparison without a draw have told the same?"),
        heading=t("Design"),
        notes=(t("The same people with the same weights: the difference is what self-selection adds."),),
    )
