"""YAML and JSON to plain data: text stays text, every place has a line, nothing unsafe gets through."""

from __future__ import annotations

import pytest

from tazuna.instrument.parsing import MAX_DEPTH, MalformedTextError, parse_json, parse_yaml


@pytest.mark.parametrize("text", ["No", "1.0", "2024-04-01", "on", "0x1F", "1_000", "~", "007"])
def test_a_scalar_stays_as_it_was_written(text: str) -> None:
    assert parse_yaml(f"a: {text}").data == {"a": text}


def test_each_place_has_the_line_on_which_it_begins() -> None:
    parsed = parse_yaml("# head\na:\n  b:\n    - x\n    - y\nc: {d: e}\n")
    assert parsed.data == {"a": {"b": ["x", "y"]}, "c": {"d": "e"}}
    assert [parsed.line_of(place) for place in [("a",), ("a", "b"), ("a", "b", "2"), ("c", "d")]] == [
        2,
        3,
        5,
        6,
    ]


def test_a_place_that_is_missing_takes_the_line_around_it() -> None:
    assert parse_yaml("a:\n  b: c\n").line_of(("a", "x", "y")) == 1
    assert parse_yaml("\n\na: b\n").line_of(("z",)) == 3
    assert parse_json("{}").line_of(("a",)) is None


@pytest.mark.parametrize(
    "text",
    [
        "a: *b",
        "a: &b c",
        "a: !!int 3",
        "a: !x y",
        "? [a]\n: b",
        "a: 1\na: 2",
        "a: b\n---\nc: d",
        "",
        "# only",
        "a: [b",
    ],
)
def test_what_is_not_plain_is_refused(text: str) -> None:
    with pytest.raises(MalformedTextError):
        parse_yaml(text)


def test_the_depth_limit_is_the_same_in_both_formats() -> None:
    fits, deep = (("[" * n + "]" * n).replace("[]", "[1]") for n in (MAX_DEPTH, MAX_DEPTH + 2))
    assert parse_yaml(fits.replace("1", "'1'")).data is not None
    assert parse_json(fits).data is not None
    for parse in (parse_yaml, parse_json):
        with pytest.raises(MalformedTextError):
            parse(deep)
