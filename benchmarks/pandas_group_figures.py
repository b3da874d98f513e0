"""The peer: group figures of a study folder as a straightforward pandas script would compute them.

Scale scores, and their mean, n and interval for everybody and by gender; no checks, no protection.

    python -m benchmarks.pandas_group_figures STUDY OUT.csv SCALE=ITEM,ITEM,-ITEM ...
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd


def main(study: Path, out: Path, scales: list[str]) -> None:
    people = pd.read_csv(study / "people.csv", dtype={"person_id": str})
    answers = pd.read_csv(study / "responses.csv", dtype={"person_id": str})
    data = answers.merge(people, on="person_id")
    names = []
    for written in scales:
        name, items = written.split("=")
        keyed = pd.DataFrame(
            {
                item.lstrip("-"): (6 - data[item[1:]].mask(data[item[1:]] == 0))
                if item.startswith("-")
                else data[item].mask(data[item] == 0)
                for item in items.split(",")
            }
        )
        enough = keyed.notna().sum(axis=1) >= keyed.shape[1] / 2
        data[name] = ((keyed.mean(axis=1) - 1) * 25).where(enough)
        names.append(name)
    parts = []
    for groups in ([], ["gender"]):
        grouped = data.groupby(groups)[names] if groups else data.assign(all="all").groupby("all")[names]
        figures = grouped.agg(["count", "mean", "sem"]).stack(level=0, future_stack=True)
        figures["lower"] = figures["mean"] - 1.96 * figures["sem"]
        figures["upper"] = figures["mean"] + 1.96 * figures["sem"]
        parts.append(figures.reset_index())
    pd.concat(parts).to_csv(out, index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
