"""Everybody as arrays (全員の配列): outcome, baseline, what was known before the start, and who took part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import polars as pl

from tazuna.evaluation import people_cautions as say
from tazuna.evaluation.arrays import UNKNOWN, Asked, PeopleArrays
from tazuna.evaluation.before_the_start import begin_of, people_before
from tazuna.evaluation.covariates import coded, fact_of, tells_nothing
from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.known_facts import Facts, named_facts, usual_facts
from tazuna.evaluation.measured import Measured, measured
from tazuna.evaluation.refusal import Caution, Refusal
from tazuna.evaluation.taking_part import refusing, taking_part
from tazuna.study import Study


def people_arrays(
    study: Study,
    asked: Asked,
    *,
    published: datetime | None = None,
    covariates: Sequence[str] | None = None,
) -> PeopleArrays | Refusal:
    """Everybody as of the wave before, with what became of them.

    People are those of the table people before the start, whoever applied, and whoever has the outcome. A
    baseline given after the publication of the draw, or without a draw after the start of the programmes,
    does not count, and neither does an outcome given before.

    Parameters
    ----------
    published
        When the first of the draws was published, which divides before from after; the start of the
        programmes does where None.
    covariates
        Names of columns of people, scales and outcomes, ``NAME@WAVE`` for another wave than the one before;
        the usual ones where None.

    Returns
    -------
    PeopleArrays or Refusal
        Refused are ``covariate_after_start``, ``constant_covariate``, ``baseline_after_start`` and
        ``outcome_before_start`` (where that is true of everybody's), ``no_outcome`` and ``constant_outcome``.

    Raises
    ------
    StudyError
        A covariate has a name that the study does not know.
    """
    begin = begin_of(asked, published)
    known = people_before(study, asked, begin)
    applicants = _applicants(study, asked)
    first, *others = [measured(study, asked, one, begin) for one in (asked.outcome, *asked.further)]
    persons = pl.concat([known["person_id"], applicants, first.after["person_id"]]).unique().sort()
    consenting, cautions = _consenting(study, persons)
    outcome = first.arrays(persons, consenting)
    refused = first.fault(outcome, begin)
    if refused is not None:
        return refused
    frame = persons.to_frame("person_id").join(known, on="person_id", how="left", maintain_order="left")
    facts = Facts(study, asked, frame, begin)
    found = usual_facts(facts) if covariates is None else named_facts(facts, covariates)
    if isinstance(found, Refusal):
        return found
    columns = coded(found, np.isfinite(outcome.y))
    empty = {fact.name for fact in found} - {fact_of(name) for name in columns.names}
    if covariates is not None and empty:
        return tells_nothing(sorted(empty))
    took_part, hours = _taking_part(study, asked, persons)
    department, departments = _codes(frame, "unit")
    organisation, organisations = _codes(frame, "organisation_id")
    return PeopleArrays(
        person=tuple(persons),
        outcome=outcome,
        further=tuple(other.arrays(persons, consenting) for other in others),
        covariates=replace(columns, named=covariates is not None),
        department=department,
        departments=departments,
        organisation=organisation,
        organisations=organisations,
        applied=persons.is_in(applicants.implode()).to_numpy(),
        took_part=took_part,
        hours=hours,
        consenting=consenting,
        cautions=(*cautions, *_cautions(first, applicants if published else None)),
    )


def _applicants(study: Study, asked: Asked) -> pl.Series:
    """Ids of everybody who applied to a programme asked about."""
    table = study.table("applications")
    if table is None:
        return pl.Series("person_id", [], dtype=pl.String)
    return table.filter(pl.col("program_id").is_in(list(asked.programs)))["person_id"].unique().sort()


def _consenting(study: Study, persons: pl.Series) -> tuple[Flags, list[Caution]]:
    refused = refusing(study)
    if refused is None:
        return np.ones(len(persons), np.bool_), [say.consent_not_tracked()]
    ids, of_everybody = refused
    consenting = ~persons.is_in(ids.implode()).to_numpy()
    cautions = [] if of_everybody else [say.consent_of_applicants_only()]
    count = int((~consenting).sum())
    return consenting, [*cautions, *([say.not_consenting(count)] if count else [])]


def _taking_part(study: Study, asked: Asked, persons: pl.Series) -> tuple[Flags, Floats]:
    """Who completed a place asked about, and hours in all of them; NaN where some are not recorded."""
    by_person = (
        taking_part(study, asked.programs)
        .group_by("person_id")
        .agg(pl.col("completed").any(), pl.col("hours").fill_null(float("nan")).sum())
    )
    joined = persons.to_frame("person_id").join(by_person, on="person_id", how="left", maintain_order="left")
    completed = joined["completed"].fill_null(value=False).to_numpy()
    return completed, joined["hours"].fill_null(0.0).to_numpy()


def _codes(frame: pl.DataFrame, column: str) -> tuple[Integers, tuple[str, ...]]:
    """Index of each person's value among the values, and these."""
    if column not in frame.columns:
        return np.full(frame.height, UNKNOWN, np.int64), ()
    values = frame[column].drop_nulls().unique().sort().to_list()
    codes = frame[column].replace_strict(values, range(len(values)), default=UNKNOWN, return_dtype=pl.Int64)
    return codes.fill_null(UNKNOWN).to_numpy(), tuple(values)


def _cautions(first: Measured, applicants: pl.Series | None) -> list[Caution]:
    """What is said of the primary outcome; of late baselines among the applicants of a draw, or everybody."""
    found = []
    late = first.late if applicants is None else first.late.filter(first.late.is_in(applicants.implode()))
    if len(late):
        found.append(say.late_baselines(len(late), published=applicants is not None))
    if len(first.early):
        found.append(say.early_outcomes(len(first.early)))
    if not first.before.height:
        found.append(say.no_baseline(first.asked.question.before or "–"))
    return found
