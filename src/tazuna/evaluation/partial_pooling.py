"""Partial pooling (部分プーリング): measures of one family inform each other, the more the less each knows.

The model, in standard deviations of the outcome: study j of measure i finds y_ij = μ + x_j'γ + u_i + w_ij +
e_ij with u_i ~ N(0, ω²) between measures, w_ij ~ N(0, τ²) between places and the study's own error e_ij. The
spreads are integrated out, not estimated: with two or three studies an estimate of 0 would look too sure.

The priors are weakly informative, which Röver et al. 2021 (doi:10.1002/jrsm.1475) advise for few studies:
they rule out what nobody believes and little else. Half the prior of a spread lies below .17 SD and a
twentieth above .49; before any study an effect in a new place is expected within ±1.2 SD. The choice
matters as long as studies are few: one study of .4 ± .15 helps in a new place with 87% probability, and
with 95% or 78% where `PLACE_SPREAD` is halved or doubled, 83% or 89% with `MEAN_SPREAD`; four studies of .3
± .1 with 98% whichever. `evidence` therefore calls nothing strong that rests on one study.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from tazuna.crossing import zero_of
from tazuna.evaluation.estimate import LEVEL, Floats, Integers

MEAN_SPREAD = 0.5
"""Before any study a family's mean effect is taken to lie within ±1 SD, and as likely below 0 as above."""
PLACE_SPREAD = 0.25
"""Scale of the half-normal priors of τ and ω, and of context's influence: places often differ by a quarter of
a standard deviation, hardly ever by a whole one."""
_NODES = 24


@dataclass(frozen=True, slots=True)
class PooledMeasures:
    """What is believed about the effect of each measure in a new place.

    The belief is a mixture of normal distributions, one for each pair (τ, ω) of a grid.

    Parameters
    ----------
    weights
        Shape (nodes,), sum 1.
    means, spreads
        Shape (nodes, measures): mean and standard deviation.
    """

    weights: Floats
    means: Floats
    spreads: Floats

    @property
    def sizes(self) -> Floats:
        """Shape (measures,): expected effect."""
        return self.weights @ self.means

    @property
    def probabilities(self) -> Floats:
        """Shape (measures,): probability that the effect in a new place is above 0."""
        chances: Floats = self.weights @ special.ndtr(self.means / self.spreads)
        return chances

    def interval(self, measure: int) -> tuple[float, float]:
        """95% interval of the effect of one measure in a new place."""
        means, spreads = self.means[:, measure], self.spreads[:, measure]

        def end_above(share: float) -> float:
            def below(value: float) -> float:
                return float(self.weights @ special.ndtr((value - means) / spreads)) - share

            return zero_of(below, low, high)

        low, high = float((means - 9 * spreads).min()), float((means + 9 * spreads).max())
        tail = (1 - LEVEL) / 2
        return end_above(tail), end_above(1 - tail)


def pool_measures(
    effects: Floats,
    variances: Floats,
    measure: Integers,
    n_measures: int,
    context: Floats | None = None,
    here: Floats | None = None,
) -> PooledMeasures:
    """Posterior of each measure's effect in a new place, over a grid of (τ, ω).

    Given (τ, ω) everything is normal: the posterior precision of (μ, γ, u) is that of the prior plus D'WD.
    The nodes' weights are their marginal likelihoods (Gelman et al. 2013, Bayesian Data Analysis,
    section 5.4; a grid instead of draws, so that the same data always give the same numbers).

    Parameters
    ----------
    effects, variances
        Shape (k,): effects in standard deviations, positive where better, and squared standard errors. k may
        be 0: then the answer is the prior.
    measure
        Shape (k,): 0 … n_measures-1.
    n_measures
        Measures of the family; those without a study learn from the others.
    context
        Shape (k, c): features of the places, centred and in units of about one standard deviation.
    here
        Shape (c,): features of the place to predict for; the average place where None.
    """
    features = np.empty((len(effects), 0)) if context is None else context
    place = np.zeros(features.shape[1]) if here is None else here
    design = np.column_stack([np.ones(len(effects)), features, measure[:, None] == np.arange(n_measures)])
    tau, omega = _grid()
    precision = np.concatenate(
        [
            np.broadcast_to(1 / MEAN_SPREAD**2, (len(tau), 1)),
            np.broadcast_to(1 / PLACE_SPREAD**2, (len(tau), features.shape[1])),
            np.broadcast_to(1 / omega[:, None] ** 2, (len(tau), n_measures)),
        ],
        axis=1,
    )
    w = 1 / (variances + tau[:, None] ** 2)
    gathered = np.einsum("ki,nk,kj->nij", design, w, design, optimize=True)
    gathered[:, np.arange(precision.shape[1]), np.arange(precision.shape[1])] += precision
    covariance = np.linalg.inv(gathered)
    told = (w * effects) @ design
    centre = np.einsum("nij,nj->ni", covariance, told)
    likelihood = 0.5 * (
        np.log(w).sum(axis=1)
        + np.log(precision).sum(axis=1)
        - np.linalg.slogdet(gathered)[1]
        - (w * effects**2).sum(axis=1)
        + (told * centre).sum(axis=1)
    )
    weights = special.softmax(likelihood)
    rows = np.column_stack([np.ones(n_measures), np.tile(place, (n_measures, 1)), np.eye(n_measures)])
    variance = np.einsum("mi,nij,mj->nm", rows, covariance, rows, optimize=True)
    return PooledMeasures(weights, centre @ rows.T, np.sqrt(variance + tau[:, None] ** 2))


def _grid() -> tuple[Floats, Floats]:
    """τ and ω of each node: midpoints of equally likely parts of their priors, so that all weigh the same."""
    points = PLACE_SPREAD * special.ndtri(0.5 + (np.arange(_NODES) + 0.5) / (2 * _NODES))
    tau, omega = np.meshgrid(points, points)
    return tau.ravel(), omega.ravel()
