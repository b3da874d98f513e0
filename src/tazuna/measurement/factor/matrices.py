"""Implied moments of a factor model (モデルの示す共分散), and how they change with each parameter.

Σ = Λ (I - B)⁻¹ Ψ (I - B)⁻ᵀ Λᵀ + Θ and μ = ν + Λ (I - B)⁻¹ α (Jöreskog 1970; Bollen 1989). A factor that is
measured by factors below it stands in B.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.measurement.factor.model import FactorModel, Parameter

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Implied moments of one group at some parameters.

    Parameters
    ----------
    covariance, mean
        Shapes (p, p), (p,).
    left, right
        Shape (p, e): ∂Σ/∂entry_k = l_k r_kᵀ + r_k l_kᵀ for each of the e free entries of the matrices.
    mean_slope
        Shape (p, e): ∂μ/∂entry.
    join
        Shape (e, q): which of the q free parameters an entry is; entries with one label are one parameter.
    """

    covariance: Floats
    mean: Floats
    left: Floats
    right: Floats
    mean_slope: Floats
    join: Floats

    def slope(self) -> Floats:
        """∂Σ/∂θ, shape (p, p, q)."""
        outer = self.left[:, None, :] * self.right[None, :, :]
        return np.asarray((outer + outer.swapaxes(0, 1)) @ self.join)


class Matrices:
    """Where each parameter of a model stands.

    Parameters
    ----------
    model
        The model; ``observed`` may be given in another order, that of the data.
    """

    def __init__(self, model: FactorModel, observed: tuple[str, ...] | None = None) -> None:
        self.model = model
        self.observed = observed or model.observed
        self.labels = model.free_labels
        self._row = {name: row for row, name in enumerate(self.observed)}
        self._factor = {name: row for row, name in enumerate(model.latent)}
        self._at = {label: place for place, label in enumerate(self.labels)}
        self._by_group = [[p for p in model.parameters if p.group == group] for group in range(model.groups)]

    def filled(self, theta: Floats, group: int) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
        """Λ (p, m), B (m, m), Ψ (m, m), Θ (p, p), ν (p,), α (m,) of a group."""
        p, m = len(self.observed), len(self.model.latent)
        loading, path, spread = np.zeros((p, m)), np.zeros((m, m)), np.zeros((m, m))
        residual, intercept, factor_mean = np.zeros((p, p)), np.zeros(p), np.zeros(m)
        for parameter in self._by_group[group]:
            value = theta[self._at[parameter.label]] if parameter.is_free else parameter.value or 0.0
            kind, i, j = self.place(parameter)
            match kind:
                case "loading":
                    loading[i, j] = value
                case "path":
                    path[i, j] = value
                case "spread":
                    spread[i, j] = spread[j, i] = value
                case "residual":
                    residual[i, j] = residual[j, i] = value
                case "intercept":
                    intercept[i] = value
                case _:
                    factor_mean[i] = value
        return loading, path, spread, residual, intercept, factor_mean

    def place(self, parameter: Parameter) -> tuple[str, int, int]:
        """The matrix in which a parameter stands, its row and its column."""
        left, right = parameter.left, parameter.right
        match parameter.operator:
            case "=~":
                if right in self._factor:
                    return "path", self._factor[right], self._factor[left]
                return "loading", self._row[right], self._factor[left]
            case "~":
                return "path", self._factor[left], self._factor[right]
            case "~~":
                if left in self._factor:
                    return "spread", self._factor[left], self._factor[right]
                return "residual", self._row[left], self._row[right]
            case _:
                if left in self._factor:
                    return "factor_mean", self._factor[left], 0
                return "intercept", self._row[left], 0

    def moments(self, theta: Floats, group: int = 0) -> Moments:
        """Implied moments and their slopes."""
        loading, path, spread, residual, intercept, factor_mean = self.filled(theta, group)
        free = [parameter for parameter in self._by_group[group] if parameter.is_free]
        p, e = len(self.observed), len(free)
        reach = np.linalg.inv(np.eye(len(path)) - path)
        through = loading @ reach
        onto = through @ spread @ reach.T
        level = reach @ factor_mean
        left, right, mean_slope = np.zeros((p, e)), np.zeros((p, e)), np.zeros((p, e))
        join, unit = np.zeros((e, len(self.labels))), np.eye(p)
        for k, parameter in enumerate(free):
            join[k, self._at[parameter.label]] = 1.0
            kind, i, j = self.place(parameter)
            match kind:
                case "loading":
                    left[:, k], right[:, k] = unit[i], onto[:, j]
                    mean_slope[i, k] = level[j]
                case "path":
                    left[:, k], right[:, k] = through[:, i], onto[:, j]
                    mean_slope[:, k] = through[:, i] * level[j]
                case "spread":
                    left[:, k] = through[:, i] * (0.5 if i == j else 1.0)
                    right[:, k] = through[:, j]
                case "residual":
                    left[:, k], right[:, k] = unit[i] * (0.5 if i == j else 1.0), unit[j]
                case "intercept":
                    mean_slope[i, k] = 1.0
                case _:
                    mean_slope[:, k] = through[:, i]
        covariance = onto @ loading.T + residual
        return Moments(covariance, intercept + loading @ level, left, right, mean_slope, join)
