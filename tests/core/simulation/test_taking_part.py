"""What follows the draws: places given back, other side work, and the truth that an evaluation looks for."""

from __future__ import annotations

import polars as pl
import pytest

from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.consortium import Consortium, simulate

INSIDE = pl.col("source") == "round"


def _first_offers(sample: Consortium) -> pl.DataFrame:
    return sample.tables["assignments"].filter(pl.col("offer_round") == 1)


def test_everybody_who_takes_part_has_a_place_and_only_one(published: Consortium) -> None:
    part = published.tables["participation"].filter(INSIDE)
    offered = published.tables["assignments"].drop_nulls("program_id")
    assert part.join(offered, on=["person_id", "program_id"], how="anti").height == 0
    assert not part["person_id"].is_duplicated().any()


def test_places_hold_nobody_too_many_also_after_refills(published: Consortium) -> None:
    seats = published.tables["participation"].filter(INSIDE).group_by("program_id").len()
    filled = seats.join(published.tables["programs"], on="program_id")
    assert (filled["len"] <= filled["capacity"]).all()


def test_a_few_places_are_given_back_and_most_of_those_filled_again(published: Consortium) -> None:
    first = _first_offers(published)
    later = published.tables["assignments"].filter(pl.col("offer_round") == 2)
    part = published.tables["participation"].filter(INSIDE)
    back = first.join(part, on="person_id", how="anti")
    # 4 percent of 970 places, give or take three standard errors
    assert 0.02 < back.height / first.height < 0.06
    assert 0 < later.height <= back.height
    assert later.join(first, on="person_id", how="semi").height == 0
    assert later.join(part, on=["person_id", "program_id"], how="semi").height == later.height
    given_up = back.group_by("program_id").len()
    taken = later.group_by("program_id").len().join(given_up, on="program_id", how="left", suffix="_back")
    assert (taken["len"] <= taken["len_back"]).all()


def test_people_with_and_without_a_place_find_other_side_work(published: Consortium) -> None:
    outside = published.tables["participation"].filter(~INSIDE)
    assert set(outside["program_id"]) == {"outside"}
    with_place = outside.join(_first_offers(published), on="person_id", how="semi").height
    assert 0 < with_place < outside.height - with_place
    applied = published.tables["applications"]
    assert outside.join(applied, on="person_id", how="anti").height == 0


def test_most_people_consent_to_evaluation_and_stay_with_it(sample: Consortium) -> None:
    people = sample.tables["people"]
    assert people["evaluation_consent"].mean() == pytest.approx(0.95, abs=0.02)
    assert (
        people.group_by("person_id")
        .agg(pl.col("evaluation_consent").n_unique())["evaluation_consent"]
        .to_list()
        == [1] * people["person_id"].n_unique()
    )


def test_the_true_effect_of_a_place_is_that_of_completing_times_who_completes(sample: Consortium) -> None:
    truth = sample.truth["effects_by_draw"]
    assert isinstance(truth, dict)
    assert set(truth) == {"note", "相互副業2024", "地方副業2024", "社内副業2024", "pooled"}
    pooled = truth["pooled"]
    outcomes = pooled["outcomes"]
    assert outcomes["performance"]["completing"] == 3.0
    # the share that completes does not depend on the outcome where the effect is the same for everybody
    assert outcomes["performance"]["place"] == pytest.approx(3.0 * pooled["completing_share"], abs=1e-3)
    assert outcomes["stay"] == {"place": 0.0, "completing": 0.0}
    # 0.96 of the places are kept, 0.87 of those completed
    assert pooled["completing_share"] == pytest.approx(0.96 * 0.87, abs=0.06)
    for effect in outcomes.values():
        assert 0 <= effect["place"] <= effect["completing"]


def test_the_draw_recovers_the_truth_of_a_place_where_nothing_else_differs() -> None:
    """The same sample without effects takes away all noise but that of the draw."""
    kept = {"giving_back": 0.0}
    sample, nothing = (
        simulate(people=4_000, companies=2, waves=2, seed=1, assumed=Assumptions(**more))
        for more in (kept, kept | {"effects": {"performance": 0.0}})
    )
    truth = sample.truth["effects_by_draw"]
    assert isinstance(truth, dict)
    found = _recentred(sample, "社内副業2023") - _recentred(nothing, "社内副業2023")
    # V is about 160: 3 points times half over its root is a standard error of 0.12
    assert found == pytest.approx(truth["社内副業2023"]["outcomes"]["performance"]["place"], abs=0.36)


def _recentred(sample: Consortium, round_: str) -> float:
    (draw,) = (draw for draw in sample.draws if draw.round == round_)
    outcomes = sample.tables["outcomes"]
    last = outcomes.filter(pl.col("wave") == outcomes["wave"].max())
    rows = pl.DataFrame(
        {
            "person_id": draw.drawn.ready.market.applicants,
            "offered": draw.offered.astype(float),
            "chance": draw.chances.chance_any,
        }
    ).join(last, on="person_id", how="inner")
    chance = rows["chance"].to_numpy()
    surprise = rows["offered"].to_numpy() - chance
    return float(surprise @ rows["performance"].to_numpy() / (chance * (1 - chance)).sum())
