"""The estimate (推定値) with its interval, and what other designs and no design at all would have said."""

from __future__ import annotations

from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.reporting.content import Figure
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_forest import ForestRow, forest_figure


def estimate_figure(w: EffectWords) -> Figure:
    """This design first, then taking part, the designs below as far as they have a figure, and last the plain
    difference.
    """
    t, effect = w.t, w.effect
    others: list[tuple[str, Estimate | Refusal | None]] = [
        (t("Against no place"), effect.against_no_place),
        (t("Of taking part"), effect.participation),
        *((w.rung(other.rung), other.result) for other in effect.other_designs),
    ]
    rows = [ForestRow(_own_name(w), effect.estimate, "main")]
    rows += [ForestRow(name, found) for name, found in others if isinstance(found, Estimate)]
    notes = []
    if isinstance(effect.naive, Estimate):
        rows.append(ForestRow(t("Plain difference, not an effect"), effect.naive, "quiet"))
        notes.append(t("□: those who took part less those who did not, unadjusted."))
    if refused := [name for name, found in others if isinstance(found, Refusal)]:
        notes.append(t("No figure, for want of data: {names}.", names=w.listed(refused)))
    return forest_figure(
        w,
        rows,
        code="effect",
        title=t("Change in {outcome}", outcome=w.say(effect.question.outcome_label)),
        heading=t("Design"),
        notes=tuple(notes),
    )


def _own_name(w: EffectWords) -> str:
    return w.t("This evaluation: {design}", design=w.rung(w.effect.rung))
