"""The language of conditions: what it reads, and that it never fails but by its own sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tazuna.language import message
from tazuna.matching.condition import (
    DEEPEST,
    MOST_CHARACTERS,
    AllOf,
    AnyOf,
    Column,
    Compare,
    Condition,
    Holds,
    IsIn,
    IsTrue,
    Literals,
    Negation,
    parse_condition,
)
from tazuna.matching.condition_tokens import ConditionError

PLACE = message("programs G001, eligibility")
PIECES = [
    "age",
    "and",
    "or",
    "not",
    "in",
    "true",
    "==",
    "!=",
    "<",
    "≧",
    "(",
    ")",
    "（",
    "[",
    "]",
    ",",
    '"',
    "「",
    "」",
]
PIECES += [
    "20",
    "1.5.2",
    "²",
    "長野県",
    "'",
    "\\",
    "-",
    "=",
    "＝",
    "\u3099",
    "\x00",
    " ",
    "import os",
    "__class__",
]


def parsed(text: str) -> Condition:
    return parse_condition(text, PLACE)


def test_and_binds_closer_than_or_and_not_closer_than_both() -> None:
    tree = parsed("a or not b and c")
    assert tree == AnyOf(
        (IsTrue(Column("a", 1)), AllOf((Negation(IsTrue(Column("b", 10))), IsTrue(Column("c", 16)))))
    )


def test_brackets_come_first() -> None:
    assert parsed("(a or b) and c") == AllOf(
        (AnyOf((IsTrue(Column("a", 2)), IsTrue(Column("b", 7)))), IsTrue(Column("c", 14)))
    )


def test_the_value_may_stand_before_the_column() -> None:
    assert parsed("20 <= age") == Compare(Column("age", 7), ">=", Literals((20.0,), 1))


def test_not_in_is_the_negation_of_in() -> None:
    assert parsed("x not in [1]") == Negation(IsIn(Column("x", 1), Literals((1.0,), 10)))
    assert parsed("'a' not in skills") == Negation(Holds(Literals(("a",), 1), Column("skills", 12)))


@pytest.mark.parametrize(
    ("typed", "narrow"),
    [
        ("ａｇｅ　≧　２０", "age >= 20"),
        ("ｐｒｅｆｅｃｔｕｒｅ＝＝＂長野県＂", 'prefecture=="長野県"'),
        ("prefecture ｉｎ ［「長野県」、“東京都”］", 'prefecture in ["長野県","東京都"]'),
        ("ＮＯＴ （is_manager ≠ ｔｒｕｅ）", "NOT (is_manager != true)"),
        ("x == ‘ﾃﾞｰﾀ’", "x == 'データ'"),
    ],
)
def test_full_width_forms_mean_what_half_width_forms_mean(typed: str, narrow: str) -> None:
    assert without_positions(parsed(typed)) == without_positions(parsed(narrow))


def without_positions(tree: object) -> object:
    if isinstance(tree, tuple):
        return tuple(map(without_positions, tree))
    fields = [name for name in getattr(tree, "__dataclass_fields__", ()) if name != "position"]
    return (
        (type(tree).__name__, *(without_positions(getattr(tree, name)) for name in fields))
        if fields
        else tree
    )


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("age = 20", 5, "two equals signs"),
        ("20 <= age < 30", 11, "and, between"),
        ("age >= twenty", 8, "a number, a text"),
        ('age >= 20 "x"', 11, "the end of the condition"),
        ('prefecture in "長野県"', 15, "a list such as"),
        ('x in ["a" "b"]', 11, "a comma"),
        ("年齢　＝　２０", 4, "two equals signs"),
        ('x == "a', 6, "a closing quotation mark"),
        ("x not 3", 7, "in, after not"),
        ("1.2.3 == x", 1, "a number"),
        ("3 == 3", 6, "the name of a column"),
    ],
)
def test_an_error_names_place_position_and_what_is_expected(text: str, position: int, expected: str) -> None:
    with pytest.raises(ConditionError) as error:
        parsed(text)
    said = error.value.text("en")
    assert said.startswith(f"programs G001, eligibility, character {position}: ")
    assert expected in said
    assert error.value.cure is not None
    assert "{" not in error.value.text("ja")


def test_a_condition_that_breaks_off_says_so() -> None:
    with pytest.raises(ConditionError, match="“age >=” ends where a number"):
        parsed("age >=")


def test_brackets_and_nots_may_be_fifty_deep_and_no_deeper() -> None:
    deepest = DEEPEST - 1
    parsed("(" * deepest + "a" + ")" * deepest)
    for text in ("(" * DEEPEST + "a" + ")" * DEEPEST, "not " * DEEPEST + "a"):
        with pytest.raises(ConditionError, match="at most 50 brackets"):
            parsed(text)


def test_a_long_condition_is_refused_before_it_is_read() -> None:
    with pytest.raises(ConditionError, match=f"has {MOST_CHARACTERS + 1} characters"):
        parsed("a" * (MOST_CHARACTERS + 1))


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(PIECES)).map(" ".join),
        st.lists(st.sampled_from(PIECES)).map("".join),
    )
)
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    try:
        parsed(text)
    except ConditionError as error:
        assert error.text("ja")
