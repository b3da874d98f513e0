"""Of whom an effect speaks (抽選の対象者): what is known of them, beside all applicants and everybody."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.arrays import LotteryArrays
from tazuna.evaluation.comparison_arrays import BASELINE
from tazuna.evaluation.effect import AtRiskRow
from tazuna.evaluation.estimate import Flags
from tazuna.evaluation.lottery.at_risk import at_risk_table

_MARK = ":missing"


def people_at_risk(arrays: LotteryArrays, rows: Flags, k: int) -> tuple[AtRiskRow, ...]:
    """Means of the outcome before and of every covariate; ``rows`` (n,) is the analysis sample.

    ``k`` is the threshold: means that tell of fewer people are NaN.
    """
    people = arrays.people
    shown = np.array([not name.endswith(_MARK) for name in people.covariates.names], dtype=np.bool_)
    known = people.covariates.only(shown)
    return at_risk_table(
        np.column_stack([people.outcome.baseline, known.x]),
        (BASELINE, *known.names),
        arrays.row,
        arrays.offers.chance,
        rows,
        organisation=people.organisation,
        k=k,
    )
