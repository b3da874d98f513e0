"""Traits and what follows from them, as it shows in the answers."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tazuna.simulation.assumptions import AREA_CORRELATIONS, Assumptions, UsedDip
from tazuna.simulation.consortium import Consortium, simulate
from tazuna.simulation.traits import general_trait, trait_correlations

FIRST = pl.col("wave") == "fy2023"


def _area_answers(sample: Consortium) -> list[np.ndarray]:
    answers = sample.tables["responses"].filter(FIRST)
    return [
        answers.select(pl.col(f"^co{area}.*$").fill_null(pl.col(f"^co{area}.*$").mean())).to_numpy()
        for area in range(1, 6)
    ]


def _alpha(answers: np.ndarray) -> float:
    k = answers.shape[1]
    return k / (k - 1) * (1 - answers.var(axis=0).sum() / answers.sum(axis=1).var())


def test_the_assumed_correlations_are_possible() -> None:
    assert np.linalg.eigvalsh(trait_correlations(Assumptions())).min() > 0.1
    assert all(0.4 <= r <= 0.6 for row in AREA_CORRELATIONS for r in row if r < 1)


def test_area_correlations_are_recovered_after_correction_for_unreliability(published: Consortium) -> None:
    answers = _area_answers(published)
    scores = np.corrcoef([area.mean(axis=1) for area in answers])
    alphas = np.array([_alpha(area) for area in answers])
    corrected = scores / np.sqrt(np.outer(alphas, alphas))
    off = ~np.eye(5, dtype=bool)
    # 0.08: sampling at n of about 5,000 and two percent of careless answers
    assert np.abs(corrected - np.array(AREA_CORRELATIONS))[off].max() < 0.08


def test_the_areas_mean_is_standardised() -> None:
    rng = np.random.default_rng(1)
    root = np.linalg.cholesky(trait_correlations(Assumptions()))
    traits = (rng.standard_normal((50_000, 6)) @ root.T).astype(np.float32)
    assert float(general_trait(traits, Assumptions()).std()) == pytest.approx(1.0, abs=0.02)


def test_outcomes_follow_the_traits_and_isolation_runs_against_them(published: Consortium) -> None:
    answers = published.tables["responses"].filter(FIRST)
    score = pl.mean_horizontal(pl.col("^co\\d.*$"))
    follows = answers.select(pl.corr(score, pl.mean_horizontal(pl.col("^leadership\\d$")))).item()
    against = answers.select(pl.corr(score, pl.mean_horizontal(pl.col("^isolation\\d$")))).item()
    assert follows > 0.3
    assert against < -0.15


def test_only_keen_people_in_their_thirties_feel_less_used() -> None:
    flat = simulate(
        people=4_000, companies=2, waves=1, seed=5, assumed=Assumptions(used_dip=UsedDip(depth=0.0))
    )
    dipped = simulate(
        people=4_000, companies=2, waves=1, seed=5, assumed=Assumptions(used_dip=UsedDip(depth=0.8))
    )
    change = (
        dipped.tables["responses"]
        .select("person_id", used="used1")
        .join(flat.tables["responses"].select("person_id", before="used1"), on="person_id")
        .join(dipped.tables["people"].select("person_id", age=2023 - pl.col("birth_year")), on="person_id")
        .with_columns(change=pl.col("used") - pl.col("before"))
    )
    thirties = change.filter(pl.col("age").is_between(31, 39))["change"].mean()
    fifties = change.filter(pl.col("age") >= 52)["change"].mean()
    assert thirties is not None
    assert thirties < -0.1
    assert fifties == pytest.approx(0.0, abs=0.005)
