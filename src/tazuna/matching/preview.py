"""Before the draw (抽選前の見通し): expected fill, minimums in danger, and what the round can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import numpy as np

from tazuna.matching.changes import Change, changes_of
from tazuna.matching.expectation import Expectation, expected_of
from tazuna.matching.information import Information, RoundsNeeded, information_of, rounded, rounds_needed
from tazuna.matching.market import Market
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.redraws import Progress
from tazuna.matching.rules import Rules

Build = Callable[[Market, Rules], Mechanism]


@dataclass(frozen=True, slots=True)
class ProgramPreview:
    """One programme before the draw.

    Parameters
    ----------
    applicants, first_choices
        People who list it feasibly, and as their best feasible choice.
    expected
        Places filled, on average over draws.
    chance_full, chance_below_minimum
        That every place is filled; that fewer than the minimum are (None without a minimum).
    v
        Σ p(1 - p) of its applicants.
    """

    program_id: str
    places: int
    applicants: int
    first_choices: int
    expected: float
    minimum: int
    chance_full: float
    chance_below_minimum: float | None
    v: float


@dataclass(frozen=True, slots=True)
class RegionPreview:
    """A limit on programmes together: places filled, and the chance of fewer than it wishes for."""

    name: str
    upper: int
    lower: int
    expected: float
    chance_below_lower: float | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What is to be expected of a draw; chances are shares of ``draws`` redraws, known to ±√(p(1 - p)/draws).

    Parameters
    ----------
    applicants, pairs, places
        People with a feasible choice, feasible pairs, places offered.
    expected_placed, expected_filled
        People with a place on average, and as a share of the places.
    information
        With the rules as they are.
    changes
        The same applications under other rules.
    rounds
        Rounds like this one until an effect of each size would show.
    """

    draws: int
    applicants: int
    pairs: int
    places: int
    expected_placed: float
    expected_filled: float
    programs: tuple[ProgramPreview, ...]
    regions: tuple[RegionPreview, ...]
    information: Information
    changes: tuple[Change, ...]
    rounds: tuple[RoundsNeeded, ...]

    def to_dict(self) -> dict[str, object]:
        """For ``preview.json``, rounded to four decimals."""
        facts = {name: rounded(value) for name, value in asdict(replace(self, changes=())).items()}
        changes = [
            {
                "change": change.change,
                "program_id": change.program_id,
                "expected_placed": rounded(change.expected_placed),
                **change.information.to_dict(),
            }
            for change in self.changes
        ]
        return {**facts, "information": self.information.to_dict(), "changes": changes}


def preview_of(
    market: Market,
    rules: Rules,
    build: Build,
    *,
    draws: int = 1000,
    seed: str = "preview",
    round_: str = "",
    threads: int | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Redraw the round as it stands and under other rules.

    Parameters
    ----------
    build
        Makes the mechanism of a market and rules, as `tazuna.matching.mechanisms.mechanism_of`.
    draws
        Redraws for the round as it stands and for each of the other rules.
    seed
        Of the redraws; never that of the draw itself, so that nothing is learnt of it.
    round_
        Settles which programmes open a place where a quarter of the places is open.
    """

    def look(changed: Market, under: Rules) -> Expectation:
        return expected_of(build(changed, under), draws, seed, threads=threads, progress=progress)

    seen = look(market, rules)
    information = information_of(seen.chance_any, draws)
    places = int(market.capacity.sum())
    return Preview(
        draws=draws,
        applicants=int(np.count_nonzero(np.diff(market.start))),
        pairs=market.edges,
        places=places,
        expected_placed=seen.placed,
        expected_filled=seen.placed / places if places else 0.0,
        programs=_programs(market, seen),
        regions=tuple(
            RegionPreview(
                region.name,
                region.upper,
                region.lower,
                float(seen.filled[region.programs].sum()),
                float(seen.below_lower[at]) if region.lower else None,
            )
            for at, region in enumerate(rules.regions)
        ),
        information=information,
        changes=changes_of(market, rules, seen, draws, round_, look),
        rounds=rounds_needed(information.v),
    )


def _programs(market: Market, seen: Expectation) -> tuple[ProgramPreview, ...]:
    programs = len(market.programs)
    applicants = np.bincount(market.program, minlength=programs)
    best = market.start[:-1][np.diff(market.start) > 0]
    firsts = np.bincount(market.program[best], minlength=programs)
    v = np.bincount(market.program, seen.chance * (1 - seen.chance), programs)
    return tuple(
        ProgramPreview(
            program_id=market.programs[at],
            places=int(market.capacity[at]),
            applicants=int(applicants[at]),
            first_choices=int(firsts[at]),
            expected=float(seen.filled[at]),
            minimum=int(market.minimum[at]),
            chance_full=float(seen.full[at]),
            chance_below_minimum=float(seen.below[at]) if market.minimum[at] else None,
            v=float(v[at]),
        )
        for at in range(programs)
    )
