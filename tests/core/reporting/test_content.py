"""What a report may hold."""

from __future__ import annotations

import pytest

from tazuna.reporting.content import Column, Figure, Table

NUMBERS = Table("t", "Scores", (Column("Group"), Column("Score", "score")), (("A", 50.0),))


@pytest.mark.parametrize("words", ["", " ", "\u3000\n"])
def test_a_drawing_without_a_description_is_refused_with_its_name(words: str) -> None:
    with pytest.raises(ValueError, match="trend"):
        Figure("trend", "Scores", {}, words, NUMBERS)


def test_a_drawing_with_a_description_is_taken() -> None:
    assert Figure("trend", "Scores", {}, "A 50", NUMBERS).alternative == "A 50"
