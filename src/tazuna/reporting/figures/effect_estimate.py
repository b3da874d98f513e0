"""The estimate (推定値) with its interval, and what other designs and no design at all would have said."""

from __future__ import annotations

from tazuna.evaluation.estimate import Estimate
from tazuna.reporting.content import Figure
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_forest import ForestRow, forest_figure


def estimate_figure(w: EffectWords) -> Figure:
    """This design first, then taking part, the designs below, and last the plain difference."""
    t, effect = w.t, w.effect
    rows = [ForestRow(_own_name(w), effect.estimate, "main")]
    if effect.against_no_place is not None:
        rows.append(ForestRow(t("Against no place"), effect.against_no_place))
    if effect.participation is not None:
        rows.append(ForestRow(t("Of taking part"), effect.participation))
    rows += [ForestRow(w.rung(other.rung), other.result) for other in effect.other_designs]
    legend = []
    if isinstance(effect.naive, Estimate):
        rows.append(ForestRow(t("Plain difference, not an effect"), effect.naive, "quiet"))
        legend.append(t("□: those who took part less those who did not, unadjusted."))
    return forest_figure(
        w,
        rows,
        code="effect",
        title=t("Change in {outcome}", outcome=w.say(effect.question.outcome_label)),
        heading=t("Design"),
        notes=tuple(legend),
    )


def _own_name(w: EffectWords) -> str:
    return w.t("This evaluation: {design}", design=w.rung(w.effect.rung))
