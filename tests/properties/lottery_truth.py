"""``python -m tests.properties.lottery_truth``: does the lottery's estimate find effects that are known?

Rounds of self-selected people (`self_selected`) and an effect that we put in. Ten rounds a cell, 1,000
lotteries in each, judged against 20,000 redraws a round by the functions that ``tazuna evaluate`` uses. The
rows of a round go into ``docs/data/lottery-truth.csv`` as soon as they are known: stop whenever you like and
start again; ``--afresh`` computes what stands there too. The exit code is 1 where a cell misses a target.
Under half an hour on one core.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from tests.properties.self_selected import RULE_SETS, RuleSet, SelfSelected, self_selected
from tests.properties.truth_results import Question, Row, cells_of, missed, read, write

from tazuna.commands.console import say
from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.recentred import LotteryEffect, error_units, lottery_effect, main_controls
from tazuna.evaluation.studentised import studentised
from tazuna.matching.redraws import redrawn_offers

RESULTS = Path(__file__).parents[2] / "docs" / "data" / "lottery-truth.csv"
SIZES = (120, 500, 2000)
ROUNDS, LOTTERIES, REDRAWS = 10, 1_000, 20_000
"""Rounds a cell, lotteries a round, redraws that all lotteries of a round are judged against."""
ALPHA = 0.05
SAME = 1e-9
"""Within this the lotteries computed together agree with `lottery_effect`, one lottery at a time."""
_THROUGH_THE_PRODUCT = 2
"""Lotteries of a cell's first round that are also evaluated one at a time."""
_OUTCOMES_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Effects:
    """What a place does: ``mean`` is the p(1-p)-weighted effect, ``spread`` its deviation between people."""

    mean: float
    spread: float


