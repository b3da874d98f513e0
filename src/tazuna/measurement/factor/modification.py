"""What freeing a question would gain (修正指標), without fitting the freer model."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.measurement.factor.equality import equal_across_groups
from tazuna.measurement.factor.fit import FactorFit
from tazuna.measurement.factor.matrices import Matrices
from tazuna.measurement.factor.maximum_likelihood import Sample, discrepancy_of
from tazuna.measurement.factor.model import FactorModel

OF_A_QUESTION = ("=~", "~1")
"""What is freed together: loadings and intercept."""


@dataclass(frozen=True, slots=True)
class Gain:
    """Score test of freeing a question: the drop of χ² to be expected, and its degrees of freedom."""

    chi2: float
    df: int


def gains(
    samples: Sequence[Sample], current: FactorFit, model: FactorModel, freed: Collection[str]
) -> dict[str, Gain]:
    """Gain of freeing each question that is still equal in all groups.

    ½ g_sᵀ (H_ss - H_sc H_cc⁻¹ H_cs)⁻¹ g_s with gradient and expected Hessian of the freer model at the
    current estimates (Sörbom 1989, doi:10.1007/BF02294623).

    Parameters
    ----------
    samples
        One a group.
    current
        Scalar invariance but for ``freed``.
    model
        Without equalities.
    freed
        Questions that are free already.
    """
    everything = [(operator, name) for name in model.observed for operator in OF_A_QUESTION]
    freer = equal_across_groups(model, ("loadings", "intercepts"), everything)
    matrices = Matrices(freer)
    labels, known = matrices.labels, {label: k for k, label in enumerate(current.matrices.labels)}
    first = first_labels(freer)
    shared = {
        p.label: first[p.left, p.operator, p.right]
        for p in freer.parameters
        if p.is_free and p.label not in known
    }
    apart = [label for label in labels if label not in known]
    # An own parameter is the shared one and a difference, which is 0 so far.
    turned = np.zeros((len(labels), len(known) + len(apart)))
    for row, label in enumerate(labels):
        if label in known:
            turned[row, known[label]] = 1.0
        else:
            turned[row, known[shared[label]]] = 1.0
            turned[row, len(known) + apart.index(label)] = 1.0
    theta = turned[:, : len(known)] @ current.theta
    _, gradient, hessian = discrepancy_of(matrices, samples, theta)
    gradient, hessian = turned.T @ gradient, turned.T @ hessian @ turned
    inside = np.arange(len(known))
    among = hessian - hessian[:, inside] @ np.linalg.solve(hessian[np.ix_(inside, inside)], hessian[inside])
    places = _places(freer, apart, len(known))
    return {
        name: Gain(float(gradient[at] @ np.linalg.solve(among[np.ix_(at, at)], gradient[at]) / 2), len(at))
        for name, at in places.items()
        if name not in freed and len(at)
    }


def first_labels(model: FactorModel) -> Mapping[tuple[str, str, str], str]:
    """Label of each parameter in the first group."""
    return {(p.left, p.operator, p.right): p.label for p in model.parameters if p.group == 0 and p.is_free}


def _places(model: FactorModel, apart: Sequence[str], offset: int) -> dict[str, np.ndarray]:
    """Where each question's differences stand."""
    found: dict[str, list[int]] = {name: [] for name in model.observed}
    for parameter in model.parameters:
        question = parameter.right if parameter.operator == "=~" else parameter.left
        if parameter.label in apart and parameter.operator in OF_A_QUESTION and question in found:
            found[question].append(offset + apart.index(parameter.label))
    return {name: np.array(sorted(set(at)), dtype=np.int64) for name, at in found.items()}
