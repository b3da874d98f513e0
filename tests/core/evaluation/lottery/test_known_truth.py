"""The lottery's estimate finds effects that we put in, where comparing those seated with the rest does not.

A small version of ``python -m tests.properties.lottery_truth``, whose results stand in
``docs/explanation/does-the-draw-tell-the-truth.md``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.properties import lottery_truth
from tests.properties.lottery_truth import CASES, EFFECTS, Case, Effects
from tests.properties.one_kind_of_place import row_of
from tests.properties.self_selected import self_selected
from tests.properties.truth_results import SIZE, Cell, cells_of, missed, write

FEW_LOTTERIES, FEW_REDRAWS = 500, 1_000
CHANCE = 4.0
"""Monte-Carlo standard errors by which the bounds are wider here: 1 in 16,000 lies outside by chance."""
A_CELL = Cell("any place", 120, "plain", 0.0, 0.0, 60, 12, 10_000, 200_000, 0, 0.2, 0.2, 0.95, 0.5, 1.2)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.question} {case.n} {case.rule_set}")
def test_the_truth_is_found_without_bias_and_covered(case: Case) -> None:
    cells = cells_of(list(lottery_truth.rows_of(case, 0, FEW_LOTTERIES, FEW_REDRAWS)))
    assert len(cells) == len(case.effects)
    assert {(cell.effect, cell.spread): missed(cell, CHANCE) for cell in cells} == {
        (effects.mean, effects.spread): [] for effects in case.effects
    }
    for cell in cells:
        assert cell.not_seated > 0.3, "those seated are better to begin with"
        assert cell.not_applied > cell.not_seated


def test_the_targets_notice_a_comparison_that_self_selection_misleads() -> None:
    misled = replace(A_CELL, bias=A_CELL.not_seated)
    assert len(missed(misled, CHANCE)) == 2
    assert missed(A_CELL) == []


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (replace(A_CELL, bias=0.011), ["bias 0.0110 is 0.055 of the estimate's deviation"]),
        (replace(A_CELL, bias=-0.009, not_seated=0.29), ["bias -0.0090 is 0.031 of the naive comparison's"]),
        (replace(A_CELL, coverage=0.939), ["coverage 0.9390", "size 0.0610"]),
        (replace(A_CELL, coverage=0.942), ["size 0.0580"]),
        (replace(A_CELL, coverage=0.961, effect=0.3), ["coverage 0.9610"]),
        (replace(A_CELL, coverage=0.934, spread=1.0), ["coverage 0.9340"]),
        (replace(A_CELL, coverage=0.99, spread=1.0), []),
    ],
)
def test_each_target_missed_is_named(cell: Cell, words: list[str]) -> None:
    assert missed(cell) == words


def test_everybody_has_the_effect_asked_for_on_average_over_those_at_risk() -> None:
    round_ = lottery_truth.redrawn([self_selected(120, "plain", 1)], 500, "effects")
    weights = round_.chance * (1 - round_.chance)
    effect = round_.effects(Effects(0.3, 1.0))
    assert np.average(effect, weights=weights) == pytest.approx(0.3)
    assert effect.std() == pytest.approx(1.0)


def test_a_second_round_has_the_same_people_with_other_passing_moods() -> None:
    first, second = (self_selected(120, "plain", 1, round_=at) for at in (0, 1))
    both, one, two = np.intersect1d(first.person, second.person, return_indices=True)
    assert len(both) > 60
    assert np.corrcoef(first.untouched[one], second.untouched[two])[0, 1] < 0.9
    assert np.corrcoef(first.gain[one], second.gain[two])[0, 1] > 0.95


def test_a_run_that_was_stopped_continues_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lottery_truth, "CASES", [Case("any place", 120, "caps")])
    monkeypatch.setattr(lottery_truth, "ROUNDS", 2)
    monkeypatch.setattr(lottery_truth, "LOTTERIES", 20)
    monkeypatch.setattr(lottery_truth, "REDRAWS", 100)
    path = tmp_path / "results.csv"
    whole = lottery_truth.run(path)
    text = path.read_text("utf-8")
    write(path, whole[: len(EFFECTS)])
    lottery_truth.run(path)
    assert path.read_text("utf-8") == text


def test_programmes_without_an_effect_seem_to_have_one_only_where_the_others_are_forgotten() -> None:
    rows = [row_of(number, lotteries=50, redraws=400) for number in range(3)]
    total = sum(row.lotteries for row in rows)
    assert sum(row.alone_rejects for row in rows) / total > SIZE[1]
    assert sum(row.beside_rejects for row in rows) / total < 0.05 + CHANCE * np.sqrt(0.05 * 0.95 / total)
    for row in rows:
        assert row.elsewhere > 0.1
        assert row.alone_error < row.beside_error
