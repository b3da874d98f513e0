"""What groups share at each step of the ladder for ordered answers (順序カテゴリの測定不変性の段階).

Behind each question lies a normal variable y = ν + Λη + ε, cut at thresholds τ into answers. Its place and
unit cannot be seen, so that each step fixes of them what is not identified (Wu & Estabrook 2016,
doi:10.1007/s11336-016-9506-0): with thresholds of its own in each group, mean 0 and variance 1; with equal
thresholds the later groups' intercepts ν and scales 1/sd(y) are free; with equal loadings their factor
variances too; with equal intercepts, which are 0, their factor means.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tazuna.measurement.factor.equality import Kind, equal_across_groups
from tazuna.measurement.factor.matrices import Floats, Integers, Matrices
from tazuna.measurement.factor.model import FactorModel, Parameter

OrdinalStep = Literal["configural", "thresholds", "loadings", "intercepts"]
ORDINAL_STEPS: tuple[OrdinalStep, ...] = ("configural", "thresholds", "loadings", "intercepts")
_FACTORS: dict[OrdinalStep, tuple[Kind, ...]] = {
    "configural": (),
    "thresholds": (),
    "loadings": ("loadings",),
    "intercepts": ("loadings", "intercepts"),
}
_YES_OR_NO = 2


@dataclass(frozen=True, slots=True)
class OrdinalLayout:
    """Where each parameter stands among all that are estimated.

    Parameters
    ----------
    matrices
        Loadings, covariances, intercepts and means; its labels come first.
    labels
        All parameters: those of ``matrices``, then thresholds (``q|1@group``), then scales (``q*@group``).
    question
        Shape (t,): the question of each threshold.
    threshold_at
        Shape (groups, t): place of each threshold.
    scale_at
        Shape (groups, p): place of each scale; -1 where it is 1.
    """

    matrices: Matrices
    labels: tuple[str, ...]
    question: Integers
    threshold_at: Integers
    scale_at: Integers

    def thresholds(self, theta: Floats, group: int) -> Floats:
        """Shape (t,)."""
        return np.asarray(theta[self.threshold_at[group]])

    def scales(self, theta: Floats, group: int) -> Floats:
        """Shape (p,)."""
        at = self.scale_at[group]
        return np.where(at < 0, 1.0, theta[at])

    def of_factors(self, theta: Floats) -> Floats:
        """The part of the parameters that ``matrices`` knows."""
        return theta[: len(self.matrices.labels)]


def identified_steps(model: FactorModel, categories: Sequence[int]) -> tuple[OrdinalStep, ...]:
    """Steps that the answers can tell apart.

    A question with two answers has one threshold, which tells its intercept and nothing else; a factor of
    such questions alone steps from the first step to the last.
    """
    more = {name for name, count in zip(model.observed, categories, strict=True) if count > _YES_OR_NO}
    lowest = [f for f in model.latent if any(name in model.observed for name in model.indicators(f))]
    if all(more & set(model.indicators(factor)) for factor in lowest):
        return ORDINAL_STEPS
    return ("configural", "intercepts")


def layout_of(
    model: FactorModel, categories: Sequence[int], step: OrdinalStep, own: Collection[str] = ()
) -> OrdinalLayout:
    """Lay the parameters of a step out.

    Parameters
    ----------
    model
        From `parse_model` with ``ordinal=True`` and ``with_means=True``, of several groups.
    categories
        Of each of the model's questions.
    step
        The step.
    own
        Questions that keep thresholds and loadings of their own in every group.
    """
    yes_or_no = {name for name, count in zip(model.observed, categories, strict=True) if count == _YES_OR_NO}
    last = step == "intercepts"
    apart = set(own) if last else set(own) | yes_or_no
    shared = equal_across_groups(model, _FACTORS[step], [("=~", name) for name in apart])
    if step in ("thresholds", "loadings"):
        moved = [name for name in model.observed if name not in own]
        shared = replace(
            shared,
            parameters=(
                *shared.parameters,
                *(
                    Parameter(name, "~1", "", group, None, f"{name}~1@{group}")
                    for group in range(1, model.groups)
                    for name in moved
                ),
            ),
        )
    matrices = Matrices(shared)
    labels = list(matrices.labels)
    cuts = [(row, cut) for row, count in enumerate(categories) for cut in range(1, count)]
    threshold_at = np.empty((model.groups, len(cuts)), dtype=np.int64)
    for group in range(model.groups):
        for k, (row, cut) in enumerate(cuts):
            name = model.observed[row]
            if group and step != "configural" and name not in own:
                threshold_at[group, k] = threshold_at[0, k]
            else:
                threshold_at[group, k] = len(labels)
                labels.append(f"{name}|{cut}@{group}")
    scale_at = np.full((model.groups, len(categories)), -1, dtype=np.int64)
    for group in range(1, model.groups) if step != "configural" else ():
        for row, name in enumerate(model.observed):
            if name not in apart:
                scale_at[group, row] = len(labels)
                labels.append(f"{name}*@{group}")
    question = np.array([row for row, _ in cuts])
    return OrdinalLayout(matrices, tuple(labels), question, threshold_at, scale_at)
