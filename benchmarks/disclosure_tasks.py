"""What `benchmarks.disclosure` runs, each task in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks.disclosure_tables import WAVE, K, cells, known_within, next_smallest, people
from benchmarks.tasks import Found, measured, print_task, timed

TRIED = 60
"""Small cells that are attacked."""


def joint(count: str, runs: str) -> Found:
    """The release of ten linked tables: suppression and audit."""
    from tazuna.disclosure.release import release_cells

    table = cells(people(int(count)))
    found = []

    def release() -> None:
        found.append(release_cells(table, WAVE))

    times = timed(release, int(runs), warm=False)
    last = found[-1]
    return measured(times, int(runs), figures=table.height, hidden=last.hidden, small=last.audit.primary)


def counted(count: str) -> Found:
    """One measure protected in two ways: how many cells each hides, and how many small ones it gives away."""
    import polars as pl

    from tazuna.disclosure.release import release_cells

    table = cells(people(int(count))).filter(measure="co")
    labels = ("group_by", "group")
    counts = {(by, group): n for by, group, n in table.select(*labels, "n").iter_rows()}
    released = release_cells(table, WAVE).cells.filter(pl.col("suppressed"))
    ours = set(released.select(labels).iter_rows())
    theirs: list[set[tuple[str, str]]] = []
    times = timed(lambda: theirs.append(next_smallest(counts)), 1, warm=False)
    return measured(
        times,
        1,
        cells=len(counts),
        small=sum(n < K for n in counts.values()),
        joint=len(ours),
        next_smallest=len(theirs[-1]),
        given_away_joint=known_within(counts, ours, TRIED),
        given_away_next_smallest=known_within(counts, theirs[-1], TRIED),
    )


TASKS: dict[str, Callable[..., Found]] = {"joint": joint, "counted": counted}

if __name__ == "__main__":
    print_task(TASKS, sys.argv[1:])
