"""Rung B as arrays: interview scores around the cut-off."""

from __future__ import annotations

from tazuna.evaluation.arrays import Asked, CutoffArrays, PeopleArrays
from tazuna.evaluation.held_rounds import HeldRounds
from tazuna.evaluation.refusal import Refusal
from tazuna.study import Study


def cutoff_arrays(
    study: Study, asked: Asked, people: PeopleArrays, held: HeldRounds | None = None
) -> CutoffArrays | Refusal:
    """Programmes that chose by interview score."""
    raise NotImplementedError
