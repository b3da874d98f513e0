"""One bank for all tests."""

from __future__ import annotations

import pytest

from tazuna.measurement.adaptive.bank import Bank

from .made_banks import made_bank, profile_contents


@pytest.fixture(scope="session")
def profile() -> Bank:
    """The profile's questions with made parameters."""
    return made_bank(profile_contents())
