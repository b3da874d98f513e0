"""Rungs D and E as arrays (参加者とほかの人): who took part against the others, and their change alone."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.arrays import Asked, ChangeArrays, ComparisonArrays, Covariates, PeopleArrays
from tazuna.evaluation.covariates import dependent, fact_of
from tazuna.evaluation.estimate import Flags
from tazuna.evaluation.refusal import (
    Caution,
    Refusal,
    constant_outcome,
    everybody_treated,
    listed,
    nobody_treated,
)
from tazuna.language import message

BASELINE = "baseline"
"""Name of the outcome's own column before."""


def comparison_arrays(asked: Asked, people: PeopleArrays) -> ComparisonArrays | Refusal:
    """Those who took part, and everybody else who answered both waves, whether they applied or not.

    Non-applicants are among the comparison: they are most of those who look like the participants, and where
    a draw was held, the losers alone are the comparison of rung A already. Somebody who began a place without
    completing it is neither: they had a part of it.

    Returns
    -------
    ComparisonArrays or Refusal
        Refused are ``wave_missing``, ``none_treated``, ``all_treated``, ``constant_outcome``, and of
        covariates that somebody named ``constant_covariate`` and ``collinear_covariates``.
    """
    baseline, y = people.outcome.baseline, people.outcome.y
    refused = _fault(asked, people)
    if refused is not None:
        return refused
    partly = ~people.took_part & ~(people.hours == 0)
    used = np.isfinite(baseline) & np.isfinite(y) & ~partly
    treated = people.took_part[used]
    if not treated.any() or treated.all():
        return everybody_treated() if treated.any() else nobody_treated()
    if np.ptp(y[used]) == 0:
        return constant_outcome(float(y[used][0]))
    known = people.covariates.among(used)
    before = baseline[used][:, None] if np.ptp(baseline[used]) else np.empty((len(treated), 0))
    constant, repeated = dependent(known.x, before)
    kept = known.only(~(constant | repeated))
    left = {fact_of(name) for name in kept.names}
    gone = np.array([fact_of(name) not in left for name in known.names], dtype=np.bool_)
    if known.named and gone.any():
        return _named_but_useless(known, constant & gone, repeated & gone)
    own = (BASELINE,) if before.shape[1] else ()
    said = message("{outcome} before", outcome=asked.outcome.label)
    return ComparisonArrays(
        y=y[used],
        treated=treated,
        x=np.ascontiguousarray(np.column_stack([before, kept.x])),
        names=(*own, *kept.names),
        labels=(*((said,) if own else ()), *kept.labels),
        clusters=people.clusters[used],
        row=np.flatnonzero(used),
        people=people,
        cautions=(
            *asked.cautions,
            *people.cautions,
            *_dropped(known, constant, repeated, kept),
            *_partly(int((partly & np.isfinite(baseline) & np.isfinite(y)).sum())),
        ),
    )


def change_arrays(asked: Asked, people: PeopleArrays) -> ChangeArrays | Refusal:
    """Before and after, and who took part.

    Returns
    -------
    ChangeArrays or Refusal
        Refused are ``wave_missing`` and ``none_treated``.
    """
    refused = _fault(asked, people)
    if refused is not None:
        return refused
    return ChangeArrays(
        before=people.outcome.baseline,
        after=people.outcome.y,
        group=people.took_part,
        clusters=people.clusters,
        people=people,
        cautions=(*asked.cautions, *people.cautions),
    )


def wave_missing(asked: Asked) -> Refusal:
    """Without the wave before there is nothing to start from."""
    question = asked.question
    return Refusal(
        "wave_missing",
        message(
            "{outcome} is not known at a wave before ({before}), only at {after}.",
            outcome=question.outcome_label,
            before=question.before or "–",
            after=question.after,
        ),
        message("Name a wave with --before at which it was measured, or measure it before the next round."),
    )


def _fault(asked: Asked, people: PeopleArrays) -> Refusal | None:
    if not np.isfinite(people.outcome.baseline).any():
        return wave_missing(asked)
    return None if people.took_part.any() else nobody_treated()


def _named_but_useless(known: Covariates, constant: Flags, repeated: Flags) -> Refusal:
    """Covariates that somebody asked for and that cannot be used."""
    if constant.any():
        return Refusal(
            "constant_covariate",
            message(
                "These covariates are the same for everybody who is compared: {columns}",
                columns=listed(known.only(constant).names),
            ),
            message("Take them out of the covariates."),
        )
    return Refusal(
        "collinear_covariates",
        message(
            "These covariates say nothing that those before them do not say already: {columns}",
            columns=listed(known.only(repeated).names),
        ),
        message("Take them out of the covariates."),
    )


def _dropped(known: Covariates, constant: Flags, repeated: Flags, kept: Covariates) -> list[Caution]:
    """Facts of which no column is left."""
    left = {fact_of(name) for name in kept.names}
    gone = dict.fromkeys(fact_of(name) for name in known.only(constant | repeated).names)
    names = [name for name in gone if name not in left]
    if not names:
        return []
    return [
        Caution(
            "covariates_dropped",
            message(
                "Left out of the adjustment, because they are the same for everybody or said by others: "
                "{columns}",
                columns=listed(names),
            ),
            message(
                "Nothing needs to be done, unless one of them matters: then check how its column was filled."
            ),
        )
    ]


def _partly(count: int) -> list[Caution]:
    if not count:
        return []
    return [
        Caution(
            "began_without_completing",
            message(
                "{count} people began a place and did not complete it: they are in neither group.",
                count=count,
            ),
            message("The effect of the offer, from a draw, needs no such choice."),
        )
    ]
