"""Writes the tables of ``docs/explanation/short-forms``: what short forms are worth, by simulation: ``python -m docs.make_short_form_tables``.

The questions are those of the profile; their parameters are made up, because no pilot has calibrated them yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tests.core.measurement.adaptive.made_banks import MADE_ON, made_bank, people_of, profile_contents

from tazuna.instrument.shipped import shipped_instrument
from tazuna.language import LANGUAGES, Language
from tazuna.measurement.adaptive.bank import Bank, Places
from tazuna.measurement.adaptive.calibration import calibrate
from tazuna.measurement.adaptive.fixed_form import FixedForm, fixed_form
from tazuna.measurement.adaptive.next_question import StoppingRule
from tazuna.measurement.adaptive.replay import Replay, random_balanced_orders, replay, replay_in_order
from tazuna.measurement.graded.groups import fit_linked
from tazuna.measurement.graded.items import Answers, Floats
from tazuna.measurement.graded.population import Populations
from tazuna.measurement.graded.posterior import expected_scores, plausible_values

EXPLANATION = Path(__file__).parent / "explanation"
SUFFIX: Mapping[Language, str] = {"ja": ".ja.md", "en": ".md"}
BEGIN, END = "<!-- tables: docs/make_short_form_tables.py -->", "<!-- end of tables -->"
CORRELATIONS = (0.4, 0.5, 0.6)
BANKS, PEOPLE, GROUP = 5, 300, 3000
CALIBRATED_ON = (500, 1000, 2000)
LENGTH, GAP, ALL = 15, 0.5, 39
WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "needed": "| correlation of the areas | adaptive: median for 0.50 | random, balanced | reached with all 39 | real error / stated | reached 0.40 with all 39 | adaptive: mean asked for 0.40 |",
        "equal": "| {length} questions | real error | stated error | all areas within 0.50 |",
        "pilot": "| people of the calibration | adaptive: median for 0.50 | real error / stated |",
        "gap": "| what is compared | share of the true difference |",
        "adaptive": "adaptive",
        "information": "fixed, by information",
        "order": "fixed, by content",
        "random": "random, balanced",
        "scores": "expected scores, fixed form",
        "adaptive scores": "expected scores, adaptive form",
        "one population": "plausible values, one population for both groups",
        "own populations": "plausible values, each group's own population",
    },
    "ja": {
        "needed": "| 領域どうしの相関 | 適応型：0.50に届く問数（中央値） | 無作為（領域の問数は均等） | 39問すべてで届く人 | 実際の誤差÷表示の誤差 | 39問すべてで0.40に届く人 | 適応型：0.40をめざすときの平均問数 |",
        "equal": "| {length}問 | 実際の誤差 | 表示の誤差 | 全領域が0.50以内の人 |",
        "pilot": "| 較正の回答者 | 適応型：0.50に届く問数（中央値） | 実際の誤差÷表示の誤差 |",
        "gap": "| 比べるもの | 本当の差に対する割合 |",
        "adaptive": "適応型",
        "information": "固定（情報量で選ぶ）",
        "order": "固定（内容だけで選ぶ）",
        "random": "無作為（領域の問数は均等）",
        "scores": "期待得点、固定の短縮版",
        "adaptive scores": "期待得点、適応型",
        "one population": "推算値、2群に同じ母集団",
        "own populations": "推算値、群ごとの母集団",
    },
}


@dataclass(frozen=True, slots=True)
class Needed:
    """By correlation: medians to 0.50, share that all questions bring there, honesty; the same for 0.40."""

    correlation: float
    adaptive: float
    random: float
    reached: float
    honesty: float
    reached_fine: float
    asked_fine: float


@dataclass(frozen=True, slots=True)
class Equal:
    """Forms of equal length: real and stated error, share of people precise in every area."""

    form: str
    real: float
    stated: float
    precise: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A bank estimated from some people, used on others who answer by the true one."""

    people: int
    median: float
    honesty: float


