"""One evaluation benchmark a process: ``python -m benchmarks.evaluation_tasks TASK …`` prints its figures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.matching_market import large_market
from benchmarks.tasks import Found, measured, print_task, timed
from tazuna.evaluation.adjusted import Adjusted, Target, adjusted_effect
from tazuna.evaluation.aggregation import Aggregate, aggregate
from tazuna.evaluation.estimate import Flags, Floats
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.multiplier import DRAWS
from tazuna.evaluation.staggered import GroupTime, Panel, group_time_effects
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import market_of_lists
from tazuna.matching.redraws import redrawn_offers

PROGRAMS, CHOICES = 60, 5


def redraw_inference(people: str, draws: str, runs: str) -> Found:
    """The same mechanism again and again, then the effect with interval and p-value; and the second alone."""
    mechanism = _mechanism(int(people))
    held = redrawn_offers(mechanism, int(draws), "benchmark")
    y, offers = _lottery(held)
    controls, names = main_controls(offers.chance)

    def infer() -> LotteryEffect:
        found = lottery_effect(y, offers, controls, names)
        assert isinstance(found, LotteryEffect)
        return found

    def redraw_and_infer() -> None:
        _lottery(redrawn_offers(mechanism, int(draws), "benchmark"))
        infer()

    return measured(
        timed(redraw_and_infer, int(runs)),
        int(runs),
        inference=timed(infer, int(runs)),
        at_risk=len(y),
        statistics=infer().redrawn[:5].tolist(),
    )


def regression_loop(people: str, draws: str, sampled: str) -> Found:
    """The p-value only, by `numpy.linalg.lstsq` and HC2 errors on some of the redraws; seconds for all."""
    held = redrawn_offers(_mechanism(int(people)), int(draws), "benchmark")
    y, offers = _lottery(held)
    controls, _ = main_controls(offers.chance)
    some = offers.redrawn[: int(sampled)]
    statistics: list[float] = []

    def regress_each() -> None:
        statistics.extend(_statistic(y, drawn, controls) for drawn in some)

    seconds, processor = timed(regress_each, 1, warm=False)
    scale = int(draws) / int(sampled)
    return measured((seconds * scale, processor * scale), 1, statistics=statistics[:5])


def adjusted(path: str, target: Target, runs: str) -> Found:
    """Cross-fitted AIPW on the people of `evaluation_data.write_people`, nobody trimmed."""
    with np.load(path) as people:
        y, treated, x, folds = (people[name] for name in ("y", "treated", "x", "folds"))
    names = [f"x{column}" for column in range(x.shape[1])]

    def estimate() -> Adjusted:
        found = adjusted_effect(y, treated, x, names, folds=folds, target=target, overlap=(0.0, 1.0))
        assert isinstance(found, Adjusted)
        return found

    one = estimate().estimate
    return measured(timed(estimate, int(runs)), int(runs), estimate=one.estimate, std_error=one.std_error)


def staggered(path: str, runs: str) -> Found:
    """Effects by group and period of `evaluation_data.write_units`, put together in two ways with bands."""
    with np.load(path) as units:
        y, starts, x = (units[name] for name in ("y", "starts", "x"))
    panel = Panel(
        outcomes=y,
        periods=np.arange(1.0, y.shape[1] + 1),
        starts=np.where(starts == 0, np.inf, starts),
        covariates=x,
        names=tuple("abc"),
    )

    def estimate() -> tuple[GroupTime, Aggregate]:
        found = group_time_effects(panel)
        assert isinstance(found, GroupTime)
        rng = np.random.default_rng(1)
        simple, event = aggregate(found, "simple", rng, DRAWS), aggregate(found, "event", rng, DRAWS)
        assert isinstance(simple, Aggregate)
        assert isinstance(event, Aggregate)
        return found, simple

    found, simple = estimate()
    return measured(
        timed(estimate, int(runs)), int(runs), effects=found.att.tolist(), simple=simple.overall.estimate
    )


def _mechanism(people: int) -> DeferredAcceptance:
    """A made round, lots only, so that nearly everybody is at risk; compiled before on a market of two."""
    redrawn_offers(DeferredAcceptance(market_of_lists([[0, 1], [0]], [1, 1])), 2, "warm")
    market = large_market(people, PROGRAMS, CHOICES)
    return DeferredAcceptance(replace(market, tier=np.ones_like(market.tier)))


def _lottery(held: np.ndarray) -> tuple[Floats, Offers]:
    """Outcome and offers of the people at risk; the first redraw stands for the draw."""
    redrawn: Flags = held >= 0
    every = Offers(redrawn[0], redrawn)
    at_risk = every.at_risk
    offers = every.among(at_risk)
    y = np.random.default_rng(2).normal(size=len(at_risk))[at_risk] + 2 * offers.chance + 0.2 * offers.offered
    return y, offers


def _statistic(y: Floats, drawn: Flags, controls: Floats) -> float:
    x = np.column_stack([controls, drawn])
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    bread = np.linalg.inv(x.T @ x)
    leverage = ((x @ bread) * x).sum(axis=1)
    meat = x.T @ (x * ((y - x @ beta) ** 2 / (1 - leverage))[:, None])
    return float(beta[-1] / (bread @ meat @ bread)[-1, -1] ** 0.5)


TASKS: dict[str, Callable[..., Found]] = {
    "redraw_inference": redraw_inference,
    "regression_loop": regression_loop,
    "adjusted": adjusted,
    "staggered": staggered,
}

if __name__ == "__main__":
    print_task(TASKS, sys.argv[1:])