EFFECTS = tuple(Effects(mean, spread) for mean in (0.0, 0.3) for spread in (0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Redrawn:
    """One round, or several pooled, with its redraws; a row an applicant of a round.

    Parameters
    ----------
    rounds
        Of the same employees.
    offered
        Bool, shape (R, rows): who is offered a place in each redraw.
    at_risk
        Bool, shape (rows,): about whom the draw decides.
    chance
        Shape (rows,).
    """

    rounds: tuple[SelfSelected, ...]
    offered: Flags
    at_risk: Flags
    chance: Floats

    def rows(self, name: str) -> Floats:
        """A column of the rounds, one below the other; shape (rows,)."""
        return np.concatenate([getattr(round_, name) for round_ in self.rounds])

    @property
    def clusters(self) -> Integers:
        """Person of each row at risk."""
        return self.rows("person")[self.at_risk].astype(np.int64)

    def controls(self) -> tuple[Floats, tuple[str, ...]]:
        """Of the rows at risk, as the product has them."""
        number = np.repeat(np.arange(len(self.rounds)), [len(round_.before) for round_ in self.rounds])
        some = self.at_risk
        return main_controls(self.chance[some], number[some], self.rows("before")[some])

    def effects(self, effects: Effects) -> Floats:
        """Shape (rows,): everybody's effect; their p(1-p)-weighted mean is ``effects.mean``."""
        gain, p = self.rows("gain"), self.chance
        return effects.mean + effects.spread * (gain - np.average(gain, weights=p * (1 - p)))


def redrawn(rounds: Sequence[SelfSelected], redraws: int, seed: str) -> Redrawn:
    """Rounds with their redraws."""
    offered = lotteries(rounds, redraws, seed)
    offers = Offers(offered[0], offered)
    return Redrawn(tuple(rounds), offered, offers.at_risk, offers.chance)


def lotteries(rounds: Sequence[SelfSelected], count: int, seed: str) -> Flags:
    """Bool, shape (count, rows): who is offered a place, round by round and lottery by lottery."""
    offers = [
        redrawn_offers(round_.mechanism, count, f"{seed} {number}", threads=1) >= 0
        for number, round_ in enumerate(rounds)
    ]
    return np.concatenate(offers, axis=1)


@dataclass(frozen=True, slots=True)
class Tested:
    """Shape (lotteries,) each: estimate less truth, its standard error, p-value of the true effect."""

    errors: Floats
    std_errors: Floats
    p_values: Floats


def tested_at_the_truth(round_: Redrawn, drawn: Flags, effects: Effects) -> Tested:
    """Every lottery tested at the true effect: its interval leaves the truth out where p is at most 0.05.

    What is tested, outcome less true effect times offer, is the outcome without a place if everybody has the
    same effect: then all lotteries share one distribution over the redraws. Otherwise each has its own.
    """
    untouched = round_.rows("untouched")[round_.at_risk]
    if effects.spread == 0:
        return _compared(round_, drawn, untouched[:, None])
    apart = (round_.effects(effects) - effects.mean)[round_.at_risk]
    parts = []
    for start in range(0, len(drawn), _OUTCOMES_AT_ONCE):
        some = drawn[start : start + _OUTCOMES_AT_ONCE]
        outcomes = untouched[:, None] + apart[:, None] * some[:, round_.at_risk].T
        parts.append(_compared(round_, some, outcomes))
    return Tested(*(np.concatenate([getattr(part, name) for part in parts]) for name in Tested.__slots__))


def _compared(round_: Redrawn, drawn: Flags, outcomes: Floats) -> Tested:
    """Each lottery on its own outcome (or all on one) against the redraws on the same outcome."""
    controls = round_.controls()[0]
    covariance, clusters = error_units(round_.clusters)
    found, reference = (
        studentised(
            outcomes,
            offered[:, round_.at_risk].astype(np.float64),
            controls,
            covariance=covariance,
            clusters=clusters,
        )
        for offered in (drawn, round_.offered)
    )
    own = np.arange(len(drawn))
    column = own if outcomes.shape[1] > 1 else np.zeros_like(own)
    least = (1 - SAME / 2) * np.abs(found.statistics[own, column])
    of_redraws = np.abs(reference.statistics)
    if outcomes.shape[1] > 1:
        as_far = np.count_nonzero(of_redraws >= least, axis=0)
    else:
        as_far = len(of_redraws) - np.searchsorted(np.sort(of_redraws[:, 0]), least)
    p_values = (1 + as_far) / (1 + len(of_redraws))
    return Tested(found.coefficients[own, column], found.std_errors[own, column], p_values)


def expect_the_product_to_agree(
    round_: Redrawn, drawn: Flags, effects: Effects, tested: Tested, some: Sequence[int]
) -> None:
    """Evaluate some lotteries one at a time, from outcomes to interval, as a user's study is."""
    controls, names = round_.controls()
    for number in some:
        offers = Offers(drawn[number], round_.offered).among(round_.at_risk)
        y = round_.rows("untouched") + round_.effects(effects) * drawn[number]
        found = lottery_effect(y[round_.at_risk], offers, controls, names, clusters=round_.clusters)
        if not isinstance(found, LotteryEffect):
            raise TypeError(found.problem.text("en"))
        estimate = found.estimate
        p_value = found.inversion.p_value(effects.mean)
        alone = np.array([estimate.estimate - effects.mean, estimate.std_error, p_value])
        together = np.array(
            [values[number] for values in (tested.errors, tested.std_errors, tested.p_values)]
        )
        if np.abs(alone - together).max() > SAME:
            raise AssertionError(f"lottery {number}: {alone} alone, {together} together")
        if p_value > ALPHA and not estimate.lower <= effects.mean <= estimate.upper:
            raise AssertionError(f"lottery {number}: the interval leaves out an effect that is not rejected")


def naive_errors(round_: Redrawn, drawn: Flags, effects: Effects) -> tuple[float, float]:
    """Mean error of comparing those seated with the applicants who were not, and with who never applied."""
    seated = drawn.sum(axis=1)
    untouched = round_.rows("untouched")
    outcome = drawn @ (untouched + round_.effects(effects)) / seated
    not_seated = ~drawn @ untouched / (len(untouched) - seated)
    not_applied = np.mean([one.others_untouched for one in round_.rounds])
    return (
        float((outcome - not_seated).mean() - effects.mean),
        float((outcome - not_applied).mean() - effects.mean),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of rounds: what is asked, n applicants a round, the rules."""

    question: Question
    n: int
    rule_set: RuleSet

    @property
    def rounds(self) -> int:
        """Pooled together."""
        return 2 if self.question == "two rounds" else 1

    @property
    def effects(self) -> tuple[Effects, ...]:
        """Where people stand in both rounds one distribution an outcome takes long: equal effects only."""
        return tuple(effects for effects in EFFECTS if self.rounds == 1 or not effects.spread)


CASES = (
    *(Case("any place", n, rule_set) for n in SIZES for rule_set in RULE_SETS),
    Case("two rounds", 120, "gate and open places"),
)


def rows_of(case: Case, number: int, count: int, redraws: int) -> Iterator[Row]:
    """One round of a case under every effect, each with lotteries of its own."""
    name = f"{case.question} {case.n} {case.rule_set} {number}"
    rounds = [self_selected(case.n, case.rule_set, number, round_=at) for at in range(case.rounds)]
    round_ = redrawn(rounds, redraws, f"redraws {name}")
    p = round_.chance
    for effects in case.effects:
        drawn = lotteries(rounds, count, f"lotteries {name} {effects.mean} {effects.spread}")
        tested = tested_at_the_truth(round_, drawn, effects)
        if number == 0:
            expect_the_product_to_agree(round_, drawn, effects, tested, range(_THROUGH_THE_PRODUCT))
        not_seated, not_applied = naive_errors(round_, drawn, effects)
        yield Row(
            question=case.question,
            n=case.n,
            rule_set=case.rule_set,
            round=number,
            effect=effects.mean,
            spread=effects.spread,
            at_risk=int(round_.at_risk.sum()),
            v=float(p @ (1 - p)),
            lotteries=count,
            redraws=redraws,
            error=float(tested.errors.mean()),
            deviation=float(tested.errors.std(ddof=1)),
            std_error=float(tested.std_errors.mean()),
            outside=int(np.count_nonzero(tested.p_values <= ALPHA)),
            not_seated=not_seated,
            not_applied=not_applied,
        )


def run(path: Path) -> list[Row]:
    """Compute what the file does not have yet; all rows."""
    rows = read(path)
    known = {(row.question, row.n, row.rule_set, row.round) for row in rows}
    todo = [
        (case, number)
        for case in CASES
        for number in range(ROUNDS)
        if (case.question, case.n, case.rule_set, number) not in known
    ]
    started = time.monotonic()
    for done, (case, number) in enumerate(todo, 1):
        rows += rows_of(case, number, LOTTERIES, REDRAWS)
        write(path, rows)
        sys.stderr.write(f"{done} of {len(todo)} rounds, {time.monotonic() - started:.0f} s\n")
    return rows


def main() -> int:
    """Run, say which cells miss a target, and return the exit code."""
    if "--afresh" in sys.argv[1:]:
        RESULTS.unlink(missing_ok=True)
    RESULTS.parent.mkdir(exist_ok=True)
    cells = cells_of(run(RESULTS))
    failed = 0
    for cell in cells:
        words = missed(cell)
        failed += bool(words)
        name = f"{cell.question}, {cell.n}, {cell.rule_set}, {cell.effect:+.1f} SD {cell.spread:.0f}"
        facts = f"bias {cell.bias:+.4f} of {cell.deviation:.3f}, coverage {cell.coverage:.3f}"
        say(f"{name:<48} {facts}, naive {cell.not_seated:+.2f}  {'; '.join(words)}")
    say(f"{len(cells)} cells, {failed} miss a target")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
