"""Arrays of every design with a known truth, as a study would give them."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.arrays import (
    Asked,
    ChangeArrays,
    ComparisonArrays,
    Covariates,
    CutoffArrays,
    LotteryArrays,
    Modifier,
    Outcome,
    OutcomeArrays,
    PanelArrays,
    PeopleArrays,
)
from tazuna.evaluation.effect import Question
from tazuna.evaluation.lottery.draws import NO_PLACE, Draws
from tazuna.evaluation.staggered import Panel
from tazuna.language import message

DEPARTMENTS = 20
ENGAGEMENT = Outcome("engagement", message("engagement"), "scale", "high")
STAY = Outcome("stay", message("wish to stay"), "scale", "high")


def asked(*, better: str = "high", program: str = "any", further: bool = False) -> Asked:
    outcome = Outcome("engagement", message("engagement"), "scale", better)
    label = message("Side work") if program == "any" else message("Harbour gig")
    return Asked(
        question=Question(("R1",), program, label, "engagement", outcome.label, "2025", "2026"),
        programs=("P0", "P1", "P2") if program == "any" else (program,),
        any_place=program == "any",
        outcome=outcome,
        further=(STAY,) if further else (),
        starts_on=None,
    )


def people(rng: np.random.Generator, n: int, took_part: np.ndarray, effect: float) -> PeopleArrays:
    """Keen people take part and answer higher; ``effect`` comes on top for those who took part."""
    age = rng.integers(0, 2, n).astype(float)
    keen = rng.normal(size=n)
    baseline = 50 + 10 * keen + rng.normal(size=n) * 5
    y = baseline + rng.normal(size=n) * 8 + effect * took_part
    return PeopleArrays(
        person=tuple(f"{at:05d}" for at in range(n)),
        outcome=OutcomeArrays(ENGAGEMENT, y, baseline),
        further=(OutcomeArrays(STAY, y / 2 + rng.normal(size=n) * 5, baseline),),
        covariates=Covariates(age[:, None], ("age_band=50+",), (message("50 or older"),)),
        department=rng.integers(0, DEPARTMENTS, n),
        departments=tuple(f"D{at:02d}" for at in range(DEPARTMENTS)),
        organisation=np.zeros(n, dtype=np.int64),
        organisations=("C01",),
        applied=np.ones(n, dtype=bool),
        took_part=took_part,
        hours=np.where(took_part, 40.0, 0.0),
        consenting=np.ones(n, dtype=bool),
    )


def lottery(
    seed: int,
    *,
    applicants: int = 240,
    places: int = 25,
    effect: float = 8.0,
    redraws: int = 999,
    programs: int = 3,
    missing: float = 0.0,
) -> LotteryArrays:
    """Each applicant wants one of the programmes, which draw among those who want them."""
    rng = np.random.default_rng(seed)
    choice = rng.integers(0, programs, applicants)
    runs = np.full((redraws + 1, applicants), NO_PLACE, dtype=np.int32)
    for program in range(programs):
        wants = np.flatnonzero(choice == program)
        order = rng.random((redraws + 1, len(wants))).argsort(axis=1).argsort(axis=1)
        runs[:, wants] = np.where(order < places, program, NO_PLACE)
    draws = Draws(
        person=np.arange(applicants),
        round=np.zeros(applicants, dtype=np.int64),
        rounds=("R1",),
        programs=tuple(f"P{at}" for at in range(programs)),
        held=runs[0],
        redrawn=runs[1:],
    )
    came = (runs[0] >= 0) & (rng.random(applicants) < 0.9)
    everybody = people(rng, applicants, came, effect)
    if missing:
        everybody.outcome.y[rng.random(applicants) < missing] = np.nan
    entry = rng.integers(0, 2, applicants)
    return LotteryArrays(
        draws=draws,
        offers=draws.offers(),
        row=np.arange(applicants),
        people=everybody,
        outcome=everybody.outcome,
        further=everybody.further,
        covariates=everybody.covariates,
        took_part=came,
        took_other=np.zeros(applicants, dtype=bool),
        hours=everybody.hours,
        consenting=everybody.consenting,
        modifiers=(
            Modifier(
                "entry",
                message("how they came"),
                entry,
                ("volunteered", "nominated"),
                (message("volunteered"), message("nominated")),
            ),
        ),
        cautions=(),
    )


def comparison(seed: int, n: int = 600, effect: float = 6.0, keenness: float = 0.8) -> ComparisonArrays:
    rng = np.random.default_rng(seed)
    baseline = 50 + 10 * rng.normal(size=n)
    treated = rng.random(n) < 1 / (1 + np.exp(1.2 - keenness * (baseline - 50) / 10))
    everybody = people(rng, n, treated, 0.0)
    y = baseline + effect * treated + 6 * rng.normal(size=n)
    return ComparisonArrays(
        y=y,
        treated=treated,
        x=np.column_stack([baseline, everybody.covariates.x]),
        names=("engagement before", "age_band=50+"),
        labels=(message("engagement before"), message("50 or older")),
        clusters=everybody.department,
        row=np.arange(n),
        people=everybody,
        cautions=(),
    )


def cutoff(seed: int, n: int = 400, effect: float = 10.0) -> CutoffArrays:
    rng = np.random.default_rng(seed)
    score = rng.uniform(-10, 10, n)
    treated = score >= 0
    everybody = people(rng, n, treated, 0.0)
    return CutoffArrays(
        y=50 + score + effect * treated + 4 * rng.normal(size=n),
        score=score,
        treated=treated,
        cutoff=0.0,
        program=np.zeros(n, dtype=np.int64),
        programs=("P0",),
        clusters=np.arange(n),
        row=np.arange(n),
        people=everybody,
        cautions=(),
    )


def rollout(seed: int, units: int = 60, effect: float = 5.0, drift: float = 0.0) -> PanelArrays:
    """Half of the units start at the third of five waves; ``drift`` a wave sets them apart before."""
    rng = np.random.default_rng(seed)
    starts = np.where(np.arange(units) % 2 == 0, 2.0, np.inf)
    waves = np.arange(5.0)
    treated = np.isfinite(starts)[:, None]
    outcomes = 50 + 3 * rng.normal(size=(units, 1)) + waves + rng.normal(size=(units, 5))
    outcomes = outcomes + effect * (waves >= starts[:, None]) + drift * waves * treated
    return PanelArrays(
        panel=Panel(outcomes, waves, starts, np.empty((units, 0))),
        level="department",
        units=tuple(f"D{at:02d}" for at in range(units)),
        waves=("2021", "2022", "2023", "2024", "2025"),
        people=np.full((units, 5), 20),
        cautions=(),
    )


def change(seed: int, n: int = 200, effect: float = 5.0) -> ChangeArrays:
    rng = np.random.default_rng(seed)
    group = np.arange(n) % 4 == 0
    everybody = people(rng, n, group, effect)
    return ChangeArrays(
        before=everybody.outcome.baseline,
        after=everybody.outcome.y,
        group=group,
        clusters=everybody.department,
        people=everybody,
        cautions=(),
    )