@dataclass(frozen=True, slots=True)
class Tables:
    """What the page shows; ``gaps`` are shares of a true difference between two groups."""

    needed: tuple[Needed, ...]
    equal: tuple[Equal, ...]
    calibrated: tuple[Calibrated, ...]
    gaps: Mapping[str, float]


def tables() -> Tables:
    """Simulate everything."""
    return Tables(
        tuple(_needed(correlation) for correlation in CORRELATIONS),
        _equal(),
        tuple(_calibrated(people) for people in CALIBRATED_ON),
        _gaps(),
    )


def _needed(correlation: float) -> Needed:
    adaptive, random, honest, reached, fine, asked = [], [], [], [], [], []
    for seed in range(BANKS):
        bank = made_bank(profile_contents(), correlation, seed)
        theta, complete = people_of(bank, PEOPLE, seed)
        orders = random_balanced_orders(bank, PEOPLE, np.random.default_rng(seed))
        coarse = replay(bank, complete, StoppingRule(0.5, ALL))
        by_chance = replay_in_order(bank, complete, orders, StoppingRule(0.5, ALL))
        adaptive.append(_until_precise(coarse))
        random.append(_until_precise(by_chance))
        honest.append((theta, coarse))
        everything = replay(bank, complete, StoppingRule(1e-9, ALL)).error.max(axis=1)
        reached.append(everything <= 0.5)
        fine.append(everything <= 0.4)
        asked.append(replay(bank, complete, StoppingRule(0.4, ALL)).asked)
    return Needed(
        correlation,
        float(np.median(adaptive)),
        float(np.median(random)),
        float(np.mean(reached)),
        _honesty(honest),
        float(np.mean(fine)),
        float(np.mean(asked)),
    )


def _until_precise(found: Replay) -> Floats:
    return np.where(found.precise, found.asked, np.inf)


def _honesty(replays: list[tuple[Floats, Replay]]) -> float:
    real = np.mean([(found.score - theta) ** 2 for theta, found in replays])
    return float(np.sqrt(real / np.mean([found.error**2 for _, found in replays])))


def _equal() -> tuple[Equal, ...]:
    found: dict[str, list[tuple[Floats, Replay]]] = {}
    never = StoppingRule(1e-9, LENGTH)
    for seed in range(BANKS):
        bank = made_bank(profile_contents(), 0.5, seed)
        theta, complete = people_of(bank, PEOPLE, seed)
        orders = {
            "information": _order(bank, fixed_form(bank.contents, LENGTH, bank)),
            "order": _order(bank, fixed_form(bank.contents, LENGTH)),
            "random": random_balanced_orders(bank, PEOPLE, np.random.default_rng(seed)),
        }
        found.setdefault("adaptive", []).append((theta, replay(bank, complete, never)))
        for form, order in orders.items():
            found.setdefault(form, []).append((theta, replay_in_order(bank, complete, order, never)))
    return tuple(
        Equal(
            form,
            float(np.sqrt(np.mean([(own.score - theta) ** 2 for theta, own in replays]))),
            float(np.sqrt(np.mean([own.error**2 for _, own in replays]))),
            float(np.mean([(own.error <= 0.5).all(axis=1) for _, own in replays])),
        )
        for form, replays in found.items()
    )


def _order(bank: Bank, form: FixedForm) -> Places:
    return np.tile([bank.items.codes.index(code) for code in form.codes], (PEOPLE, 1))


def _calibrated(people: int) -> Calibrated:
    needed, honest = [], []
    for seed in range(BANKS):
        bank = made_bank(profile_contents(), 0.5, seed)
        pilot = people_of(bank, people, 100 + seed)[1] + 1.0
        own = calibrate(pilot, shipped_instrument("co_profile"), "co", wave="pilot", calibrated_on=MADE_ON)
        theta, complete = people_of(bank, PEOPLE, seed)
        replayed = replay(own, own.categories_of(complete + 1.0), StoppingRule(0.5, ALL))
        needed.append(_until_precise(replayed))
        honest.append((theta, replayed))
    return Calibrated(people, float(np.median(needed)), _honesty(honest))


