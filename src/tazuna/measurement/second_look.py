"""A second look (確認) at an organisation's groups, changes, curves and answers: what rests on how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import polars as pl

from tazuna.errors import TazunaError
from tazuna.measurement.age_curve import CURVE_MEASURES
from tazuna.measurement.bootstrap import generator_for
from tazuna.measurement.careless.flags import CARELESS, CarelessAnswers, FlagCount, flag_answers, flag_count
from tazuna.measurement.careless.rules import careless_rules
from tazuna.measurement.careless.with_and_without import Change, cells_with_and_without
from tazuna.measurement.cells import cell_measures
from tazuna.measurement.classes.replication import Verdict
from tazuna.measurement.classes.rule_items import RULINGS, classes_beside_rules
from tazuna.measurement.contribution import ContributionLink, contribution_link
from tazuna.measurement.dip.finding import DipFinding, dip_after_artefact_check
from tazuna.measurement.group_rules import GroupRules, group_rules
from tazuna.measurement.intervals import Floats
from tazuna.measurement.population import ANSWER_ROW, population
from tazuna.measurement.reliability import pairwise_moments, reliability
from tazuna.measurement.scoring import ScoredScale, score_people, scored_scales
from tazuna.measurement.transitions.by_rules import transitions_by_rule
from tazuna.measurement.units import organisations_above
from tazuna.study import Study

FEWEST_FOR_CLASSES = 200
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class ClassLook:
    """Latent classes beside the rules: how many, whether replicated, agreement by ruling (adjusted Rand)."""

    n: int
    count: int
    smallest_percent: float
    verdict: Verdict
    replication: float
    agreement: dict[str, float]


@dataclass(frozen=True, slots=True)
class MoveLook:
    """People in another group of a ruling than a wave before, in percent, and what error alone explains.

    ``lower`` and ``upper`` are the interval of the difference, in points of percent; ``explained_at`` as of
    `tazuna.measurement.transitions.transitions.Transitions`.
    """

    ruling: str
    n: int
    moved: float
    expected: float
    lower: float
    upper: float
    retest: float
    explained_at: float


@dataclass(frozen=True, slots=True)
class CarelessLook:
    """Flagged answers: of how many judged, the share where at least k are flagged, and what they change.

    ``flagged`` is None where some but fewer than k people were flagged.
    """

    judged: int
    flagged: FlagCount | None
    largest_change: Change | None
    not_judged: tuple[str, ...]
    rules_version: str


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Figures about the whole of one organisation, none of them of fewer than its wave's k people.

    A part is None where the answers do not carry it.
    """

    wave: str
    before: str | None
    classes: ClassLook | None
    moves: tuple[MoveLook, ...]
    dips: dict[str, DipFinding]
    contribution: ContributionLink | None
    careless: CarelessLook | None


def second_look(study: Study, organisation_id: str, *, seed: int) -> SecondLook:
    """Look again at an organisation's last wave with answers.

    Parameters
    ----------
    study
        The study.
    organisation_id
        Its people and those of the organisations below it count.
    seed
        Of random starts, halves and draws.
    """
    rules = group_rules()
    below = organisations_above(study).filter(pl.col("above") == organisation_id)["organisation_id"]
    everybody = population(study, score_people(study), rules).filter("asked")
    ours = everybody.filter(pl.col("organisation_id").cast(pl.String).is_in(below.implode()))
    answered = [wave for wave in study.waves if ours.filter(pl.col("wave") == wave.wave)["answered"].any()]
    if not answered:
        return SecondLook("", None, None, (), {}, None, None)
    last, before = answered[-1], answered[-2] if len(answered) > 1 else None
    people = ours.filter(pl.col("wave") == last.wave, "answered")
    rng = generator_for(seed, organisation_id, last.wave)
    scales = scored_scales(study.instruments, study.responses.columns)
    earlier = None if before is None else ours.filter(pl.col("wave") == before.wave, "answered")
    return SecondLook(
        wave=last.wave,
        before=None if before is None else before.wave,
        classes=_classes(people, rules, rng, last.k),
        moves=() if earlier is None else _moves(earlier, people, rules, rng),
        dips=_dips(study, people, scales, rules),
        contribution=_contribution(study, people, scales, rng),
        careless=_careless(study, ours, organisation_id, last.wave, rules),
    )


def _classes(people: pl.DataFrame, rules: GroupRules, rng: np.random.Generator, k: int) -> ClassLook | None:
    if people.height < max(FEWEST_FOR_CLASSES, k):
        return None
    found = _or_none(lambda: classes_beside_rules(people, rules, rng))
    if found is None:
        return None
    classes = found.solution.classes
    return ClassLook(
        n=classes.n,
        count=len(classes.sizes),
        smallest_percent=100 * float(classes.sizes.min()),
        verdict=found.solution.verdict,
        replication=found.solution.replication,
        agreement={ruling: compared.adjusted_rand for ruling, compared in found.agreement.items()},
    )


