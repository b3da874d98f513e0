"""Between which waves (調査回) an outcome is compared."""

from __future__ import annotations

import polars as pl

from tazuna.errors import MissingInputError, StudyError
from tazuna.evaluation.arrays import Outcome
from tazuna.intake.faults import listed
from tazuna.language import message
from tazuna.study import Study


def asked_waves(
    study: Study, outcome: Outcome, values: pl.DataFrame, before: str | None, after: str | None
) -> tuple[str, str]:
    """The waves before and after.

    By default the first and the last with the outcome. Where one wave alone has it, that is the wave after,
    and before is the wave that comes before it, from which other facts about people are taken; empty where
    there is none. A wave before that lacks the outcome is taken as named: a drawn offer needs no baseline.

    Parameters
    ----------
    values
        From `outcome_values`.

    Raises
    ------
    MissingInputError
        Nobody has the outcome at the wave after, or at any.
    StudyError
        A wave is not known, or the one before does not come before.
    """
    order = [wave.wave for wave in study.waves]
    for name, wave in (("--before", before), ("--after", after)):
        if wave is not None and wave not in order:
            raise StudyError(
                message("{option}: there is no wave “{found}”.", option=name, found=wave),
                message("The waves are {waves}.", waves=listed(order)),
            )
    held = set(values["wave"])
    having = [wave for wave in order if wave in held]
    if not having:
        raise MissingInputError(
            message("{outcome} was measured at no wave.", outcome=outcome.label),
            message("Choose another outcome, or add its answers or figures."),
        )
    last = after or having[-1]
    if last not in held:
        raise MissingInputError(
            message("{outcome} was not measured at the wave {wave}.", outcome=outcome.label, wave=last),
            message("It was measured at {waves}.", waves=listed(having)),
        )
    earlier = order[: order.index(last)]
    first = before or next((wave for wave in having if wave in earlier), earlier[-1] if earlier else "")
    if first and first not in earlier:
        raise StudyError(
            message("The wave before, {before}, does not come before {after}.", before=first, after=last),
            message("The waves are {waves}.", waves=listed(order)),
        )
    return first, last
