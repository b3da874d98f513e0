"""The verdicts of a pilot as they stand in ``model.json``."""

from __future__ import annotations

from typing import Any

from tazuna.errors import TazunaError
from tazuna.measurement.pilot.one_factor import OneFactor
from tazuna.measurement.pilot.pilot import JudgedQuestion, JudgedScale, Pilot
from tazuna.measurement.psychometrics_document import refused


def pilot_document(found: Pilot) -> dict[str, Any]:
    """By scale and question: verdict, what is said of it, and the figures behind it."""
    return {
        "wave": found.wave or None,
        "answered": found.answered,
        "asked": found.asked,
        "rules": found.rules.version,
        "scales": {scale.scale.code: _scale(scale) for scale in found.scales},
    }


def _scale(scale: JudgedScale) -> dict[str, Any]:
    return {
        "one_factor": _factor(scale.factor, scale.scale.codes),
        "precision": None
        if scale.precision is None
        else {
            place: {
                "theta": at.theta,
                "score": at.score,
                "lower": at.lower,
                "upper": at.upper,
                "reliability": at.reliability,
            }
            for place, at in scale.precision.items()
        },
        "questions": {judged.question.code: _question(judged) for judged in scale.questions},
    }


def _factor(factor: OneFactor | TazunaError, codes: tuple[str, ...]) -> dict[str, Any]:
    if isinstance(factor, TazunaError):
        return refused(factor)
    fit = factor.indices
    return {
        "n": factor.n,
        "chi2": fit.chi2,
        "df": fit.df,
        "cfi": fit.cfi,
        "rmsea": fit.rmsea,
        "srmr": fit.srmr,
        "pairs": [
            {
                "questions": [codes[pair.first], codes[pair.second]],
                "correlation": pair.correlation,
                "residual": pair.residual,
            }
            for pair in factor.pairs
        ],
    }


def _question(judged: JudgedQuestion) -> dict[str, Any]:
    loading = judged.loading
    return {
        "verdict": judged.verdict,
        "says": [{"ja": one.says.text("ja"), "en": one.says.text("en")} for one in judged.findings],
        "answered": judged.answered,
        "loading": None if loading is None else loading.value,
        "loading_error": None if loading is None else loading.std_error,
    }