def _moves(
    before: pl.DataFrame, after: pl.DataFrame, rules: GroupRules, rng: np.random.Generator
) -> tuple[MoveLook, ...]:
    looks = []
    for ruling in RULINGS:
        found = _or_none(partial(transitions_by_rule, before, after, ruling, rules, rng))
        if found is not None:
            look = MoveLook(
                ruling=ruling,
                n=int(found.n.sum()),
                moved=100 * found.moved,
                expected=100 * found.moved_expected,
                lower=100 * found.moved_lower,
                upper=100 * found.moved_upper,
                retest=found.retest,
                explained_at=found.explained_at,
            )
            looks.append(look)
    return tuple(looks)


def _dips(
    study: Study, people: pl.DataFrame, scales: tuple[ScoredScale, ...], rules: GroupRules
) -> dict[str, DipFinding]:
    tests = [rule.when["age"] for rule in rules.rulings["age_band"] if "age" in rule.when]
    starts = [test.at_most + 1 for test in tests if test.at_most is not None]
    age = people["age"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    departments = _departments(people)
    found = {}
    for scored in scales:
        if scored.code in CURVE_MEASURES:
            codes = [question.code for question in scored.questions]
            keyed = _keyed(study, people, scored)
            dip = _or_none(partial(dip_after_artefact_check, age, keyed, codes, departments, starts))
            if dip is not None:
                found[scored.code] = dip
    return found


def _contribution(
    study: Study, people: pl.DataFrame, scales: tuple[ScoredScale, ...], rng: np.random.Generator
) -> ContributionLink | None:
    profile = next((scored for scored in scales if scored.code == "co"), None)
    if profile is None or people["contribution"].count() == 0:
        return None
    answers = study.responses[people[ANSWER_ROW]]
    found = reliability(pairwise_moments(answers, [q.code for q in profile.questions]), profile)
    if found is None:
        return None
    score, value = (people[name].fill_null(np.nan).to_numpy() for name in ("co", "contribution"))
    return _or_none(lambda: contribution_link(score, value, _departments(people), found, rng))


def _careless(
    study: Study, ours: pl.DataFrame, organisation_id: str, wave: str, rules: GroupRules
) -> CarelessLook | None:
    used = careless_rules()
    k_by_wave = {known.wave: known.k for known in study.waves}
    here = ours.filter(pl.col("wave") == wave).with_columns(pl.col("organisation_id").cast(pl.String))
    flagged = flag_answers(study, used)
    of_ours = flagged.people.join(here.select("person_id"), on="person_id", how="semi").filter(
        pl.col("wave") == wave
    )
    count = flag_count(of_ours[CARELESS])
    if count.judged < k_by_wave[wave]:
        return None
    scales = scored_scales(study.instruments, study.responses.columns)
    # One organisation, whoever is below it: its cells alone are compared.
    alone = pl.DataFrame({"organisation_id": [organisation_id], "above": [organisation_id]})
    gathered = here.with_columns(pl.lit(organisation_id).cast(pl.Categorical).alias("organisation_id"))
    both = cells_with_and_without(
        gathered,
        cell_measures(gathered, scales, rules),
        alone,
        rules,
        CarelessAnswers(of_ours, flagged.counts, flagged.not_judged),
    )
    few = 0 < count.flagged < k_by_wave[wave]
    return CarelessLook(
        judged=count.judged,
        flagged=None if few else count,
        largest_change=both.largest_change(k_by_wave, organisation_id),
        not_judged=flagged.not_judged,
        rules_version=used.version,
    )


def _keyed(study: Study, people: pl.DataFrame, scored: ScoredScale) -> Floats:
    """Answers to a scale's questions, high meaning much; NaN = not answered."""
    answers = study.responses[people[ANSWER_ROW]].select(q.code for q in scored.questions)
    keyed = answers.cast(pl.Float64).fill_null(np.nan).to_numpy().copy()
    for column, question in enumerate(scored.questions):
        if question.key == -1:
            keyed[:, column] = question.response.lowest + question.response.highest - keyed[:, column]
    return keyed


def _departments(people: pl.DataFrame) -> Floats:
    places = pl.concat_str(pl.col("organisation_id").cast(pl.String), pl.col("unit").cast(pl.String))
    return people.select(places.rank("dense").cast(pl.Float64)).to_series().to_numpy()


def _or_none(compute: Callable[[], Found]) -> Found | None:
    """The result, or None where the answers do not carry it."""
    try:
        return compute()
    except TazunaError:
        return None
