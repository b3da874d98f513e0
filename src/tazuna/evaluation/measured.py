"""An outcome before and after (前後の値), each given on the right side of the start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from tazuna.evaluation.arrays import Asked, Outcome, OutcomeArrays
from tazuna.evaluation.asked import outcome_source
from tazuna.evaluation.before_the_start import is_early, is_late
from tazuna.evaluation.estimate import Flags, Floats
from tazuna.evaluation.outcome_values import outcome_values
from tazuna.evaluation.refusal import Refusal, constant_outcome
from tazuna.language import message
from tazuna.study import Study


@dataclass(frozen=True, slots=True)
class Measured:
    """Values of an outcome at the two waves.

    Parameters
    ----------
    before, after
        person_id, value.
    late
        Ids of people whose value at the wave before was given after the start, and is not in ``before``.
    early
        Ids of people whose value at the wave after was given before the start, and is not in ``after``.
    """

    asked: Asked
    outcome: Outcome
    before: pl.DataFrame
    after: pl.DataFrame
    late: pl.Series
    early: pl.Series

    def arrays(self, persons: pl.Series, consenting: Flags) -> OutcomeArrays:
        """At some people; nothing of those who do not consent to evaluation."""
        return OutcomeArrays(
            self.outcome, _at(self.after, persons, consenting), _at(self.before, persons, consenting)
        )

    def fault(self, found: OutcomeArrays, begin: datetime | None) -> Refusal | None:
        """Why nothing can be said of this outcome, where that is so; ``found`` are its arrays."""
        y = found.y[np.isfinite(found.y)]
        question = self.asked.question
        if not len(y) and len(self.early):
            return Refusal(
                "outcome_before_start",
                message(
                    "At the wave {wave} {outcome} was measured before {day}, when the places were given: "
                    "nothing can have come of them yet.",
                    wave=question.after,
                    outcome=self.outcome.label,
                    day=_day(begin),
                ),
                message("Name a later wave with --after."),
            )
        if not len(y):
            return Refusal(
                "no_outcome",
                message(
                    "At the wave {wave} nobody who consents to evaluation has {outcome}.",
                    wave=question.after,
                    outcome=self.outcome.label,
                ),
                message("Name another wave with --after, or another outcome."),
            )
        if not self.before.height and len(self.late):
            return Refusal(
                "baseline_after_start",
                message(
                    "At the wave {wave} everybody gave {outcome} after {day}, when the places were given: "
                    "that is no baseline.",
                    wave=question.before,
                    outcome=self.outcome.label,
                    day=_day(begin),
                ),
                message("Name an earlier wave with --before."),
            )
        return constant_outcome(float(y[0])) if np.ptp(y) == 0 else None


def measured(study: Study, asked: Asked, outcome: Outcome, begin: datetime | None) -> Measured:
    """The values of an outcome before and after the start.

    Parameters
    ----------
    begin
        The moment up to which something counts as before; None where it is not known.
    """
    question = asked.question
    waves = [wave for wave in (question.before, question.after) if wave]
    values = outcome_values(study, outcome_source(study, outcome), waves).unique(
        ["person_id", "wave"], keep="first", maintain_order=True
    )
    after = values.filter(pl.col("wave") == question.after)
    before = values.filter(pl.col("wave") == question.before)
    early = is_early(study, question.after, begin)
    late = is_late(study, question.before, begin) if question.before else pl.lit(value=False)
    kept = ("person_id", "value")
    return Measured(
        asked=asked,
        outcome=outcome,
        before=before.filter(~late).select(kept),
        after=after.filter(~early).select(kept),
        late=before.filter(late)["person_id"],
        early=after.filter(early)["person_id"],
    )


def _at(values: pl.DataFrame, persons: pl.Series, consenting: Flags) -> Floats:
    joined = persons.to_frame("person_id").join(values, on="person_id", how="left", maintain_order="left")
    found = joined["value"].fill_null(float("nan")).to_numpy()
    return np.where(consenting, found, np.nan)


def _day(begin: datetime | None) -> str:
    return "–" if begin is None else f"{begin:%Y-%m-%d}"
