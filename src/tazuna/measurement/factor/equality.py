"""Parameters that are equal in all groups (群間の等値制約): from configural to strict invariance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Literal

from tazuna.measurement.factor.model import FactorModel, Parameter

Kind = Literal["loadings", "intercepts", "residuals"]
"""Factor loadings (因子負荷), intercepts (切片), variances that factors leave over (残差分散)."""


def equal_across_groups(
    model: FactorModel, kinds: Collection[Kind], free: Collection[tuple[str, str]] = ()
) -> FactorModel:
    """Set parameters equal in all groups, and free what the equality makes estimable.

    With equal loadings the later groups' factor variances are free; with equal intercepts their factor means
    are free, those of the first group being 0 (Meredith 1993, doi:10.1007/BF02294825).

    Parameters
    ----------
    model
        Of several groups.
    kinds
        What is equal.
    free
        (operator, question) pairs that keep values of their own in each group, for partial invariance:
        ``("=~", "q3")``, ``("~1", "q3")``, ``("~~", "q3")``.
    """
    first = {(p.left, p.operator, p.right): p for p in model.parameters if p.group == 0}
    found: list[Parameter] = []
    for parameter in model.parameters:
        key = (parameter.left, parameter.operator, parameter.right)
        question = parameter.right if parameter.operator == "=~" else parameter.left
        equal = _kind(parameter, model) in kinds and (parameter.operator, question) not in free
        if parameter.group and equal:
            parameter = replace(parameter, value=first[key].value, label=first[key].label)
        elif parameter.group and "loadings" in kinds and _is_unit(parameter, model):
            own = f"{parameter.left}~~{parameter.left}@{parameter.group}"
            parameter = replace(parameter, value=None, label=own)
        found.append(parameter)
    if "intercepts" in kinds:
        found += [
            Parameter(factor, "~1", "", group, None, f"{factor}~1@{group}")
            for group in range(1, model.groups)
            for factor in model.latent
            if not any(p.left == factor and p.operator == "~1" and p.group == group for p in found)
        ]
    return replace(model, parameters=tuple(found))


def _kind(parameter: Parameter, model: FactorModel) -> Kind | None:
    match parameter.operator:
        case "=~":
            return "loadings"
        case "~1" if parameter.left in model.observed:
            return "intercepts"
        case "~~" if parameter.left == parameter.right and parameter.left in model.observed:
            return "residuals"
        case _:
            return None


def _is_unit(parameter: Parameter, model: FactorModel) -> bool:
    """A factor's variance, fixed to 1 to give its unit."""
    return (
        parameter.operator == "~~"
        and parameter.left == parameter.right
        and parameter.left in model.latent
        and not parameter.is_free
    )
