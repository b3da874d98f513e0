"""``model.json``: what psychometrics found, for other programs."""

from __future__ import annotations

from typing import Any

from tazuna.errors import TazunaError
from tazuna.measurement.factor.fit import FactorFit
from tazuna.measurement.factor.fit_indices import FitIndices
from tazuna.measurement.factor.standardised import standardised
from tazuna.measurement.factor.verdict import Invariance
from tazuna.measurement.graded.fit import GradedFit
from tazuna.measurement.psychometrics import Psychometrics, ScalePsychometrics


def psychometrics_document(found: Psychometrics) -> dict[str, Any]:
    """Everything with names; what could not be computed is ``{"refused": {"ja": …, "en": …}}``."""
    wlsmv = found.wlsmv
    return {
        "n": found.n,
        "reliability": {scale.scale: _reliability(scale) for scale in found.scales},
        "omega": _omega(found),
        "factor": {
            "ml": _factor(found.ml),
            "wlsmv": refused(wlsmv)
            if isinstance(wlsmv, TazunaError)
            else {
                **_factor(wlsmv.fit, ordinal=True),
                "unscaled": _indices(wlsmv.naive),
                "left_out": wlsmv.left_out,
            },
        },
        "graded": {scale.scale: _graded(scale.graded) for scale in found.scales},
        "invariance": None if found.invariance is None else _invariance(found.invariance),
        "invariance_of_ordered": None
        if found.ordinal_invariance is None
        else _invariance(found.ordinal_invariance),
    }


def refused(why: TazunaError) -> dict[str, Any]:
    """A refusal in both languages."""
    return {"refused": {"ja": why.text("ja"), "en": why.text("en")}}


def _reliability(scale: ScalePsychometrics) -> dict[str, Any] | None:
    found = scale.reliability
    if found is None:
        return None
    return {
        "alpha": found.alpha,
        "alpha_lower": found.lower,
        "alpha_upper": found.upper,
        "omega": None if scale.omega is None else scale.omega.total,
        "n": found.n,
        "items": {
            code: {"item_rest": item.item_rest, "mean": item.mean, "sd": item.sd}
            for code, item in found.items.items()
        },
    }


def _omega(found: Psychometrics) -> dict[str, float | str | None] | None:
    """Of all questions together; the hierarchical one only where there is a general factor."""
    whole = found.model_omega
    if whole is None:
        return None
    hierarchical = None if found.general is None else whole.hierarchical
    return {"total": whole.total, "hierarchical": hierarchical, "general": found.general}


def _indices(indices: FitIndices) -> dict[str, float]:
    return {
        "chi2": indices.chi2,
        "df": indices.df,
        "p_value": indices.p_value,
        "cfi": indices.cfi,
        "tli": indices.tli,
        "rmsea": indices.rmsea,
        "rmsea_lower": indices.rmsea_lower,
        "rmsea_upper": indices.rmsea_upper,
        "srmr": indices.srmr,
    }


def _factor(found: FactorFit | TazunaError, *, ordinal: bool = False) -> dict[str, Any]:
    if isinstance(found, TazunaError):
        return refused(found)
    errors = dict(zip(found.matrices.labels, found.std_errors.tolist(), strict=True))
    values = dict(zip(found.matrices.labels, found.theta.tolist(), strict=True))
    standard = {
        (entry.left, entry.operator, entry.right, entry.group): entry
        for entry in standardised(found, ordinal=ordinal)
    }
    parameters = []
    for parameter in found.matrices.model.parameters:
        entry = standard.get((parameter.left, parameter.operator, parameter.right, parameter.group))
        parameters.append(
            {
                "left": parameter.left,
                "operator": parameter.operator,
                "right": parameter.right,
                "estimate": values.get(parameter.label, parameter.value),
                "std_error": errors.get(parameter.label),
                "standardised": None if entry is None else entry.value,
                "standardised_error": None if entry is None else entry.std_error,
            }
        )
    return {
        **_indices(found.indices),
        "n": sum(found.n),
        "incomplete": found.incomplete,
        "log_likelihood": found.log_likelihood,
        "aic": found.aic,
        "bic": found.bic,
        "improper": list(found.improper),
        "parameters": parameters,
    }


def _graded(found: GradedFit | TazunaError) -> dict[str, Any]:
    if isinstance(found, TazunaError):
        return refused(found)
    items = found.items
    return {
        "loglik": found.log_likelihood,
        "n": found.n,
        "parameters": found.free_parameters,
        "items": {
            code: {
                "a": float(items.slopes[row]),
                "a_std_error": float(found.std_errors[row, 0]),
                "b": items.thresholds[row][: len(levels) - 1].tolist(),
                "d": items.intercepts[row][: len(levels) - 1].tolist(),
                "categories": list(levels),
            }
            for row, (code, levels) in enumerate(zip(items.codes, items.levels, strict=True))
        },
    }


def _invariance(found: Invariance | TazunaError) -> dict[str, Any]:
    if isinstance(found, TazunaError):
        return refused(found)
    return {
        "groups": dict(zip(found.groups, found.people, strict=True)),
        "steps": {
            step.step: {
                **_indices(step.indices),
                "chi2_change": step.chi2_change,
                "df_change": step.df_change,
                "p_value_of_change": step.p_value,
            }
            for step in found.steps
        },
        "freed": list(found.freed),
        "joined": list(found.joined),
        "differences": [
            {
                "group": difference.group,
                "factor": difference.factor,
                "full": difference.full,
                "partial": difference.partial,
            }
            for difference in found.differences
        ],
        "verdict": {"code": found.verdict, "ja": found.says.text("ja"), "en": found.says.text("en")},
    }
