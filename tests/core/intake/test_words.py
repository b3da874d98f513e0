"""Values of a closed list."""

from __future__ import annotations

import polars as pl
import pytest

from tazuna.intake.words import as_one_of


@pytest.mark.parametrize(
    "cells",
    [["field", None, "office"], ["field", "", "office"], ["Ｆｉｅｌｄ", " ", "office "]],
    ids=["as they stand", "with a blank", "in other spellings"],
)
def test_codes_are_found_however_they_are_written(cells) -> None:
    typed = as_one_of(pl.Series("worksite", cells), ["office", "field"])
    assert typed.values.to_list() == ["field", None, "office"]
    assert typed.values.name == "worksite"
    assert not typed.bad


def test_one_unknown_word_among_exact_codes_is_named() -> None:
    typed = as_one_of(pl.Series("worksite", ["field", "offise", None]), ["office", "field"])
    assert [bad.mask.to_list() for bad in typed.bad] == [[False, True, False]]
    assert typed.bad[0].details is not None
    assert typed.bad[0].details["nearest"].to_list() == ["office"]
