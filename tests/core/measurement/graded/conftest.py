"""Answers made from known parameters."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tazuna.measurement.graded.items import Floats, GradedItems

Simulate = Callable[..., Floats]


def made_items(m: int = 8, seed: int = 3) -> GradedItems:
    """m questions of four categories."""
    rng = np.random.default_rng(seed)
    slopes = rng.uniform(1.0, 2.2, m)
    thresholds = np.sort(rng.normal(0, 1, (m, 3)), axis=1) + np.array([-0.5, 0.0, 0.5])
    return GradedItems(
        tuple(f"q{i}" for i in range(m)), ((1, 2, 3, 4),) * m, slopes, -slopes[:, None] * thresholds
    )


def answers_of(items: GradedItems, theta: Floats, seed: int = 0) -> Floats:
    """One answer a person and question, shape (n, m), from the lowest level up."""
    uniform = np.random.default_rng(seed).random((len(theta), len(items.codes)))
    reach = np.cumsum(items.chances(theta), axis=1)
    return np.asarray(1.0 + (uniform.T[:, None, :] > reach).sum(axis=1).T)


@pytest.fixture
def questions() -> GradedItems:
    """Eight questions."""
    return made_items()
