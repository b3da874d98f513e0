"""What earlier waves tell (過去の調査回): how well a baseline predicts, how many answer again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tazuna.evaluation.asked import unknown_name
from tazuna.evaluation.estimate import Floats, Integers
from tazuna.evaluation.outcome_values import Source, outcome_values, rater_for, sources_of
from tazuna.language import message
from tazuna.matching.information import BASELINE_CORRELATION
from tazuna.study import Study

FEWEST_PAIRS = 30
"""People with two answers below which a correlation is too loose to plan with, and the usual one is taken."""
USUAL_ICC = 0.05
"""Share of the spread between departments where it cannot be measured: usual for attitudes at work."""
_HIGHEST_R = 0.98


@dataclass(frozen=True, slots=True)
class PastWaves:
    """What earlier waves tell about an outcome.

    Parameters
    ----------
    before
        The wave that will be the baseline; None in a study without waves.
    earlier
        The wave before it; None where there is none.
    answered
        person_id of those with the outcome at ``before``.
    asked_again
        People with the outcome at ``earlier``, of whom ``answered_again`` also have it at ``before``.
    response_share
        answered_again / asked_again: what share will answer again; None where there is no earlier wave.
    r, r_measured
        Correlation of the outcome between two waves; measured on these pairs, or assumed.
    icc, icc_measured
        Share of the spread between departments, ICC(1).
    deviation
        Standard deviation of the outcome at ``before``, in its own points; None where it is not known.
    """

    before: str | None
    earlier: str | None
    answered: pl.Series
    asked_again: int
    answered_again: int
    response_share: float | None
    r: float
    r_measured: bool
    icc: float
    icc_measured: bool
    deviation: float | None


def past_waves(study: Study, outcome: Source | None, before: str | None) -> PastWaves:
    """Read the waves up to ``before``.

    Parameters
    ----------
    outcome
        From `source_named`; None: any answer at all counts as an answer, and correlation and ICC are assumed.
    before
        The last wave before the round.
    """
    order = [wave.wave for wave in study.waves]
    at = order.index(before) if before in order else 0
    earlier = order[at - 1] if at > 0 else None
    waves = tuple(wave for wave in (earlier, before) if wave is not None)
    values = _any_answer(study) if outcome is None else _values(study, outcome, waves)
    answered = values.filter(pl.col("wave") == before).drop("wave")
    then = values.filter(pl.col("wave") == earlier).drop("wave") if earlier else answered.clear()
    pairs = then.join(answered, on="person_id", suffix="_before")
    r = _correlation(pairs["value"].to_numpy(), pairs["value_before"].to_numpy())
    icc = None if outcome is None or before is None else _icc_of(study, answered, before)
    return PastWaves(
        before=before,
        earlier=earlier,
        answered=answered["person_id"],
        asked_again=then.height,
        answered_again=pairs.height,
        response_share=pairs.height / then.height if then.height else None,
        r=BASELINE_CORRELATION if r is None else r,
        r_measured=r is not None,
        icc=USUAL_ICC if icc is None else icc,
        icc_measured=icc is not None,
        deviation=_deviation(answered["value"].to_numpy()),
    )


def source_named(study: Study, name: str) -> Source:
    """The outcome of this name; ``COLUMN:RATER`` for the figures of one rater.

    Raises
    ------
    StudyError
        The study has no such outcome.
    """
    sources = sources_of(study)
    code, _, rater = name.strip().partition(":")
    if code not in sources:
        raise unknown_name(message("There is no outcome “{found}”.", found=code), code, sources)
    source = sources[code]
    return replace(source, outcome=replace(source.outcome, rater=rater or None))


def _values(study: Study, source: Source, waves: tuple[str, ...]) -> pl.DataFrame:
    """person_id, wave and value at these waves; figures of one rater, as an evaluation would take them."""
    values = outcome_values(study, source, waves)
    if source.scored is None and source.outcome.rater is None:
        chosen, _others = rater_for(values, waves)
        values = values.filter(pl.col("rater").eq_missing(pl.lit(chosen)))
    return values.select("person_id", "wave", "value")


def _any_answer(study: Study) -> pl.DataFrame:
    return study.responses.select("person_id", "wave", value=pl.lit(0.0))


def _correlation(earlier: Floats, before: Floats) -> float | None:
    """None where too few have both, or one of the two does not vary."""
    if len(earlier) < FEWEST_PAIRS or not (earlier.std() > 0 and before.std() > 0):
        return None
    found = float(np.corrcoef(earlier, before)[0, 1])
    return min(max(found, 0.0), _HIGHEST_R)


def _deviation(values: Floats) -> float | None:
    found = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return found if found > 0 else None


def _icc_of(study: Study, answered: pl.DataFrame, wave: str) -> float | None:
    people = study.people_at(wave)
    if "department" not in people.columns:
        return None
    known = answered.join(people.select("person_id", "department").drop_nulls(), on="person_id")
    codes = known["department"].rank("dense").cast(pl.Int64).to_numpy() - 1
    return intraclass_correlation(known["value"].to_numpy(), codes)


def intraclass_correlation(y: Floats, group: Integers) -> float | None:
    """ICC(1) by analysis of variance, not below 0: (MSB - MSW)/(MSB + (m - 1) MSW), m the mean group size
    less its variance over groups · mean (Donner 1986, doi:10.2307/1403259).

    Parameters
    ----------
    y, group
        Shape (n,); codes 0, 1, ….

    Returns
    -------
    float or None
        None for fewer than two groups, or no group of two.

    Examples
    --------
    >>> intraclass_correlation(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1]))
    1.0
    """
    sizes = np.bincount(group) if len(group) else np.zeros(0, np.int64)
    groups, n = len(sizes), len(y)
    if groups < 2 or n <= groups or not y.std() > 0:
        return None
    means = np.bincount(group, y) / sizes
    between = float(sizes @ (means - y.mean()) ** 2) / (groups - 1)
    within = float(((y - means[group]) ** 2).sum()) / (n - groups)
    size = (n - float(sizes @ sizes) / n) / (groups - 1)
    return max(0.0, (between - within) / (between + (size - 1) * within))
