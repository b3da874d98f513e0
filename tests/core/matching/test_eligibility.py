"""Who meets a condition: three-valued logic, and sentences for comparisons that make no sense."""

from __future__ import annotations

from datetime import date
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.language import message
from tazuna.matching.condition_tokens import ConditionError
from tazuna.matching.eligibility import eligible, people_columns

PLACE = message("programs G001, eligibility")
ORDERS = {"contribution": ("C", "B", "A", "S")}
PEOPLE = pl.DataFrame(
    {
        "person_id": ["1", "2", "3"],
        "age": [19, 20, None],
        "prefecture": ["長野県", None, "東京都"],
        "skills": [["英語", "ＰＭ"], None, ["会計"]],
        "is_manager": [True, False, None],
        "contribution": ["A", "S", "C"],
        "status": ["active", "leave", None],
        "hired_on": [date(2020, 4, 1), date(2021, 4, 1), None],
        "hours": ["３", "12", None],
        "club": ["山;海", "海", None],
        "remote": ["True", "false", None],
    }
)


def meets(text: str) -> list[bool]:
    return eligible(PEOPLE, text, PLACE, ORDERS).to_list()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("age >= 20", [False, True, False]),
        ("not age >= 20", [True, False, False]),
        ("age != 20", [True, False, False]),
        ('prefecture in ["長野県", "東京都"]', [True, False, True]),
        ('prefecture not in ["長野県"]', [False, False, True]),
        ('"英語" in skills', [True, False, False]),
        ('not "英語" in skills', [False, False, True]),
        ('"PM" in skills', [True, False, False]),
        ("is_manager", [True, False, False]),
        ("not is_manager", [False, True, False]),
        ("is_manager == false", [False, True, False]),
        ('contribution >= "A"', [True, True, False]),
        ('contribution in ["C", "S"]', [False, True, True]),
        ('status == "active"', [True, False, False]),
        ('hired_on < "2021-01-01"', [True, False, False]),
        ("hours > 3", [False, True, False]),
        ('hours == "3"', [True, False, False]),
        ('"山" in club', [True, False, False]),
        ("remote", [True, False, False]),
        ("age > 100 and is_manager or prefecture == '東京都'", [False, False, True]),
    ],
)
def test_who_meets_a_condition(text: str, who: list[bool]) -> None:
    assert meets(text) == who


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "agee > 3",
            "character 1: found is “agee”, expected is the name of a column of people.\nDid you mean age?",
        ),
        ("salary > 3", "The columns of people are person_id, age"),
        ('age == "x"', 'character 8: found is “"x"”, expected is a number without'),
        ("prefecture == 3", "a text in quotation marks"),
        ('prefecture > "長野県"', "since prefecture has no order"),
        ('status == "activ"', "one of active, leave"),
        ('contribution > "Z"', "one of C, B, A, S"),
        ('skills == "英語"', '"value" in skills'),
        ('"長野県" in prefecture', "a column of lists"),
        ("age", "since age is no yes-or-no column"),
        ("is_manager == 1", "true or false"),
        ('hired_on < "April"', "a date such as"),
        ("prefecture in [1, 'a']", "a text in quotation marks"),
    ],
)
def test_a_comparison_without_sense_is_named(text: str, said: str) -> None:
    with pytest.raises(ConditionError) as error:
        meets(text)
    assert said in error.value.text("en")
    assert "{" not in error.value.text("ja")


Tree = str | tuple["Tree", ...]
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from("abc"),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner, inner),
    ),
    max_leaves=10,
)
WORLDS = list(product([True, False, None], repeat=3))


def written(tree: Tree) -> str:
    if isinstance(tree, str):
        return tree
    if tree[0] == "not":
        return f"not ({written(tree[1])})"
    return f" {tree[0]} ".join(f"({written(part)})" for part in tree[1:])


def by_worlds(tree: Tree, world: dict[str, bool | None]) -> bool | None:
    """Kleene's logic as minimum, maximum and complement of 0, ½ and 1."""
    number = {False: 0.0, None: 0.5, True: 1.0}

    def value(part: Tree) -> float:
        if isinstance(part, str):
            return number[world[part]]
        if part[0] == "not":
            return 1 - value(part[1])
        return (min if part[0] == "and" else max)(map(value, part[1:]))

    return {0.0: False, 0.5: None, 1.0: True}[value(tree)]


@settings(deadline=None)
@given(TREES)
def test_logic_is_three_valued(tree: Tree) -> None:
    people = pl.DataFrame(WORLDS, schema=dict.fromkeys("abc", pl.Boolean), orient="row")
    found = people.select(x=people_columns(people, {}).condition(written(tree), PLACE))["x"].to_list()
    assert found == [by_worlds(tree, dict(zip("abc", world, strict=True))) for world in WORLDS]


@settings(deadline=None)
@given(st.text(alphabet=list('abcn ort d=<>!()[]",1.x'), max_size=30))
def test_a_condition_on_real_columns_fails_by_its_own_sentence_only(text: str) -> None:
    people = pl.DataFrame({"a": [True, None], "b": [1, None], "c": ["x", None], "d": [["x"], None]})
    try:
        assert eligible(people, text, PLACE, {}).null_count() == 0
    except ConditionError as error:
        assert error.text("ja")


def test_a_condition_of_hundreds_of_parts_is_no_problem() -> None:
    assert meets(" or ".join(["age>1"] * 400)) == [True, True, False]
