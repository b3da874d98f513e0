"""Samples that the simulation's tests share."""

from __future__ import annotations

import pytest

from tazuna.simulation.consortium import Consortium, simulate


@pytest.fixture(scope="session")
def sample() -> Consortium:
    """The default sample."""
    return simulate(seed=1)


@pytest.fixture(scope="session")
def published() -> Consortium:
    """A sample whose rounds have the published size."""
    return simulate(people=8_000, companies=33, seed=2, rounds="published")
