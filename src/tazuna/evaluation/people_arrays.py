"""Everybody as arrays: outcome, baseline, what was known before the start, and who took part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tazuna.evaluation.arrays import Asked, PeopleArrays
from tazuna.evaluation.refusal import Refusal
from tazuna.study import Study


def people_arrays(
    study: Study,
    asked: Asked,
    *,
    published: datetime | None = None,
    covariates: Sequence[str] | None = None,
) -> PeopleArrays | Refusal:
    """Everybody; ``published``: the earliest publication of a draw, else the start of the programmes holds."""
    raise NotImplementedError
