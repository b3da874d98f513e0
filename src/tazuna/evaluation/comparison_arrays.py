"""Rungs D and E as arrays: who took part against the others, and their change alone."""

from __future__ import annotations

from tazuna.evaluation.arrays import Asked, ChangeArrays, ComparisonArrays, PeopleArrays
from tazuna.evaluation.refusal import Refusal


def comparison_arrays(asked: Asked, people: PeopleArrays) -> ComparisonArrays | Refusal:
    """Those who took part against everybody else with both answers."""
    raise NotImplementedError


def change_arrays(asked: Asked, people: PeopleArrays) -> ChangeArrays | Refusal:
    """Before and after of those who took part."""
    raise NotImplementedError
