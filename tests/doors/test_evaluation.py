"""What an evaluation and a draw write tells of no group of fewer than k people, also not by subtraction."""

from __future__ import annotations

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from commands.evaluated_study import hold, places_of, put_rows, rows_of, write_study
from doors.hidden_figures import small_counts
from tazuna.commands.main import run
from tazuna.evaluation import small_groups

K = 10
SIDES = ("n_treated", "n_comparison")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ninety applicants for 36 places, of whom 18 were nominated: too few of them on either side."""
    folder = tmp_path_factory.mktemp("evaluated")
    study = write_study(folder / "study")
    rows = rows_of(study, "applications")
    for at, row in enumerate(rows):
        row["entry"] = "nominated" if at % 5 == 0 else "volunteered"
    put_rows(study, "applications", rows)
    hold(study, folder / "draw")
    return folder


def evaluated(drawn: Path, name: str) -> Path:
    out = drawn / name
    with pytest.MonkeyPatch.context() as patched:
        # The report's figures take longest, and are written from the same effect as effect.json.
        patched.setattr("tazuna.commands.effect_outputs.write_reports", lambda *_: None)
        patched.setattr("tazuna.reporting.processes.drawing_process", ThreadPoolExecutor)
        asked = ["--outcome", "performance", "--subgroups", "entry,baseline", "--draws", "200"]
        assert run(["evaluate", str(drawn / "study"), *asked, "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def out(drawn: Path) -> Path:
    return evaluated(drawn, "out")


def effect(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "effect.json").read_text(encoding="utf-8"))
    return found


def told_by_subtraction(found: dict[str, Any]) -> list[str]:
    """Modifiers whose shown groups leave fewer than k people, or one group alone, on a side."""
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in found["subgroups"]:
        groups[one["modifier"]].append(one["result"])
    telling = []
    for modifier, results in groups.items():
        shown = [result for result in results if "refused" not in result]
        left = [found[side] - sum(result[side] for result in shown) for side in SIDES]
        if shown and len(shown) < len(results) and (len(results) - len(shown) == 1 or min(left) < K):
            telling.append(modifier)
    return telling


def test_the_small_group_is_hidden_and_so_is_the_one_that_would_give_it_away(out: Path, drawn: Path) -> None:
    seated = places_of(drawn / "study")
    entries = rows_of(drawn / "study", "applications")
    nominated = [row["person_id"] in seated for row in entries if row["entry"] == "nominated"]
    assert 0 < min(sum(nominated), len(nominated) - sum(nominated)) < K
    hidden = {one["modifier"] for one in effect(out)["subgroups"] if "refused" in one["result"]}
    assert "entry" in hidden
    assert told_by_subtraction(effect(out)) == []
    assert small_counts(out / "effect.json", K) == []


def test_hiding_the_small_group_alone_is_found(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tazuna.evaluation.lottery.subgroups.hidden_parts", lambda sizes, k: sizes.min(axis=1) < k
    )
    assert "entry" in told_by_subtraction(effect(evaluated(drawn, "threshold")))


def test_no_refusal_tells_the_size_of_a_hidden_group(out: Path) -> None:
    for one in effect(out)["subgroups"]:
        if one["result"].get("refused", {}).get("code") == small_groups.HIDDEN:
            words = " ".join(one["result"]["refused"][part]["en"] for part in ("problem", "cure"))
            assert not any(sign.isdigit() for sign in words)


def test_groups_of_a_draw_are_shown_from_k_people_on_and_leave_no_small_one_over(drawn: Path) -> None:
    figures = json.loads((drawn / "draw" / "draw.json").read_text(encoding="utf-8"))["figures"]
    tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for cell in figures["placed_by_group"]:
        tables[cell["group_by"]].append(cell)
    assert tables
    for cells in tables.values():
        shown = [cell["people"] for cell in cells if cell["people"] is not None]
        assert min(shown, default=K) >= K
        left = figures["applicants"] - sum(shown)
        assert left == 0 or (left >= K and len(cells) - len(shown) > 1)
