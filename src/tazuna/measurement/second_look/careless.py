"""Careless answers (不注意回答): how many are flagged, by which rule, and the scores without them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from tazuna.measurement.careless.flags import CARELESS, CarelessAnswers, FlagCount, flag_answers, flag_count
from tazuna.measurement.careless.rules import careless_rules
from tazuna.measurement.careless.with_and_without import cells_with_and_without
from tazuna.measurement.cells import cell_measures
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.scoring import scored_scales
from tazuna.measurement.second_look.rows import Row, figure, share
from tazuna.study import Study

NOT_FLAGGED = "not_flagged"


@dataclass(frozen=True, slots=True)
class CarelessFinding:
    """How answers were judged.

    Parameters
    ----------
    judged_by
        Rules that could judge somebody.
    not_judged_by
        Rules that could not: what they read was not asked or not recorded.
    rules_version
        Version of the rule data.
    """

    judged_by: tuple[str, ...]
    not_judged_by: tuple[str, ...]
    rules_version: str


def careless_rows(
    study: Study, people: pl.DataFrame, rules: GroupRules, k: int
) -> tuple[list[Row], CarelessFinding | None]:
    """Flag the answers of an organisation's people at one wave.

    Parameters
    ----------
    study
        The study.
    people
        Those asked at one wave, all of one organisation or below it.
    rules
        Of the groups.
    k
        Threshold of the wave.

    Returns
    -------
    rows
        ``flagged`` and ``flagged.RULE`` in percent, hidden where some but fewer than k people are flagged;
        of group_by ``careless``, group `NOT_FLAGGED`, the scores without the flagged, hidden where fewer than
        k people are left out.
    finding
        None where the rules can judge fewer than k people.
    """
    used = careless_rules()
    here = people.select("person_id", pl.col("wave").cast(pl.String))
    responses = study.responses.join(here, on=["person_id", "wave"], how="semi", maintain_order="left")
    flagged = flag_answers(replace(study, responses=responses), used)
    judged = [rule.code for rule in used.rules if rule.code not in flagged.not_judged]
    count = flag_count(flagged.people[CARELESS])
    if count.judged < k:
        return [], None
    of_rules = {code: flag_count(flagged.people[code]) for code in judged}
    # One hidden rule beside the others and the total could be computed from them.
    rules_hidden = any(_few(each, k) for each in (count, *of_rules.values()))
    rows = [_flagged("flagged", count, hidden=_few(count, k))]
    rows += [_flagged(f"flagged.{code}", each, hidden=rules_hidden) for code, each in of_rules.items()]
    if count.flagged >= k:
        rows += _without(study, people, rules, flagged, k)
    return rows, CarelessFinding(tuple(judged), flagged.not_judged, used.version)


def _few(count: FlagCount, k: int) -> bool:
    return 0 < count.flagged < k


def _flagged(measure: str, count: FlagCount, *, hidden: bool) -> Row:
    return share(measure, count.judged, float(count.flagged), hidden=hidden)


def _without(
    study: Study, people: pl.DataFrame, rules: GroupRules, flagged: CarelessAnswers, k: int
) -> list[Row]:
    """The scores of those who are not flagged."""
    scales = scored_scales(study.instruments, study.responses.columns)
    measures = [measure for measure in cell_measures(people, scales, rules) if measure.kind == "score"]
    # Whoever they work for, all count as of one organisation, their departments apart.
    whole = people.with_columns(
        unit=pl.concat_str(pl.col("organisation_id", "unit").cast(pl.String), separator="|").cast(
            pl.Categorical
        ),
        organisation_id=pl.lit("all").cast(pl.Categorical),
    )
    alone = pl.DataFrame({"organisation_id": ["all"], "above": ["all"]})
    both = cells_with_and_without(whole, measures, alone, rules, flagged)
    told = both.without.with_columns(both.left_out().alias("left_out"))
    return [
        figure(measure, n, mean, lower, upper, group_by=CARELESS, group=NOT_FLAGGED, hidden=left_out < k)
        for measure, n, mean, lower, upper, left_out in told.select(
            "measure", "n", "mean", "lower", "upper", "left_out"
        ).iter_rows()
    ]
