"""``python -m tests.properties.release_attacks``: 200 groups of companies under attack, in two processes.

Two firms in a group, three linked views, two waves with mostly the same people, seventy groups of answers. No
hidden number below k may be known exactly, nor within k; the same attacks on what the threshold alone would
hide must succeed on every group. ``ATTACKED=50`` attacks fewer. About ten minutes on two cores.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.core.disclosure.attack_outcomes import Outcome, outcome
from tests.core.disclosure.made_companies import LINKS, WAVES, K, company

from tazuna.disclosure.release import release_cells
from tazuna.disclosure.threshold import emptied, too_small

GROUPS = int(os.environ.get("ATTACKED", "200"))
THRESHOLDS = dict.fromkeys(WAVES, K)
PROCESSES = 2
TARGETS = 5
"""Hidden numbers that are bounded in the output of the threshold alone, which is enough to succeed."""


def attacked(seed: int) -> tuple[int, Outcome, Outcome]:
    """One group: how far the attacks came against the release, and against the threshold alone."""
    made = company(seed)
    released = release_cells(made.cells, THRESHOLDS, LINKS).cells
    small = emptied(made.cells, made.cells.select(too_small(THRESHOLDS)).to_series())
    return (
        seed,
        outcome(made, released, waves=WAVES, targets=None),
        outcome(made, small, waves=WAVES, targets=TARGETS, all_small=True),
    )


def fault(against_release: Outcome, against_threshold: Outcome) -> str:
    """What went wrong; empty where the release held and the threshold did not."""
    recovered = {attack: count for attack, count in against_release.exact.items() if count}
    close = {attack: width for attack, width in against_release.narrowest.items() if width < K}
    if recovered or close:
        return f"known exactly {recovered}, within k {close}"
    if not any(against_threshold.exact.values()):
        return "the attacks found nothing where only the threshold protects, so they prove nothing"
    return ""


def main() -> int:
    """Attack every group; 1 where one did not hold."""
    faults, without, least = 0, 0, float("inf")
    with ProcessPoolExecutor(PROCESSES) as processes:
        for seed, release, threshold in processes.map(attacked, range(GROUPS)):
            without += sum(threshold.exact.values())
            least = min(least, *release.narrowest.values())
            if found := fault(release, threshold):
                faults += 1
                sys.stderr.write(f"group {seed}: {found}\n")
    sys.stdout.write(
        f"{GROUPS} groups of companies: {faults} did not hold; least range {least:g} people, k = {K}; "
        f"the threshold alone lets {without} small numbers be known exactly\n"
    )
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
