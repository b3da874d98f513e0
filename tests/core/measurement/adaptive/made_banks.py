"""Banks made from known parameters, and people who answer by them."""

from __future__ import annotations

from datetime import date

import numpy as np

from tazuna.instrument.shipped import shipped_instrument
from tazuna.measurement.adaptive.bank import Bank, Provenance
from tazuna.measurement.adaptive.contents import Content, contents_of
from tazuna.measurement.graded.items import Answers, Floats, GradedItems

MADE_ON = date(2026, 4, 1)


def profile_contents() -> tuple[Content, ...]:
    """The 39 questions of the career ownership profile."""
    return contents_of(shipped_instrument("co_profile"), "co")


def made_bank(
    contents: tuple[Content, ...], correlation: float = 0.5, seed: int = 0, people: int = 1000
) -> Bank:
    """Slopes from 1.0 to 2.2, thresholds as far apart as five categories usually have them."""
    rng = np.random.default_rng(seed)
    m = len(contents)
    slopes = rng.uniform(1.0, 2.2, m)
    middle = rng.normal(-0.2, 0.5, m)
    spread = np.array([-1.7, -0.6, 0.5, 1.6]) + rng.normal(0, 0.1, (m, 4))
    thresholds = np.sort(middle[:, None] + spread, axis=1)
    areas = len({content.area for content in contents})
    return Bank(
        contents,
        GradedItems(
            tuple(content.code for content in contents),
            ((1, 2, 3, 4, 5),) * m,
            slopes,
            -slopes[:, None] * thresholds,
        ),
        0.1 * slopes,
        np.full((areas, areas), correlation) + (1 - correlation) * np.eye(areas),
        Provenance("co_profile", "1.0", "2026", MADE_ON, people),
    )


def people_of(bank: Bank, n: int, seed: int = 1) -> tuple[Floats, Answers]:
    """θ (n, A) from the bank's population, and complete answers as categories (n, m)."""
    rng = np.random.default_rng(seed)
    theta = rng.multivariate_normal(np.zeros(len(bank.areas)), bank.correlations, n)
    reach = 1 / (
        1 + np.exp(-(bank.items.slopes[:, None] * theta[:, bank.area_at, None] + bank.items.intercepts[None]))
    )
    above = rng.random((n, len(bank.contents), 1)) < reach
    return theta, above.sum(axis=2).astype(np.int8)
