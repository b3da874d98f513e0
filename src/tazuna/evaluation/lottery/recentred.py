"""Rung A's main answer: the effect of being offered a place by the draw (抽選による効果)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.collinearity import TOLERANCE
from tazuna.evaluation.estimate import Estimate, Floats, Integers
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.inversion import Inversion, inverted
from tazuna.evaluation.power import standard_errors_needed
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.regression import Fit, least_squares
from tazuna.evaluation.studentised import RowsOrClusters
from tazuna.language import message

OFFER = "(offer)"
"""Name of the offer among the columns, for refusals."""
_POWER = 0.8


@dataclass(frozen=True, slots=True)
class LotteryEffect:
    """The effect of an offer on the people whom the draw decides about.

    Parameters
    ----------
    estimate
        Coefficient of the offer; weights people by p(1-p). Interval and p-value from the redraws.
    inversion
        The test of every other effect, by the same redraws.
    v
        Σ p(1-p): the information in the draw.
    deviation
        Standard deviation of the outcome among those not offered a place, in its units.
    residual_deviation
        Of what the controls and the offer leave of it.
    """

    estimate: Estimate
    inversion: Inversion
    v: float
    deviation: float
    residual_deviation: float

    @property
    def n_eff(self) -> float:
        """People drawn at even odds that would tell as much: 4 v."""
        return 4 * self.v

    @property
    def mde(self) -> float:
        """Smallest effect, in standard deviations, that shows in four of five cases: 2.8·σ_resid/(σ√V).

        Infinite where those not offered a place all have the same outcome.
        """
        if self.deviation == 0:
            return float("inf")
        error = self.residual_deviation / float(self.v**0.5)
        return standard_errors_needed(_POWER) * error / self.deviation

    @property
    def statistic(self) -> float:
        """Estimate over standard error."""
        return float(self.inversion.statistics()[0])

    @property
    def redrawn(self) -> Floats:
        """Shape (R,): what ``statistic`` is in each redraw if no offer changes anything."""
        return self.inversion.statistics()[1:]

    @property
    def redraws(self) -> int:
        """R."""
        return self.inversion.redraws


def lottery_effect(
    y: Floats,
    offers: Offers,
    controls: Floats,
    names: Sequence[str],
    *,
    clusters: Integers | None = None,
) -> LotteryEffect | Refusal:
    """Effect of the offer, compared with applying and not getting a place.

    Regresses the outcome on the offer and the controls. With the chance p among them the coefficient is that
    of the recentred offer D - p, which no trait of people can bias, since the draw alone moves it (Borusyak &
    Hull 2023, doi:10.3982/ECTA19367). The studentised coefficient is compared with those of the redraws. That
    is exact if no offer changes anything, and stays valid where effects differ (Wu & Ding 2021,
    doi:10.1080/01621459.2020.1750415). The interval holds every effect that this test does not reject.

    Parameters
    ----------
    y
        Outcome of the analysis sample, shape (n,): people at risk (0 < p < 1) who answered.
    offers
        Of the same n rows.
    controls
        Shape (n, k), as `main_controls` gives them: a constant, the chance, and what was known before the
        draw.
    names
        Of the k controls.
    clusters
        Code of the person, shape (n,). Where somebody stands in two rows errors go by person (CR1), else by
        row (HC2).

    Returns
    -------
    LotteryEffect or Refusal
        Refused are a draw that decides about nobody, nobody or everybody offered a place, and what
        `regression.least_squares` refuses: a constant outcome, empty values, collinear columns, too few
        people, a side of one.
    """
    fit = offer_regression(y, offers, controls, names, clusters)
    if isinstance(fit, Refusal):
        return fit
    covariance, groups = error_units(clusters)
    inversion = inverted(
        y,
        offers.offered.astype(np.float64),
        offers.offered,
        offers.redrawn,
        controls,
        covariance=covariance,
        clusters=groups,
    )
    chance = offers.chance
    return LotteryEffect(
        estimate=by_redraws(inversion, offers),
        inversion=inversion,
        v=float(chance @ (1 - chance)),
        deviation=float(y[~offers.offered].std(ddof=1)),
        residual_deviation=float(np.sqrt(fit.residuals @ fit.residuals / (fit.n - len(fit.names)))),
    )


def main_controls(
    chance: Floats, rounds: Integers | None = None, baseline: Floats | None = None
) -> tuple[Floats, tuple[str, ...]]:
    """Controls of the main regression, with their names.

    Parameters
    ----------
    chance
        Chance of an offer, shape (n,).
    rounds
        Round of each row, shape (n,), where there are several: a column for each but the first.
    baseline
        The outcome before the draw, shape (n,), NaN where it is missing: the mean stands in, and a column
        tells where (harmless in an experiment, where it goes by what was known before the draw).

    Returns
    -------
    tuple
        Columns, shape (n, k), and k names. A column that adds nothing to those before it is left out, such as
        the chance where all rows share one.
    """
    columns = {"(constant)": np.ones(len(chance)), "chance": chance}
    if rounds is not None:
        for number in np.unique(rounds)[1:].tolist():
            columns[f"round {number + 1}"] = (rounds == number).astype(np.float64)
    if baseline is not None:
        missing = np.isnan(baseline)
        stand_in = 0.0 if missing.all() else float(baseline[~missing].mean())
        columns["outcome before"] = np.where(missing, stand_in, baseline)
        columns["outcome before missing"] = missing.astype(np.float64)
    basis = np.empty((len(chance), 0))
    kept = []
    for name, column in columns.items():
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        if length > TOLERANCE * float(np.linalg.norm(column)):
            basis = np.column_stack([basis, rest / length])
            kept.append(name)
    return np.column_stack([columns[name] for name in kept]), tuple(kept)


def by_redraws(inversion: Inversion, offers: Offers) -> Estimate:
    """An `Estimate` whose interval and p-value come from redraws."""
    lower, upper = inversion.interval()
    n_offered = int(offers.offered.sum())
    return Estimate(
        estimate=inversion.estimate,
        std_error=inversion.std_error,
        lower=lower,
        upper=upper,
        p_value=inversion.p_value(0.0),
        n_treated=n_offered,
        n_comparison=len(offers.offered) - n_offered,
        inference="redraws",
    )


def error_units(clusters: Integers | None) -> tuple[RowsOrClusters, Integers | None]:
    """By person where somebody stands in two rows, else by row."""
    if clusters is None or len(np.unique(clusters)) == len(clusters):
        return "hc2", None
    return "cr1", clusters


def offer_regression(
    y: Floats, offers: Offers, controls: Floats, names: Sequence[str], clusters: Integers | None
) -> Fit | Refusal:
    """The regression behind `lottery_effect`, and everything for which that is refused."""
    refused = _fault_of_sides(offers)
    if refused is not None:
        return refused
    covariance, groups = error_units(clusters)
    columns = np.column_stack([controls, offers.offered])
    fit = least_squares(y, columns, (*names, OFFER), covariance=covariance, clusters=groups)
    if isinstance(fit, Refusal):
        return fit
    found = fit.estimate(OFFER, 0, 0)
    return found if isinstance(found, Refusal) else fit


def _fault_of_sides(offers: Offers) -> Refusal | None:
    """Refuse a draw that decides about nobody here, or sides of which one is empty."""
    if not offers.at_risk.any():
        return Refusal(
            "nobody_at_risk",
            message(
                "The draw decided about none of those who answered: all were sure of a place or of none."
            ),
            message("Pool several rounds, or give some places of the next round by open draw."),
        )
    if not offers.offered.any():
        return Refusal(
            "nobody_offered",
            message("None of those who answered and about whom the draw decided was offered a place."),
            message("Pool several rounds, or ask about more programmes together."),
        )
    if offers.offered.all():
        return Refusal(
            "everybody_offered",
            message("All those who answered and about whom the draw decided were offered a place."),
            message("Pool several rounds, and ask those without a place for their answers too."),
        )
    return None
