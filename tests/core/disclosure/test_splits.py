"""What numbers of people split into by shares adds up like the numbers themselves."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.disclosure.made_companies import LEVELS, LINKS, company

from tazuna.disclosure.relations import POSITION, relations
from tazuna.disclosure.splits import Split, split_relations
from tazuna.disclosure.ties import in_table_of


@pytest.mark.parametrize("seed", range(3))
def test_every_relation_of_a_split_holds_for_true_numbers(seed: int) -> None:
    cells = company(seed).cells.filter(wave="w1")
    positions = cells.select(POSITION).unique(maintain_order=True)
    shares = [
        positions.join(cells.filter(measure=f"share.level.{level}"), on=POSITION, maintain_order="left")
        for level in LEVELS
    ]
    everybody = shares[0]["n"].to_numpy().astype(float)
    own = in_table_of(positions, "level")
    parts = [(share["n"] * share["mean"].fill_null(0.0) / 100).round().to_numpy() for share in shares]
    whole = relations(positions, LINKS)
    split = split_relations(whole, [Split("level", LEVELS, own, np.ones(own.size, dtype=bool))])
    counts = np.concatenate([everybody, *(np.where(own, np.nan, part) for part in parts)])
    full = split.with_remainders(counts[:, None])[:, 0]
    known = np.isfinite(full)
    rows = split.wholes - split.parts
    told = abs(rows) @ ~known == 0
    assert told.all()
    assert np.abs(rows @ np.nan_to_num(full))[told].max() == 0
    # Each number that is not of the table itself splits into its groups, beside the table's own relations.
    assert split.wholes.shape[0] > (1 + len(LEVELS)) * whole.wholes.shape[0] / 2
    assert not split.secret[own.size : counts.size].any()
    assert split.secret[: own.size].all()
