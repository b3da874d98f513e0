"""What lotteries with a known effect show: the rows of a run, the cells of its page, and the targets."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from math import hypot, sqrt
from pathlib import Path
from typing import Literal

import numpy as np
from tests.properties.self_selected import RuleSet

Question = Literal["any place", "two rounds"]
"""What is asked of the lotteries: the effect of a place, from one round or from two of the same people."""
SIGNIFICANT_DIGITS = 6

BIAS_OF_DEVIATION, BIAS_OF_NAIVE = 0.05, 0.03
SIZE = (0.04, 0.057)
COVERAGE, COVERAGE_UNEQUAL = (0.94, 0.96), 0.935
"""Targets: of the bias, the share of false alarms, the share of intervals that hold the truth."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the lotteries of one round show of one effect; errors are estimates less the truth.

    Parameters
    ----------
    question, n, rule_set, round, effect, spread
        The cell, and which of its rounds.
    at_risk, v
        People whom the draw decides about, and Σ p(1-p).
    lotteries, redraws
        How many, and how many redraws they were judged against.
    error, deviation, std_error
        Mean and standard deviation of the error, and mean of the standard error.
    outside
        Lotteries whose 95% interval leaves out the truth.
    not_seated, not_applied
        Mean error of comparing those seated with the applicants who were not, and with employees who never
        applied.
    """

    question: Question
    n: int
    rule_set: RuleSet
    round: int
    effect: float
    spread: float
    at_risk: int
    v: float
    lotteries: int
    redraws: int
    error: float
    deviation: float
    std_error: float
    outside: int
    not_seated: float
    not_applied: float


@dataclass(frozen=True, slots=True)
class Cell:
    """The rounds of one cell together; fields as of `Row`.

    Parameters
    ----------
    bias, deviation, std_error
        Mean error over all lotteries, and the standard deviation and mean standard error inside a round.
    coverage
        Share of the lotteries whose interval holds the truth.
    """

    question: Question
    n: int
    rule_set: RuleSet
    effect: float
    spread: float
    at_risk: float
    v: float
    lotteries: int
    redraws: int
    bias: float
    deviation: float
    std_error: float
    coverage: float
    not_seated: float
    not_applied: float

    @property
    def naive(self) -> float:
        """The smaller error of the two naive comparisons."""
        return min(abs(self.not_seated), abs(self.not_applied))

    @property
    def bias_error(self) -> float:
        """Monte-Carlo standard error of ``bias``."""
        return self.deviation / sqrt(self.lotteries)

    @property
    def coverage_error(self) -> float:
        """Monte-Carlo standard error of a coverage of 95%, from lotteries and redraws."""
        return sqrt(0.95 * 0.05) * hypot(1 / sqrt(self.lotteries), 1 / sqrt(self.redraws))


def cells_of(rows: Sequence[Row]) -> list[Cell]:
    """The rows put together by cell, in their order."""

    def cell(row: Row) -> tuple[str, int, str, float, float]:
        return row.question, row.n, row.rule_set, row.spread, row.effect

    order = {key: at for at, key in enumerate(dict.fromkeys(map(cell, rows)))}
    together = groupby(sorted(rows, key=lambda row: order[cell(row)]), key=cell)
    return [_together(list(group)) for _, group in together]


def _together(rows: Sequence[Row]) -> Cell:
    first, lotteries = rows[0], np.array([row.lotteries for row in rows])

    def mean(values: Sequence[float]) -> float:
        return float(np.average(values, weights=lotteries))

    return Cell(
        question=first.question,
        n=first.n,
        rule_set=first.rule_set,
        effect=first.effect,
        spread=first.spread,
        at_risk=mean([row.at_risk for row in rows]),
        v=mean([row.v for row in rows]),
        lotteries=int(lotteries.sum()),
        redraws=sum(row.redraws for row in rows),
        bias=mean([row.error for row in rows]),
        deviation=sqrt(mean([row.deviation**2 for row in rows])),
        std_error=mean([row.std_error for row in rows]),
        coverage=1 - sum(row.outside for row in rows) / int(lotteries.sum()),
        not_seated=mean([row.not_seated for row in rows]),
        not_applied=mean([row.not_applied for row in rows]),
    )


def largest_in_a_round(rows: Sequence[Row]) -> tuple[float, float]:
    """The largest mean error of any single round, over its effects, and how large chance alone may make it.

    Both as shares of the deviation; the second is three Monte-Carlo standard errors of that round, since the
    largest of many is looked for.
    """
    shares: dict[tuple[str, int, str, int], list[tuple[float, int]]] = {}
    for row in rows:
        found = shares.setdefault((row.question, row.n, row.rule_set, row.round), [])
        found.append((row.error / row.deviation, row.lotteries))
    means = [
        (abs(np.average([share for share, _ in found], weights=[count for _, count in found])), found)
        for found in shares.values()
    ]
    largest, found = max(means, key=lambda mean: mean[0])
    return float(largest), 3 / sqrt(sum(count for _, count in found))


def missed(cell: Cell, chance: float = 0.0) -> list[str]:
    """The targets that a cell misses, in words; none where it keeps all.

    Parameters
    ----------
    chance
        By how many Monte-Carlo standard errors the bounds are widened, for runs of few lotteries.
    """
    return list(_missed(cell, chance * cell.bias_error, chance * cell.coverage_error))


def _missed(cell: Cell, of_bias: float, of_coverage: float) -> Iterator[str]:
    bias = abs(cell.bias)
    if bias > BIAS_OF_DEVIATION * cell.deviation + of_bias:
        yield f"bias {cell.bias:.4f} is {bias / cell.deviation:.3f} of the estimate's deviation"
    if bias > BIAS_OF_NAIVE * cell.naive + of_bias:
        yield f"bias {cell.bias:.4f} is {bias / cell.naive:.3f} of the naive comparison's"
    if cell.spread and cell.coverage < COVERAGE_UNEQUAL - of_coverage:
        yield f"coverage {cell.coverage:.4f}"
    if not cell.spread and not _between(cell.coverage, COVERAGE, of_coverage):
        yield f"coverage {cell.coverage:.4f}"
    if not cell.spread and not cell.effect and not _between(1 - cell.coverage, SIZE, of_coverage):
        yield f"size {1 - cell.coverage:.4f}"


def _between(value: float, bounds: tuple[float, float], wider: float) -> bool:
    return bounds[0] - wider <= value <= bounds[1] + wider


def read(path: Path) -> list[Row]:
    """The rows of a file that `write` made; none where there is no file."""
    if not path.exists():
        return []
    types = {"str": str, "int": int, "float": float, "Question": str, "RuleSet": str}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(**{field.name: types[str(field.type)](line[field.name]) for field in fields(Row)})
            for line in csv.DictReader(file)
        ]


def write(path: Path, rows: Sequence[Row]) -> None:
    """As CSV, numbers to six digits, so that processors that round differently write the same."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([field.name for field in fields(Row)])
        table.writerows(
            [
                f"{value:.{SIGNIFICANT_DIGITS}g}" if isinstance(value, float) else value
                for value in line.values()
            ]
            for line in map(asdict, rows)
        )
