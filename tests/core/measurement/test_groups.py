"""Every rule of the groups against a twin written from its words, for all combinations of missing answers."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest

from tazuna.instrument.shipped import shipped_instruments
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.groups import classify

UNKNOWN = None


def layer_in_words(b, i):
    if b is None:
        return UNKNOWN
    if b >= 4:
        return "practice"
    if i is None:
        return UNKNOWN
    return "understanding" if i >= 4 else "traditional"


def unmoved_in_words(e, b, i, g, u, r):
    layer = layer_in_words(b, i)
    is_unmoved = _or(None if layer is None else layer != "practice", None if u is None else u <= 2)
    if is_unmoved is None:
        return UNKNOWN
    if not is_unmoved:
        return "moved"
    if r is None:
        return UNKNOWN
    if r == 0:
        return "unreached"
    if g is None:
        return UNKNOWN
    if g <= 2:
        return "not_growing"
    pictured = _or(None if e is None else e < 60, None if u is None else u > 2)
    if pictured is None:
        return UNKNOWN
    return "unclassified" if pictured else "not_pictured"


def _or(one, other):
    """True if either is, unknown if that cannot be said."""
    if one or other:
        return True
    return None if one is None or other is None else False


def test_layers_and_unmoved_groups_equal_their_twin_in_words():
    cases = list(
        product((None, 59.9, 60.0), (None, 3, 4), (None, 3, 4), (None, 2, 3), (None, 2, 3), (None, 0, 1))
    )
    names = ("co", *(f"answer:lg_{name}" for name in ("practice", "interest", "support", "use_here", "met")))
    frame = pl.DataFrame(cases, schema=names, orient="row", infer_schema_length=None)
    placed = classify(frame, group_rules())
    for (e, b, i, g, u, r), layer, unmoved in zip(cases, placed["layer"], placed["unmoved"], strict=True):
        assert layer == layer_in_words(b, i)
        assert unmoved == unmoved_in_words(e, b, i, g, u, r), (e, b, i, g, u, r)


@pytest.mark.parametrize(
    ("knows", "explains", "plans", "step"),
    [
        (0, 1, 1, "know"),
        (1, 0, 1, "deepen"),
        (1, 1, 0, "deepen_more"),
        (1, 1, 1, "practise"),
        (0, None, None, "know"),
        (None, 0, 0, None),
        (1, None, 0, None),
        (1, 1, None, None),
    ],
)
def test_the_step_is_the_first_that_is_not_yet_done(knows, explains, plans, step):
    answers = {"knows": knows, "explains": explains, "plan": plans}
    people = pl.DataFrame({f"answer:lg_{name}": [value] for name, value in answers.items()})
    assert classify(people, group_rules())["step"].to_list() == [step]


def test_the_cause_is_the_answer_to_one_question():
    people = pl.DataFrame({"answer:lg_cause": [1, 2, 3, None]})
    expected = ["does_not_understand", "never_positive", "gave_up", None]
    assert classify(people, group_rules())["cause"].to_list() == expected


def test_age_bands_begin_at_35_and_50_and_the_youngest_belong_to_the_first():
    people = pl.DataFrame({"age": [18, 34, 35, 49, 50, 71, None]})
    expected = ["20-34", "20-34", "35-49", "35-49", "50+", "50+", None]
    assert classify(people, group_rules())["age_band"].to_list() == expected


def test_levels_begin_at_40_and_60():
    people = pl.DataFrame({"co": [0.0, 39.9, 40.0, 59.9, 60.0, 100.0, None]})
    expected = ["low", "low", "middle", "middle", "high", "high", None]
    assert classify(people, group_rules())["level"].to_list() == expected


def test_a_study_without_the_questions_has_nobody_in_a_group():
    placed = classify(pl.DataFrame({"person_id": ["p"]}), group_rules())
    assert placed.select(list(group_rules().rulings)).row(0) == (None,) * 6


def test_the_rules_say_where_they_come_from_and_what_each_group_lacks():
    rules = group_rules()
    assert rules.version
    assert rules.licence
    assert rules.source.ja
    unmet = {rule.group: rule.needs for rule in rules.rulings["unmoved"]}
    assert all(needs for group, needs in unmet.items() if group != "moved")


def test_the_unmet_needs_are_measures_that_the_shipped_instruments_score():
    scored = {code for instrument in shipped_instruments().values() for code in instrument.scales}
    needs = {need for groups in group_rules().rulings.values() for rule in groups for need in rule.needs}
    assert needs <= scored
