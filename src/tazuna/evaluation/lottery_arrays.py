"""Rung A as arrays: the draws with what became of everybody."""

from __future__ import annotations

from tazuna.evaluation.arrays import Asked, LotteryArrays, PeopleArrays
from tazuna.evaluation.held_rounds import HeldRounds
from tazuna.evaluation.refusal import Refusal
from tazuna.study import Study


def lottery_arrays(
    study: Study, asked: Asked, held: HeldRounds, people: PeopleArrays
) -> LotteryArrays | Refusal:
    """One row an applicant and round."""
    raise NotImplementedError
