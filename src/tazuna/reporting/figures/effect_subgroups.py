"""For whom it works (サブグループ別の効果): by what was known before the draw or the start."""

from __future__ import annotations

from tazuna.evaluation.effect import Subgroup
from tazuna.reporting.content import Figure
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_forest import ForestRow, forest_figure
from tazuna.reporting.words import group_label


def subgroups_figure(w: EffectWords) -> Figure | None:
    """Each group under its characteristic; None where nothing was split."""
    t, effect = w.t, w.effect
    if not effect.subgroups:
        return None
    rows = [ForestRow(t("Everybody"), effect.estimate, "main")]
    rows += [
        ForestRow(subgroup_name(w, one), one.result, group=w.opening(one.modifier_label))
        for one in effect.subgroups
    ]
    return forest_figure(
        w,
        rows,
        code="effect-subgroups",
        title=t("Effect by group"),
        heading=t("Group"),
        notes=(t("Whether groups differ is told by the test between them, not by whose interval holds 0."),),
    )


def subgroup_name(w: EffectWords, one: Subgroup) -> str:
    """What readers call a group."""
    if one.group_label is not None:
        return w.say(one.group_label)
    return group_label(one.modifier, one.group, w.language, w.t)
