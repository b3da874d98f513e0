"""Behind the verdicts of a pilot (判定の根拠): every figure, the factor models, and the rules."""

from __future__ import annotations

from tazuna.errors import TazunaError
from tazuna.measurement.pilot.one_factor import OneFactor
from tazuna.measurement.pilot.pilot import JudgedQuestion, JudgedScale
from tazuna.reporting.content import Block, Column, Items, Mark, Paragraph, Part, Section, Table, Value
from tazuna.reporting.figures.pilot_answers import name_of
from tazuna.reporting.pilot_words import PilotWords, coefficient


def behind_part(w: PilotWords) -> Part:
    """All figures of every question, the factor models, and the rules."""
    t = w.t
    return Part(
        "behind",
        t("Behind the verdicts"),
        t(
            "The figures that psychometricians look for, and the rules of the verdicts. A question is judged "
            "where {needed} people or more answered it.",
            needed=w.pilot.rules.fewest_people,
        ),
        (
            Section("figures", t("Every question"), tuple(_figures(w))),
            Section("structure", t("Is it one thing that each scale measures?"), _structure(w)),
            Section("rules", t("Rules of the verdicts"), (_rules(w),)),
        ),
    )


def _figures(w: PilotWords) -> list[Table]:
    t = w.t
    columns = (
        Column(t("Question")),
        Column(t("Answered"), "count"),
        Column(t("Left out"), "percent"),
        Column(t("Mean"), "coefficient"),
        Column(t("SD"), "coefficient"),
        Column(t("Item-rest r"), "coefficient"),
        Column(t("Alpha if dropped"), "coefficient"),
        Column(t("Loading"), "coefficient"),
        Column(t("Standard error"), "coefficient"),
        Column(t("Discrimination a"), "coefficient"),
    )
    return [
        Table(
            f"every-question-{number}",
            w.scale(scale),
            columns,
            tuple(_row(w, scale, judged) for judged in scale.questions),
        )
        for number, scale in enumerate(w.pilot.scales, start=1)
    ]


def _row(w: PilotWords, scale: JudgedScale, judged: JudgedQuestion) -> tuple[Value, ...]:
    figures, loading, graded, code = judged.figures, judged.loading, scale.graded, judged.question.code
    shown = w.answered(judged)
    if shown is Mark.HIDDEN:
        return (name_of(judged), *[Mark.HIDDEN] * 9)
    slope = None if graded is None else float(graded.items.slopes[graded.items.codes.index(code)])
    return (
        name_of(judged),
        shown,
        w.percent(f"left_out.{code}"),
        *(
            (None,) * 4
            if figures is None
            else (figures.mean, figures.sd, figures.item_rest, figures.alpha_dropped)
        ),
        *((None, None) if loading is None else (loading.value, loading.std_error)),
        slope,
    )


def _structure(w: PilotWords) -> tuple[Block, ...]:
    t = w.t
    fitted = [(scale, scale.factor) for scale in w.pilot.scales if isinstance(scale.factor, OneFactor)]
    columns = (
        Column(t("Scale")),
        Column("n", "count"),
        Column("χ²", "coefficient"),
        Column("df", "count"),
        Column("CFI", "coefficient"),
        Column("RMSEA", "coefficient"),
        Column("SRMR", "coefficient"),
        Column(t("Pairs that share more than the scale")),
    )
    rows: list[tuple[Value, ...]] = [
        (
            w.scale(scale),
            factor.n,
            factor.indices.chi2,
            factor.indices.df,
            *_fit(factor),
            _pairs(w, scale, factor),
        )
        for scale, factor in fitted
    ]
    refused = tuple(
        (w.scale(scale), scale.factor.text(w.language).replace("\n", " "))
        for scale in w.pilot.scales
        if isinstance(scale.factor, TazunaError)
    )
    return (
        *((Table("structure", t("One factor behind each scale"), columns, tuple(rows)),) if rows else ()),
        *((Items(refused),) if refused else ()),
        Paragraph(
            t(
                "One factor fits well where CFI is .95 or more, RMSEA .06 or less and SRMR .08 or less (Hu & "
                "Bentler 1999); ordered answers by WLSMV. Three questions always fit (df 0)."
            ),
            "note",
        ),
    )


def _fit(factor: OneFactor) -> tuple[Value, ...]:
    """Nothing to tell where three questions leave no degree of freedom."""
    fit = factor.indices
    return (None, None, None) if fit.df == 0 else (fit.cfi, fit.rmsea, fit.srmr)


def _pairs(w: PilotWords, scale: JudgedScale, factor: OneFactor) -> str:
    return w.t("; ").join(
        w.t(
            "{first} and {second}: {residual} left of {correlation}",
            first=scale.scale.codes[pair.first],
            second=scale.scale.codes[pair.second],
            residual=coefficient(pair.residual),
            correlation=coefficient(pair.correlation),
        )
        for pair in factor.pairs
        if pair.residual is not None
    )


def _rules(w: PilotWords) -> Items:
    t, rules = w.t, w.pilot.rules
    return Items(
        (
            (
                t("Does not belong"),
                t(
                    "The standardised loading lies below {loading} with its whole 95% interval; with the "
                    "estimate alone the question is to be looked at again (without a factor model: "
                    "correlation with the rest below {rest}).",
                    loading=coefficient(rules.loading),
                    rest=coefficient(rules.item_rest),
                ),
            ),
            (
                t("Says the same"),
                t(
                    "The scale leaves a correlation of {residual} or more between two questions that "
                    "correlate by {correlation} or more; in a scale of three, by {alike} or more.",
                    residual=coefficient(rules.residual),
                    correlation=coefficient(rules.correlation),
                    alike=coefficient(rules.alike),
                ),
            ),
            (
                t("Nearly everybody"),
                t(
                    "{share}% or more answer on one side of the middle.",
                    share=f"{100 * rules.one_sided:.0f}",
                ),
            ),
            (
                t("Different things"),
                t(
                    "At the same standing two groups answer {size} standard deviations apart or more (graded "
                    "response model, likelihood ratio, 5% after correction for all questions); groups of 200 "
                    "or more.",
                    size=f"{rules.group_difference:.1f}",
                ),
            ),
            (
                t("Left out"),
                t(
                    "{share}% or more of those who answered the scale otherwise.",
                    share=f"{100 * rules.left_out:.0f}",
                ),
            ),
        )
    )
