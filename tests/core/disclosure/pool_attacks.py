"""Attacks on a release with pools: what their rows add, and what the rule of pooling tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from scipy.optimize import linprog
from tests.core.disclosure.attacks import ANSWERED, Known, Vectors, members, unknowns, what_is_known
from tests.core.disclosure.linked_attacks import asked_in_both_waves
from tests.core.disclosure.made_companies import LINKS, WAVES, Company, K, cells_of

from tazuna.disclosure.pooling import Pools, Tree, pools_of_waves
from tazuna.disclosure.relations import Links

_ROUNDING = 1e-6


def pools_in(made: Company) -> Pools:
    """The pools of both firms, each with two divisions: departments of even and of odd number."""
    fewest = made.people.group_by("organisation_id", "wave", "department").agg(pl.col("ms").count())
    numbers: dict[tuple[str, str], dict[str, int]] = {}
    for firm, wave, department, number in fewest.rows():
        numbers.setdefault((firm, wave), {})[department] = number
    departments = {department for at in numbers.values() for department in at}
    tree = Tree({name: f"{name[0]}{'even' if int(name[1:]) % 2 == 0 else 'odd'}" for name in departments})
    key = int(made.people["co"].sum())
    return pools_of_waves(numbers, tree, dict.fromkeys(WAVES, K), dict.fromkeys(numbers, key), {})


def with_pools(made: Company, pools: Pools) -> pl.DataFrame:
    """The tables of the company with the rows of its pools, calculated from its people."""
    held = [(*place, member, code) for (*place, code), in_it in pools.items() for member in in_it]
    by_member = pl.DataFrame(held, schema=["organisation_id", "wave", "department", "pool"], orient="row")
    people = made.people.join(by_member, on=["organisation_id", "wave", "department"])
    rows = cells_of(people.with_columns(department="pool").drop("pool"))
    return pl.concat([made.cells, rows.filter(pl.col("group_by").str.contains("department"))])


def links_with(pools: Pools) -> Links:
    return replace(LINKS, pools=pools)


def known_with_pools(released: pl.DataFrame, true: pl.DataFrame, wave: str, pools: Pools) -> Known:
    """What one wave's release tells of those who answered, its pools included."""
    of_pool = pl.col("group").str.split("|").list.first().is_in([code for *_, code in pools])
    of_pool &= pl.col("group_by").str.contains("department")
    known = what_is_known(released.filter(~of_pool), true.filter(~of_pool), wave, ANSWERED)
    departments = sorted(true.filter(~of_pool, group_by="department")["group"].unique().to_list())
    atoms = unknowns(departments)
    levels = np.array([atom[2] for atom in atoms])
    sums, values = [known.sums], [known.values]
    rows = true.with_columns(gone=released["suppressed"]).filter(of_pool, ~pl.col("gone"), wave=wave)
    for row in rows.filter(pl.col("measure") != "ms").iter_rows(named=True):
        code, _, band = row["group"].partition("|")
        vector = np.zeros(len(atoms), dtype=np.int64)
        for member in pools[row["organisation_id"], wave, code]:
            vector += members({**row, "group": f"{member}|{band}" if band else member}, atoms)
        yes = round((row["mean"] or 0.0) * row["n"] / 100)
        counts = [(vector, yes if row["measure"] == "response_rate" else row["n"])]
        if row["measure"].startswith("share.level."):
            counts.append((vector * (levels == row["measure"].split(".")[2]), yes))
        sums += [which[None] for which, _ in counts]
        values += [np.array([count]) for _, count in counts]
    return replace(known, sums=np.vstack(sums), values=np.concatenate(values))


def asked_with_pools(released: pl.DataFrame, true: pl.DataFrame, pools: Pools) -> Known:
    """How many were asked, over both waves, for somebody who knows that nobody came, went or moved."""
    of_pool = pl.col("group").str.split("|").list.first().is_in([code for *_, code in pools])
    of_pool &= pl.col("group_by").str.contains("department")
    known = asked_in_both_waves(released.filter(~of_pool), true.filter(~of_pool))
    departments = sorted(true.filter(~of_pool, group_by="department")["group"].unique().to_list())
    atoms = [atom for atom in unknowns(departments) if atom[2] == ""]
    sums, values = [known.sums], [known.values]
    rows = true.with_columns(gone=released["suppressed"]).filter(of_pool, ~pl.col("gone"))
    for row in rows.filter(measure="response_rate").iter_rows(named=True):
        code, _, band = row["group"].partition("|")
        vector = np.zeros(len(atoms), dtype=np.int64)
        for member in pools[row["organisation_id"], row["wave"], code]:
            vector += members({**row, "group": f"{member}|{band}" if band else member}, atoms)
        both = [vector, 0 * vector] if row["wave"] == WAVES[0] else [0 * vector, vector]
        sums.append(np.concatenate(both)[None])
        values.append(np.array([row["n"]]))
    return replace(known, sums=np.vstack(sums), values=np.concatenate(values))


def told_by_the_rule(
    known: Known, departments: list[str], wave: str, pools: Pools, hidden: set[str], targets: int
) -> float:
    """The least range of a small hidden department for whoever knows how departments are pooled.

    Those in no pool have at least k answers, and of each pool at least one has fewer: which one, the attacker
    tries out.
    """
    atoms = unknowns(departments)
    number = {name: np.array([atom[0] == name for atom in atoms], dtype=np.int64) for name in departments}
    in_pools = {wave_pool: in_it for wave_pool, in_it in pools.items() if wave_pool[1] == wave}
    alone = [name for name in departments if not any(name in in_it for in_it in in_pools.values())]
    sums, first = np.unique(known.sums, axis=0, return_index=True)
    values = known.values[first]
    least = np.inf
    for in_it in list(in_pools.values())[:targets]:
        for target in [name for name in in_it if name in hidden]:
            low, high = np.inf, -np.inf
            for small in in_it:
                limits = np.vstack([number[small], *(-number[name] for name in alone)])
                most = np.array([K - 1, *[-K] * len(alone)])
                ends = _ends(number[target], limits, most, sums, values)
                if ends is not None:
                    low, high = min(low, ends[0]), max(high, ends[1])
            if low <= high:  # Else its small one has fewer than k of another measure only.
                least = min(least, np.floor(high + _ROUNDING) - np.ceil(low - _ROUNDING))
    return float(least)


def _ends(
    target: Vectors, limits: Vectors, most: Vectors, sums: Vectors, values: Vectors
) -> tuple[float, float] | None:
    found = [
        linprog(sign * target, A_ub=limits, b_ub=most, A_eq=sums, b_eq=values, bounds=(0, None))
        for sign in (1, -1)
    ]
    if any(one.fun is None for one in found):
        return None
    return float(found[0].fun), -float(found[1].fun)
