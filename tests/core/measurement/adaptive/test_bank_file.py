"""Banks written and read back, and files that are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tazuna.measurement.adaptive.bank import Bank
from tazuna.measurement.adaptive.bank_file import bank_text, read_bank
from tazuna.measurement.adaptive.contents import AdaptiveError


def test_a_bank_comes_back_as_it_was_written(profile: Bank, tmp_path: Path) -> None:
    intercepts = profile.items.intercepts.copy()
    intercepts[3, 2:] = np.nan
    levels = (*profile.items.levels[:3], (1, 2, 5), *profile.items.levels[4:])
    bank = replace(profile, items=replace(profile.items, levels=levels, intercepts=intercepts))
    path = tmp_path / "bank.json"
    path.write_text(bank_text(bank), "utf-8")
    found = read_bank(path)
    assert found.contents == bank.contents
    assert found.provenance == bank.provenance
    assert found.items.levels == bank.items.levels
    for ours, theirs in (
        (found.items.slopes, bank.items.slopes),
        (found.items.intercepts, bank.items.intercepts),
        (found.slope_errors, bank.slope_errors),
        (found.correlations, bank.correlations),
    ):
        np.testing.assert_array_equal(ours, theirs)


def _set(*place: Any, value: object) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        for step in place[:-1]:
            content = content[step]
        content[place[-1]] = value

    return change


BROKEN: list[tuple[Callable[[Any], None], str]] = [
    (_set("schema", value="tazuna/bank/2"), "schema: “tazuna/bank/2” — expected is one of: tazuna/bank/1"),
    (_set("colour", value="red"), "colour: is not a name of this form"),
    (_set("calibrated_on", value="2026-02-30"), "calibrated_on: expected is a day"),
    (_set("people", value=0), "people: “0” — this number is out of range"),
    (_set("questions", 2, "slope", value="steep"), "questions › 3 › slope: “steep” — expected is a number"),
    (_set("questions", 2, "slope_error", value=0), "questions › 3 › slope_error"),
    (_set("questions", 2, "code", value="co1a1"), "questions › 3 › code: this code stands twice"),
    (_set("questions", 2, "levels", value=[1, 3, 2, 4, 5]), "questions › 3 › levels: expected are rising"),
    (_set("questions", 2, "answers", value=[1, 1]), "questions › 3 › answers: expected are rising"),
    (_set("questions", 2, "intercepts", value=[1, 0, -1]), "one number fewer"),
    (_set("questions", 2, "intercepts", value=[1, 2, 0, -1]), "intercepts: expected are falling"),
    (_set("areas", value=["co1"]), "areas: expected are the areas"),
    (_set("correlations", 0, 1, value=0.9), "correlations: expected is a symmetric table"),
    (_set("correlations", value=[[1]]), "correlations: expected is a symmetric table"),
]


@pytest.mark.parametrize(("change", "expected"), BROKEN, ids=[words for _, words in BROKEN])
def test_a_broken_file_names_the_place_and_what_is_expected(
    profile: Bank, tmp_path: Path, change: Callable[[Any], None], expected: str
) -> None:
    content = json.loads(bank_text(profile))
    change(content)
    path = tmp_path / "bank.json"
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(AdaptiveError) as caught:
        read_bank(path)
    assert expected in caught.value.text("en")
    assert "bank.json" in caught.value.text("ja")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"schema": ', "bank.json line 1: not readable as JSON"),
        (b'{"people": 1, "people": 2}', "people: this name stands twice"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"[]", "bank.json"),
        (b" " * 5_000_001, "too large for a bank"),
    ],
)
def test_what_is_no_bank_at_all_is_refused(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "bank.json"
    path.write_bytes(data)
    with pytest.raises(AdaptiveError) as caught:
        read_bank(path)
    assert expected in caught.value.text("en")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AdaptiveError, match=r"nowhere\.json cannot be opened"):
        read_bank(tmp_path / "nowhere.json")
