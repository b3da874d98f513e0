"""What ``tazuna fit`` shows: the figures that users of psych, lavaan and mirt look for, as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tazuna.errors import TazunaError
from tazuna.language import Language, translator

if TYPE_CHECKING:
    from tazuna.measurement.factor.fit import FactorFit
    from tazuna.measurement.factor.verdict import GroupDifference, Invariance
    from tazuna.measurement.factor.weighted_least_squares import OrdinalFit
    from tazuna.measurement.psychometrics import Psychometrics, ScalePsychometrics
    from tazuna.measurement.reliability import ItemFigures

Words = Callable[..., str]


def fit_lines(found: Psychometrics, language: Language) -> list[str]:
    """The whole screen, line by line."""
    t = translator(language)
    lines = [t("{n} people answered.", n=f"{found.n:,}"), ""]
    for scale in found.scales:
        lines += [*_scale_lines(scale, t), ""]
    lines += _omega_lines(found, t)
    lines += [t("Factor model, maximum likelihood"), *_factor_lines(found.ml, t, language), ""]
    lines += [t("Factor model of ordered answers (WLSMV)"), *_ordinal_lines(found.wlsmv, t, language), ""]
    lines += [t("Graded response model"), *_graded_part(found.scales, language)]
    if found.invariance is not None:
        lines += ["", t("Comparison of groups"), *_invariance_lines(found.invariance, t, language)]
    if found.ordinal_invariance is not None:
        of_ordered = _invariance_lines(found.ordinal_invariance, t, language)
        lines += ["", t("Comparison of groups, ordered answers (WLSMV)"), *of_ordered]
    return [*lines, ""]


def _omega_lines(found: Psychometrics, t: Words) -> list[str]:
    whole = found.model_omega
    if whole is None or len(found.scales) < 2:
        return []
    if found.general is None:
        return [t("All questions together: omega total {total}", total=_three(whole.total)), ""]
    said = t(
        "All questions together: omega total {total}, omega hierarchical {hierarchical} ({general})",
        total=_three(whole.total),
        hierarchical=_three(whole.hierarchical),
        general=found.general,
    )
    return [said, ""]


def _scale_lines(scale: ScalePsychometrics, t: Words) -> list[str]:
    found = scale.reliability
    if found is None:
        return [t("{scale}: no reliability can be computed.", scale=scale.scale)]
    omega = "–" if scale.omega is None else _three(scale.omega.total)
    head = t(
        "{scale}: alpha {alpha} ({lower} to {upper}), omega {omega}, n = {n}",
        scale=scale.scale,
        alpha=_three(found.alpha),
        lower=_three(found.lower),
        upper=_three(found.upper),
        omega=omega,
        n=f"{found.n:,}",
    )
    width = max(len(code) for code in found.items)
    rows = [
        f"  {code:<{width}}  r = {'–' if item.item_rest is None else _three(item.item_rest)}"
        f"  M = {item.mean:.2f}  SD = {item.sd:.2f}" + _without(item, t)
        for code, item in found.items.items()
    ]
    return [head, *rows]


def _without(item: ItemFigures, t: Words) -> str:
    if item.alpha_dropped is None:
        return ""
    return "  " + t("alpha without it {alpha}", alpha=_three(item.alpha_dropped))


def _ordinal_lines(found: OrdinalFit | TazunaError, t: Words, language: Language) -> list[str]:
    if isinstance(found, TazunaError):
        return _factor_lines(found, t, language)
    lines = _factor_lines(found.fit, t, language, ordinal=True)
    if found.left_out:
        said = t("{n} people who left a question out are not in this model.", n=f"{found.left_out:,}")
        lines.insert(1, f"  {said}")
    return lines


def _factor_lines(
    found: FactorFit | TazunaError, t: Words, language: Language, *, ordinal: bool = False
) -> list[str]:
    if isinstance(found, TazunaError):
        return [f"  {line}" for line in found.text(language).splitlines()]
    fit = found.indices
    lines = [
        f"  χ² = {fit.chi2:.3f}, df = {fit.df}, p {_chance(fit.p_value)}, n = {sum(found.n):,}",
        f"  CFI {_three(fit.cfi)}, TLI {_three(fit.tli)}, RMSEA {_three(fit.rmsea)} "
        f"({_three(fit.rmsea_lower)}–{_three(fit.rmsea_upper)}), SRMR {_three(fit.srmr)}",
    ]
    if found.log_likelihood is not None:
        lines.append(f"  logLik = {found.log_likelihood:.3f}, AIC {found.aic:.3f}, BIC {found.bic:.3f}")
    if found.improper:
        names = ", ".join(found.improper)
        lines.append(
            "  " + t("Do not read this model: {names} came out with a variance below 0.", names=names)
        )
    return [*lines, *_estimates(found, ordinal=ordinal)]


def _estimates(found: FactorFit, *, ordinal: bool) -> list[str]:
    """Loadings, paths and covariances as lavaan lists them; ``std`` is its std.all."""
    from tazuna.measurement.factor.standardised import standardised

    values = dict(zip(found.matrices.labels, zip(found.theta, found.std_errors, strict=True), strict=True))
    rows = [
        (p, *values.get(p.label, (p.value, None)))
        for p in found.matrices.model.parameters
        if p.operator in ("=~", "~") or (p.operator == "~~" and p.left != p.right and p.label in values)
    ]
    whole = {
        (entry.left, entry.operator, entry.right): entry.value
        for entry in standardised(found, ordinal=ordinal)
    }
    left, right = (
        max((len(name) for name in names), default=0)
        for names in (tuple(p.left for p, *_ in rows), tuple(p.right for p, *_ in rows))
    )
    return [
        f"  {p.left:<{left}} {p.operator:<2} {p.right:<{right}}  {value:7.3f}  "
        + ("            " if error is None else f"(SE {error:.3f})  ")
        + f"std {whole[p.left, p.operator, p.right]:6.3f}"
        for p, value, error in rows
    ]


def _graded_part(scales: tuple[ScalePsychometrics, ...], language: Language) -> list[str]:
    """Scale by scale; what is refused of all of them for one reason is said once."""
    refused = {scale.graded.text(language) for scale in scales if isinstance(scale.graded, TazunaError)}
    if len(refused) == 1 and all(isinstance(scale.graded, TazunaError) for scale in scales):
        return [f"  {line}" for line in refused.pop().splitlines()]
    return [line for scale in scales for line in _graded_lines(scale, language)]


def _graded_lines(scale: ScalePsychometrics, language: Language) -> list[str]:
    found = scale.graded
    if isinstance(found, TazunaError):
        return [f"  {scale.scale}: {line}" for line in found.text(language).splitlines()]
    lines = [f"  {scale.scale}: logLik = {found.log_likelihood:.4f}, n = {found.n:,}"]
    items = found.items
    width = max(len(code) for code in items.codes)
    for row, code in enumerate(items.codes):
        known = items.thresholds[row][: len(items.levels[row]) - 1]
        places = "  ".join(f"{b:7.3f}" for b in known)
        error = found.std_errors[row, 0]
        lines.append(f"    {code:<{width}}  a {items.slopes[row]:6.3f} (SE {error:.3f})   b {places}")
    return lines


def _invariance_lines(found: Invariance | TazunaError, t: Words, language: Language) -> list[str]:
    if isinstance(found, TazunaError):
        return [f"  {line}" for line in found.text(language).splitlines()]
    lines = [f"  {found.says.text(language)}"]
    names = {
        "configural": t("configural"),
        "metric": t("metric (loadings)"),
        "scalar": t("scalar (and intercepts)"),
        "strict": t("strict (and residuals)"),
        "thresholds": t("equal thresholds"),
        "loadings": t("and loadings"),
        "intercepts": t("and intercepts"),
    }
    for step in found.steps:
        fit = step.indices
        lines.append(
            f"  {names[step.step]}: χ² = {fit.chi2:.3f}, df = {fit.df}, CFI {_three(fit.cfi)}, "
            f"RMSEA {_three(fit.rmsea)}"
            + ("" if step.p_value is None else t(", against the step before p {p}", p=_chance(step.p_value)))
        )
    if found.joined:
        joined = ", ".join(found.joined)
        lines.append("  " + t("Answers that a group never gave count with the next: {codes}", codes=joined))
    return [*lines, *(f"  {_difference(difference, found, t)}" for difference in found.differences)]


def _difference(difference: GroupDifference, found: Invariance, t: Words) -> str:
    words = {
        "group": difference.group,
        "factor": difference.factor,
        "full": f"{difference.full:+.2f}",
        "first": found.groups[0],
    }
    if not found.freed:
        return t("{group}, {factor}: {full} standard deviations from {first}", **words)
    return t(
        "{group}, {factor}: {full} standard deviations from {first}; "
        "{partial} without the questions that differ",
        **words,
        partial=f"{difference.partial:+.2f}",
    )


def _chance(value: float) -> str:
    return "< .001" if value < 0.0005 else f"= {_three(value)}"


def _three(value: float) -> str:
    """Three decimals without the zero in front, as reliability is written."""
    return f"{value:.3f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.3f}"
