"""Careless answers: flagged by rule, counted, and results with and without."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from tazuna.disclosure.cell import CELL_SCHEMA, KEYS
from tazuna.instrument.shipped import shipped_instruments
from tazuna.measurement.careless.flags import flag_answers
from tazuna.measurement.careless.indices import longest_strings
from tazuna.measurement.careless.rules import CarelessRule, careless_rules
from tazuna.measurement.careless.with_and_without import WithAndWithout, cells_with_and_without
from tazuna.measurement.cells import cell_measures
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.population import population
from tazuna.measurement.scoring import score_people, scored_scales
from tazuna.measurement.units import organisations_above
from tazuna.study import Study

RULES = careless_rules()
PROFILE = shipped_instruments()["co_profile"]
CODES = list(PROFILE.questions)
CAREFUL, SAME = 300, 30


def careful(count: int, rng: np.random.Generator) -> np.ndarray:
    """Answers around each person's level; the checks are the other way round."""
    level = rng.normal(3.4, 0.6, (count, 1))
    answers = np.clip(np.round(level + rng.normal(0, 0.9, (count, len(CODES)))), 1, 5)
    for check in ("co_check1", "co_check2"):
        repeated = CODES.index(str(PROFILE.questions[check].checks))
        noise = rng.integers(-1, 2, count)
        answers[:, CODES.index(check)] = np.clip(6 - answers[:, repeated] + noise, 1, 5)
    return answers


@pytest.fixture(scope="module")
def study(make_study: Callable[..., Study]) -> Study:
    rng = np.random.default_rng(11)
    answers = np.vstack(
        [careful(CAREFUL, rng), np.repeat(rng.choice([1, 5], SAME), len(CODES)).reshape(SAME, -1)]
    )
    frame = pl.DataFrame(answers.astype(np.int16), schema=CODES).with_columns(
        person_id=pl.Series([f"P{number:03d}" for number in range(CAREFUL + SAME)])
    )
    return make_study([PROFILE], frame)


def test_the_longest_run_passes_over_what_was_not_answered() -> None:
    nan = np.nan
    rows = np.array([[1, 2, 3, 4], [3, 3, 3, 3], [3, nan, 3, 1], [nan] * 4, [2, 2, 1, 1]], dtype=float)
    assert longest_strings(rows).tolist() == [1, 4, 2, 0, 2]


def test_the_same_answer_throughout_is_flagged_and_careful_answers_hardly_ever(study: Study) -> None:
    flagged = flag_answers(study, RULES)
    assert flagged.people["careless"][-SAME:].all()
    assert flagged.people["careless"][:CAREFUL].mean() < 0.02
    assert flagged.people["long_string.index"][-1] == 1.0


def test_ticking_one_end_contradicts_the_checks_but_ticking_the_middle_does_not(
    make_study: Callable[..., Study],
) -> None:
    rows = np.array([[5] * len(CODES), [3] * len(CODES)], dtype=np.int16)
    made = make_study(
        [PROFILE], pl.DataFrame(rows, schema=CODES).with_columns(person_id=pl.Series(["a", "b"]))
    )
    found = flag_answers(made, RULES).people
    assert found["inconsistent.index"].to_list() == [1.0, 0.0]
    assert found["inconsistent"].to_list() == [True, False]


def test_somebody_with_few_answers_is_not_judged(make_study: Callable[..., Study]) -> None:
    row = {
        code: 4 if place < 19 else None for place, code in enumerate(CODES) if not code.startswith("co_check")
    }
    made = make_study(
        [PROFILE], pl.DataFrame([row | {"person_id": "a"}], schema_overrides=dict.fromkeys(row, pl.Int16))
    )
    found = flag_answers(made, RULES)
    assert found.people["careless"].to_list() == [None]
    assert set(found.not_judged) == {"long_string", "too_fast", "inconsistent"}


def test_seconds_are_judged_only_where_a_tool_tells_them(study: Study) -> None:
    assert flag_answers(study, RULES).not_judged == ("too_fast",)
    times = pl.DataFrame({"person_id": ["P000", "P001"], "wave": ["w1", "w1"], "seconds": [60.0, 300.0]})
    found = flag_answers(study, RULES, times).people
    assert found["too_fast"].to_list()[:3] == [True, False, None]
    assert found["careless"][0]


def test_counts_say_how_many_could_be_judged(study: Study) -> None:
    count = flag_answers(study, RULES).counts["w1"]["long_string"]
    assert (count.judged, count.flagged) == (CAREFUL + SAME, SAME)
    assert count.percent == pytest.approx(100 * SAME / (CAREFUL + SAME))
    assert count.lower < count.percent < count.upper


def test_more_than_one_rule_can_be_demanded(study: Study) -> None:
    both = RULES.model_copy(update={"flagged_by": 2})
    assert flag_answers(study, both).people["careless"].sum() == SAME
    assert flag_answers(study, RULES.model_copy(update={"flagged_by": 3})).people["careless"].sum() == 0


def figures_of(study: Study) -> WithAndWithout:
    people = population(study, score_people(study), group_rules()).filter("asked")
    scales = scored_scales(study.instruments, study.responses.columns)
    measures = cell_measures(people, scales, group_rules())
    flagged = flag_answers(study, RULES)
    return cells_with_and_without(people, measures, organisations_above(study), group_rules(), flagged)


def test_nobody_is_dropped_from_the_figures_of_everybody(study: Study) -> None:
    both = figures_of(study)
    score = pl.col("measure") == "co"
    assert both.everybody.filter(score)["n"].to_list() == [CAREFUL + SAME]
    assert both.everybody.filter(score)["mean"][0] == pytest.approx(
        score_people(study)["co"].mean(), abs=1e-5
    )
    assert both.without.filter(score)["n"][0] <= CAREFUL
    assert both.without.columns == list(CELL_SCHEMA)
    assert both.without.select(KEYS).equals(both.everybody.select(KEYS))


def test_the_figures_without_the_flagged_are_those_of_the_others(study: Study) -> None:
    both = figures_of(study)
    flagged = flag_answers(study, RULES).people["careless"]
    careful = score_people(study).filter(flagged.not_())
    assert both.without.filter(pl.col("measure") == "co")["mean"][0] == pytest.approx(
        careful["co"].mean(), abs=1e-5
    )
    left_out = both.left_out().filter(both.everybody["measure"] == "co")
    assert left_out.to_list() == [flagged.sum()]


def test_figures_are_of_whole_organisations(random_study: Study) -> None:
    both = figures_of(random_study)
    assert both.without.height == both.everybody.height
    assert set(both.everybody["group_by"]) == {"all"}
    assert set(both.everybody["organisation_id"]) == {"X", "A", "B"}


def test_every_rule_names_its_source_and_one_bound() -> None:
    assert RULES.version
    assert all(rule.source and rule.label.ja and rule.label.en for rule in RULES.rules)
    with pytest.raises(ValidationError, match="either at_least or below"):
        CarelessRule(code="x", index="seconds", fewest=1, label={"ja": "あ", "en": "a"}, source="s")
