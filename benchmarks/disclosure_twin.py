"""``pytauargus`` on tables of `benchmarks.disclosure_tables`, in the interpreter that has it.

Each table is protected for itself by the modular method: version 0.6.0 takes a batch of linked tables
(``MOD(0)``) and then stops with "PrepareHITAS failed". A cell that stands in several tables is hidden only
where all of them hide it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pytauargus import protect

from benchmarks.tasks import Found, measured, print_task, timed

SHOWN = ("S", "E")
"""Status of a safe and of an empty cell; all others are suppressed."""
TOTAL = "Total"


def tauargus(asked: str, hidden_cells: str, k: str) -> Found:
    """Protect the tables of a file by frequency, and write the cells that they hide to another.

    Parameters
    ----------
    asked
        JSON: ``tables`` (groupings of each) and ``people`` (grouping → group of everybody).
    hidden_cells
        Where to write them, as pairs of grouping and group.
    k
        Threshold.
    """
    told = json.loads(Path(asked).read_text(encoding="utf-8"))
    tables = told["tables"]
    micro = {**told["people"], "one": [1.0] * len(next(iter(told["people"].values())))}
    found = []

    def protection() -> None:
        found.append(protect(micro, tables, "one", safety_rules=f"FREQ({k},{k})", suppress="MOD(1)"))

    times = timed(protection, 1, warm=False)
    hidden, shown = set(), set()
    for keys, table in zip(tables, found[-1].tables, strict=True):
        for row in table.rows:
            named = [key for key in keys if row[key] != TOTAL]
            cell = ("*".join(named) or "all", "|".join(str(row[key]) for key in named) or "all")
            (shown if row["status"] in SHOWN else hidden).add(cell)
    Path(hidden_cells).write_text(json.dumps(sorted(hidden - shown)), encoding="utf-8")
    return measured(times, 1)


if __name__ == "__main__":
    print_task({"tauargus": tauargus}, sys.argv[1:])
