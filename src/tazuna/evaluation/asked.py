"""What is asked (評価の問い): programmes, outcome and waves by the names that a study has for them."""

from __future__ import annotations

from collections.abc import Sequence

from tazuna.evaluation.arrays import Asked
from tazuna.study import Study


def asked_of(
    study: Study,
    outcome: str,
    *,
    program: str = "any",
    before: str | None = None,
    after: str | None = None,
    round_: str | None = None,
    further: Sequence[str] = (),
) -> Asked:
    """The question as this study understands it; TazunaError where it has no such name."""
    raise NotImplementedError
