"""The grid of θ and its distribution in each group (母集団分布)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.measurement.graded.items import Floats

POINTS = 61
REACH = 6.0


def grid() -> Floats:
    """61 points from -6 to 6, shape (61,), as R's ``mirt`` uses by default."""
    return np.linspace(-REACH, REACH, POINTS)


@dataclass(frozen=True, slots=True)
class Populations:
    """Normal distributions of θ by group.

    Parameters
    ----------
    means, deviations
        Shape (groups,); the first group's are 0 and 1, which gives the scale its zero and its unit.
    """

    means: Floats
    deviations: Floats

    def log_weights(self) -> Floats:
        """Shape (groups, points): log weight of each point, summing to 1 a group."""
        z = (grid() - self.means[:, None]) / self.deviations[:, None]
        density = -(z**2) / 2
        density -= density.max(axis=1, keepdims=True)
        return np.asarray(density - np.log(np.exp(density).sum(axis=1, keepdims=True)))

    @classmethod
    def standard(cls, groups: int) -> Populations:
        """Means 0 and deviations 1."""
        return cls(np.zeros(groups), np.ones(groups))


def populations_of(mass: Floats) -> Populations:
    """The normal distributions nearest to how people lie on the grid; the first stays standard.

    Parameters
    ----------
    mass
        Shape (groups, points): people at each point.
    """
    theta = grid()
    share = mass / mass.sum(axis=1, keepdims=True)
    means = share @ theta
    deviations = np.sqrt(share @ theta**2 - means**2)
    means[0], deviations[0] = 0.0, 1.0
    return Populations(means, deviations)
