"""Who answered (回答の有無), where no draw tells how much the sides may differ."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.adjusted import difference_in_means
from tazuna.evaluation.arrays import PeopleArrays
from tazuna.evaluation.effect import Attrition
from tazuna.evaluation.estimate import Estimate, Flags


def response_by_side(people: PeopleArrays, took_part: Flags, rows: Flags | None = None) -> Attrition:
    """Shares that answered, of those who took part and of the others.

    Parameters
    ----------
    people
        Everybody.
    took_part
        Bool, (N,).
    rows
        Bool, (N,): who was compared; everybody where None.
    """
    among = np.ones(len(took_part), dtype=np.bool_) if rows is None else rows
    treated, answered = took_part[among], people.answered[among]
    difference = None
    if 0 < treated.sum() < len(treated) and 0 < answered.sum() < len(answered):
        found = difference_in_means(answered.astype(np.float64), treated)
        difference = found if isinstance(found, Estimate) else None
    return Attrition(
        asked_treated=int(treated.sum()),
        asked_comparison=int((~treated).sum()),
        answered_treated=int((treated & answered).sum()),
        answered_comparison=int((~treated & answered).sum()),
        difference=difference,
    )
