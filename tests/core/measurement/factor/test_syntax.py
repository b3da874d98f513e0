"""The model language."""

from __future__ import annotations

import pytest

from tazuna.language import Language
from tazuna.measurement.factor.model import parse_model
from tazuna.measurement.factor.syntax import ModelSyntaxError, Term, parse_terms


def test_a_factor_over_lines_with_comments() -> None:
    found = parse_terms("# areas\nown =~ q1 + # first\n  q2\n ! nothing\n own ~~ 0*other; other =~ NA*q3")
    assert found == (
        Term("own", "=~", "q1", (None,)),
        Term("own", "=~", "q2", (None,)),
        Term("own", "~~", "other", (0.0,)),
        Term("other", "=~", "q3", ("",)),
    )


def test_values_of_groups_labels_and_intercepts() -> None:
    found = parse_terms("f =~ c(1, NA)*a + same*b + -0.5*c + 1e-2*d\na ~ c(m, m)*1\ng ~ f")
    assert [term.modifiers for term in found] == [(1.0, ""), ("same",), (-0.5,), (0.01,), ("m", "m"), (None,)]
    assert (found[4].operator, found[5].operator) == ("~1", "~")


def test_japanese_names_are_names() -> None:
    assert parse_terms("自律 =~ 問1 + 問2")[1] == Term("自律", "=~", "問2", (None,))


@pytest.mark.parametrize(
    "line", ["f = q1 + q2", "f =~ q1 + ", "f =~ 2*3*q1", "f =~ q1 ++ q2", "=~ q1", "f =~ 1q"]
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_line_that_cannot_be_understood_is_named(line: str, language: Language) -> None:
    with pytest.raises(ModelSyntaxError) as refused:
        parse_model(f"g =~ a + b + c\n{line}")
    assert "2" in refused.value.text(language)


def test_a_model_without_a_factor_is_refused() -> None:
    with pytest.raises(ModelSyntaxError):
        parse_model("a ~~ b")


def test_factors_in_a_circle_are_refused() -> None:
    with pytest.raises(ModelSyntaxError):
        parse_model("f =~ g + a\ng =~ f + b")


def test_equal_labels_are_one_parameter() -> None:
    model = parse_model("f =~ k*a + k*b + c")
    assert model.free_labels.count("k") == 1
    assert len(model.free_labels) == 2 + 3


def test_the_wrong_number_of_groups_is_refused() -> None:
    with pytest.raises(ModelSyntaxError, match="3"):
        parse_model("f =~ c(1, 2, 3)*a + b + c", groups=2)
