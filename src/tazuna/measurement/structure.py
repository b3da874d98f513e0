"""Structure of one scale (尺度の構造): does a single factor stand behind its questions, and how closely?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.measurement.factor.fit import fit_moments
from tazuna.measurement.factor.fit_indices import FitIndices
from tazuna.measurement.factor.maximum_likelihood import FactorError, Sample
from tazuna.measurement.factor.model import parse_model
from tazuna.measurement.factor.omega import one_factor_omega
from tazuna.measurement.factor.standardised import standardised
from tazuna.measurement.reliability import Moments

_FEWEST_QUESTIONS = 3
_PEOPLE_A_QUESTION = 3


@dataclass(frozen=True, slots=True)
class Structure:
    """One factor fitted to the questions of a scale.

    Parameters
    ----------
    omega
        Reliability of the sum by one factor.
    loadings
        Question → standardised loading.
    fit
        How well one factor fits; with three questions it always does (df 0). None where the number of people,
        which it tells, is not told.
    """

    omega: float
    loadings: dict[str, float]
    fit: FitIndices | None


def structure_of(moments: Moments) -> Structure | None:
    """Fit one factor by maximum likelihood to covariances that may each rest on other people.

    Parameters
    ----------
    moments
        Of keyed questions.

    Returns
    -------
    Structure or None
        None with fewer than three questions, too few people, a constant question, a fit that does not settle,
        or a variance below 0.
    """
    p, people = len(moments.codes), int(moments.n.min()) if len(moments.codes) else 0
    if p < _FEWEST_QUESTIONS or people < _PEOPLE_A_QUESTION * p:
        return None
    spread = np.sqrt(np.diag(moments.covariance))
    if not (spread > 0).all():
        return None
    names = [f"q{k}" for k in range(p)]
    # Divided by n as maximum likelihood does.
    sample = Sample(people, moments.covariance * (people - 1) / people, moments.mean)
    try:
        omega = one_factor_omega(moments.covariance / np.outer(spread, spread)).total
        fitted = fit_moments([sample], parse_model("scale =~ " + " + ".join(names)))
    except FactorError:
        return None
    if fitted.improper:
        return None
    loadings = [entry.value for entry in standardised(fitted) if entry.operator == "=~"]
    return Structure(omega, dict(zip(moments.codes, loadings, strict=True)), fitted.indices)
