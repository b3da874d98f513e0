"""``make soak``: thousands of damaged study folders, in two processes, with a summary.

``SOAK=50000 make soak`` searches longer, ``SOAK_SEED=2`` elsewhere. One folder in ten is scored as well, one
in a hundred reported. Each failure is printed with the shortest recipe that still shows it.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

os.environ.setdefault("POLARS_MAX_THREADS", "1")

from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.properties.expectations import expect_a_good_answer
from tests.properties.recipe import Recipe
from tests.properties.search import recipes

from tazuna.commands.console import say

_PROCESSES = 2
_PIECE = 250
_SEEDS_A_RUN = 1_000_000
"""So far apart that two runs with different seeds never try the same piece."""


@dataclass
class Found:
    """Outcomes by name, and the failures: what was wrong → how often, and a recipe."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, tuple[int, Recipe, str]] = field(default_factory=dict)


def searched(first_seed: int, folders: int) -> Found:
    """Try ``folders`` recipes drawn from ``first_seed``."""
    found = Found()

    @seed(first_seed)
    @settings(
        max_examples=folders,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(recipes(reported=100))
    def search(recipe: Recipe) -> None:
        wrong, words = _tried(recipe)
        if not wrong:
            found.outcomes[words] += 1
            return
        found.outcomes["FAILED"] += 1
        times, shortest, trace = found.failures.get(wrong, (0, None, ""))
        if shortest is None:
            shortest, trace = _shortened(recipe, wrong, words)
        found.failures[wrong] = (times + 1, shortest, trace)

    search()
    return found


def _tried(recipe: Recipe) -> tuple[str, str]:
    """What was wrong ("" = nothing), and the outcome or the trace."""
    try:
        return "", expect_a_good_answer(recipe)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "tazuna" in frame.filename or "properties" in frame.filename]
        place = f"{own[-1].filename.rpartition('/')[2]}:{own[-1].lineno}"
        return f"{type(error).__name__} at {place}", traceback.format_exc(limit=-8)[-3_000:]


def _shortened(recipe: Recipe, wrong: str, trace: str) -> tuple[Recipe, str]:
    again = True
    while again:
        again = False
        for fewer in recipe.simpler():
            found, words = _tried(fewer)
            if found == wrong:
                recipe, trace, again = fewer, words, True
                break
    return recipe, trace


def main() -> int:
    """Search, print the summary, and return the exit code."""
    folders, first = int(os.environ.get("SOAK", "10000")), int(os.environ.get("SOAK_SEED", "1"))
    started = time.monotonic()
    pieces = [min(_PIECE, folders - start) for start in range(0, folders, _PIECE)]
    outcomes: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    with ProcessPoolExecutor(_PROCESSES) as pool:
        seeds = range(first * _SEEDS_A_RUN, first * _SEEDS_A_RUN + len(pieces))
        for found in pool.map(searched, seeds, pieces):
            outcomes += found.outcomes
            for wrong, (times, recipe, trace) in found.failures.items():
                if wrong not in failures:
                    say(f"\n{wrong}\n{recipe}\n{trace}")
                failures[wrong] += times
            sys.stderr.write(f"{outcomes.total():,} folders, {time.monotonic() - started:.0f} s\n")
    failed = outcomes["FAILED"]
    seconds = time.monotonic() - started
    say(f"\n{outcomes.total():,} study folders, seed {first}, in {seconds:.0f} s: {failed:,} failed")
    for outcome, times in outcomes.most_common():
        say(f"{times:8,}  {outcome}")
    for wrong, times in failures.most_common():
        say(f"{times:8,}  failed: {wrong}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
