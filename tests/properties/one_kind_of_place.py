"""``python -m tests.properties.one_kind_of_place``: half of the programmes do nothing, the others something.

Whoever misses the idle half often gets one of the others, so looking at the idle half alone seems to find
harm. Asked against no place, beside the other places, there is nothing to find. One row a round goes into
``docs/data/one-kind-of-place.csv``; a stopped run continues. About five minutes on one core.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import numpy.typing as npt
from tests.properties.self_selected import SelfSelected, self_selected

from tazuna.commands.console import say
from tazuna.evaluation.estimate import Flags, Floats
from tazuna.evaluation.lottery.draws import NO_PLACE, Draws, Offers
from tazuna.evaluation.lottery.one_programme import effect_against_no_place, fallback_mix
from tazuna.evaluation.lottery.recentred import main_controls
from tazuna.evaluation.lottery.two_exposures import two_exposures
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.studentised import studentised
from tazuna.matching.redraws import redrawn_offers

RESULTS = Path(__file__).parents[2] / "docs" / "data" / "one-kind-of-place.csv"
PEOPLE, EFFECT_ELSEWHERE = 211, 0.5
ROUNDS, LOTTERIES, REDRAWS = 10, 200, 2_000
ALPHA, SAME = 0.05, 1e-9


@dataclass(frozen=True, slots=True)
class IdleRow:
    """One round in which the programmes asked about change nothing.

    Parameters
    ----------
    at_risk, v
        People whom the draw decides about at these programmes, and Σ p(1-p).
    elsewhere
        Share of those who miss these programmes, weighted by p(1-p), who get another place.
    alone_error, beside_error
        Mean estimate, the truth being 0: of the offer alone, and beside the offers of other places.
    alone_rejects, beside_rejects
        Lotteries with a p-value of at most 0.05.
    """

    round: int
    at_risk: int
    v: float
    elsewhere: float
    lotteries: int
    redraws: int
    alone_error: float
    alone_rejects: int
    beside_error: float
    beside_rejects: int


def row_of(number: int, lotteries: int, redraws: int) -> IdleRow:
    """Hold one round many times, and ask about every second programme."""
    round_ = self_selected(PEOPLE, "plain", number)
    programs = round_.mechanism.market.programs
    asked = np.append(np.arange(len(programs)) % 2 == 0, False)
    held = _held(round_, lotteries, f"lotteries, one kind, {number}")
    redrawn = _held(round_, redraws, f"redraws, one kind, {number}")
    chance = asked[redrawn].mean(axis=0)
    some = (chance > 0) & (chance < 1)
    idle, others = ((kind[held[:, some]], kind[redrawn[:, some]]) for kind in (asked, _others(asked)))
    outcomes = round_.untouched[some] + EFFECT_ELSEWHERE * others[0]
    controls, names = main_controls(chance[some], baseline=round_.before[some])
    alone_errors, alone_p_values = _alone(outcomes.T, idle, controls)
    beside = [
        two_exposures(
            y,
            (idle[0][at], others[0][at]),
            lambda part: (idle[1][part], others[1][part]),
            redraws,
            np.column_stack([controls, others[1].mean(axis=0)]),
        )
        for at, y in enumerate(outcomes)
    ]
    p_values = [found.p_value() for found in beside]
    product = effect_against_no_place(
        outcomes[0], Offers(idle[0][0], idle[1]), Offers(others[0][0], others[1]), controls, names
    )
    if isinstance(product, Refusal):
        raise TypeError(product.problem.text("en"))
    if max(abs(product.estimate - beside[0].estimate), abs(product.p_value - p_values[0])) > SAME:
        raise AssertionError(f"{product} alone, {beside[0].estimate}, {p_values[0]} together")
    people = np.arange(PEOPLE)
    mix = fallback_mix(
        Draws(people, np.zeros_like(people), ("round",), programs, held[0], redrawn), asked[:-1], some
    )
    return IdleRow(
        round=number,
        at_risk=int(some.sum()),
        v=float(chance @ (1 - chance)),
        elsewhere=1 - mix[""],
        lotteries=lotteries,
        redraws=redraws,
        alone_error=float(alone_errors.mean()),
        alone_rejects=int(np.count_nonzero(alone_p_values <= ALPHA)),
        beside_error=float(np.mean([found.estimate for found in beside])),
        beside_rejects=int(np.count_nonzero(np.array(p_values) <= ALPHA)),
    )


def _held(round_: SelfSelected, count: int, seed: str) -> npt.NDArray[np.int32]:
    """Int32, shape (count, n): programme of each applicant; -1, which also indexes the last of all flags."""
    edges = redrawn_offers(round_.mechanism, count, seed, threads=1)
    return np.append(round_.mechanism.market.program, np.int32(NO_PLACE))[edges]


def _others(asked: Flags) -> Flags:
    """Programmes not asked about; the last entry stands for no place and is in neither."""
    return np.append(~asked[:-1], False)


def _alone(outcomes: Floats, idle: tuple[Flags, Flags], controls: Floats) -> tuple[Floats, Floats]:
    """Estimates and p-values, one a lottery, of the programmes asked about as if there were no others."""
    found, reference = (studentised(outcomes, offered.astype(np.float64), controls) for offered in idle)
    least = (1 - SAME) * np.abs(np.diagonal(found.statistics))
    as_far = np.count_nonzero(np.abs(reference.statistics) >= least, axis=0)
    return np.diagonal(found.coefficients), (1 + as_far) / (1 + len(reference.statistics))


def read(path: Path) -> list[IdleRow]:
    """The rows of a file that `run` made; none where there is no file."""
    if not path.exists():
        return []
    types = {"int": int, "float": float}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            IdleRow(**{field.name: types[str(field.type)](line[field.name]) for field in fields(IdleRow)})
            for line in csv.DictReader(file)
        ]


def write(path: Path, rows: Sequence[IdleRow]) -> None:
    """As CSV, numbers to six digits."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([field.name for field in fields(IdleRow)])
        for row in rows:
            values = asdict(row).values()
            table.writerow([f"{value:.6g}" if isinstance(value, float) else value for value in values])


def run(path: Path) -> list[IdleRow]:
    """Compute the rounds that the file does not have yet; all rows."""
    rows = read(path)
    for number in range(len(rows), ROUNDS):
        rows.append(row_of(number, LOTTERIES, REDRAWS))
        write(path, rows)
        sys.stderr.write(f"{number + 1} of {ROUNDS} rounds\n")
    return rows


def main() -> None:
    """Run, and say how often each test rejects."""
    if "--afresh" in sys.argv[1:]:
        RESULTS.unlink(missing_ok=True)
    RESULTS.parent.mkdir(exist_ok=True)
    rows = run(RESULTS)
    total = sum(row.lotteries for row in rows)
    alone, beside = (sum(getattr(row, name) for row in rows) for name in ("alone_rejects", "beside_rejects"))
    say(f"{total:,} lotteries: alone rejects {alone / total:.3f}, beside the others {beside / total:.3f}")


if __name__ == "__main__":
    main()
