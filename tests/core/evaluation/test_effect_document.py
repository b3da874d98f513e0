"""effect.json: every entry there, in both languages, and no number that JSON has no word for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from tests.core.evaluation.made_arrays import asked, change, comparison, lottery

from tazuna.evaluation.effect import Effect, OtherDesign
from tazuna.evaluation.effect_document import effect_document
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.rung_a import rung_a
from tazuna.evaluation.rung_d import rung_d
from tazuna.evaluation.rung_e import rung_e
from tazuna.language import message

CONTRACT = (
    *("design", "program", "outcome", "estimand", "estimate", "std_error", "interval", "p_value"),
    *("n_treated", "n_comparison", "n_at_risk", "v", "n_eff", "mde", "weights", "fallback_share"),
    *("first_stage", "robustness_value", "attrition", "verdict", "assumptions", "other_designs"),
)
NAIVE = Refusal("all_treated", message("strong"), message("weak"))


def effects() -> Iterator[Effect]:
    rng = np.random.default_rng(1)
    for found in (
        rung_a(asked(further=True), lottery(3, missing=0.1, redraws=199), NAIVE, rng),
        rung_d(asked(), comparison(1), NAIVE, rng),
        rung_e(asked(), change(1), NAIVE),
    ):
        assert isinstance(found, Effect)
        yield found


EFFECTS = {found.rung: found for found in effects()}


def values_in(found: object) -> Iterator[object]:
    if isinstance(found, dict):
        for value in found.values():
            yield from values_in(value)
    elif isinstance(found, list):
        for value in found:
            yield from values_in(value)
    else:
        yield found


@pytest.mark.parametrize("rung", EFFECTS)
def test_every_entry_of_the_contract_is_there_and_it_is_strict_json(rung: str) -> None:
    document = effect_document(EFFECTS[rung])
    assert set(CONTRACT) <= set(document)
    again = json.loads(json.dumps(document, allow_nan=False, ensure_ascii=False))
    assert again == document
    assert {type(value) for value in values_in(document)} <= {str, int, float, bool, type(None)}
    assert document["design"] == rung
    assert set(document["verdict"]) == {"ja", "en", "strength"}


def test_all_rungs_have_the_same_entries() -> None:
    assert len({tuple(effect_document(found)) for found in EFFECTS.values()}) == 1


def test_what_a_design_does_not_define_is_null() -> None:
    document = effect_document(EFFECTS["E"])
    for name in ("n_at_risk", "v", "n_eff", "mde", "fallback_share", "first_stage", "robustness_value"):
        assert document[name] is None, name
    assert effect_document(EFFECTS["A"])["robustness_value"] is None


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [(-np.inf, np.inf, "both"), (-np.inf, 1.0, "lower"), (0.0, np.inf, "upper"), (0.0, 1.0, None)],
)
def test_an_end_that_is_not_there_is_null_and_named(lower: float, upper: float, said: str | None) -> None:
    found = replace(EFFECTS["A"], estimate=replace(EFFECTS["A"].estimate, lower=lower, upper=upper))
    document = effect_document(found)
    assert document["interval_unbounded"] == said
    ends = [None if np.isinf(end) else end for end in (lower, upper)]
    assert document["interval"] == ends


def test_other_designs_are_estimates_or_say_why_not() -> None:
    one = Estimate(1.0, 0.5, 0.0, 2.0, 0.05, 10, 10)
    others = (OtherDesign("D", message("strong"), one), OtherDesign("E", message("weak"), NAIVE))
    document = effect_document(replace(EFFECTS["A"], other_designs=others, not_above=(("B", NAIVE),)))
    estimated, refused = document["other_designs"]
    assert (estimated["estimate"], estimated["interval"], estimated["refused"]) == (1.0, [0.0, 2.0], None)
    assert refused["estimate"] is None
    assert refused["refused"]["code"] == "all_treated"
    assert document["not_above"][0]["design"] == "B"
    assert set(document["not_above"][0]["cure"]) == {"ja", "en"}


def test_the_size_in_standard_deviations_is_that_of_the_estimate() -> None:
    document, found = effect_document(EFFECTS["A"]), EFFECTS["A"]
    assert document["standardised"]["estimate"] == pytest.approx(found.estimate.estimate / found.deviation)
    assert document["outcome_sd"] == pytest.approx(found.deviation)
