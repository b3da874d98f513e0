"""The rules of a round from its study: ``[match]``, the table ``caps`` and columns of the programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from tazuna.errors import StudyError
from tazuna.intake.faults import listed, shortened
from tazuna.language import message
from tazuna.matching.caps import regions_of, sending_of
from tazuna.matching.eligibility import eligible
from tazuna.matching.feasibility import Prepared
from tazuna.matching.market import Integers
from tazuna.matching.rules import Reserve, Rules
from tazuna.matching.shares import systematic_places
from tazuna.study import Study
from tazuna.study.match_settings import MatchSettings, ReserveSettings


def rules_of(study: Study, prepared: Prepared, overrides: Mapping[str, object] | None = None) -> Rules:
    """Everything beside the market that decides who gets which place.

    Parameters
    ----------
    prepared
        From `tazuna.matching.feasibility.feasible_market`, of the same study.
    overrides
        Fields of `MatchSettings` that replace what ``study.toml`` says, e.g. ``{"ties": "multiple"}``.

    Raises
    ------
    StudyError
        ``[rounds]`` names a round that does not exist, a host used more tiers than the round has, a cap
        names nothing, regions cross, a number of open places is none, or a reserve's condition cannot be
        understood (`ConditionError`).
    """
    _expect_rounds(study)
    settings = replace(study.match_of(prepared.round), **dict(overrides or {}))  # type: ignore[arg-type]
    _expect_tiers(prepared, settings)
    market = prepared.market
    opened = open_places(prepared, settings)
    left = market.capacity if opened is None else market.capacity - opened
    return Rules(
        ties=settings.ties,
        open_places=opened,
        reserves=_reserves(study, prepared, settings.reserves, left),
        regions=regions_of(study, prepared),
        regional_choice=settings.regional_choice,
        reciprocity=settings.reciprocity,
        sending=sending_of(study, prepared, settings),
        minimums=settings.minimums,
    )


def _expect_rounds(study: Study) -> None:
    """Refuse rules for a round that does not exist: they would be left out without a word."""
    programs = study.tables["programs"]
    if "round" not in programs.columns or programs["round"].is_null().all():
        return
    known = programs["round"].drop_nulls().unique(maintain_order=True).to_list()
    for name in study.rounds:
        if name not in known:
            raise StudyError(
                message("study.toml, [rounds]: there is no round “{name}” in the table programs.", name=name),
                message("The rounds are {rounds}.", rounds=listed(known)),
            )


def _expect_tiers(prepared: Prepared, settings: MatchSettings) -> None:
    """Refuse a tier beyond the round's; at screened programmes the score decides, whatever the tiers."""
    if settings.tiers is None:
        return
    above = prepared.pairs.filter(pl.col("tier") > settings.tiers).head(1)
    for person, program, tier in above.select("person_id", "program_id", "tier").iter_rows():
        raise StudyError(
            message(
                "Table priorities: {program} put {person} into tier {tier}; this round has {tiers}.",
                program=program,
                person=person,
                tier=tier,
                tiers=settings.tiers,
            ),
            message(
                "Correct the tier, or write into study.toml under [match]: tiers = {tier}. More tiers leave "
                "less to the draw.",
                tier=int(prepared.pairs["tier"].max()),  # type: ignore[arg-type]
            ),
        )


def open_places(prepared: Prepared, settings: MatchSettings) -> Integers | None:
    """How many places of each programme are drawn among all accepted (公開抽選枠); None for none.

    A column ``open_places`` of the programmes decides, where there is one: empty cells mean 0. Else it is the
    round's share of all places, taken from the programmes by `tazuna.matching.shares.systematic_places`.
    """
    market, programs = prepared.market, prepared.programs
    if "open_places" in programs.columns:
        given = programs.select(
            "program_id",
            "capacity",
            pl.col("open_places").alias("found"),
            pl.col("open_places")
            .cast(pl.String)
            .str.normalize("NFKC")
            .cast(pl.Int64, strict=False)
            .alias("open"),
        )
        odd = given.filter(
            pl.col("found").is_not_null()
            & ~pl.col("open").is_between(0, pl.col("capacity")).fill_null(value=False)
        ).head(1)
        for program, capacity, found in odd.select("program_id", "capacity", "found").iter_rows():
            raise StudyError(
                message(
                    "Table programs, {program}, open_places: “{found}” is not a number from 0 to {capacity}, "
                    "its capacity.",
                    program=program,
                    found=shortened(str(found)),
                    capacity=capacity,
                ),
                message(
                    "Write how many of its places are drawn among all accepted, or leave the cell empty."
                ),
            )
        places = given["open"].fill_null(0).to_numpy()
    else:
        places = systematic_places(
            settings.open_share, market.capacity, market.capacity, market.programs, prepared.round
        )
    return places if places.any() else None


def _reserves(
    study: Study, prepared: Prepared, settings: tuple[ReserveSettings, ...], left: Integers
) -> tuple[Reserve, ...]:
    """The reserves in their order, each from the places that open places and reserves before it left."""
    market, reserves = prepared.market, []
    for reserve in settings:
        if reserve.places is not None:
            places = np.minimum(left, reserve.places).astype(np.int64)
        else:
            share = reserve.share or 0.0
            places = systematic_places(
                share, market.capacity, left, market.programs, prepared.round, reserve.name
            )
        place = message("study.toml, reserve “{name}”, who", name=reserve.name)
        members = eligible(prepared.people, reserve.who, place, study.orders).to_numpy()
        reserves.append(Reserve(reserve.name, members[market.applicant_of_edge()], places, reserve.order))
        left = left - places
    return tuple(reserves)
