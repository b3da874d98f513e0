"""Rung A as arrays (抽選の配列): the draws with what became of everybody."""

from __future__ import annotations

import numpy as np
import polars as pl

from tazuna.evaluation.arrays import Asked, LotteryArrays, PeopleArrays
from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.first_choices import modifiers_of
from tazuna.evaluation.held_rounds import HeldRounds
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.refusal import Caution, Refusal, everybody_treated, nobody_treated
from tazuna.evaluation.taking_part import taking_part
from tazuna.language import message
from tazuna.study import Study


def lottery_arrays(
    study: Study, asked: Asked, held: HeldRounds, people: PeopleArrays
) -> LotteryArrays | Refusal:
    """One row for each applicant of each round that was drawn.

    Parameters
    ----------
    held
        From `held_rounds`.
    people
        From `people_arrays`, of the same question, with the publication of these draws.

    Returns
    -------
    LotteryArrays or Refusal
        Refused are ``applicants_missing``, ``all_treated``, ``none_treated`` and ``nobody_at_risk``.
    """
    row = _rows(held, people)
    if isinstance(row, Refusal):
        return row
    draws = held.draws
    meant = np.isin(draws.programs, asked.programs)
    offers = draws.offers(None if asked.any_place else meant)
    refused = _fault(offers)
    if refused is not None:
        return refused
    taken = taking_part(study, draws.programs)
    mine, other, hours = _by_row(taken, meant, held)
    outcome = people.outcome.among(row)
    return LotteryArrays(
        draws=draws,
        offers=offers,
        row=row,
        people=people,
        outcome=outcome,
        further=tuple(one.among(row) for one in people.further),
        covariates=people.covariates.among(row),
        took_part=mine,
        took_other=other,
        hours=hours,
        consenting=people.consenting[row],
        modifiers=modifiers_of(study, held, outcome.baseline, offers.at_risk),
        cautions=(*asked.cautions, *held.cautions, *people.cautions, *_without_place(taken, held)),
    )


def _rows(held: HeldRounds, people: PeopleArrays) -> Integers | Refusal:
    """Index of each row's person among the people."""
    index = pl.Series(held.persons).replace_strict(
        list(people.person), range(len(people.person)), default=-1, return_dtype=pl.Int64
    )
    missing = index.eq(-1)
    if missing.any():
        return Refusal(
            "applicants_missing",
            message(
                "{count} applicants of the draw, among them {person}, are not in the study any more.",
                count=int(missing.sum()),
                person=held.persons[int(missing.arg_max() or 0)],
            ),
            message(
                "Put the tables people and applications back as they were at the draw; answers may be added."
            ),
        )
    codes: Integers = index.to_numpy()[held.draws.person]
    return codes


def _fault(offers: Offers) -> Refusal | None:
    if not offers.offered.any():
        return nobody_treated()
    if offers.offered.all():
        return everybody_treated()
    if offers.at_risk.any():
        return None
    return Refusal(
        "nobody_at_risk",
        message(
            "The draw decided about nobody: these places were certain for some and out of reach for others."
        ),
        message("Draw some of the places openly next time, or have hosts use fewer tiers."),
    )


def _by_row(taken: pl.DataFrame, meant: Flags, held: HeldRounds) -> tuple[Flags, Flags, Floats]:
    """Completed a place asked about of the row's round, another one of it, and hours in those asked about."""
    draws = held.draws
    found = []
    for at, drawn in enumerate(held.drawn):
        wanted = pl.DataFrame({"program_id": draws.programs, "meant": meant}).filter(
            pl.col("program_id").is_in(list(drawn.ready.market.programs))
        )
        by_person = (
            taken.join(wanted, on="program_id")
            .group_by("person_id")
            .agg(
                mine=(pl.col("completed") & pl.col("meant")).any(),
                other=(pl.col("completed") & ~pl.col("meant")).any(),
                hours=pl.when("meant").then(pl.col("hours").fill_null(float("nan"))).otherwise(0.0).sum(),
            )
        )
        codes = draws.person[draws.round == at]
        persons = pl.DataFrame({"person_id": [held.persons[code] for code in codes]})
        found.append(persons.join(by_person, on="person_id", how="left", maintain_order="left"))
    rows = pl.concat(found)
    mine, other = (rows[name].fill_null(value=False).to_numpy() for name in ("mine", "other"))
    return mine, other, rows["hours"].fill_null(0.0).to_numpy()


def _without_place(taken: pl.DataFrame, held: HeldRounds) -> list[Caution]:
    """People who completed a place of a round that neither its draw nor a later offer gave them."""
    draws = held.draws
    names = np.array([*draws.programs, ""])
    given = pl.DataFrame(
        {
            "person_id": [held.persons[code] for code in draws.person],
            "program_id": names[draws.held],
            "refilled": held.refilled,
        }
    )
    refilled = given.filter("refilled")["person_id"]
    without = (
        taken.filter("completed")
        .join(given, on=["person_id", "program_id"], how="anti")
        .filter(~pl.col("person_id").is_in(refilled.implode()))["person_id"]
        .n_unique()
    )
    if not without:
        return []
    return [
        Caution(
            "participation_without_assignment",
            message(
                "{count} people completed a place that the draw did not give them; by the draw they count as "
                "they were drawn, and the effect of taking part allows for them.",
                count=without,
            ),
            message(
                "Check the table participation; if a place was passed on, add a row to assignments with "
                "offer_round 2."
            ),
        )
    ]
