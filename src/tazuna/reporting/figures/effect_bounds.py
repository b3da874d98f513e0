"""Bounds (境界) that hold whatever those who did not answer would have said (Lee 2009)."""

from __future__ import annotations

from dataclasses import replace

from tazuna.reporting.content import Figure
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_forest import ForestRow, forest_figure


def bounds_figure(w: EffectWords) -> Figure | None:
    """The estimate and the bounds with their interval; None where there are no bounds."""
    t, found = w.t, w.effect.attrition
    if found is None or found.lower_bound is None or found.upper_bound is None:
        return None
    ends = found.bounds_interval or (found.lower_bound, found.upper_bound)
    around = replace(w.effect.estimate, lower=ends[0], upper=ends[1])
    return forest_figure(
        w,
        (
            ForestRow(t("Those who answered"), w.effect.estimate, "main"),
            ForestRow(
                t("Those who answer with or without a place"),
                around,
                bar=(found.lower_bound, found.upper_bound),
            ),
        ),
        code="effect-bounds",
        title=t("Estimate and bounds"),
        heading=t("People"),
        notes=(t("Thick: lowest to highest effect that the missing answers leave open (Lee bounds)."),),
    )
