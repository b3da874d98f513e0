"""Rung C as arrays: departments or companies over waves."""

from __future__ import annotations

from tazuna.evaluation.arrays import Asked, PanelArrays
from tazuna.evaluation.refusal import Refusal
from tazuna.study import Study


def panel_arrays(study: Study, asked: Asked) -> PanelArrays | Refusal:
    """Starts by adoption of the measure or programme asked about."""
    raise NotImplementedError
