"""The rule of thumb that hidden figures are counted against."""

from __future__ import annotations

import numpy as np
import polars as pl
from tests.core.disclosure.made_companies import LINKS, WAVES, K, company

from tazuna.disclosure.next_smallest import hidden_by_next_smallest
from tazuna.disclosure.relations import POSITION, Links, relations
from tazuna.disclosure.release import release_cells


def positions(groups: list[str]) -> pl.DataFrame:
    labels = [("all", "all"), *(("department", group) for group in groups)]
    return pl.DataFrame([("A", "w1", "all", *label) for label in labels], schema=POSITION, orient="row")


def hidden_among(counts: list[float]) -> int:
    table = positions([f"D{number}" for number in range(len(counts))])
    numbers = np.array([[sum(counts)], *([count] for count in counts)], dtype=float)
    return hidden_by_next_smallest(relations(table, Links()), numbers, numbers < K, K)


def test_beside_one_small_department_the_next_smallest_is_hidden() -> None:
    assert hidden_among([4, 30, 12, 40]) == 2


def test_two_small_ones_that_are_enough_together_need_no_third() -> None:
    assert hidden_among([6, 7, 30, 40]) == 2


def test_two_small_ones_that_are_few_together_need_a_third() -> None:
    assert hidden_among([3, 4, 30, 40]) == 3


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    assert hidden_among([12, 30, 40]) == 0


def test_a_release_says_how_many_the_rule_of_thumb_would_hide() -> None:
    audit = release_cells(company(1).cells, dict.fromkeys(WAVES, K), LINKS).audit
    assert audit.primary < audit.next_smallest < audit.primary + audit.complementary