def _gaps() -> dict[str, float]:
    """Two groups that differ by `GAP` in every area, on a form of `LENGTH` questions and on the adaptive form."""
    bank = made_bank(profile_contents(), 0.5)
    theta, complete = _two_groups(bank)
    first = np.arange(2 * GROUP) < GROUP
    true = _gap(theta, first)
    adaptive = replay(bank, complete, StoppingRule(0.5, LENGTH))
    codes = fixed_form(bank.contents, LENGTH, bank).codes
    scores, shared, own = np.empty((3, 2 * GROUP, len(bank.areas)))
    rng = np.random.default_rng(1)
    for column, area in enumerate(bank.areas):
        asked = tuple(code for code in codes if code.startswith(area))
        items, given = bank.items.only(asked), complete[:, [bank.items.codes.index(code) for code in asked]]
        scores[:, column] = expected_scores(items, given).score
        shared[:, column] = plausible_values(items, given, 1, rng)[0]
        linked = fit_linked([given[part] + 1.0 for part in (first, ~first)], asked, ["one", "two"])
        for number, part in enumerate((first, ~first)):
            population = Populations(
                linked.populations.means[[number]], linked.populations.deviations[[number]]
            )
            own[part, column] = plausible_values(linked.items[number], given[part], 1, rng, population)[0]
    compared = {
        "scores": scores,
        "adaptive scores": adaptive.score,
        "one population": shared,
        "own populations": own,
    }
    return {name: _gap(values, first) / true for name, values in compared.items()}


def _two_groups(bank: Bank) -> tuple[Floats, Answers]:
    """As `people_of`, the second half `GAP` higher in every area."""
    rng = np.random.default_rng(7)
    theta = rng.multivariate_normal(np.zeros(len(bank.areas)), bank.correlations, 2 * GROUP)
    theta[GROUP:] += GAP
    slopes, intercepts = bank.items.slopes[:, None], bank.items.intercepts
    reach = 1 / (1 + np.exp(-(slopes * theta[:, bank.area_at, None] + intercepts)))
    return theta, (rng.random((2 * GROUP, ALL, 1)) < reach).sum(axis=2).astype(np.int8)


def _gap(values: Floats, first: np.ndarray) -> float:
    return float(values[~first].mean() - values[first].mean())


def written(found: Tables, language: Language) -> str:
    """The part of the page between its two marks."""
    return "\n".join([BEGIN, "", *_lines(found, WORDS[language]), "", END])


def _lines(found: Tables, words: Mapping[str, str]) -> Iterator[str]:
    yield from (words["needed"], "|--:" * 7 + "|")
    for row in found.needed:
        coarse = f"{row.adaptive:.0f} | {row.random:.0f} | {row.reached:.0%} | {row.honesty:.2f}"
        yield f"| {row.correlation} | {coarse} | {row.reached_fine:.0%} | {row.asked_fine:.0f} |"
    yield from ("", words["equal"].format(length=LENGTH), "|---|--:|--:|--:|")
    for form in found.equal:
        yield f"| {words[form.form]} | {form.real:.2f} | {form.stated:.2f} | {form.precise:.0%} |"
    yield from ("", words["pilot"], "|--:|--:|--:|")
    for pilot in found.calibrated:
        yield f"| {pilot.people:,} | {pilot.median:.0f} | {pilot.honesty:.2f} |"
    yield from ("", words["gap"], "|---|--:|")
    for name, share in found.gaps.items():
        yield f"| {words[name]} | {share:.0%} |"


def main() -> None:
    """Simulate, and put the tables into both pages."""
    found = tables()
    for language in LANGUAGES:
        page = EXPLANATION / f"short-forms{SUFFIX[language]}"
        before, _, rest = page.read_text("utf-8").partition(BEGIN)
        page.write_text(before + written(found, language) + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
