"""Behind the page of an effect: the further figures, and everything in full that the page shortens."""

from __future__ import annotations

import math

from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.reporting.content import Block, Column, Items, Missing, Paragraph, Part, Section, Table
from tazuna.reporting.effect_answers import assumption
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_balance import balance_figure
from tazuna.reporting.figures.effect_bounds import bounds_figure
from tazuna.reporting.figures.effect_calibration import calibration_figure
from tazuna.reporting.figures.effect_dose import dose_figure
from tazuna.reporting.figures.effect_outcomes import outcomes_figure
from tazuna.reporting.figures.effect_subgroups import subgroups_figure

_SHARE = 1.0
"""Up to here a mean is written as finely as a share."""


def annex(w: EffectWords) -> Part:
    """Every section that the effect has something for."""
    t = w.t
    sections = (
        ("subgroups", t("For whom in detail"), (subgroups_figure(w),)),
        ("balance", t("How alike the two sides were"), (balance_figure(w),)),
        ("at-risk", t("Whom the result is about"), (_at_risk(w),)),
        ("bounds", t("If those who did not answer differ"), (bounds_figure(w),)),
        ("dose", t("Effect by hours"), (dose_figure(w) or _refused(w, w.effect.per_hour),)),
        ("calibration", t("The draw and the adjusted comparison"), (calibration_figure(w),)),
        ("outcomes", t("Further outcomes"), (outcomes_figure(w),)),
        ("spillover", t("Effect of colleagues' places"), (_spillover(w),)),
        ("assumptions", t("What must be believed, and how it was checked"), (_assumptions(w),)),
        ("designs", t("The other designs"), (_designs(w),)),
        ("cautions", t("To be kept in mind"), (_cautions(w),)),
        ("registered", t("Where the analysis departs from what was registered"), _deviations(w)),
    )
    return Part(
        "annex",
        t("Behind the page"),
        t("The figures and checks behind the page, with all that it shortens."),
        tuple(
            Section(f"annex-{code}", title, found)
            for code, title, blocks in sections
            if (found := tuple(block for block in blocks if block is not None))
        ),
    )


def _refused(w: EffectWords, found: Estimate | Refusal | None) -> Missing | None:
    if not isinstance(found, Refusal):
        return None
    return Missing(w.t("There is no figure here."), w.say(found.problem), w.say(found.cure))


def _at_risk(w: EffectWords) -> Block | None:
    t, rows = w.t, w.effect.at_risk
    if not rows:
        return None
    columns = (
        Column(t("Characteristic")),
        Column(t("Decided by the draw"), "score"),
        Column(t("All applicants"), "score"),
        Column(t("All employees"), "score"),
    )
    told = tuple(
        (w.called(row.characteristic), *map(_mean, (row.at_risk, row.applicants, row.everybody)))
        for row in rows
    )
    return Table(
        "effect-at-risk", t("Means of those whom the result is about, and of the others"), columns, told
    )


def _mean(mean: float) -> str | None:
    """A mean in the digits of its size; shares need two."""
    if not math.isfinite(mean):
        return None
    return f"{mean:.{2 if abs(mean) <= _SHARE else 1}f}".replace("-", "−")


def _spillover(w: EffectWords) -> Block | None:
    t, found = w.t, w.effect.spillover
    if not isinstance(found, Estimate):
        return _refused(w, found)
    return Paragraph(
        t(
            "Per 10 percentage points more of a department with a place: {effect}, {p}.",
            effect=w.with_interval(found),
            p=w.probability(found.p_value),
        )
    )


def _assumptions(w: EffectWords) -> Items | None:
    entries = tuple(assumption(w, one.held, one.says, one.check) for one in w.effect.assumptions)
    return Items(entries) if entries else None


def _designs(w: EffectWords) -> Items | None:
    """What each design below compares, and of everything without a figure why it has none."""
    t, effect = w.t, w.effect
    entries = [
        (w.rung(other.rung), w.opening(other.estimand))
        for other in effect.other_designs
        if isinstance(other.result, Estimate)
    ]
    refused = (
        *((w.rung(rung), why) for rung, why in effect.not_above),
        (t("Against no place"), effect.against_no_place),
        (t("Of taking part"), effect.participation),
        *((w.rung(other.rung), other.result) for other in effect.other_designs),
        (t("Plain difference, not an effect"), effect.naive),
    )
    entries += [
        (name, t("{problem} {cure}", problem=w.say(why.problem), cure=w.say(why.cure)))
        for name, why in refused
        if isinstance(why, Refusal)
    ]
    return Items(tuple(entries)) if entries else None


def _cautions(w: EffectWords) -> Items | None:
    entries = tuple((w.say(one.problem), w.say(one.cure)) for one in w.effect.cautions)
    return Items(entries) if entries else None


def _deviations(w: EffectWords) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(w.say(one)) for one in w.effect.deviations or ())
