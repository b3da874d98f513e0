"""Whether an outcome's questions work alike with and without an offer (抽選の両群での測定不変性)."""

from __future__ import annotations

import numpy as np
import polars as pl

from tazuna.evaluation.arrays import Asked, LotteryArrays
from tazuna.evaluation.asked import outcome_source
from tazuna.evaluation.effect import Assumption
from tazuna.evaluation.lottery_sample import lottery_sample
from tazuna.language import Message, message
from tazuna.measurement.comparability import QUESTIONS, comparison
from tazuna.measurement.comparing import compared
from tazuna.measurement.scoring import ScoredScale
from tazuna.study import Study

_BY = "arm"


def arms_alike(study: Study, asked: Asked, arrays: LotteryArrays) -> Assumption | None:
    """What invariance says of the people behind the effect, at the wave after.

    A programme may teach people to read a question in another way: then its mean moves though nobody changed.

    Parameters
    ----------
    study
        With the answers.
    asked, arrays
        The question and its arrays.

    Returns
    -------
    Assumption or None
        ``held`` is None where it was not tested: an outcome of fewer or more questions than
        `tazuna.measurement.comparability.QUESTIONS`, or fewer than 200 complete answers in an arm. None for
        an outcome that is not scored from answers.
    """
    scored = outcome_source(study, asked.outcome).scored
    if scored is None:
        return None
    low, high = QUESTIONS
    if not low <= len(scored.questions) <= high:
        says = message("Not tested: it takes an outcome of {low} to {high} questions.", low=low, high=high)
        return _assumption(says, None)
    return _tested(study, scored, asked.question.after, arrays)


def _tested(study: Study, scored: ScoredScale, wave: str, arrays: LotteryArrays) -> Assumption | None:
    sample = lottery_sample(arrays)
    person = np.array(arrays.people.person, dtype=object)[arrays.row[sample.rows]]
    # Somebody in several rounds stands on the side of those with an offer once one was made.
    arms = (
        pl.DataFrame({"person_id": pl.Series(person, dtype=pl.String), "offered": sample.offers.offered})
        .group_by("person_id")
        .agg(pl.col("offered").any())
    )
    answers = study.responses.select("person_id", "wave").with_row_index("row").filter(pl.col("wave") == wave)
    rows = answers.join(arms, on="person_id").sort("row")
    groups = {
        name: rows.filter(pl.col("offered") == offered)["row"].to_numpy()
        for name, offered in (("without", False), ("offered", True))
    }
    found = compared(comparison(study, scored, _BY, groups))
    if found is None:
        return None
    verdict = found.found.verdict
    return _assumption(found.found.says, None if verdict == "not_tested" else verdict == "comparable")


def _assumption(check: Message, held: bool | None) -> Assumption:
    return Assumption(
        "questions_alike",
        message("The questions of the outcome work alike with and without an offer."),
        check,
        held,
    )
