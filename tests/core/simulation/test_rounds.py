"""The side-work rounds: public figures, self-selection and effects."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.calibration import GAVE_UP, REGIONAL_ROUND, THIRD_ROUND
from tazuna.simulation.consortium import Consortium, simulate

KIND = pl.col("kind")
MUTUAL, REGIONAL, INTERNAL = (
    kind == KIND for kind in ("mutual_side_work", "side_work", "internal_side_work")
)


def _entries(sample: Consortium) -> pl.DataFrame:
    return sample.tables["applications"].join(sample.tables["programs"], on="program_id")


def test_the_published_rounds_have_the_published_sizes(published: Consortium) -> None:
    programs, entries = published.tables["programs"], _entries(published)
    gigs, openings = programs.filter(MUTUAL), programs.filter(REGIONAL)
    entrants = entries.filter(MUTUAL)
    home = (
        published.tables["people"]
        .filter(pl.col("wave") == "fy2024")
        .select("person_id", home="organisation_id")
    )
    assert gigs.height == THIRD_ROUND["gigs"].value == 107
    assert gigs["organisation_id"].n_unique() == THIRD_ROUND["hosts"].value == 27
    assert entrants["person_id"].n_unique() == THIRD_ROUND["entrants"].value == 211
    assert entrants.join(home, on="person_id")["home"].n_unique() == THIRD_ROUND["senders"].value == 33
    assert openings.height == REGIONAL_ROUND["openings"].value == 16
    assert entries.filter(REGIONAL).height == REGIONAL_ROUND["applications"].value == 1_363
    assert openings["capacity"].sum() == REGIONAL_ROUND["hired"].value == 23


def test_the_draws_seat_about_as_many_as_the_third_round() -> None:
    people, gigs = [], []
    for seed in (11, 12, 13):
        drawn = simulate(people=8_000, companies=33, waves=2, seed=seed, rounds="published")
        first = drawn.tables["assignments"].filter(pl.col("offer_round") == 1)
        mutual = first.join(drawn.tables["programs"].filter(MUTUAL), on="program_id")
        people.append(mutual.height)
        gigs.append(mutual["program_id"].n_unique())
    # 6: twice the spread over seeds of one round, divided by the root of three
    assert np.mean(people) == pytest.approx(THIRD_ROUND["matched_people"].value, abs=6)
    assert np.mean(gigs) == pytest.approx(THIRD_ROUND["matched_gigs"].value, abs=6)


def test_about_37_percent_gave_up(published: Consortium) -> None:
    first = published.tables["responses"].filter(pl.col("wave") == "fy2023")
    # 0.025: respondents are keener than everybody, and sampling at n of about 5,000
    assert first["gave_up"].mean() == pytest.approx(GAVE_UP.value, abs=0.025)


def test_nobody_applies_to_the_own_company_and_lists_are_strict(published: Consortium) -> None:
    entries = _entries(published).filter(MUTUAL)
    home = (
        published.tables["people"]
        .filter(pl.col("wave") == "fy2024")
        .select("person_id", home="organisation_id")
    )
    joined = entries.join(home, on="person_id")
    assert (joined["home"] != joined["organisation_id"]).all()
    ranks = (
        published.tables["applications"].group_by("person_id").agg(pl.col("rank").sort())["rank"].to_list()
    )
    assert all(rank == list(range(1, len(rank) + 1)) for rank in ranks)


def test_people_stay_in_their_company_for_internal_side_work(sample: Consortium) -> None:
    home = (
        sample.tables["people"]
        .filter(pl.col("wave") == "fy2024")
        .select("person_id", "status", home="organisation_id")
    )
    inside = _entries(sample).filter(INTERNAL).join(home, on="person_id")
    assert inside.height > 300
    assert (inside["home"] == inside["organisation_id"]).all()
    assert (inside["status"] == "active").all()


def test_nobody_applies_to_two_rounds(published: Consortium) -> None:
    rounds = _entries(published).group_by("person_id").agg(pl.col("round").n_unique())
    assert rounds["round"].max() == 1


@pytest.mark.parametrize(("strength", "above"), [(0.6, 0.57), (0.0, 0.0)])
def test_applicants_are_keener_by_the_assumed_strength(strength: float, above: float) -> None:
    drawn = simulate(
        people=20_000,
        companies=33,
        waves=2,
        seed=3,
        rounds="published",
        assumed=Assumptions(self_selection=strength),
    )
    rounds = drawn.truth["rounds"]
    assert isinstance(rounds, dict)
    # one in 18 applies, so a little less than the log weight; 0.08: sampling at 1,100 applicants
    mutual, regional, _ = rounds["by_round"].values()
    keen = [(part["applicants"], part["applicants_above_everybody_sd"]) for part in (mutual, regional)]
    mean = sum(n * sd for n, sd in keen) / sum(n for n, _ in keen)
    assert mean == pytest.approx(above, abs=0.08)


def test_completing_a_place_raises_performance_by_exactly_the_true_effect(published: Consortium) -> None:
    nothing = simulate(
        people=8_000,
        companies=33,
        seed=2,
        rounds="published",
        assumed=Assumptions(effects={"performance": 0.0}),
    )
    both = (
        published.tables["outcomes"]
        .join(nothing.tables["outcomes"], on=["person_id", "wave"], suffix="_without")
        .with_columns(gain=pl.col("performance") - pl.col("performance_without"))
        .join(
            published.tables["participation"]
            .filter(pl.col("status") == "completed", pl.col("source") == "round")
            .select("person_id")
            .unique(),
            on="person_id",
            how="left",
            validate="m:1",
            coalesce=False,
            suffix="_done",
        )
    )
    done = pl.col("person_id_done").is_not_null() & (pl.col("wave") == "fy2025")
    assert both.filter(done).height > 60
    assert both.filter(done)["gain"].to_numpy() == pytest.approx(3.0, abs=0.11)
    assert both.filter(~done)["gain"].to_numpy() == pytest.approx(0.0, abs=1e-9)


def test_a_naive_comparison_overstates_the_effect(published: Consortium) -> None:
    completed = pl.col("status") == "completed", pl.col("source") == "round"
    done = published.tables["participation"].filter(*completed)["person_id"]
    last = published.tables["outcomes"].filter(pl.col("wave") == "fy2025")
    took_part = pl.col("person_id").is_in(done.implode())
    naive = last.filter(took_part)["performance"].mean() - last.filter(~took_part)["performance"].mean()
    effects = published.truth["effects"]
    assert isinstance(effects, dict)
    assert effects["performance"]["completing_sd"] == pytest.approx(0.3)
    assert naive > 10 * effects["performance"]["completing_sd"] + 0.5


def test_effects_can_differ_between_people() -> None:
    varied = simulate(people=2_000, companies=5, waves=2, seed=4, assumed=Assumptions(effect_spread=1.0))
    effects = varied.truth["effects"]
    assert isinstance(effects, dict)
    assert effects["innovation"]["completing_sd"] != pytest.approx(0.4, abs=0.01)
    assert effects["stay"] == {"completing_sd": 0.0, "place_sd": 0.0, "completing_points": 0.0}


def test_one_company_alone_has_no_mutual_round() -> None:
    alone = simulate(people=200, companies=1, seed=1)
    assert set(alone.tables["programs"]["kind"]) == {"side_work", "internal_side_work"}


def test_the_truth_is_plain_json(sample: Consortium) -> None:
    assert json.loads(json.dumps(sample.truth))["seed"] == 1
